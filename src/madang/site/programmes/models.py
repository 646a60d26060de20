"""The city's tree of strategies and programmes; recipes; processes and their stages on a timeline."""

from django.db import models
from django.db.models import F, Q, QuerySet

from madang.site.kit.language import named
from madang.site.kit.stages import Settings, StageKind, kind_named
from madang.site.people.models import Area, Organisation


class Strategy(models.Model):
    """One of the city's strategies."""

    number = models.PositiveSmallIntegerField(unique=True)
    name_ko = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160)
    name = named()

    def __str__(self) -> str:
        return self.name_ko


class Programme(models.Model):
    """A programme (사업), or a duty without a programme of its own, which has no strategy."""

    code = models.CharField(max_length=20, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    strategy = models.ForeignKey(Strategy, models.PROTECT, null=True, related_name="programmes")
    department = models.ForeignKey(Organisation, models.PROTECT, related_name="programmes")
    order = models.PositiveSmallIntegerField()
    name_ko = models.CharField(max_length=200)
    name_en = models.CharField(max_length=240)
    purpose_ko = models.TextField(blank=True)
    purpose_en = models.TextField(blank=True)
    legal_basis = models.JSONField(default=list)
    name = named()
    purpose = named("purpose")

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return f"{self.code} {self.name_ko}"


class Recipe(models.Model):
    """A validated recipe of a programme as the city folder gives it; processes copy it when they open."""

    code = models.CharField(max_length=60, unique=True)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="recipes")
    title_ko = models.CharField(max_length=160)
    title_en = models.CharField(max_length=200)
    content = models.JSONField()
    title = named("title")

    def __str__(self) -> str:
        return self.code


class Process(models.Model):
    """One run (회차) of a recipe in a year. Its recipe is a copy and never changes.

    A `draft` is seen by the officials of its department alone. Where a plan was made or changed at the desk
    (`planned_at_desk`), loading the city leaves it as it is.
    """

    code = models.CharField(max_length=80, unique=True)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="processes")
    department = models.ForeignKey(Organisation, models.PROTECT, related_name="processes")
    area = models.ForeignKey(Area, models.PROTECT, null=True)
    year = models.PositiveSmallIntegerField()
    title_ko = models.CharField(max_length=160)
    title_en = models.CharField(max_length=200)
    draft = models.BooleanField(default=False)
    planned_at_desk = models.BooleanField(default=False)
    line_code = models.CharField(max_length=40, blank=True)
    recipe = models.JSONField()
    facts = models.JSONField(default=dict)
    matters_filed = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    title = named("title")

    class Meta:
        ordering = ["programme__order", "code"]

    def __str__(self) -> str:
        return self.code

    @property
    def book(self) -> str:
        """The code of this process's book of events."""
        return self.code


class PublicStages(models.Manager["Stage"]):
    """The stages that anybody may know of: those of drafts are not among them."""

    def get_queryset(self) -> QuerySet["Stage"]:
        """All stages but those of drafts."""
        return super().get_queryset().filter(process__draft=False)


class Stage(models.Model):
    """One step of a process: kind, dates, settings. Open in the half-open interval [opened_at, closed_at)."""

    process = models.ForeignKey(Process, models.PROTECT, related_name="stages")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    title_ko = models.CharField(max_length=120)
    title_en = models.CharField(max_length=160)
    settings = models.JSONField(default=dict)
    opens_on = models.DateField(null=True)
    closes_on = models.DateField(null=True)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    title = named("title")
    objects = models.Manager()
    public = PublicStages()

    class Meta:
        ordering = ["process", "order"]
        constraints = [
            models.UniqueConstraint(fields=["process", "order"], name="stage_order_once"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(opened_at__isnull=False, closed_at__gte=F("opened_at")),
                name="stage_closes_after_opening",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.process_id}/{self.order} {self.kind}"

    @property
    def behaviour(self) -> StageKind:
        """The stage's kind with its rules."""
        return kind_named(self.kind)

    @property
    def rules(self) -> Settings:
        """The settings, as the kind reads them."""
        return self.behaviour.Settings.model_validate(self.settings)

    @property
    def state(self) -> str:
        """ "planned" (its room is still to come), "waiting", "open" or "closed"."""
        if self.behaviour.planned:
            return "planned"
        if self.closed_at is not None:
            return "closed"
        return "open" if self.opened_at is not None else "waiting"

    @property
    def is_open(self) -> bool:
        """Whether the stage has been opened and not closed."""
        return self.opened_at is not None and self.closed_at is None


class DateChange(models.Model):
    """What the days of a stage were before they were changed in public, what they became, and why."""

    stage = models.ForeignKey(Stage, models.CASCADE, related_name="date_changes")
    at = models.DateTimeField()
    by = models.CharField(max_length=60)
    opens_before = models.DateField(null=True)
    closes_before = models.DateField(null=True)
    opens_on = models.DateField(null=True)
    closes_on = models.DateField(null=True)
    reason = models.CharField(max_length=300)

    class Meta:
        ordering = ["-at", "pk"]

    def __str__(self) -> str:
        return f"change of {self.stage_id}"
