"""Answers that are kept in the process while what they were worked out from stands still.

Every action writes an event, and its book notes which tables the action wrote to. A kept answer is used only while none
of the tables that it was worked out from has been written to since.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Sum

from madang.site.record.models import Book
from madang.site.record.tables import ANY, noting, read, written

# Tables that are written to without an event, each named by its room: what reads one of them is not kept.
silent: set[str] = set()
_WROTE = " wrote"
# The tables of the answers that are being worked out, the outermost first.
_readers: ContextVar[tuple[set[str], ...]] = ContextVar("readers", default=())
# While the books themselves are asked, which no answer depends on.
_asking: ContextVar[bool] = ContextVar("asking", default=False)
Books = dict[str, dict[str, int]]
# The database and how much its books hold, with what they said then.
_last: tuple[tuple[str, int], Books] = (("", -1), {})


@dataclass(frozen=True)
class _Entry:
    """A kept answer, the tables that it was worked out from, and what the books said of them before."""

    answer: Any
    tables: frozenset[str]
    state: frozenset[tuple[str, str, int]]


class Answers:
    """The answers to the questions that were asked last, at most so many."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._kept: OrderedDict[tuple[Any, ...], _Entry] = OrderedDict()
        self._lock = Lock()

    def ask(
        self, question: tuple[Any, ...], answer: Callable[[], Any], worth: Callable[[Any], bool] = lambda found: True
    ) -> Any:
        """The kept answer, or a new one if a table that it reads was written to. One query if it is kept.

        The state is read before the answer is worked out: an event in between makes the next reader ask again. What is
        not `worth` keeping, was worked out with a write, or from a table that is written to silently, is not kept.
        """
        if not settings.KEEP_ANSWERS:
            return answer()
        key = (*question, connection.settings_dict["NAME"])
        books = _books()
        with self._lock:
            entry = self._kept.get(key)
            if entry is not None:
                self._kept.move_to_end(key)
        if entry is None or entry.state != _state(books, entry.tables):
            tables: set[str] = set()
            with _reading(tables):
                found = answer()
            entry = _Entry(found, frozenset(tables), _state(books, tables))
            if _WROTE not in tables and not tables & silent and worth(found):
                self._keep(key, entry)
        for outer in _readers.get():
            outer.update(entry.tables)
        return entry.answer

    def _keep(self, key: tuple[Any, ...], entry: _Entry) -> None:
        with self._lock:
            self._kept[key] = entry
            self._kept.move_to_end(key)
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)

    def forget(self) -> None:
        """Keep nothing any more, not even what the books were last seen to say."""
        global _last
        with self._lock:
            self._kept.clear()
            _last = (("", -1), {})


@contextmanager
def _reading(tables: set[str]) -> Iterator[None]:
    """Note the tables that an answer reads, also those behind other kept answers that it is made of."""
    token = _readers.set((*_readers.get(), tables))
    try:
        with noting(tables, _tables_of):
            yield
    finally:
        _readers.reset(token)


def _tables_of(sql: str) -> set[str]:
    if _asking.get():
        return set()
    return read(sql) | ({_WROTE} if written(sql) else set())


def _books() -> Books:
    """What each book says of the tables that were written to; read anew only if a book has grown."""
    global _last
    token = _asking.set(True)
    try:
        grown = (str(connection.settings_dict["NAME"]), Book.objects.aggregate(all=Sum("length"))["all"] or 0)
        known, books = _last
        if known != grown:
            books = dict(Book.objects.values_list("code", "touched"))
            _last = (grown, books)
        return books
    finally:
        _asking.reset(token)


def _state(books: Books, tables: Iterable[str]) -> frozenset[tuple[str, str, int]]:
    """What the books say of some tables: by which of their events each was last written to."""
    asked = {*tables, ANY}
    return frozenset((code, name, touched[name]) for code, touched in books.items() for name in asked & touched.keys())
