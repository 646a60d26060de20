"""What becomes of a matter after the decision: the answer of a department, its measures, and their delivery."""

from django.db import models
from django.db.models import Q

from madang.site.docket.models import Attachment, Matter
from madang.site.people.models import Organisation, Person
from madang.site.programmes.models import Stage


class Referral(models.Model):
    """A matter handed to a department for its answer by a day."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="referrals")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="referrals")
    department = models.ForeignKey(Organisation, models.PROTECT, related_name="referrals")
    due_on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stage", "matter"], name="referral_once")]
        indexes = [models.Index(fields=["department", "due_on"])]

    def __str__(self) -> str:
        return f"referral of {self.matter_id}"


class Answer(models.Model):
    """The answer of the city to a matter: accepted, partly accepted or not accepted, with reasons."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="answers")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="answers")
    department = models.ForeignKey(Organisation, models.PROTECT, related_name="answers")
    outcome = models.CharField(max_length=30)
    reply = models.TextField()
    by = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stage", "matter"], name="answer_once")]
        indexes = [models.Index(fields=["stage", "outcome"])]

    def __str__(self) -> str:
        return f"answer to {self.matter_id}"


class Measure(models.Model):
    """Something the answer promises, with an indicator before and after where there is one."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="measures")
    title = models.CharField(max_length=200)
    indicator = models.CharField(max_length=120, blank=True)
    before = models.CharField(max_length=60, blank=True)
    after = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return self.title


class Milestone(models.Model):
    """A step in carrying out a matter: due on a day, reached at a moment."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="milestones")
    title = models.CharField(max_length=200)
    due_on = models.DateField()
    reached_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)
    added_at = models.DateTimeField()
    attachments = models.ManyToManyField(Attachment, related_name="milestones")

    class Meta:
        indexes = [models.Index(fields=["matter", "due_on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(reached_at__isnull=False) | Q(note=""), name="milestone_note_once_reached"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Visit(models.Model):
    """What a citizen monitor saw on the spot."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="visits")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="visits")
    text = models.TextField()
    by = models.CharField(max_length=60)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"visit to {self.matter_id}"
