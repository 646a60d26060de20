"""Supports, comments with their likes, forums of the whole city, and appeals against hiding."""

from django.db import models
from django.db.models import F, Q

from madang.site.docket.models import Matter
from madang.site.kit.language import named
from madang.site.people.models import Organisation, Person
from madang.site.programmes.models import Process


class Support(models.Model):
    """A person stands behind a matter, from a moment until it is taken back."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="supports")
    matter = models.ForeignKey(Matter, models.CASCADE, related_name="supports")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    entered_by = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "person"], condition=Q(withdrawn_at__isnull=True), name="support_once"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("at")), name="support_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} supports {self.matter_id}"


class Forum(models.Model):
    """A public debate: begun by citizens' proposals, a question of the city, or the square beside meetings.

    Open on its days, both included. `department` is the one that asks and answers.
    """

    class Kind(models.TextChoices):
        CITIZEN_DEBATE = "citizen_debate"
        CITY_ASKS = "city_asks"
        ONLINE_SQUARE = "online_square"

    process = models.ForeignKey(Process, models.PROTECT, related_name="forums")
    department = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="forums")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    title_ko = models.CharField(max_length=160)
    title_en = models.CharField(max_length=200, blank=True)
    question_ko = models.TextField()
    question_en = models.TextField(blank=True)
    opens_on = models.DateField()
    closes_on = models.DateField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    result_ko = models.TextField(blank=True)
    result_en = models.TextField(blank=True)
    matters = models.ManyToManyField(Matter, related_name="forums")
    title = named("title")
    question = named("question")
    result = named("result")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="forum_closes_after_opening")
        ]

    def __str__(self) -> str:
        return self.title_ko


class Comment(models.Model):
    """What somebody says on a matter or in a forum, for or against it or neither. Hidden ones keep their reason."""

    class Stance(models.TextChoices):
        FOR = "for"
        AGAINST = "against"
        NEUTRAL = "neutral"

    matter = models.ForeignKey(Matter, models.CASCADE, null=True, related_name="comments")
    forum = models.ForeignKey(Forum, models.CASCADE, null=True, related_name="comments")
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="replies")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="comments")
    text = models.TextField()
    stance = models.CharField(max_length=10, choices=Stance.choices, default=Stance.NEUTRAL)
    at = models.DateTimeField()
    synthetic = models.BooleanField(default=False)
    hidden_at = models.DateTimeField(null=True)
    hidden_by = models.CharField(max_length=60, blank=True)
    hidden_reason = models.CharField(max_length=300, blank=True)
    broken_rule = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(matter__isnull=False, forum__isnull=True) | Q(matter__isnull=True, forum__isnull=False),
                name="comment_on_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=True) | ~Q(hidden_reason=""), name="comment_hidden_with_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["matter", "at"]),
            models.Index(fields=["forum", "at"]),
            models.Index(fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"comment {self.pk}"


class CommentLike(models.Model):
    """A person likes a comment."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="comment_likes")
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="likes")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "person"], name="like_once")]

    def __str__(self) -> str:
        return f"{self.person_id} likes {self.comment_id}"


class Report(models.Model):
    """Somebody thinks that a comment breaks a rule; a moderator looks at it once, and hides or keeps the comment."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="reports")
    person = models.ForeignKey(Person, models.CASCADE, related_name="reports")
    rule = models.CharField(max_length=20)
    at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "person"], name="report_once")]

    def __str__(self) -> str:
        return f"report {self.pk}"


class Appeal(models.Model):
    """The author's one objection to the hiding of a comment, and what was decided by somebody else."""

    comment = models.OneToOneField(Comment, models.CASCADE, related_name="appeal")
    text = models.CharField(max_length=1000)
    at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=60, blank=True)
    upheld = models.BooleanField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, upheld__isnull=True)
                | Q(decided_at__isnull=False, upheld__isnull=False),
                name="appeal_decided_one_way",
            )
        ]

    def __str__(self) -> str:
        return f"appeal {self.pk}"
