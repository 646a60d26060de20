"""The queue of a screening: where a matter stands in it, what comes before and after, and how far the day's work is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from madang.site.docket import alike
from madang.site.docket.models import Matter
from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of, start_of
from madang.site.programmes.models import Stage
from madang.site.reviews import policy
from madang.site.reviews.models import Objection, Screening

BEFORE, SHOWN, READY, MORE = 4, 16, 6, 8
MOST = 1_000


@dataclass(frozen=True)
class Place:
    """Where a matter stands in a queue: its number from 1 (0 if it left), its neighbours, and the rows around it.

    `onward` is the next matter that waits for a ruling, the first one after the last; None if no other waits.
    `waiting` counts all that wait.
    """

    number: int
    total: int
    before: int | None
    after: int | None
    onward: int | None
    waiting: int
    rows: Sequence[Matter]


def place_of(rows: QuerySet[Any], matter_id: int) -> Place:
    """The place of a matter among `rows` of `queries.screening_rows`. Two queries."""
    listed = list(rows.values_list("pk", "done"))
    keys = [key for key, _done in listed]
    at = keys.index(matter_id) if matter_id in keys else -1
    first = max(0, min(at - BEFORE, len(keys) - SHOWN))
    shown: dict[int, Matter] = {row.pk: row for row in rows.filter(pk__in=keys[first : first + SHOWN])}
    waiting = [key for key, done in [*listed[at + 1 :], *listed[: max(at, 0)]] if not done]
    return Place(
        number=at + 1,
        total=len(keys),
        before=keys[at - 1] if at > 0 else None,
        after=keys[at + 1] if at + 1 < len(keys) else None,
        onward=waiting[0] if waiting else None,
        waiting=sum(not done for _key, done in listed),
        rows=[shown[key] for key in keys[first : first + SHOWN] if key in shown],
    )


@dataclass(frozen=True)
class Progress:
    """How many somebody has ruled on today, and how many that makes with those that still wait."""

    done: int
    all: int


def rulings_of_the_day(stage: Stage, *, by: Actor, at: datetime) -> list[Screening]:
    """What the actor ruled here since yesterday's same hour and today, the latest first. One query."""
    since = min(start_of(day_of(at)), at - timedelta(days=1))
    mine = Screening.objects.filter(stage=stage, ruled_by=by.pseudonym, ruled_at__gte=since, ruled_at__lte=at)
    objected = Objection.objects.filter(stage=stage, matter=OuterRef("matter"))
    rows = mine.select_related("matter", "department").annotate(objected=Exists(objected))
    return list(rows.order_by("-ruled_at", "matter__number"))


def progress_of(rulings: Sequence[Screening], waiting: int, *, at: datetime) -> Progress:
    """How far somebody with these rulings is today with rows of which so many wait."""
    since = start_of(day_of(at))
    done = sum(row.ruled_at is not None and row.ruled_at >= since for row in rulings)
    return Progress(done, done + waiting)


def last_of(stage: Stage, rulings: Sequence[Screening], *, by: Actor, at: datetime) -> list[Screening]:
    """The last of these rulings: all matters that it was about, as long as it can be undone."""
    rows = [row for row in rulings if row.ruled_at == rulings[0].ruled_at]
    for row in rows:
        row.stage = stage
    return rows if rows and policy.may_undo(by, rows[0], at).ok else []


def alike_in(stage: Stage, matter: Matter) -> list[Any]:
    """Matters of the queue whose titles resemble one, the most alike first. One query."""
    others = Matter.objects.filter(stage=stage).exclude(pk=matter.pk)
    rows = {row.pk: row for row in others.values_list("pk", "title", "number", named=True)}
    return [rows[key] for key in alike.resembling(matter.title, {row.pk: row.title for row in rows.values()})[:MORE]]


def ready_reasons(stage: Stage) -> list[str]:
    """Reasons that were given lately in this process's screening, each once, so that nobody types them again."""
    rows = Screening.objects.filter(stage=stage, passes=False).exclude(reason="").order_by("-ruled_at")
    return list(dict.fromkeys(rows.values_list("reason", flat=True)[:60]))[:READY]


def alike_groups(rows: QuerySet[Any]) -> list[list[Any]]:
    """Waiting rows with titles alike, grouped, the largest group first; of the most urgent thousand."""
    waiting = {row.pk: row for row in rows.filter(done=False)[:MOST]}
    found = alike.groups({key: row.title for key, row in waiting.items()})
    return sorted(([waiting[key] for key in keys] for keys in found), key=lambda group: (-len(group), group[0].number))
