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


class Rewording(models.Model):
    """A text of a report in an official's words, for reports as of `since` and later; the latest one counts.

    `section` and `place` say which text of the layout it stands for. Each line is a text of its own; without any the
    text is left out.
    """

    report = models.CharField(max_length=40)
    section = models.CharField(max_length=40)
    place = models.CharField(max_length=20)
    ko = models.TextField(blank=True)
    en = models.TextField(blank=True)
    since = models.DateField()
    reason = models.CharField(max_length=300)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-since", "-pk"]
        indexes = [models.Index(fields=["report", "section", "place"], name="rewording_place")]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="rewording_has_a_reason")]

    def __str__(self) -> str:
        return f"{self.report} {self.section} {self.place} since {self.since}"
