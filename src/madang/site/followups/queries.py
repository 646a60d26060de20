"""What pages, panels and inboxes read about answers and delivery."""

from datetime import date, datetime

from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, When

from madang.site.docket.models import Matter, Passage
from madang.site.followups.models import Answer, Milestone, Referral
from madang.site.followups.policy import OFFICIALS
from madang.site.followups.settings import Answer as AnswerRules
from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.kit.deadlines import due_day
from madang.site.programmes.models import Stage


def waiting(stage: Stage) -> QuerySet[Matter]:
    """The matters that wait for an answer with their referral and the moment they came, the most urgent first."""
    mine = Referral.objects.filter(matter=OuterRef("pk"), stage=stage)
    given = Answer.objects.filter(matter=OuterRef("pk"), stage=stage)
    rows = Matter.objects.filter(stage=stage).annotate(
        department_name_ko=Subquery(mine.values("department__name_ko")[:1]),
        department_name_en=Subquery(mine.values("department__name_en")[:1]),
        referred_until=Subquery(mine.values("due_on")[:1]),
        answered=Subquery(given.values("outcome")[:1]),
        passed_at=Max("passages__at"),
    )
    came = Case(When(passed_at__isnull=True, then=F("filed_at")), default=F("passed_at"))
    return rows.annotate(came_at=came).order_by(F("referred_until").asc(nulls_last=True), "came_at", "number")


def due_on(matter: Matter, stage: Stage) -> date:
    """The last day for the answer to a row of `waiting`: as referred, or the stage's working days from its coming."""
    referred: date | None = getattr(matter, "referred_until", None)
    if referred is not None:
        return referred
    came: datetime = getattr(matter, "came_at", matter.filed_at)
    return due_day(start=day_of(came), days=AnswerRules.model_validate(stage.settings).days)


def answers(stage: Stage) -> QuerySet[Answer]:
    """The answers that are public: of matters that have left the stage, newest first."""
    rows = Answer.objects.filter(stage=stage).exclude(matter__stage=stage)
    return rows.select_related("matter", "department").prefetch_related("measures").order_by("-at", "-pk")


def delivery(stage: Stage) -> QuerySet[Matter]:
    """The matters being carried out with their milestones counted and the next day due."""
    return (
        Matter.objects.filter(stage=stage)
        .annotate(
            steps=Count("milestones", distinct=True),
            reached=Count("milestones", filter=Q(milestones__reached_at__isnull=False), distinct=True),
            visited=Count("visits", distinct=True),
            next_due=Subquery(
                Milestone.objects.filter(matter=OuterRef("pk"), reached_at=None).order_by("due_on").values("due_on")[:1]
            ),
        )
        .order_by(F("next_due").asc(nulls_last=True), "number")
    )


def results(stage: Stage) -> QuerySet[Passage]:
    """What the stage decided, newest first."""
    return Passage.objects.filter(stage=stage).select_related("matter").order_by("-at", "matter__number")


def outcome_counts(stage: Stage) -> dict[str, int]:
    """How many matters had which outcome in the stage."""
    rows = Passage.objects.filter(stage=stage).values("outcome").annotate(count=Count("pk")).order_by("outcome")
    return {row["outcome"]: row["count"] for row in rows}


def unanswered(by: Actor) -> QuerySet[Matter]:
    """The matters that wait for an answer of the actor's departments."""
    rows = Matter.objects.filter(stage__kind="answer", stage__opened_at__isnull=False, stage__closed_at=None)
    mine = Referral.objects.filter(matter=OuterRef("pk"), stage=OuterRef("stage"))
    answered = Answer.objects.filter(matter=OuterRef("pk"), stage=OuterRef("stage"))
    rows = rows.filter(~Exists(answered)).annotate(referred_until=Subquery(mine.values("due_on")[:1]))
    held = departments(by)
    if held is None:
        return rows
    return rows.filter(Q(Exists(mine.filter(department__code__in=held))) | Q(stage__process__department__code__in=held))


def milestones_due(by: Actor) -> QuerySet[Milestone]:
    """The milestones the actor's departments still have to reach."""
    rows = Milestone.objects.filter(reached_at=None, matter__stage__kind="deliver", matter__stage__closed_at=None)
    held = departments(by)
    if held is None:
        return rows
    return rows.filter(matter__process__department__code__in=held)


def departments(by: Actor) -> list[str | None] | None:
    """The departments the actor works for; None for all of them."""
    held = [grant.organisation for grant in by.grants if grant.role in OFFICIALS]
    return None if by.holds("system") or None in held else held
