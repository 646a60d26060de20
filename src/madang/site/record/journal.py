"""An action is one transaction that records what it did; `write` adds to its journal.

The journal is chained and stored when the outermost action ends, in the same transaction, so a chain
head is touched once however much an action did. `batch` makes many actions one transaction: a replay
or an import either happens whole or not at all.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import transaction

from madang.chain import GENESIS, event_hash
from madang.site.kit.actor import Actor
from madang.site.kit.bulk import insert_rows
from madang.site.record.models import Book, Event
from madang.site.record.tables import noting, written

COLUMNS = ("book_id", "number", "at", "verb", "actor", "subject", "data", "previous", "hash")
OWN = {Book._meta.db_table, Event._meta.db_table}
P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class _Journal:
    events: list[tuple[str, dict[str, Any], datetime]] = field(default_factory=list)
    tables: set[str] = field(default_factory=set)
    batch: bool = False


_current: ContextVar[_Journal | None] = ContextVar("journal", default=None)


def moment(at: datetime) -> str:
    """A moment as the chain writes it: ISO 8601, UTC, whole microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def write(*, book: str, verb: str, subject: str, by: Actor, at: datetime, **data: Any) -> None:
    """Record that something happened.

    `book` is the code of the chain (a process's code, or a room's name), `verb` a dotted name such as
    "matter.submitted", `subject` what it happened to ("matter:17"), `data` plain values without names
    or other personal data. Raises RuntimeError outside an action.
    """
    journal = _current.get()
    if journal is None:
        raise RuntimeError(f"{verb} was recorded outside an action; wrap the writing function in @action.")
    body = {"at": moment(at), "verb": verb, "actor": by.pseudonym, "subject": subject, "data": data}
    journal.events.append((book, body, at))


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Make a keyword-only function one transaction that must record at least one event.

    Within another action or a batch it joins that one's journal; if it raises, its own writes are undone.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        outer = _current.get()
        if outer is None:
            with _opened(_Journal()) as journal:
                return _recorded(function, journal, args, kwargs)
        if outer.batch:
            return _recorded(function, outer, args, kwargs)
        before = len(outer.events)
        try:
            with transaction.atomic():
                return _recorded(function, outer, args, kwargs)
        except BaseException:
            del outer.events[before:]
            raise

    return run


def _recorded(function: Callable[..., R], journal: _Journal, args: tuple, kwargs: dict) -> R:
    before = len(journal.events)
    result = function(*args, **kwargs)
    if len(journal.events) == before:
        raise RuntimeError(f"The action {function.__qualname__} recorded nothing.")
    return result


@contextmanager
def batch() -> Iterator[None]:
    """Run many actions as one transaction: all of them happen, or none."""
    with _opened(_Journal(batch=True)):
        yield


@contextmanager
def _opened(journal: _Journal) -> Iterator[_Journal]:
    token = _current.set(journal)
    try:
        with transaction.atomic(), noting(journal.tables, written):
            yield journal
            _store(journal)
    finally:
        _current.reset(token)


def _store(journal: _Journal) -> None:
    by_book: dict[str, list[tuple[dict[str, Any], datetime]]] = {}
    for code, body, at in journal.events:
        by_book.setdefault(code, []).append((body, at))
    # Locked in one order, so that two actions which touch the same books cannot wait for each other.
    for code in sorted(by_book):
        Book.objects.get_or_create(code=code, defaults={"head": GENESIS})
        book = Book.objects.select_for_update().get(code=code)
        insert_rows(Event, COLUMNS, _chained(book, by_book[code]))
        book.touched |= dict.fromkeys(sorted(journal.tables | OWN), book.length)
        book.save(update_fields=["length", "head", "touched"])


def _chained(book: Book, bodies: list[tuple[dict[str, Any], datetime]]) -> Iterator[tuple]:
    for body, at in bodies:
        book.length += 1
        digest = event_hash(book=book.code, number=book.length, previous=book.head, body=body)
        data = body["data"]
        yield book.pk, book.length, at, body["verb"], body["actor"], body["subject"], data, book.head, digest
        book.head = digest
