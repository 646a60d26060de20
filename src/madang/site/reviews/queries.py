"""What pages, inboxes and closing stages read. Scores are embargoed until their stage is closed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from madang.site.docket.models import Matter, Passage
from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.programmes.models import Stage
from madang.site.reviews import scoring
from madang.site.reviews.models import Assignment, Costing, Decision, Motion, Objection, Pause, Screening, Sheet
from madang.site.reviews.policy import NOT_OBJECTED, OFFICIALS
from madang.site.reviews.settings import Review, rules_of


def latest_costs(matter_ids: Iterable[int]) -> dict[int, int]:
    """The latest estimate of each matter, in won; matters without one are left out."""
    rows = Costing.objects.filter(matter_id__in=list(matter_ids)).order_by("at", "pk")
    return dict(rows.values_list("matter_id", "amount_won"))


def latest_cost() -> Subquery:
    """The latest estimate, as an annotation of matters."""
    return _latest("amount_won")


def _latest(column: str) -> Subquery:
    return Subquery(Costing.objects.filter(matter=OuterRef("pk")).order_by("-at", "-pk").values(column)[:1])


def screening_rows(stage: Stage) -> QuerySet[Matter]:
    """The matters being screened with their referral, ruling, cost and pause: what waits first, the most urgent first.

    What waits for its author comes after what waits for the desk, and what was ruled on comes last.
    """
    mine = Screening.objects.filter(matter=OuterRef("pk"), stage=stage)
    return (
        Matter.objects.filter(stage=stage)
        .annotate(
            department_name_ko=Subquery(mine.values("department__name_ko")[:1]),
            department_name_en=Subquery(mine.values("department__name_en")[:1]),
            due_on=Subquery(mine.values("due_on")[:1]),
            ruling=Subquery(mine.values("outcome")[:1]),
            ruling_reason=Subquery(mine.values("reason")[:1]),
            cost=latest_cost(),
            cost_agrees=_latest("agrees"),
            paused=Exists(
                Pause.objects.filter(screening__matter=OuterRef("pk"), screening__stage=stage, ended_at=None)
            ),
        )
        .annotate(done=Exists(mine.filter(ruled_at__isnull=False)))
        .order_by("done", "paused", F("due_on").asc(nulls_last=True), "number")
    )


def in_state(rows: QuerySet[Matter], state: str, *, by: Actor, at: datetime) -> QuerySet[Matter]:
    """The rows of `screening_rows` in one state.

    The states: unreferred, waiting, overdue, ruled; uncosted and unchecked are about estimates;
    `mine` are those with a department of the actor.
    """
    held = [grant.organisation for grant in by.grants if grant.role in OFFICIALS]
    conditions = {
        "unreferred": Q(due_on__isnull=True) & (Q(ruling__isnull=True) | Q(ruling="")),
        "waiting": Q(due_on__isnull=False, ruling=""),
        "overdue": Q(due_on__lt=day_of(at), ruling="", paused=False),
        "uncosted": Q(cost__isnull=True),
        "unchecked": Q(cost__isnull=False) & (Q(cost_agrees__isnull=True) | Q(cost_agrees=False)),
        "ruled": ~Q(ruling="") & Q(ruling__isnull=False),
        "mine": Q(screenings__stage=F("stage"), screenings__department__code__in=held, ruling=""),
    }
    return rows.filter(conditions[state])


def results(stage: Stage) -> QuerySet[Passage]:
    """What the stage decided, as it is public, best rank and newest first."""
    passages = Passage.objects.filter(stage=stage).select_related("matter")
    return passages.order_by(F("rank").asc(nulls_last=True), "-at", "matter__number")


def outcome_counts(stage: Stage) -> dict[str, int]:
    """How many matters had which outcome in the stage."""
    rows = Passage.objects.filter(stage=stage).values("outcome").annotate(count=Count("pk")).order_by("outcome")
    return {row["outcome"]: row["count"] for row in rows}


def totals(stage: Stage) -> dict[int, list[int]]:
    """The totals of the sheets that count, by matter. For closing the stage only: before, they are embargoed."""
    found: dict[int, list[int]] = {}
    rows = Sheet.objects.filter(assignment__stage=stage, assignment__recused=False)
    for matter, total in rows.values_list("assignment__matter_id", "total"):
        found.setdefault(matter, []).append(total)
    return found


def ranked(stage: Stage, points: Mapping[int, Sequence[int]], numbers: Mapping[int, str]) -> list[scoring.Standing]:
    """The ranking under the stage's settings."""
    rules = rules_of(stage, Review)
    return scoring.rank(totals=points, numbers=numbers, trim=rules.trim, passes=rules.passes, minimum=rules.minimum)


