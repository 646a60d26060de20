"""The inbox: what waits for somebody, over all rooms, the most urgent first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import CharField, Count, DateField, F, QuerySet, Value, Window
from django.db.models.functions import Cast, JSONObject, RowNumber
from django.utils.translation import gettext_lazy as _

from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.kit.navigation import Queue, Task, queues

MOST = 50
OVERDUE, TODAY, WEEK, LATER, NO_DAY = range(5)
TITLES = (_("Overdue"), _("Due today"), _("Due within a week"), _("Due later"), _("No day set"))


@dataclass(frozen=True)
class Work:
    """A task with the queue it waits in; its `address` says from which list and which place in it it was opened."""

    queue: Queue
    task: Task
    chosen: str | None = None
    place: int = 0

    @property
    def address(self) -> str:
        """Where it is done."""
        if self.chosen is None:
            return self.task.url
        return f"{self.task.url}{'&' if '?' in self.task.url else '?'}inbox={self.chosen}&place={self.place}"


@dataclass(frozen=True)
class Pile:
    """The work of one urgency."""

    title: Any
    late: bool
    work: Sequence[Work]


@dataclass(frozen=True)
class Tray:
    """A queue with the number of tasks in it."""

    queue: Queue
    count: int


@dataclass(frozen=True)
class Inbox:
    """The queues of somebody, and the work of all of them or of one, by urgency."""

    trays: Sequence[Tray]
    piles: Sequence[Pile]
    chosen: str
    hidden: int

    @property
    def total(self) -> int:
        """How much waits in all queues."""
        return sum(tray.count for tray in self.trays)

    @property
    def waiting(self) -> int:
        """How much waits in the queues that are shown."""
        return sum(tray.count for tray in self.trays if self.chosen in ("", tray.queue.name))


def queues_of(by: Actor) -> list[Queue]:
    """The queues of the roles an actor holds, and those that belong to everybody."""
    return [queue for queue in queues if (by.holds(*queue.roles) if queue.roles else by.known)]


def inbox(by: Actor, at: datetime, chosen: str = "") -> Inbox:
    """What waits for somebody, in one query and those that a queue needs to know its rows.

    `chosen` is the name of the one queue to show. Of each queue at most 50 tasks are shown.
    """
    mine = queues_of(by)
    work, counts = _waiting(mine, by, at)
    trays = [Tray(queue, counts.get(queue.name, 0)) for queue in mine]
    shown = sorted((one for one in work if chosen in ("", one.queue.name)), key=_urgency)
    placed = [replace(one, chosen=chosen, place=place) for place, one in enumerate(shown)]
    total = sum(tray.count for tray in trays if chosen in ("", tray.queue.name))
    return Inbox(trays, _piles(placed, at), chosen, total - len(shown))


def own_work(by: Actor, at: datetime) -> list[Work]:
    """What waits for somebody without a role: sheets to score and the like. One query."""
    mine = [queue for queue in queues if not queue.roles] if by.known else []
    return sorted(_waiting(mine, by, at)[0], key=_urgency)


def _waiting(mine: Sequence[Queue], by: Actor, at: datetime) -> tuple[list[Work], dict[str, int]]:
    """The first tasks of some queues, and how many wait in each that is not empty."""
    named = {queue.name: queue for queue in mine}
    waiting = [(queue, queue.rows(by, at)) for queue in mine]
    asked = [_asked(queue, rows) for queue, rows in waiting if not rows.query.is_empty()]
    if not asked:
        return [], {}
    work, counts = [], {}
    for name, due, values, count in asked[0].union(*asked[1:], all=True):
        work.append(Work(named[name], named[name].task(values, due)))
        counts[name] = count
    return work, counts


def _asked(queue: Queue, waiting: QuerySet[Any]) -> QuerySet[Any, Any]:
    """The most urgent rows of a queue as plain columns that are the same for all queues."""
    day = Cast(F(queue.due) if queue.due else Value(None), DateField())
    place = Window(RowNumber(), order_by=[F("queue_due").asc(nulls_last=True), F("pk").asc()])
    rows = waiting.order_by().annotate(queue_due=day)
    counted = rows.annotate(
        queue_name=Value(queue.name, CharField()),
        queue_values=JSONObject(**queue.shows),
        queue_count=Window(Count("pk")),
        queue_place=place,
    )
    return counted.filter(queue_place__lte=MOST).values_list("queue_name", "queue_due", "queue_values", "queue_count")


def _piles(work: Sequence[Work], at: datetime) -> list[Pile]:
    piles: dict[int, list[Work]] = {}
    for one in work:
        piles.setdefault(_pile_of(one.task.due, at), []).append(one)
    return [Pile(TITLES[number], number == OVERDUE, piles[number]) for number in sorted(piles)]


def _urgency(one: Work) -> tuple[bool, date]:
    due = one.task.due
    return due is None, due or date.max


def _pile_of(due: date | None, at: datetime) -> int:
    if due is None:
        return NO_DAY
    left = due - day_of(at)
    if left < timedelta(0):
        return OVERDUE
    if not left:
        return TODAY
    return WEEK if left <= timedelta(days=7) else LATER
