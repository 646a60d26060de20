"""What pages, panels and inboxes read about answers and delivery."""

from collections import Counter
from datetime import date, datetime

from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, When

from madang.site.docket.models import Matter, Notice, Passage
from madang.site.followups.models import Answer, Milestone, Referral
from madang.site.followups.policy import OFFICIALS
from madang.site.followups.settings import Answer as AnswerRules
from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of, start_of
from madang.site.kit.deadlines import due_day
from madang.site.people.claims import valid_at
from madang.site.people.models import RoleGrant
from madang.site.programmes.models import Stage

# Where a reminder leads to; by it the reminders of a day are known again.
REMINDER = "/desk/#due"


def waiting(stage: Stage) -> QuerySet[Matter]:
    """The matters that wait for an answer with their referral and the moment they came, the most urgent first."""
    mine = Referral.objects.filter(matter=OuterRef("pk"), stage=stage)
    given = Answer.objects.filter(matter=OuterRef("pk"), stage=stage)
    rows = Matter.objects.filter(stage=stage).annotate(
        department_code=Subquery(mine.values("department__code")[:1]),
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


def due_soon(at: datetime) -> dict[str, tuple[int, int]]:
    """Answers and milestones that are due within the days of reminding or overdue, by code of the department.

    Costs two queries for each open stage.
    """
    today, found = day_of(at), Counter[tuple[str, str]]()
    stages = Stage.objects.filter(kind__in=("answer", "deliver"), opened_at__isnull=False, closed_at=None)
    for stage in stages.select_related("process__department"):
        code, rules = stage.process.department.code, stage.rules
        last = due_day(start=today, days=rules.remind_days)  # type: ignore[attr-defined]
        if stage.kind == "answer":
            for row in waiting(stage):
                owing: str = getattr(row, "department_code", None) or code
                found[owing, "answer"] += not getattr(row, "answered", None) and due_on(row, stage) <= last
        else:
            late = Milestone.objects.filter(matter__stage=stage, reached_at=None, due_on__lte=last)
            found[code, "milestone"] += late.count()
    codes = {code for (code, _kind), count in found.items() if count}
    return {code: (found[code, "answer"], found[code, "milestone"]) for code in codes}


def officials_to_remind(department: str, at: datetime) -> list[int]:
    """The officials of a department who were not reminded yet today."""
    grants = RoleGrant.objects.filter(valid_at(at), role__in=OFFICIALS, organisation__code=department)
    told = Notice.objects.filter(url=REMINDER, at__gte=start_of(day_of(at))).values("person")
    return sorted(set(grants.exclude(person__in=told).values_list("person_id", flat=True)))


def somebody_to_remind(at: datetime) -> bool:
    """Whether anything is due for which an official was not reminded yet today."""
    return any(officials_to_remind(code, at) for code in due_soon(at))


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
