"""Plain rules of a plan: the days of stages in their order, moving neighbours, and a recipe for another year or area.

The law of order is one for the files of a city and for the desk: a stage does not close before it opens, and does not
open before an earlier one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from madang.site.people.models import Area

CLOSES_BEFORE_OPENING, OPENS_BEFORE_EARLIER = "closes_before_opening", "opens_before_earlier"


@dataclass(frozen=True)
class Span:
    """The first and the last planned day of a stage; either may be open."""

    opens: date | None
    closes: date | None

    def later(self, by: timedelta) -> "Span":
        """The same span some days later."""
        return Span(self.opens and self.opens + by, self.closes and self.closes + by)


def disorder(spans: Sequence[Span]) -> Iterator[tuple[int, str, date]]:
    """What is out of order: (place of the stage, which rule, the day it contradicts)."""
    earliest: date | None = None
    for place, span in enumerate(spans):
        if span.opens is None:
            continue
        if span.closes is not None and span.closes < span.opens:
            yield place, CLOSES_BEFORE_OPENING, span.opens
        if earliest is not None and span.opens < earliest:
            yield place, OPENS_BEFORE_EARLIER, earliest
        earliest = max(filter(None, (earliest, span.opens)))


def moved(before: Sequence[Span], after: Sequence[Span]) -> list[Span]:
    """The wanted days, where each stage that was left alone goes along with the nearest changed one before it.

    A stage whose first day alone was changed keeps its length. Distances stay, so order does.
    """
    shift, result = timedelta(0), []
    for old, new in zip(before, after, strict=True):
        if new == old:
            result.append(new.later(shift))
            continue
        if new.opens and old.opens and new.closes == old.closes:
            shift = new.opens - old.opens
            new = Span(new.opens, new.closes and new.closes + shift)
        elif new.closes and old.closes:
            shift = new.closes - old.closes
        result.append(new)
    return result


def spans_of_recipe(content: Mapping[str, Any], year: int) -> list[Span]:
    """The days of a recipe's stages in a year; a recipe gives month and day."""
    return [Span(_day(year, stage["opens"]), _day(year, stage["closes"])) for stage in content["stages"]]


def _day(year: int, day: str) -> date | None:
    return date.fromisoformat(f"{year}-{day}") if day else None


def adapted(content: Mapping[str, Any], year: int, area: Area | None) -> dict[str, Any]:
    """A recipe for another year and, if given, one area.

    A term of office that is a year becomes the new one. For an area, rules that ask who lives or works in what it lies
    in ask for the area itself.
    """
    stages = [
        {**stage, "settings": _adapted(stage["settings"], str(year), area.code if area else "")}
        for stage in content["stages"]
    ]
    return {**content, "stages": stages}


def _adapted(settings: Mapping[str, Any], year: str, area: str) -> dict[str, Any]:
    wanted = dict(settings)
    term = str(wanted.get("term", ""))
    if len(term) == 4 and term.isdigit():
        wanted["term"] = year
    if area and wanted.get("who"):
        wanted["who"] = [_narrowed(rule, area) for rule in wanted["who"]]
    if area and wanted.get("electorates"):
        wanted["electorates"] = [
            {**group, "who": [_narrowed(rule, area) for rule in group["who"]]} for group in wanted["electorates"]
        ]
    return wanted


def _narrowed(rule: str, area: str) -> str:
    parts = []
    for part in rule.split("|"):
        kind, _colon, value = part.partition(":")
        inside = kind in ("lives_in", "works_in") and area.startswith(f"{value}/")
        parts.append(f"{kind}:{area}" if inside else part)
    return "|".join(parts)