def standings(stage: Stage) -> list[scoring.Standing]:
    """The published ranking; empty until the stage is closed."""
    if stage.closed_at is None:
        return []
    decided = Passage.objects.filter(stage=stage, rank__isnull=False)
    numbers = dict(decided.values_list("matter_id", "matter__number"))
    points = totals(stage)
    return ranked(stage, {key: points[key] for key in numbers if key in points}, numbers)


def sheets_visible(by: Actor, stage: Stage) -> QuerySet[Sheet]:
    """The score sheets the actor may see: their own; once the stage is closed, all."""
    rows = Sheet.objects.filter(assignment__stage=stage).select_related("assignment__matter")
    if stage.closed_at is not None:
        return rows
    return rows.none() if by.person_id is None else rows.filter(assignment__person_id=by.person_id)


def progress(stage: Stage) -> QuerySet[Matter]:
    """The matters under review with the number of reviewers and of sheets handed in; never with points."""
    mine = Q(assignments__stage=stage)
    return (
        Matter.objects.filter(stage=stage)
        .annotate(
            reviewers=Count("assignments", filter=mine & Q(assignments__recused=False)),
            recusals_count=Count("assignments", filter=mine & Q(assignments__recused=True)),
            sheets_in=Count("assignments__sheet", filter=mine & Q(assignments__recused=False)),
        )
        .order_by("sheets_in", "number")
    )


def sheets_in(stage: Stage) -> tuple[int, int]:
    """How many sheets were handed in, and how many are expected, of reviewers who did not step back. One query."""
    rows = Assignment.objects.filter(stage=stage, recused=False, matter__stage=stage)
    counted = rows.aggregate(handed_in=Count("sheet"), expected=Count("pk"))
    return counted["handed_in"], counted["expected"]


def own_assignments(by: Actor, stage: Stage) -> QuerySet[Assignment]:
    """The matters the actor scores in a stage, those without a sheet first."""
    if by.person_id is None:
        return Assignment.objects.none()
    rows = Assignment.objects.filter(stage=stage, person_id=by.person_id)
    return rows.select_related("matter", "sheet").order_by("recused", F("sheet__pk").asc(nulls_first=True), "matter")


def objections(stage: Stage) -> QuerySet[Objection]:
    """The objections of a stage, undecided first."""
    rows = Objection.objects.filter(stage=stage).select_related("matter")
    return rows.order_by(F("decided_at").asc(nulls_first=True), "at", "pk")


def undecided(stage: Stage) -> QuerySet[Objection]:
    """The objections of a stage that wait for a decision, the oldest first."""
    rows = Objection.objects.filter(stage=stage, decided_at=None)
    return rows.select_related("matter").order_by("at", "pk")


def objectionable(stage: Stage) -> QuerySet[Matter]:
    """The matters of the process that ended by a decision in an earlier stage."""
    later = Passage.objects.filter(matter=OuterRef("pk"), stage__order__gte=stage.order)
    ended = Matter.objects.filter(process_id=stage.process_id, ended_at__isnull=False).exclude(ending__in=NOT_OBJECTED)
    return ended.filter(~Exists(later)).order_by("number")


def motions(stage: Stage) -> QuerySet[Motion]:
    """The votes of the body, newest first."""
    return Motion.objects.filter(stage=stage).select_related("body").order_by("-at", "-pk")


def latest_decisions(stage: Stage) -> dict[int, Decision]:
    """What the last carried motion says about each matter still in the stage."""
    rows = Decision.objects.filter(motion__stage=stage, motion__carried=True, matter__stage=stage)
    return {row.matter_id: row for row in rows.order_by("motion__at", "motion_id")}


def in_departments(by: Actor, stage_path: str = "stage", department: str = "") -> Q:
    """The condition that work belongs to one of the actor's departments; everything for city-wide officials."""
    if by.holds("system"):
        return Q()
    held = [grant.organisation for grant in by.grants if grant.role in OFFICIALS]
    if None in held:
        return Q()
    condition = Q(**{f"{stage_path}__process__department__code__in": held})
    if department:
        condition |= Q(**{f"{department}__department__code__in": held})
    return condition
