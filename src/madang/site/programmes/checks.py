"""What is wrong with the days of a plan, and what is worth a second look, as sentences for officials."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from madang.site.kit.deadlines import is_working_day, working_days
from madang.site.kit.templatetags.madang import day as shown
from madang.site.programmes.models import Stage
from madang.site.programmes.planning import CLOSES_BEFORE_OPENING, Span, disorder

YEARS_AROUND = 5


@dataclass(frozen=True)
class Fault:
    """A sentence about the days of one stage; `place` counts from 0."""

    place: int
    text: str


def spans_of(stages: Sequence[Stage]) -> list[Span]:
    """The planned days of stages."""
    return [Span(stage.opens_on, stage.closes_on) for stage in stages]


def wrong(stages: Sequence[Stage], spans: Sequence[Span], year: int) -> list[Fault]:
    """Why these days cannot be: out of order, or years away from the process."""
    found = []
    for place, rule, day in disorder(spans):
        told = {"stage": stages[place].title, "day": shown(day)}
        if rule == CLOSES_BEFORE_OPENING:
            text = _("%(stage)s closes before it opens (%(day)s); change one of the two days.") % told
        else:
            text = _("%(stage)s opens before an earlier stage does (%(day)s); change one of the two days.") % told
        found.append(Fault(place, text))
    for place, day in _days(spans):
        if _far(day, year):
            text = _("%(stage)s: %(day)s is far from the year %(year)d of this process; check the year.")
            found.append(Fault(place, text % {"stage": stages[place].title, "day": shown(day), "year": year}))
    return found


def over(stages: Sequence[Stage], spans: Sequence[Span], today: date) -> list[Fault]:
    """The days that are in the past, so that nobody could keep them."""
    return [
        Fault(place, _("%(stage)s: %(day)s is over; choose today or a later day.") % _told(stages[place], day))
        for place, day in _days(spans)
        if day < today
    ]


def wrong_change(stages: Sequence[Stage], after: Sequence[Span], year: int, today: date) -> list[Fault]:
    """Why days that are public cannot become these: what has happened stays, and no new day lies in the past."""
    found, fresh = wrong(stages, after, year), []
    for place, (stage, old, new) in enumerate(zip(stages, spans_of(stages), after, strict=True)):
        if stage.closed_at is not None and new != old:
            text = _("%(stage)s has closed, so its days stay as they are.")
            found.append(Fault(place, text % {"stage": stage.title}))
        elif stage.opened_at is not None and new.opens != old.opens:
            text = _("%(stage)s has opened already; only its last day can be changed.")
            found.append(Fault(place, text % {"stage": stage.title}))
        # Only days that change are asked about: a stage may be open longer than was planned.
        pairs = ((old.opens, new.opens), (old.closes, new.closes))
        fresh.append(Span(*(later if later != earlier else None for earlier, later in pairs)))
    return found + over(stages, fresh, today)


def worth_a_look(stages: Sequence[Stage], spans: Sequence[Span], year: int) -> list[Fault]:
    """What may be meant so, and often is a slip: overlaps, days on which offices are closed, no days at all."""
    found = []
    previous: tuple[Stage, date] | None = None
    for place, (stage, span) in enumerate(zip(stages, spans, strict=True)):
        if previous and span.opens and span.opens <= previous[1]:
            told = {"stage": stage.title, "earlier": previous[0].title, "day": shown(previous[1])}
            text = _("%(stage)s opens while %(earlier)s still runs (until %(day)s).") % told
            found.append(Fault(place, text))
        if span.closes:
            previous = (stage, span.closes)
        if span.opens is None and span.closes is None:
            text = _("%(stage)s has no days; it opens and closes whenever an official decides.")
            found.append(Fault(place, text % {"stage": stage.title}))
    for place, day in _days(spans):
        # The calendar of holidays need not be worked out for a slip such as the year 9021.
        if not _far(day, year) and not is_working_day(day):
            text = _("%(stage)s: %(day)s is no working day, so the office is closed.")
            found.append(Fault(place, text % _told(stages[place], day)))
    return sorted(found, key=lambda fault: fault.place)


def length(span: Span) -> int | None:
    """How many working days a stage lasts, both its days counted; None without both, or for a slip of many years."""
    if span.opens is None or span.closes is None or _far(span.closes, span.opens.year):
        return None
    return working_days(after=span.opens - timedelta(days=1), until=span.closes)


def _far(day: date, year: int) -> bool:
    return abs(day.year - year) > YEARS_AROUND


def _days(spans: Sequence[Span]) -> Iterator[tuple[int, date]]:
    for place, span in enumerate(spans):
        yield from ((place, day) for day in dict.fromkeys((span.opens, span.closes)) if day is not None)


def _told(stage: Stage, day: date) -> dict[str, str]:
    return {"stage": stage.title, "day": shown(day)}
