"""The model of a document: blocks, tables with merged cells, and numbers that know where they come from.

Text is everywhere a sequence of inlines: plain strings and `Number`s. A number knows the figure it came from, so the
web page can link it to the records behind it and the spreadsheet gets a real number instead of a picture of one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

Language = Literal["ko", "en"]
Align = Literal["left", "center", "right"]
RowKind = Literal["plain", "department", "total"]

# Characters that no XML file may hold; one of them would make an HWPX or XLSX file unreadable.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n?|\u2028|\u2029|\x85")
# Browsers read "//host" and "/\\host" as another site.
_OTHER_HOST = re.compile(r"/[/\\]")
_LINK_STARTS = ("/", "#", "?", "https://", "http://")


@dataclass(frozen=True, slots=True)
class Number:
    """A number as printed, with its value and its origin.

    text: as printed, e.g. "△1,566,630" or "95.0%".
    value: the same quantity in the unit that is printed (thousand won, percent); None when only the text is known.
    figure: code of the figure it was computed by.
    href: address of the records behind it; when None the writer asks its `link` for the figure's address.
    observed: True when a person reported it instead of the system computing it.
    source: for an observed number, who reported it and where it is written.
    """

    text: str
    value: int | Decimal | None = None
    figure: str | None = None
    href: str | None = None
    observed: bool = False
    source: str = ""

    def __post_init__(self) -> None:
        if self.href is not None and (not self.href.startswith(_LINK_STARTS) or _OTHER_HOST.match(self.href)):
            raise ValueError(f"The number “{self.text}” links to “{self.href}”; use a path or an http(s) address.")
        if self.value is not None and not Decimal(self.value).is_finite():
            raise ValueError(f"The number “{self.text}” has the value {self.value}; give a finite value or None.")


Inline = str | Number
Inlines = Sequence[Inline]


def counted(
    value: int | Decimal,
    *,
    decimals: int = 0,
    suffix: str = "",
    zero: str | None = None,
    figure: str | None = None,
    href: str | None = None,
    observed: bool = False,
    source: str = "",
) -> Number:
    """Return a number printed the way Korean accounts print it: 1,234 for gains, △1,234 for losses.

    value: the quantity in the unit printed; decimals: places after the point (half away from zero, as accounts do);
    suffix: e.g. "%" or "건"; zero: what to print for nothing at all, e.g. "-".
    """
    size = _rounded(value, decimals=decimals)
    text = f"{'△' if size < 0 else ''}{abs(size):,.{decimals}f}{suffix}"
    if zero is not None and value == 0:
        text = zero
    exact = value if isinstance(value, int) and decimals == 0 else size
    return Number(text, value=exact, figure=figure, href=href, observed=observed, source=source)


def _rounded(value: int | Decimal, *, decimals: int) -> Decimal:
    step = Decimal(1).scaleb(-decimals)
    size = Decimal(value).quantize(step, rounding="ROUND_HALF_UP")
    return size if size else abs(size)


def clean(text: str) -> str:
    """Return the text without characters no XML file may hold; line ends become a single newline."""
    return _FORBIDDEN.sub("", _LINE_ENDS.sub("\n", text))


def plain(inlines: Inlines | str) -> str:
    """Return the text of a sequence of inlines as every writer prints it."""
    if isinstance(inlines, str):
        return clean(inlines)
    return "".join(clean(part if isinstance(part, str) else part.text) for part in inlines)


def _sequence(inlines: Inlines | str) -> tuple[Inline, ...]:
    # A bare string is also a sequence of strings, one letter each: take it as one inline.
    return (inlines,) if isinstance(inlines, str) else tuple(inlines)


@dataclass(frozen=True, slots=True)
class Title:
    """The cover: the document's title and subtitle, with lines above (who is addressed) and below (date, office)."""

    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 (chapter) to 4; the text brings its own number or marker, e.g. "□ 사업개요"."""

    level: int
    text: str

    def __post_init__(self) -> None:
        if self.level not in (1, 2, 3, 4):
            raise ValueError(f"The heading “{self.text}” has level {self.level}; levels go from 1 to 4.")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    inlines: Inlines

    def __post_init__(self) -> None:
        object.__setattr__(self, "inlines", _sequence(self.inlines))


@dataclass(frozen=True, slots=True)
class Bullet:
    """One point of a list: level 1 to 3, the sign printed before it (○, -, ▶ …) and its text."""

    inlines: Inlines
    level: int = 1
    marker: str = "○"

    def __post_init__(self) -> None:
        object.__setattr__(self, "inlines", _sequence(self.inlines))
        if self.level not in (1, 2, 3):
            raise ValueError(f"The point “{plain(self.inlines)}” has level {self.level}; levels go from 1 to 3.")


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of points; deeper levels belong to the point before them."""

    items: tuple[Bullet, ...]


