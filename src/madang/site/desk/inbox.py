"""The inbox: what waits for somebody, over all rooms, the most urgent first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

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
    """What waits for somebody; a fixed number of queries for each queue.

    `chosen` is the name of the one queue to show. Of each queue at most 50 tasks are shown.
    """
    mine = queues_of(by)
    trays = [Tray(queue, queue.count(by, at)) for queue in mine]
    shown = [tray for tray in trays if tray.count and chosen in ("", tray.queue.name)]
    work = [Work(tray.queue, task) for tray in shown for task in tray.queue.tasks(by, at, MOST)]
    placed = [replace(one, chosen=chosen, place=place) for place, one in enumerate(sorted(work, key=_urgency))]
    return Inbox(trays, _piles(placed, at), chosen, sum(tray.count for tray in shown) - len(work))


def own_work(by: Actor, at: datetime) -> list[Work]:
    """What waits for somebody without a role: sheets to score and the like. Two queries for each queue."""
    mine = [queue for queue in queues if not queue.roles] if by.known else []
    work = [Work(queue, task) for queue in mine for task in queue.tasks(by, at, MOST)]
    return sorted(work, key=_urgency)


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
