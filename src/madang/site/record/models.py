"""Books of events: append-only, hash-chained, sealed each night."""

from django.db import models


class Book(models.Model):
    """One chain of events. A process has its own book; the city's other events go to books of rooms.

    `touched` says of each table with which of its events it was last written to: {table: number}. Pages keep what
    they worked out as long as the tables that they read stand still. It is no part of the chain.
    """

    code = models.CharField(max_length=120, unique=True)
    length = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64)
    touched = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.code


class Event(models.Model):
    """Something that happened. Holds pseudonyms only; triggers refuse any change or deletion."""

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    verb = models.CharField(max_length=60)
    actor = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    data = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["book", "number"], name="event_number_once_in_book")]
        indexes = [
            models.Index(fields=["subject"]),
            models.Index(fields=["verb", "at"]),
            models.Index(fields=["actor", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.book_id}/{self.number} {self.verb}"


class Seal(models.Model):
    """The Merkle root over the heads of all books on one night, chained to the seal before."""

    number = models.PositiveIntegerField(unique=True)
    at = models.DateTimeField()
    heads = models.JSONField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"seal {self.number}"