@dataclass(frozen=True, slots=True)
class Callout:
    """A framed box: the purpose of a programme, a result to remember. The heading may be empty."""

    paragraphs: tuple[Inlines, ...]
    heading: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "paragraphs", tuple(_sequence(each) for each in self.paragraphs))


@dataclass(frozen=True, slots=True)
class PageBreak:
    """A new page where there are pages; nothing on the web."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The table of contents, made of the headings of level 1 and 2."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: how its body cells align, its share of the width, and whether its cells head their rows."""

    align: Align = "left"
    share: float = 1.0
    heading: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.share < float("inf"):
            raise ValueError(f"A column has the width share {self.share}; give a positive number.")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table, spanning `colspan` columns and `rowspan` rows."""

    inlines: Inlines = ()
    colspan: int = 1
    rowspan: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "inlines", _sequence(self.inlines))
        if self.colspan < 1 or self.rowspan < 1:
            raise ValueError(f"The cell “{plain(self.inlines)}” spans less than one column or row.")

    @property
    def number(self) -> Number | None:
        """The one number this cell consists of, when it has a value."""
        if len(self.inlines) == 1 and isinstance(self.inlines[0], Number) and self.inlines[0].value is not None:
            return self.inlines[0]
        return None


@dataclass(frozen=True, slots=True)
class Row:
    """A row: the cells that begin in it, and what kind of row it is."""

    cells: tuple[Cell, ...]
    kind: RowKind = "plain"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell of a table stands: its first row and column, counted from 0 with the header rows first."""

    row: int
    column: int
    cell: Cell


@dataclass(frozen=True, slots=True)
class Table:
    """A table with header rows (repeated on every page), body rows, a unit note and footnotes.

    caption: printed above; unit: e.g. "(단위 : 천원, '21.10.1. 기준)"; footnotes: printed below, with their own marks.
    Raises ValueError with the row and column at fault when the cells and their spans do not fill the grid exactly.
    """

    caption: str
    columns: tuple[Column, ...]
    header: tuple[Row, ...]
    body: tuple[Row, ...]
    unit: str = ""
    footnotes: tuple[Inlines, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "footnotes", tuple(_sequence(each) for each in self.footnotes))
        if not self.columns or not self.header + self.body:
            raise ValueError(f"The table “{self.caption}” has no columns or no rows; leave the table out instead.")
        self.places()

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows, header first."""
        return self.header + self.body

    def places(self) -> list[list[Place]]:
        """Return, for every row, the cells that begin in it with their positions."""
        head = _places(self.header, width=len(self.columns), first=0, caption=self.caption)
        return head + _places(self.body, width=len(self.columns), first=len(self.header), caption=self.caption)

    def matrix(self) -> list[list[str]]:
        """Return the text of every position; positions covered by a span, other than its first, are empty."""
        matrix = [["" for _ in self.columns] for _ in self.rows]
        for row in self.places():
            for place in row:
                matrix[place.row][place.column] = plain(place.cell.inlines)
        return matrix


def _places(rows: tuple[Row, ...], *, width: int, first: int, caption: str) -> list[list[Place]]:
    """Put the cells on the grid; `first` is the number of the first row in the whole table."""
    taken: set[tuple[int, int]] = set()
    result = []
    for index, row in enumerate(rows):
        places = []
        column = 0
        for cell in row.cells:
            while (index, column) in taken:
                column += 1
            covered = {(index + down, column + right) for down in range(cell.rowspan) for right in range(cell.colspan)}
            where = f"In the table “{caption}”, row {first + index + 1}, column {column + 1}"
            if column + cell.colspan > width or index + cell.rowspan > len(rows):
                raise ValueError(f"{where}: the cell “{plain(cell.inlines)}” reaches over the edge; check its spans.")
            if covered & taken:
                raise ValueError(f"{where}: the cell “{plain(cell.inlines)}” covers another one; check the spans.")
            taken |= covered
            places.append(Place(first + index, column, cell))
            column += cell.colspan
        missing = [at for at in range(width) if (index, at) not in taken]
        if missing:
            at = f"row {first + index + 1}, column {missing[0] + 1}"
            raise ValueError(f"In the table “{caption}”, {at}: no cell stands there; add one.")
        result.append(places)
    return result


Block = Title | Heading | Paragraph | Bullets | Table | Callout | PageBreak | Contents


@dataclass(frozen=True, slots=True)
class Document:
    """A document: what it is called, who wrote it when, in which language, and its blocks.

    created_at: aware datetime; the only date any writer puts into a file, so that equal documents give equal bytes.
    notice: a sentence on how the document came about; hash: fingerprint of the data behind it. Both close the document.
    """

    title: str
    created_at: datetime
    blocks: tuple[Block, ...]
    subtitle: str = ""
    language: Language = "ko"
    author: str = ""
    notice: str = ""
    hash: str = ""

    def __post_init__(self) -> None:
        if not clean(self.title).strip():
            raise ValueError("The document has no title; give it one (readers with a screen reader hear it first).")
        if self.created_at.tzinfo is None:
            raise ValueError(f"The document “{self.title}” has a date without a time zone; use an aware datetime.")

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables in reading order."""
        return tuple(block for block in self.blocks if isinstance(block, Table))


