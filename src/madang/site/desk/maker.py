"""What the pages of the process maker show: rows of a timeline, and what is wrong or worth a look."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from madang.site.kit.clock import day_of
from madang.site.ledger.queries import line_of
from madang.site.programmes import checks
from madang.site.programmes.checks import Fault
from madang.site.programmes.models import Process, Stage
from madang.site.programmes.planning import Span

WIDTH = 1000
THINNEST = 8


@dataclass(frozen=True)
class Row:
    """A stage on the timeline: its days with their bar, and for days that are not saved those from before with theirs.

    `moved` is by how many days its beginning, or else its end, would move.
    """

    stage: Stage
    span: Span
    bar: "Bar"
    working_days: int | None
    before: Span | None
    before_bar: "Bar"
    moved: int


@dataclass(frozen=True)
class Bar:
    """Where a bar begins and how long it is; without days it has no length."""

    start: int = 0
    length: int = 0


@dataclass(frozen=True)
class Timeline:
    """All stages between the first and the last day; `today` is where today stands, or None outside."""

    rows: Sequence[Row]
    first: date | None
    last: date | None
    today: int | None


def timeline(stages: Sequence[Stage], spans: Sequence[Span], today: date) -> Timeline:
    """Stages with these days beside each other, on a line that is WIDTH units long. No query."""
    saved = checks.spans_of(stages)
    days = [day for span in (*spans, *saved) for day in (span.opens, span.closes) if day]
    first, last = (min(days), max(days)) if days else (None, None)

    def place(day: date) -> int:
        assert first and last  # there is a day  # noqa: S101
        return (day - first).days * WIDTH // max((last - first).days, 1)

    def bar(span: Span) -> Bar:
        opens, closes = span.opens or span.closes, span.closes or (last if span.opens else None)
        if opens is None or closes is None:
            return Bar()
        start = min(place(opens), WIDTH - THINNEST)
        return Bar(start, max(place(closes) - start, THINNEST))

    rows = []
    for stage, span, old in zip(stages, spans, saved, strict=True):
        before = old if old != span else None
        was = bar(old) if before else Bar()
        rows.append(Row(stage, span, bar(span), checks.length(span), before, was, _moved(old, span)))
    inside = first is not None and last is not None and first <= today <= last
    return Timeline(rows, first, last, place(today) if inside else None)


def _moved(old: Span, new: Span) -> int:
    for earlier, later in ((old.opens, new.opens), (old.closes, new.closes)):
        if earlier and later and earlier != later:
            return (later - earlier).days
    return 0


@dataclass(frozen=True)
class Review:
    """What stands against a plan (`wrong`), against publishing it today (`late`), and what may be a slip (`look`)."""

    wrong: Sequence[Fault]
    late: Sequence[Fault]
    look: Sequence[Fault]


def review(process: Process, stages: Sequence[Stage], spans: Sequence[Span], at: datetime) -> Review:
    """All sentences about days as they would be."""
    today = day_of(at)
    look = checks.worth_a_look(stages, spans, process.year)
    if process.draft:
        return Review(checks.wrong(stages, spans, process.year), checks.over(stages, spans, today), look)
    return Review(checks.wrong_change(stages, spans, process.year, today), [], look)


def lacks_line(process: Process) -> bool:
    """Whether the recipe names a budget line that this year does not have yet. One query."""
    return bool(process.recipe.get("line")) and line_of(year=process.year, recipe=process.recipe) is None
