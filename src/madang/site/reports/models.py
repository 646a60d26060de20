"""What officials enter beside the records, and reports that were handed in."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q


class Observation(models.Model):
    """A value of a figure that an official entered, with where it is written; the latest one counts."""

    name = models.CharField(max_length=80)
    value = models.DecimalField(max_digits=24, decimal_places=4)
    as_of = models.DateField()
    source = models.CharField(max_length=300)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["name", "at"])]
        constraints = [models.CheckConstraint(condition=~Q(source=""), name="observation_has_a_source")]

    def __str__(self) -> str:
        return f"{self.name} as of {self.as_of}"

    @property
    def number(self) -> int | Decimal:
        """The value without the noughts behind the point."""
        return int(self.value) if self.value == int(self.value) else self.value.normalize()


class FrozenReport(models.Model):
    """A report as it was handed in: its text in each language, its figures, and the fingerprint of both.

    `heads` are the head hashes of all books of events at that moment, so that a reader can tell which
    events the report rests on.
    """

    report = models.CharField(max_length=40)
    as_of = models.DateField()
    made_at = models.DateTimeField()
    by = models.CharField(max_length=60)
    note = models.CharField(max_length=300, blank=True)
    documents = models.JSONField()
    figures = models.JSONField()
    heads = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.report} as of {self.as_of}: {self.sha256[:12]}"

    @property
    def content(self) -> dict[str, Any]:
        """What the fingerprint is of, as plain values."""
        return {
            "report": self.report,
            "as_of": self.as_of.isoformat(),
            "documents": self.documents,
            "figures": self.figures,
            "heads": self.heads,
        }