def levels(document: Document) -> dict[int, int]:
    """Return the structural level of each heading by its position in `blocks`: never more than one below the last.

    Reports jump from chapter to "□" headings; screen readers and PDF/UA (ISO 14289-1, 7.4.2) allow no skipped levels.
    The look of a heading follows its own level.
    """
    result: dict[int, int] = {}
    open_levels: list[int] = []
    for index, block in enumerate(document.blocks):
        if isinstance(block, Heading):
            open_levels = [level for level in open_levels if level < block.level] + [block.level]
            result[index] = len(open_levels)
    return result


_WORDS: dict[Language, dict[str, str]] = {
    "ko": {
        "contents": "차례",
        "table": "표",
        "fingerprint": "자료 지문",
        "observed": "담당자 입력값",
        "derived": "기록에서 산출",
        "figures": "문장 속 수치",
        "section": "단원",
        "sentence": "문장",
        "figure": "수치",
        "name": "이름",
        "source": "출처",
    },
    "en": {
        "contents": "Contents",
        "table": "Table",
        "fingerprint": "Data fingerprint",
        "observed": "Reported figure",
        "derived": "Derived from records",
        "figures": "Figures in sentences",
        "section": "Section",
        "sentence": "Sentence",
        "figure": "Figure",
        "name": "Name",
        "source": "Source",
    },
}


def word(document: Document, name: str) -> str:
    """Return one of the few words the writers add themselves, in the document's language."""
    return _WORDS[document.language][name]


def sentences(document: Document) -> Iterator[tuple[str, Inlines]]:
    """Everything that is said outside the cells of tables, each with the chapter it stands in."""
    chapter = ""
    for block in document.blocks:
        if isinstance(block, Heading) and block.level <= 2:
            chapter = block.text
        said: tuple[Inlines, ...] = ()
        if isinstance(block, Paragraph):
            said = (block.inlines,)
        elif isinstance(block, Bullets):
            said = tuple(item.inlines for item in block.items)
        elif isinstance(block, Callout):
            said = block.paragraphs
        elif isinstance(block, Table):
            said = block.footnotes
        yield from ((chapter, inlines) for inlines in said)


def closing(document: Document) -> tuple[str, ...]:
    """Return the lines that close the document: its notice and the fingerprint of its data."""
    lines = [clean(document.notice)] if document.notice else []
    if document.hash:
        lines.append(f"{word(document, 'fingerprint')}: {clean(document.hash)}")
    return tuple(lines)
