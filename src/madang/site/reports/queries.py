"""Reading figures and reports. A day is always an argument; nothing is kept between two questions (pages: `kept`)."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from madang.site.city.documents import CityProblems
from madang.site.kit.verdict import Refused
from madang.site.record.models import Event
from madang.site.reports import catalogue, check, compose, layout
from madang.site.reports.evaluation import Value, Values
from madang.site.reports.freezing import described, document_of, fingerprint
from madang.site.reports.models import FrozenReport, Observation, Rewording


def folder() -> Path:
    """The folder of this city."""
    return Path(settings.CITY_FOLDER)


def codes() -> list[str]:
    """The codes of the reports this city knows."""
    return layout.codes(folder())


def report(code: str, *, as_of: date, at: datetime) -> compose.Report:
    """A report as of a day, ready to be composed. Raises Refused for a code that the city does not know."""
    if code not in codes():
        raise Refused(f'There is no report "{code}"; this city knows: {", ".join(codes()) or "none"}.')
    return compose.report(folder(), code, as_of=as_of, at=at)


def sections(code: str) -> dict[str, list[layout.Block]]:
    """The blocks of a report as the city's folder has them, by section."""
    found: dict[str, list[layout.Block]] = {}
    for block in layout.read(folder(), code).blocks:
        found.setdefault(block.section, []).append(block)
    return found


def text_at(code: str, section: str, place: str) -> layout.Block:
    """A text of a report as the city's folder has it. Raises Refused if there is none."""
    blocks = sections(code).get(section, []) if code in codes() else []
    found = next((block for block in blocks if place and block.place == place), None)
    if found is None:
        raise Refused(_("This text does not stand in the report any more."))
    return found


def rewordings(code: str, section: str, place: str) -> QuerySet[Rewording]:
    """How a text was put in other words, the latest first."""
    return Rewording.objects.filter(report=code, section=section, place=place)


def values(*, as_of: date, at: datetime) -> Values:
    """All figures of the city as of a day. Raises CityProblems for files that are wrong."""
    return Values(catalogue.read(folder()), as_of=as_of, at=at)


def figures(*, as_of: date, at: datetime) -> list[Value]:
    """The value of every figure as of a day, in the order of the catalogue."""
    found = values(as_of=as_of, at=at)
    return [found[name] for name in found]


def contradictions(*, as_of: date, at: datetime) -> check.Checked:
    """What the relations of the city say about its figures as of a day."""
    return check.findings(folder(), values(as_of=as_of, at=at))


def listed(*, as_of: date, at: datetime) -> list[dict[str, Any]]:
    """Every figure as plain values: name, value, unit, kind, programme and where it comes from."""
    return [described(value) for value in figures(as_of=as_of, at=at)]


def observations(name: str) -> QuerySet[Observation]:
    """What officials entered for a figure, latest first."""
    return Observation.objects.filter(name=name)


def frozen_reports(code: str | None = None) -> QuerySet[FrozenReport]:
    """Reports that were handed in, latest first."""
    rows = FrozenReport.objects.defer("documents", "figures")
    return rows.filter(report=code) if code else rows


def frozen_document(frozen: FrozenReport, language: str) -> Any:
    """The document of a frozen report, the same to the byte in every format whenever it is asked for.

    Raises Refused for a language it was not handed in.
    """
    if language not in frozen.documents:
        raise Refused(_("This report was not handed in in this language."))
    return document_of(frozen.documents[language], frozen.sha256)


def problems() -> list[str]:
    """What is wrong with the files of figures and reports, one sentence each."""
    found: list[str] = []
    try:
        catalogue.read(folder())
    except CityProblems as wrong:
        found += map(str, wrong.problems)
    for code in codes():
        try:
            layout.read(folder(), code)
        except CityProblems as wrong:
            found += map(str, wrong.problems)
    return found


def report_day(today: date, code: str | None = None) -> date:
    """The day a report is as of unless one is given: the day its layout names, today if it names none.

    Without a code the day of the city's first report counts.
    """
    known = codes()
    if not known:
        return today
    named = layout.read(folder(), code if code in known else known[0]).as_of
    return min(named, today) if named else today


def intact(frozen: FrozenReport) -> bool:
    """Whether a report still has the content whose fingerprint it carries and the record noted. One query."""
    noted = Event.objects.filter(verb="report.frozen", subject=f"report:{frozen.pk}", data__sha256=frozen.sha256)
    return fingerprint(frozen.content) == frozen.sha256 and noted.exists()
