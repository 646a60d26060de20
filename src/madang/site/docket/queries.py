"""Lists of matters: filtered in the database, in a stable order, with counts of their states."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet

from madang.site.docket.models import Matter
from madang.site.programmes.models import Process, Stage

HIDDEN = "hidden"
NAMED = 5
UNDER_WAY, ENDED = "under_way", "ended"
# A recipe is long, and a list of matters would read one with every row.
UNSHOWN = ("process__recipe", "process__facts", "stage__settings")
COLUMNS = (
    "number",
    "title",
    "kind",
    "process",
    "stage",
    "ending",
    "field",
    "area",
    "amount_won",
    "filed_at",
    "ended_at",
)


def listed(
    *, process: str = "", field: str = "", area: str = "", year: int | None = None, state: str = "", words: str = ""
) -> QuerySet[Matter]:
    """Matters that anybody may read, the latest first.

    `process`, `field` and `area` are codes (an area takes its parts along), `year` the one of the process,
    `state` "under_way", "ended" or the outcome a journey ended with, `words` all occur in the title or are the number.
    """
    wanted = {"process__code": process, "field": field, "process__year": year}
    rows = Matter.objects.exclude(ending=HIDDEN).filter(**{key: value for key, value in wanted.items() if value})
    if area:
        rows = rows.filter(Q(area__code=area) | Q(area__code__startswith=f"{area}/"))
    if state in (UNDER_WAY, ENDED):
        rows = rows.filter(ended_at__isnull=state == UNDER_WAY)
    elif state:
        rows = rows.filter(ending=state)
    text = Q()
    for word in words.split()[:8]:
        text &= Q(title__icontains=word)
    if words.strip():
        rows = rows.filter(text | Q(number__iexact=words.strip()))
    rows = rows.select_related("process", "stage", "area").defer(*UNSHOWN)
    return rows.order_by("-filed_at", "-pk")


def state_counts(rows: QuerySet[Matter]) -> list[tuple[str, int]]:
    """How many of some matters are under way, and how many ended how; the most frequent ending first. One query."""
    counted = rows.order_by().values("ending").annotate(n=Count("pk")).order_by("-n", "ending")
    found = [(row["ending"], row["n"]) for row in counted]
    return [(UNDER_WAY, n) for ending, n in found if not ending] + [(ending, n) for ending, n in found if ending]


def inside(stage: Stage) -> list[tuple[int, str]]:
    """The matters in a stage, key and receipt number, in the order of their numbers. One query."""
    return list(Matter.objects.filter(stage=stage).order_by("number").values_list("pk", "number"))


def named(numbers: Sequence[str]) -> str:
    """The first receipt numbers of a list, as a sentence names them."""
    shown = ", ".join(numbers[:NAMED])
    return shown if len(numbers) <= NAMED else f"{shown}, …"


def processes() -> QuerySet[Process]:
    """The processes to choose from, the latest year first."""
    rows = Process.objects.filter(matters_filed__gt=0).defer("recipe", "facts")
    return rows.order_by("-year", "programme__order", "code")


def row_of(matter: Matter) -> dict[str, Any]:
    """A matter as open data: codes and plain values, without its author."""
    values: Mapping[str, Any] = {
        "process": matter.process.code,
        "stage": matter.stage.order if matter.stage else None,
        "area": matter.area.code if matter.area else "",
        "filed_at": matter.filed_at.isoformat(),
        "ended_at": matter.ended_at.isoformat() if matter.ended_at else None,
    }
    return {column: values[column] if column in values else getattr(matter, column) for column in COLUMNS}
