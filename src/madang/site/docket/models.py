"""Matters: everything the city must answer for, from the idea to the last won spent."""

from django.db import models
from django.db.models import F, Q

from madang.site.kit.money import WonField
from madang.site.people.models import Area, Organisation, Person
from madang.site.programmes.models import Process, Stage


class Matter(models.Model):
    """One thing a citizen may ask about: "what became of it?".

    It is in one stage of its process, or its journey there has ended (`stage` empty, `ended_at` set,
    `ending` the last outcome). `number` is the receipt number.
    """

    number = models.CharField(max_length=40, unique=True)
    process = models.ForeignKey(Process, models.PROTECT, related_name="matters")
    stage = models.ForeignKey(Stage, models.PROTECT, null=True, related_name="matters")
    kind = models.CharField(max_length=30)
    title = models.CharField(max_length=200)
    author = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="matters")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="matters")
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="matters")
    field = models.CharField(max_length=40, blank=True)
    amount_won = WonField(null=True)
    filed_at = models.DateTimeField()
    channel = models.CharField(max_length=20, default="online")
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=30, blank=True)
    synthetic = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stage__isnull=False, ended_at__isnull=True) | Q(stage__isnull=True, ended_at__isnull=False),
                name="matter_in_a_stage_or_ended",
            ),
            models.CheckConstraint(
                condition=Q(amount_won__isnull=True) | Q(amount_won__gte=0), name="amount_not_negative"
            ),
        ]
        indexes = [
            models.Index(fields=["process", "filed_at"]),
            models.Index(fields=["process", "stage"]),
            models.Index(fields=["process", "field"]),
            models.Index(fields=["process", "area"]),
            models.Index(fields=["filed_at"]),
        ]

    def __str__(self) -> str:
        return self.number


class Revision(models.Model):
    """A version of what a matter says: the answers to a form of a given version."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    form = models.CharField(max_length=60)
    data = models.JSONField()
    by = models.CharField(max_length=60)
    at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "number"], name="revision_number_once")]

    def __str__(self) -> str:
        return f"{self.matter_id} v{self.number}"


class Link(models.Model):
    """How two matters belong together: source `kind` target."""

    class Kind(models.TextChoices):
        DERIVED_FROM = "derived_from"
        MERGED_INTO = "merged_into"
        ANSWERS = "answers"
        FUNDS = "funds"

    source = models.ForeignKey(Matter, models.CASCADE, related_name="links_out")
    target = models.ForeignKey(Matter, models.CASCADE, related_name="links_in")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="link_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="link_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"


class Passage(models.Model):
    """What one stage decided on a matter: outcome, rank, amount, reason, by whom. One for each stage it left."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="passages")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="passages")
    outcome = models.CharField(max_length=30)
    passed = models.BooleanField()
    rank = models.PositiveIntegerField(null=True)
    amount_won = WonField(null=True)
    reason = models.TextField(blank=True)
    by = models.CharField(max_length=60)
    entered_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "stage"], name="one_passage_a_stage")]
        indexes = [models.Index(fields=["stage", "outcome"])]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.outcome}"


class Attachment(models.Model):
    """A file that belongs to a matter; its content was checked when it came."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to="attachments/%Y/%m")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        """Where it can be downloaded."""
        return f"/matters/files/{self.pk}/"


class Follow(models.Model):
    """A person who wants to hear what becomes of a matter."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="follows")
    matter = models.ForeignKey(Matter, models.CASCADE, related_name="follows")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "matter"], name="follow_once")]

    def __str__(self) -> str:
        return f"{self.person_id} follows {self.matter_id}"


class Notice(models.Model):
    """What somebody was told about a matter, and when they read it."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="notices")
    matter = models.ForeignKey(Matter, models.CASCADE, null=True, related_name="notices")
    text_ko = models.CharField(max_length=300)
    text_en = models.CharField(max_length=300)
    url = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "-at"])]

    def __str__(self) -> str:
        return f"notice {self.pk}"


class Search(models.Model):
    """A list that somebody saved to hear of every new matter in it.

    `wanted` are the filters of the list: words, process, area, year, field; `name` says them in the language of whoever
    saved it.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="searches")
    wanted = models.JSONField()
    name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "wanted"], name="search_once")]

    def __str__(self) -> str:
        return self.name


class Reader(models.Model):
    """How somebody wants to get notices by mail, besides reading them here: at once, or once a day. No row: not."""

    class Pace(models.TextChoices):
        AT_ONCE = "at_once"
        DAILY = "daily"

    person = models.OneToOneField(Person, models.CASCADE, related_name="reader")
    pace = models.CharField(max_length=10, choices=Pace.choices)
    language = models.CharField(max_length=2)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person_id} {self.pace}"
