"""Figures and reports as pages show them: worked out once, then kept in the process while what they read stands still.

What a figure says follows from the city's files, the day it is as of and the rows of some tables. Every action writes
an event, and its book notes which tables the action wrote to: a kept answer is used only while none of the tables
that it was worked out from has been written to since. Actions (handing a report in) never read from here.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from threading import RLock
from typing import Any

from django.conf import settings
from django.db import connection

from madang.documents.blocks import Contents
from madang.documents.html import body_html
from madang.site.kit import clock
from madang.site.record.models import Book
from madang.site.record.tables import ANY, noting, read
from madang.site.reports import check, compose, queries
from madang.site.reports.evaluation import Value, Values
from madang.site.reports.freezing import described
from madang.site.reports.models import FrozenReport
from madang.site.reports.wording import Language

MOST = 24
_kept: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
_lock = RLock()
# The sets of those who work an answer out, the outermost first; used under the lock only.
_readers: list[set[str]] = []


@dataclass(frozen=True)
class ReportPage:
    """A report as its page shows it; `body` is HTML in which every text is escaped."""

    title: str
    share: compose.Share
    body: str


def values(*, as_of: date, at: datetime) -> Values:
    """All figures of the city as of a day, each evaluated. Raises CityProblems for files that are wrong."""

    def evaluated() -> Values:
        found = queries.values(as_of=as_of, at=at)
        for name in found:
            found[name]
        return found

    return _once(("values", as_of), at, evaluated)


def figures(*, as_of: date, at: datetime) -> list[Value]:
    """The value of every figure as of a day, in the order of the catalogue."""
    found = values(as_of=as_of, at=at)
    return [found[name] for name in found]


def listed(*, as_of: date, at: datetime) -> list[dict[str, Any]]:
    """Every figure as plain values: name, value, unit, kind, programme and where it comes from."""
    return _once(("listed", as_of), at, lambda: [described(value) for value in figures(as_of=as_of, at=at)])


def contradictions(*, as_of: date, at: datetime, language: Language) -> check.Checked:
    """What the relations of the city say about its figures as of a day, in sentences of a language."""

    def checked() -> check.Checked:
        return check.findings(queries.folder(), values(as_of=as_of, at=at))

    return _once(("contradictions", as_of, language), at, checked)


def report_page(code: str, *, as_of: date, at: datetime, language: Language) -> ReportPage:
    """A report as of a day in a language, each derived number leading to its records.

    Raises Refused for a code that the city does not know.
    """

    def composed() -> ReportPage:
        found = queries.report(code, as_of=as_of, at=at)
        made = found.compose(language)
        title, *blocks = made.document.blocks
        # On paper the chapters name their programmes; on a page of thirty screens readers want to jump.
        document = replace(made.document, blocks=(title, Contents(), *blocks))
        body = body_html(document, link=lambda name: compose.figure_path(name, as_of))
        return ReportPage(made.document.title, made.share(found.values), body)

    return _once(("report", code, as_of, language), at, composed)


def frozen_page(frozen: FrozenReport, language: Language) -> tuple[str, str]:
    """Title and HTML of a report that was handed in; its fingerprint names its content, which never changes.

    Raises Refused for a language it was not handed in.
    """
    key = ("frozen", frozen.sha256, language)
    with _lock:
        if key in _kept and settings.KEEP_FIGURES:
            _kept.move_to_end(key)
            return _kept[key]
        document = queries.frozen_document(frozen, language)
        body = body_html(document, link=lambda name: compose.figure_path(name, frozen.as_of))
        return _keep(key, (document.title, body))


def forget() -> None:
    """Keep nothing any more."""
    with _lock:
        _kept.clear()


@dataclass(frozen=True)
class _Entry:
    """A kept answer, the tables that it was worked out from, and what the books said of them before."""

    answer: Any
    tables: frozenset[str]
    state: frozenset[tuple[str, str, int]]


def _once(question: tuple[Any, ...], at: datetime, answer: Callable[[], Any]) -> Any:
    """The kept answer to a question, or a new one if a table that it reads was written to. One query if it is kept.

    The state is read before the answer is worked out: an event in between makes the next reader ask again.
    """
    if not settings.KEEP_FIGURES:
        return answer()
    key = (*question, clock.day_of(at), queries.folder(), connection.settings_dict["NAME"])
    books = dict(Book.objects.values_list("code", "touched"))
    with _lock:
        entry = _kept.get(key)
        if entry is None or entry.state != _state(books, entry.tables):
            tables: set[str] = set()
            with _reading(tables):
                found = answer()
            entry = _keep(key, _Entry(found, frozenset(tables), _state(books, tables)))
        _kept.move_to_end(key)
        if _readers:
            _readers[-1].update(entry.tables)
        return entry.answer


@contextmanager
def _reading(tables: set[str]) -> Iterator[None]:
    """Note the tables that an answer reads, also those behind other kept answers that it is made of."""
    _readers.append(tables)
    try:
        with noting(tables, read):
            yield
    finally:
        _readers.pop()


def _state(books: Mapping[str, Mapping[str, int]], tables: Iterable[str]) -> frozenset[tuple[str, str, int]]:
    """What the books say of some tables: by which of their events each was last written to."""
    asked = {*tables, ANY}
    return frozenset((code, name, touched[name]) for code, touched in books.items() for name in asked & touched.keys())


def _keep(key: tuple[Any, ...], found: Any) -> Any:
    _kept[key] = found
    while len(_kept) > MOST:
        _kept.popitem(last=False)
    return found
