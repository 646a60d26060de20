"""Draws by lot: the frozen list, the commitment, who was drawn and who said yes."""

from django.db import models

from madang.site.docket.models import Matter
from madang.site.programmes.models import Stage

# The one stratum of a draw without quotas.
ALL = "all"


class Plan(models.Model):
    """The quotas that the office set in place of those of the recipe, and why; the draw is frozen with them."""

    stage = models.OneToOneField(Stage, models.CASCADE, related_name="draw_plan")
    quotas = models.JSONField()
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"plan of stage {self.stage_id}"


class Draw(models.Model):
    """The draw of a stage. List hash, commitment and quotas are published when the list is frozen.

    `draws_at` and `chance` say when it is drawn, and with which public chance that nobody knows before. `secret`,
    `public` and `record` are filled by the drawing; until then nobody can know the result.
    """

    stage = models.OneToOneField(Stage, models.PROTECT, related_name="draw")
    commitment = models.CharField(max_length=64)
    list_hash = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()
    draws_at = models.DateTimeField(null=True)
    chance = models.CharField(max_length=200, blank=True)
    candidates = models.PositiveIntegerField()
    quotas = models.JSONField()
    secret = models.CharField(max_length=200, blank=True)
    public = models.CharField(max_length=200, blank=True)
    record = models.JSONField(null=True)
    drawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"draw of stage {self.stage_id}"


class Drawn(models.Model):
    """A candidate of a draw under a ticket name that only the candidate can join with a person.

    `stratum` is empty for somebody who fits no stratum and therefore took no part. `seat_stratum` is the
    stratum whose seat the person fills, `rank` the place among those drawn or among the reserves of the
    stratum. `called_at` starts the time to reply; `accepted` stays empty until a reply.
    """

    class Status(models.TextChoices):
        CANDIDATE = "candidate"
        SELECTED = "selected"
        RESERVE = "reserve"
        NOT_DRAWN = "not_drawn"

    draw = models.ForeignKey(Draw, models.CASCADE, related_name="entries")
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="draws")
    ticket = models.CharField(max_length=20)
    strata = models.JSONField(default=dict)
    stratum = models.CharField(max_length=160, blank=True)
    seat_stratum = models.CharField(max_length=160, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.CANDIDATE)
    rank = models.PositiveIntegerField(null=True)
    called_at = models.DateTimeField(null=True)
    replied_at = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draw", "matter"], name="drawn_matter_once"),
            models.UniqueConstraint(fields=["draw", "ticket"], name="drawn_ticket_once"),
        ]
        indexes = [models.Index(fields=["draw", "status", "stratum", "rank"])]

    def __str__(self) -> str:
        return f"{self.ticket} {self.status}"
