"""Figures and reports as pages show them: worked out once, then kept in the process while what they read stands still.

What a figure says follows from the city's files, the day it is as of and the rows of some tables. See
`record/kept.py` for how that is known. Actions (handing a report in) never read from here.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from threading import RLock
from typing import Any

from madang.documents.blocks import Contents
from madang.documents.html import body_html
from madang.site.kit import clock
from madang.site.record.kept import Answers
from madang.site.reports import check, compose, queries
from madang.site.reports.evaluation import Value, Values
from madang.site.reports.freezing import described
from madang.site.reports.models import FrozenReport
from madang.site.reports.wording import Language

_answers = Answers(most=24)
# What takes long is worked out by one reader while the others wait.
_lock = RLock()


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


def page(code: str, *, as_of: date, at: datetime) -> compose.Report:
    """A report as of a day with all its figures evaluated, to compose single texts of it.

    Raises Refused for a code that the city does not know.
    """

    def read() -> compose.Report:
        return replace(queries.report(code, as_of=as_of, at=at), values=values(as_of=as_of, at=at))

    return _once(("page", code, as_of), at, read)


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

    def written() -> tuple[str, str]:
        document = queries.frozen_document(frozen, language)
        return document.title, body_html(document, link=lambda name: compose.figure_path(name, frozen.as_of))

    with _lock:
        return _answers.ask(("frozen", frozen.sha256, language), written)


def forget() -> None:
    """Keep nothing any more."""
    _answers.forget()


def _once(question: tuple[Any, ...], at: datetime, answer: Callable[[], Any]) -> Any:
    """The kept answer to a question of a day, or a new one."""
    with _lock:
        return _answers.ask((*question, clock.day_of(at), queries.folder()), answer)
