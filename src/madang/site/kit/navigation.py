"""What rooms bring to the desk: work queues for officials and entries of the navigation."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from madang.site.kit.actor import Actor


@dataclass(frozen=True)
class Task:
    """One piece of work waiting for somebody: what, where, and the last day on which it is in time."""

    title: str
    url: str
    due: date | None = None
    context: str = ""


@dataclass(frozen=True)
class Queue:
    """A work queue of an official: `rows(by, at)` wait in it, each of them a task.

    The inbox asks for the rows of all queues in one query, so a queue says what of a row it needs: `due`, the path
    of the last day on which it is in time, and `shows`, paths under the names by which `task` finds their values.
    The values are plain: a day is a text there, and due is given apart.
    """

    name: str
    title: Any
    roles: Sequence[str]
    rows: Callable[[Actor, datetime], QuerySet[Any]]
    shows: Mapping[str, str]
    task: Callable[[Mapping[str, Any], date | None], Task]
    due: str | None = None


@dataclass(frozen=True)
class Entry:
    """An entry of the main navigation (place "city") or of the desk (place "desk", shown to roles)."""

    title: Any
    url_name: str
    place: str = "city"
    roles: Sequence[str] = ()
    order: int = 50


queues: list[Queue] = []
entries: list[Entry] = []


def add_queue(queue: Queue) -> None:
    """Bring a work queue."""
    queues.append(queue)


def add_entry(entry: Entry) -> None:
    """Bring an entry of the navigation."""
    entries.append(entry)
    entries.sort(key=lambda item: item.order)
