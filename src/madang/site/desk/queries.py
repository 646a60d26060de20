"""What the desk's pages show, each with a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.urls import NoReverseMatch, reverse

from madang.site.docket.models import Matter, Passage
from madang.site.kit.actor import Actor
from madang.site.kit.counting import counted
from madang.site.kit.stages import kinds
from madang.site.ledger.models import Line
from madang.site.programmes.models import Process, Programme, Stage, Strategy

HIDDEN = "hidden"


def public_matters() -> QuerySet[Matter]:
    """Matters that anybody may read: all but those whose journey ended by hiding them."""
    return Matter.objects.exclude(ending=HIDDEN)


@dataclass(frozen=True)
class Step:
    """A stage as the stepper and the desk show it: with its page, and how many matters are in it."""

    stage: Stage
    url: str = ""
    desk_url: str = ""
    waiting: int = 0
    decided: int = 0
    passed: int = 0

    def __getattr__(self, name: str) -> object:
        # The stepper takes stages and steps alike.
        return getattr(self.stage, name)


def page_of_stage(stage: Stage, *, desk: bool = False) -> str:
    """The address of a stage's page for citizens or for the desk; "" where its kind has none."""
    name = stage.behaviour.desk_page if desk else stage.behaviour.citizen_page
    if not name or stage.state == "planned":
        return ""
    try:
        return reverse(name, args=[stage.pk])
    except NoReverseMatch:
        # One room without its page must not take every process page with it; a test names such kinds.
        return ""


def open_steps(limit: int = 12) -> list[Step]:
    """What is open to citizens now, the one that closes first on top. One query."""
    stages = (
        Stage.objects.filter(opened_at__isnull=False, closed_at__isnull=True, kind__in=_for_citizens())
        .exclude(~Q(settings__filed_by="citizen"), kind="call")
        .select_related("process__programme", "process__department")
        .order_by(F("closes_on").asc(nulls_last=True), "process__programme__order", "order")
    )
    return [step for step in (Step(stage, page_of_stage(stage)) for stage in stages) if step.url][:limit]


def _for_citizens() -> list[str]:
    return [name for name, kind in kinds().items() if kind.for_citizens]


def latest_results(limit: int = 6) -> list[Step]:
    """The stages that closed last and decided on something. Two queries; only what is shown is counted."""
    decisions = Passage.objects.filter(stage=OuterRef("pk"))
    closed = Stage.objects.filter(Exists(decisions), closed_at__isnull=False).select_related("process__programme")
    stages = list(closed.defer("process__recipe", "process__facts").order_by("-closed_at", "-pk")[:limit])
    passages = Passage.objects.filter(stage__in=stages).order_by().values("stage")
    counted = passages.annotate(decided=Count("pk"), through=Count("pk", filter=Q(passed=True)))
    counts = {row["stage"]: row for row in counted}
    return [
        Step(stage, page_of_stage(stage), decided=counts[stage.pk]["decided"], passed=counts[stage.pk]["through"])
        for stage in stages
    ]


def tree() -> tuple[list[Strategy], list[Programme]]:
    """The strategies with their programmes, and the programmes without one; each with `open_count`. Three queries."""
    counted = Programme.objects.annotate(
        open_count=Count(
            "processes__stages",
            filter=Q(processes__stages__opened_at__isnull=False, processes__stages__closed_at__isnull=True),
        )
    ).select_related("department")
    strategies = Strategy.objects.order_by("number").prefetch_related(Prefetch("programmes", counted))
    return list(strategies), list(counted.filter(strategy__isnull=True))


@dataclass(frozen=True)
class Run:
    """A process with its steps."""

    process: Process
    steps: Sequence[Step]


def runs_of(programme: Programme) -> list[Run]:
    """The processes of a programme, the latest year first. Two queries."""
    rows = (
        programme.processes.filter(draft=False)
        .select_related("department")
        .prefetch_related("stages")
        .order_by("-year", "code")
    )
    return [Run(process, [Step(stage, page_of_stage(stage)) for stage in process.stages.all()]) for process in rows]


def lines_of(programme: Programme, year: int | None = None) -> list[Line]:
    """The programme's budget lines, the latest year first."""
    rows = Line.objects.filter(programme=programme)
    return list((rows if year is None else rows.filter(fiscal_year=year)).order_by("-fiscal_year", "seq", "code"))


def line_of(process: Process) -> Line | None:
    """The budget line that pays for a process, if it names one."""
    if not process.line_code:
        return None
    return Line.objects.filter(code=process.line_code, fiscal_year=process.year).first()


def steps_of(process: Process) -> list[Step]:
    """The steps of a process with what is in them and what they decided. One query."""
    decisions = Passage.objects.filter(stage=OuterRef("pk"))
    stages = process.stages.annotate(
        waiting=counted(Matter.objects.filter(process=process, stage=OuterRef("pk")), "stage"),
        decided=counted(decisions, "stage"),
        through=counted(decisions.filter(passed=True), "stage"),
    )
    return [
        Step(
            stage,
            page_of_stage(stage),
            page_of_stage(stage, desk=True),
            stage.waiting,
            stage.decided,
            stage.through,
        )
        for stage in stages
    ]


def in_charge_of(by: Actor) -> QuerySet[Process]:
    """The processes that an officer or head may run."""
    offices = {grant.organisation for grant in by.grants if grant.role in ("officer", "head", "system")}
    rows = Process.objects.select_related("programme", "department").annotate(
        open_count=Count("stages", filter=Q(stages__opened_at__isnull=False, stages__closed_at__isnull=True))
    )
    if None not in offices:
        rows = rows.filter(department__code__in=[office for office in offices if office])
    # Counting groups by every column that is read; a recipe is long.
    return rows.defer("recipe", "facts").order_by("-draft", "-year", "programme__order", "code")
