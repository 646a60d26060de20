"""What officials, reviewers, objectors and bodies decide about matters."""

from django.db import models
from django.db.models import Q

from madang.site.docket.models import Matter
from madang.site.kit.money import WonField
from madang.site.people.models import Organisation, Person
from madang.site.programmes.models import Stage


class Screening(models.Model):
    """The screening of one matter in one stage: the referral to a department, and the ruling once there is one."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="screenings")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="screenings")
    department = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="screenings")
    due_on = models.DateField(null=True)
    referred_at = models.DateTimeField(null=True)
    passes = models.BooleanField(null=True)
    outcome = models.CharField(max_length=30, blank=True)
    reason = models.TextField(blank=True)
    ruled_by = models.CharField(max_length=60, blank=True)
    ruled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stage", "matter"], name="screening_once"),
            models.CheckConstraint(
                condition=Q(referred_at__isnull=True, department__isnull=True, due_on__isnull=True)
                | Q(referred_at__isnull=False, department__isnull=False, due_on__isnull=False),
                name="referral_whole",
            ),
            models.CheckConstraint(
                condition=Q(passes__isnull=True, ruled_at__isnull=True)
                | Q(passes__isnull=False, ruled_at__isnull=False) & ~Q(outcome=""),
                name="ruling_whole",
            ),
        ]
        indexes = [models.Index(fields=["department", "ruled_at"]), models.Index(fields=["stage", "ruled_at"])]

    def __str__(self) -> str:
        return f"screening of {self.matter_id}"


class Pause(models.Model):
    """A time in which the clock of a screening stood still, because something was asked of the author."""

    screening = models.ForeignKey(Screening, models.CASCADE, related_name="pauses")
    reason = models.CharField(max_length=300)
    by = models.CharField(max_length=60)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["screening"], condition=Q(ended_at__isnull=True), name="one_running_pause")
        ]

    def __str__(self) -> str:
        return f"pause of {self.screening_id}"


class Reversal(models.Model):
    """A ruling that its official took back: what it had said, and when it was undone."""

    screening = models.ForeignKey(Screening, models.CASCADE, related_name="reversals")
    outcome = models.CharField(max_length=30)
    reason = models.TextField(blank=True)
    ruled_at = models.DateTimeField()
    by = models.CharField(max_length=60)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"reversal of {self.screening_id}"


class Costing(models.Model):
    """An estimate of what a matter costs; the latest holds, earlier ones stay as history.

    `lines` are what makes it up, in whole won; a colleague takes a second look at it, and agrees or says why not.
    """

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="costings")
    amount_won = WonField()
    lines = models.JSONField(default=list)
    note = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()
    agrees = models.BooleanField(null=True)
    checked_note = models.CharField(max_length=300, blank=True)
    checked_by = models.CharField(max_length=60, blank=True)
    checked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_won__gte=0), name="costing_not_negative"),
            models.CheckConstraint(
                condition=Q(agrees__isnull=True, checked_at__isnull=True)
                | Q(agrees__isnull=False, checked_at__isnull=False),
                name="second_look_whole",
            ),
        ]
        indexes = [models.Index(fields=["matter", "-at"])]

    def __str__(self) -> str:
        return f"{self.amount_won} won for {self.matter_id}"


class Assignment(models.Model):
    """A reviewer who scores a matter in a stage. A recused reviewer's sheet does not count.

    A sheet that was sent back waits for its reviewer while `sent_back_at` is set.
    """

    stage = models.ForeignKey(Stage, models.PROTECT, related_name="assignments")
    matter = models.ForeignKey(Matter, models.CASCADE, related_name="assignments")
    person = models.ForeignKey(Person, models.CASCADE, related_name="assignments")
    recused = models.BooleanField(default=False)
    recused_at = models.DateTimeField(null=True)
    recusal_reason = models.CharField(max_length=300, blank=True)
    sent_back_at = models.DateTimeField(null=True)
    sent_back_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stage", "matter", "person"], name="assignment_once")]
        indexes = [models.Index(fields=["person", "stage"])]

    def __str__(self) -> str:
        return f"{self.person_id} scores {self.matter_id}"


class Sheet(models.Model):
    """A score sheet: points by criterion. Nobody but its reviewer sees it until the stage is closed."""

    assignment = models.OneToOneField(Assignment, models.CASCADE, related_name="sheet")
    points = models.JSONField()
    total = models.PositiveIntegerField()
    submitted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"sheet {self.pk}"


class Letter(models.Model):
    """What the author of a matter is told of a decision: kept in the outbox until all are published at once."""

    stage = models.ForeignKey(Stage, models.PROTECT, related_name="letters")
    matter = models.ForeignKey(Matter, models.CASCADE, related_name="letters")
    outcome = models.CharField(max_length=30)
    reason = models.TextField(blank=True)
    text = models.TextField()
    drafted_at = models.DateTimeField()
    changed_by = models.CharField(max_length=60, blank=True)
    changed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stage", "matter"], name="letter_once")]
        indexes = [models.Index(fields=["stage", "sent_at"])]

    def __str__(self) -> str:
        return f"letter about {self.matter_id}"


class Objection(models.Model):
    """An objection to the end of a matter's journey in an earlier stage, and what became of it."""

    stage = models.ForeignKey(Stage, models.PROTECT, related_name="objections")
    matter = models.ForeignKey(Matter, models.CASCADE, related_name="objections")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="objections")
    text = models.TextField()
    by = models.CharField(max_length=60)
    at = models.DateTimeField()
    upheld = models.BooleanField(null=True)
    reason = models.TextField(blank=True)
    decided_by = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stage", "matter", "by"], name="objection_once"),
            models.CheckConstraint(
                condition=Q(upheld__isnull=True, decided_at__isnull=True)
                | Q(upheld__isnull=False, decided_at__isnull=False),
                name="objection_decision_whole",
            ),
        ]
        indexes = [models.Index(fields=["stage", "decided_at"])]

    def __str__(self) -> str:
        return f"objection {self.pk}"


class Motion(models.Model):
    """A vote of a body on a list of decisions. A motion that is not carried decides nothing."""

    stage = models.ForeignKey(Stage, models.PROTECT, related_name="motions")
    body = models.ForeignKey(Organisation, models.PROTECT, related_name="motions")
    in_favour = models.PositiveIntegerField()
    against = models.PositiveIntegerField()
    abstained = models.PositiveIntegerField()
    carried = models.BooleanField()
    minutes = models.TextField()
    by = models.CharField(max_length=60)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"motion {self.pk}"


class Decision(models.Model):
    """What a motion says about one matter: approved or not, with which amount, and why."""

    motion = models.ForeignKey(Motion, models.CASCADE, related_name="decisions")
    matter = models.ForeignKey(Matter, models.CASCADE, related_name="decisions")
    approves = models.BooleanField()
    amount_won = WonField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["motion", "matter"], name="decision_once"),
            models.CheckConstraint(
                condition=Q(amount_won__isnull=True) | Q(amount_won__gte=0), name="decided_amount_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"decision on {self.matter_id}"
