"""Composing a report: the layout with its values put in becomes a document for every writer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from madang.documents.blocks import (
    Bullet,
    Bullets,
    Callout,
    Cell,
    Column,
    Contents,
    Document,
    Heading,
    Number,
    PageBreak,
    Paragraph,
    Row,
    Table,
    Title,
)
from madang.site.city.rows import Both
from madang.site.kit import clock
from madang.site.kit.verdict import Refused
from madang.site.ledger.models import Line
from madang.site.reports import catalogue, layout, rewording
from madang.site.reports.evaluation import Value, Values
from madang.site.reports.layout import Block, GridCell, Layout
from madang.site.reports.naming import Names, names
from madang.site.reports.tables import Tables
from madang.site.reports.wording import Language, Wording

CELLS = " | "
"""What stands between the cells of a row where it is compared as one sentence."""


@dataclass(frozen=True)
class Composition:
    """A composed report in one language; `texts` are its sentences by the line of the original they follow."""

    document: Document
    texts: Mapping[int, str]
    figures: Sequence[str]

    def share(self, values: Values) -> "Share":
        """How many of the figures in the report are derived."""
        return share(values[name] for name in self.figures)


@dataclass(frozen=True)
class Share:
    """How many of a number of figures are derived from records."""

    derived: int
    total: int

    @property
    def permille(self) -> int:
        """The share in tenths of a percent, half up; 0 of nothing."""
        return (2_000 * self.derived + self.total) // (2 * self.total) if self.total else 0


def share(found: Iterable[Value]) -> Share:
    """Count the derived ones."""
    kinds = [value.kind for value in found]
    return Share(kinds.count("derived"), len(kinds))


@dataclass(frozen=True)
class Report:
    """Everything needed to compose a report as of a day: read once, composed in each language."""

    layout: Layout
    values: Values
    names: Names
    at: datetime

    def compose(self, language: Language) -> Composition:
        """The document in a language. Raises Unknown for a name that is not there."""
        return _Composer(self, language).compose()

    def wording(self, language: Language) -> Wording:
        """What puts figures and names into single texts."""
        return Wording(self.values, self.names, language)

    def excerpt(self, blocks: Sequence[Block], language: Language) -> Document:
        """Some blocks alone, as they stand in the report. Raises Unknown for a name that is not there."""
        made = replace(self, layout=replace(self.layout, blocks=tuple(blocks))).compose(language).document
        return replace(made, blocks=made.blocks[1:])


def report(folder: Path, code: str, *, as_of: date, at: datetime) -> Report:
    """A report of a city as of a day, written at a moment.

    Raises CityProblems for files that are wrong, Refused for a year without a budget and for a day to come.
    """
    page = rewording.reworded(layout.read(folder, code), as_of=as_of, at=at)
    if as_of > clock.day_of(at):
        raise Refused(_("A report cannot be as of a day to come; give today or an earlier day."))
    if not Line.objects.filter(fiscal_year=as_of.year).exists():
        raise Refused(_("There is no budget of %(year)d in the records; choose another day.") % {"year": as_of.year})
    values = Values(catalogue.read(folder), as_of=as_of, at=at)
    return Report(page, values, names(year=as_of.year, terms=page.terms), at)


class _Composer:
    def __init__(self, report: Report, language: Language) -> None:
        self.report = report
        self.language: Language = language
        self.wording = report.wording(language)
        self.tables = Tables(self.wording)
        self.blocks: list[Any] = []
        self.points: list[Bullet] = []
        self.texts: dict[int, str] = {}

    def compose(self) -> Composition:
        page = self.report.layout
        self.blocks.append(Title(tuple(map(self._both, page.above)), tuple(map(self._both, page.below))))
        for block in page.blocks:
            self._add(block)
        self._end_points()
        document = Document(
            title=self._both(page.title),
            subtitle=self._both(page.subtitle),
            # PDF knows no moments finer than a second.
            created_at=self.report.at.replace(microsecond=0),
            blocks=tuple(self.blocks),
            language=self.language,
            author=self._both(page.author),
        )
        return Composition(document, self.texts, figures_in(document))

    def _both(self, text: Both) -> str:
        return text.en if self.language == "en" else text.ko

    def _add(self, block: Block) -> None:
        if block.kind != "bullet":
            self._end_points()
        text = self._both(block.text)
        if block.line is not None and block.kind not in ("table", "grid"):
            self.texts[block.line] = self.wording.text(text)
        match block.kind:
            case "bullet":
                self.points.append(Bullet(self.wording.inlines(text), block.level, block.marker))
            case "heading":
                self.blocks.append(Heading(block.level, self.wording.text(text)))
            case "paragraph":
                self.blocks.append(Paragraph(self.wording.inlines(text)))
            case "callout":
                heading = self.wording.text(self._both(block.heading))
                self.blocks.append(Callout(tuple(self.wording.inlines(line) for line in text.split("\n")), heading))
            case "contents":
                self.blocks.append(Contents())
            case "page_break":
                self.blocks.append(PageBreak())
            case "table":
                self.blocks.append(self.tables.table(block))
            case "grid":
                self.blocks.append(self._grid(block))
            case "share":
                self.blocks.append(Paragraph((self._share(text),)))

    def _end_points(self) -> None:
        if self.points:
            self.blocks.append(Bullets(tuple(self.points)))
            self.points = []

    def _share(self, text: str) -> str:
        """The sentence on the share of derived figures; it counts every figure above it once."""
        document = Document("-", self.report.at, tuple(self.blocks))
        found = share(self.report.values[name] for name in figures_in(document))
        counted = {
            "derived": f"{found.derived:,}",
            "total": f"{found.total:,}",
            "share": f"{found.permille // 10}.{found.permille % 10}",
        }
        for key, value in counted.items():
            text = text.replace(f"<{key}>", value)
        return text

    def _grid(self, block: Block) -> Table:
        for line, cells in zip(block.lines, block.rows, strict=False):
            if line:
                said = [self.wording.text(self._both(cell.text)) for cell in cells]
                self.texts[line] = CELLS.join(filter(None, said))
        width = max(sum(cell.colspan for cell in row) for row in (*block.header, *block.rows))
        aligns = (*block.align, *["left"] * (width - len(block.align)))
        shares = (*block.shares, *[1] * (width - len(block.shares)))
        columns = tuple(Column(align, share) for align, share in zip(aligns, shares, strict=True))  # type: ignore[arg-type]
        return Table(
            self.wording.text(self._both(block.text)),
            columns,
            tuple(self._row(row) for row in block.header),
            tuple(self._row(row) for row in block.rows),
            self._both(block.unit),
            tuple(self.wording.inlines(self._both(note)) for note in block.footnotes),
        )

    def _row(self, cells: Sequence[GridCell]) -> Row:
        made = [Cell(self.wording.inlines(self._both(cell.text)), cell.colspan, cell.rowspan) for cell in cells]
        return Row(tuple(made))


def figures_in(document: Document) -> list[str]:
    """The names of the figures a document shows, each once, in order."""
    found: dict[str, None] = {}
    for block in document.blocks:
        for inlines in _inlines_of(block):
            for part in inlines:
                if isinstance(part, Number) and part.figure:
                    found[part.figure] = None
    return list(found)


def _inlines_of(block: Any) -> Iterable[Any]:
    match block:
        case Paragraph():
            yield block.inlines
        case Bullets():
            yield from (item.inlines for item in block.items)
        case Callout():
            yield from block.paragraphs
        case Table():
            yield from (cell.inlines for row in block.rows for cell in row.cells)
            yield from block.footnotes


def figure_path(name: str, as_of: date) -> str:
    """The address of the records behind a figure as of a day."""
    return f"/figures/{quote(name, safe='')}/?as_of={as_of.isoformat()}"
