"""The timetable of a replay: players yield steps, the steps of all players happen in the order of time."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from random import Random
from typing import Any

from madang.site.kit.clock import end_of, start_of
from madang.site.programmes.models import Stage
from madang.site.record.actions import seal_books
from madang.site.record.journal import batch


@dataclass(frozen=True, order=True)
class Step:
    """Something that somebody does at a moment; `order` settles ties."""

    at: datetime
    order: int
    do: Callable[[], object] = field(compare=False)


def run(players: Iterable[Iterator[Step]], on_month: Callable[[str], None]) -> None:
    """Let everything happen in time; each month is one transaction and ends with a seal.

    A player is asked for its next step only after its last one has happened, so it sees the state then.
    """
    for month, steps in groupby(heapq.merge(*players), key=lambda step: step.at.strftime("%Y-%m")):
        on_month(month)
        last = None
        with batch():
            for step in steps:
                step.do()
                last = step.at
        if last is not None:
            seal_books(at=last)


def opening(stage: Stage) -> datetime:
    """Nine in the morning of the day the stage opens."""
    if stage.opens_on is None:
        raise ValueError(f"The stage {stage} has no opening day in its recipe, so it cannot be replayed.")
    return start_of(stage.opens_on) + timedelta(hours=9)


def beginning(stage: Stage, script: dict[str, Any]) -> datetime:
    """When a script of a stage sets in: on its day `from`, or as the stage opens."""
    later = [start_of(date.fromisoformat(script["from"])) + timedelta(hours=9)] if "from" in script else []
    return max([opening(stage), *later])


def closing(stage: Stage) -> datetime | None:
    """Six in the evening of its last day; stages that close on one day do so in their order."""
    if stage.closes_on is None:
        return None
    return end_of(stage.closes_on) - timedelta(hours=6) + timedelta(minutes=stage.order)


def ending(stage: Stage) -> datetime:
    """The closing of a stage that must have one. Raises ValueError if its recipe gives no last day."""
    end = closing(stage)
    if end is None:
        raise ValueError(f'The stage {stage} has no closing day in its recipe; give its script an "until".')
    return end


def moments(start: datetime, end: datetime, count: int, chance: Random) -> list[datetime]:
    """So many moments by chance in a span, in order, in whole seconds."""
    span = max(int((end - start).total_seconds()) - 2, 1)
    return sorted(start + timedelta(seconds=1 + chance.randrange(span)) for _ in range(count))


def parts_of(total: int, count: int, unit: int, chance: Random) -> list[int]:
    """`count` positive multiples of `unit` that sum to `total` (the last takes the remainder)."""
    if count == 0:
        return []
    weights = [chance.uniform(0.3, 1.7) for _ in range(count)]
    scale = total / sum(weights)
    parts = [max(round(weight * scale / unit), 1) * unit for weight in weights]
    surplus = sum(parts) - total
    for index in sorted(range(count), key=lambda item: -parts[item]):
        if surplus == 0:
            break
        change = min(surplus, parts[index] - unit) if surplus > 0 else surplus
        parts[index] -= change
        surplus -= change
    return parts
