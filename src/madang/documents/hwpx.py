"""Writes a document as HWPX (OWPML, KS X 6101), the format of Korean offices.

The package comes from the skeleton in python-hwpx; the body is written here, because its table API is 80 times slower
and other readers lose row heights. Only the first cell of a merge is written, as the standard asks.
"""

import io
import math
import re
import unicodedata
import zipfile
from collections.abc import Callable
from datetime import UTC
from functools import cache
from itertools import pairwise
from xml.sax.saxutils import escape

import hwpx
from lxml import etree

from madang.documents import text as text_writer
from madang.documents.blocks import (
    Block,
    Bullets,
    Callout,
    Contents,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    Place,
    Table,
    Title,
    clean,
    closing,
    plain,
    word,
)
from madang.documents.hwpx_styles import LETTERS, Styles, styled

_MARGIN = 5669  # 20 mm
_WIDTH = 59528 - 2 * _MARGIN  # A4 between the margins
_CELL_SIDE, _CELL_TOP = 340, 200
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_OPF = "{http://www.idpf.org/2007/opf/}"
_SECTION = re.compile(r"(?P<root><\?xml.*?<hs:sec[^>]*>).*?(?P<run><hp:run [^>]*><hp:secPr .*?)</hp:run>", re.DOTALL)


def write(document: Document) -> bytes:
    """Return the HWPX package. Equal documents give equal bytes: title, author and date are the document's own."""
    parts = dict(_skeleton())
    styles = styled(parts["Contents/header.xml"])
    parts["Contents/header.xml"] = styles.header
    parts["Contents/section0.xml"] = _section(parts["Contents/section0.xml"], document, styles)
    parts["Contents/content.hpf"] = _described(parts["Contents/content.hpf"], document)
    parts["Preview/PrvText.txt"] = text_writer.write(document)[:1000].encode()
    # The skeleton's picture shows another document.
    parts.pop("Preview/PrvImage.png", None)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.create_system = 3
            # Readers recognise the format by an uncompressed first entry.
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            package.writestr(entry, content)
    return buffer.getvalue()


@cache
def _skeleton() -> tuple[tuple[str, bytes], ...]:
    with zipfile.ZipFile(io.BytesIO(hwpx.HwpxDocument.new().to_bytes())) as package:
        names = sorted(package.namelist(), key=lambda name: name != "mimetype")
        return tuple((name, package.read(name)) for name in names)


def _described(content: bytes, document: Document) -> bytes:
    """Return the package description with the document's title, author and dates."""
    root = etree.fromstring(content)
    moment = document.created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    values = {
        "creator": clean(document.author),
        "lastsaveby": clean(document.author),
        "subject": clean(document.subtitle),
        "CreatedDate": moment,
        "ModifiedDate": moment,
        "date": moment,
    }
    root.find(f".//{_OPF}title").text = clean(document.title)
    root.find(f".//{_OPF}language").text = document.language
    for meta in root.iter(f"{_OPF}meta"):
        if meta.get("name") in values:
            meta.text = values[meta.get("name")]
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _section(skeleton: bytes, document: Document, styles: Styles) -> bytes:
    match = _SECTION.match(skeleton.decode())
    if match is None:
        raise ValueError("The HWPX skeleton has no section settings; install python-hwpx 6.")
    run = re.sub(r'outlineShapeIDRef="\d+"', f'outlineShapeIDRef="{styles.outline}"', match["run"])
    margin = f'left="{_MARGIN}" right="{_MARGIN}" top="4252" bottom="4252"'
    run = re.sub(r'(<hp:margin [^>]*?)left="\d+" right="\d+" top="\d+" bottom="\d+"', rf"\g<1>{margin}", run)
    if any(isinstance(block, Title) for block in document.blocks[:1]):
        run = run.replace('hideFirstPageNum="0"', 'hideFirstPageNum="1"')
    run += '<hp:ctrl><hp:pageNum pos="BOTTOM_CENTER" formatType="DIGIT" sideChar="-"/></hp:ctrl></hp:run>'
    body = _Body(document, styles, first_run=run)
    return f"{match['root']}{body.xml()}</hs:sec>".encode()


def _letters_wide(text: str, height: int) -> int:
    """Return about how wide the text prints, in HWPUNIT: Hangul takes the full height, Latin about half."""
    return sum(height if unicodedata.east_asian_width(letter) in "WFA" else height * 11 // 20 for letter in text)


def _content(text: str) -> str:
    """Return the text as <hp:t> with line ends and tabs as elements."""
    inside = escape(clean(text)).replace("\n", "<hp:lineBreak/>")
    inside = inside.replace("\t", '<hp:tab width="2000" leader="0" type="1"/>')
    return f"<hp:t>{inside}</hp:t>"


class _Body:
    """Collects the paragraphs of the one section."""

    def __init__(self, document: Document, styles: Styles, *, first_run: str) -> None:
        self.document = document
        self.styles = styles
        self.first_run = first_run
        self.parts: list[str] = []
        self.number = 0
        self.new_page = False

    def xml(self) -> str:
        for block in self.document.blocks:
            self.block(block)
        for line in closing(self.document):
            self.paragraph(line, "note")
        if not self.parts:
            self.paragraph("", "body")
        return "".join(self.parts)

    def block(self, block: Block) -> None:
        writers: dict[type, Callable] = {
            Title: self.title,
            Heading: lambda it: self.paragraph(it.text, f"heading-{it.level}"),
            Paragraph: lambda it: self.paragraph(plain(it.inlines), "body"),
            Bullets: self.bullets,
            Callout: self.callout,
            Contents: self.contents,
            Table: self.table,
            PageBreak: self.page_break,
        }
        writers[type(block)](block)

    def paragraph(self, text: str, letters: str, lines: str = "") -> None:
        run = f'<hp:run charPrIDRef="{self.styles.letters[letters]}">{_content(text)}</hp:run>'
        self.parts.append(self.wrapped(run, lines or letters, in_flow=True))

    def wrapped(self, run: str, lines: str, *, in_flow: bool) -> str:
        """Return a paragraph around the run; the first in the flow carries the page settings."""
        new_page = int(in_flow and self.new_page)
        if in_flow:
            run, self.first_run, self.new_page = self.first_run + run, "", False
        self.number += 1
        return (
            f'<hp:p id="{self.number}" paraPrIDRef="{self.styles.lines[lines]}" styleIDRef="0" '
            f'pageBreak="{new_page}" columnBreak="0" merged="0">{run}</hp:p>'
        )

    def page_break(self, block: PageBreak) -> None:
        self.new_page = bool(self.parts)

    def title(self, title: Title) -> None:
        for at, line in enumerate(title.above):
            self.paragraph(line, "above", "above" if at else "above-first")
        self.paragraph(self.document.title, "title")
        if self.document.subtitle:
            self.paragraph(self.document.subtitle, "subtitle", "above")
        for at, line in enumerate(title.below):
            self.paragraph(line, "below", "below" if at else "below-first")
        self.new_page = True

    def bullets(self, bullets: Bullets) -> None:
        for item in bullets.items:
            sign = f"{item.marker} " if item.marker else ""
            self.paragraph(sign + plain(item.inlines), "body", f"point-{item.level}")

    def callout(self, callout: Callout) -> None:
        if callout.heading:
            self.paragraph(callout.heading, "callout-heading", "callout")
        for each in callout.paragraphs:
            self.paragraph(plain(each), "body", "callout")

    def contents(self, block: Contents) -> None:
        """List the headings; page numbers are left to the word processor, which alone knows the pages."""
        self.paragraph(word(self.document, "contents"), "heading-1", "toc-1")
        for heading in self.document.blocks:
            if isinstance(heading, Heading) and heading.level <= 2:
                self.paragraph(heading.text, f"toc-{heading.level}")
        self.new_page = True

    def table(self, table: Table) -> None:
        if table.caption:
            self.paragraph(table.caption, "caption")
        if table.unit:
            self.paragraph(table.unit, "note", "unit")
        run = f'<hp:run charPrIDRef="{self.styles.letters["cell"]}">{self.grid(table)}<hp:t/></hp:run>'
        self.parts.append(self.wrapped(run, "table", in_flow=True))
        for note in table.footnotes:
            self.paragraph(plain(note), "note")

    def grid(self, table: Table) -> str:
        self.number += 1
        small = "-small" if len(table.columns) > 8 else ""
        widths = _widths(table)
        heights = _heights(table, widths, LETTERS[f"cell{small}"].height)
        rows = "".join(
            f"<hp:tr>{''.join(self.cell(table, place, widths, heights, small) for place in row)}</hp:tr>"
            for row in table.places()
        )
        return (
            f'<hp:tbl id="{self.number}" zOrder="0" numberingType="TABLE" textWrap="TOP_AND_BOTTOM" '
            f'textFlow="BOTH_SIDES" lock="0" dropcapstyle="None" pageBreak="CELL" repeatHeader="1" '
            f'rowCnt="{len(table.rows)}" colCnt="{len(widths)}" cellSpacing="0" '
            f'borderFillIDRef="{self.styles.borders["cell"]}" noAdjust="0">'
            f'<hp:sz width="{_WIDTH}" widthRelTo="ABSOLUTE" height="{sum(heights)}" '
            f'heightRelTo="ABSOLUTE" protect="0"/>'
            f'<hp:pos treatAsChar="0" affectLSpacing="0" flowWithText="1" allowOverlap="0" holdAnchorAndSO="0" '
            f'vertRelTo="PARA" horzRelTo="COLUMN" vertAlign="TOP" horzAlign="LEFT" vertOffset="0" horzOffset="0"/>'
            f'<hp:outMargin left="0" right="0" top="140" bottom="280"/>'
            f'<hp:inMargin left="{_CELL_SIDE}" right="{_CELL_SIDE}" top="{_CELL_TOP}" bottom="{_CELL_TOP}"/>'
            f"{rows}</hp:tbl>"
        )

    def cell(self, table: Table, place: Place, widths: list[int], heights: list[int], small: str) -> str:
        cell, head = place.cell, place.row < len(table.header)
        kind = table.rows[place.row].kind
        letters = self.styles.letters[("strong" if head or kind != "plain" else "cell") + small]
        align = "center" if head else table.columns[place.column].align
        border = self.styles.borders["head" if head else "total" if kind == "total" else "cell"]
        run = f'<hp:run charPrIDRef="{letters}">{_content(plain(cell.inlines))}</hp:run>'
        width = sum(widths[place.column : place.column + cell.colspan])
        height = sum(heights[place.row : place.row + cell.rowspan])
        return (
            f'<hp:tc name="" header="{int(head)}" hasMargin="0" protect="0" editable="0" dirty="0" '
            f'borderFillIDRef="{border}"><hp:subList id="" textDirection="HORIZONTAL" lineWrap="BREAK" '
            f'vertAlign="CENTER" linkListIDRef="0" linkListNextIDRef="0" textWidth="0" textHeight="0" '
            f'hasTextRef="0" hasNumRef="0">{self.wrapped(run, align, in_flow=False)}</hp:subList>'
            f'<hp:cellAddr colAddr="{place.column}" rowAddr="{place.row}"/>'
            f'<hp:cellSpan colSpan="{cell.colspan}" rowSpan="{cell.rowspan}"/>'
            f'<hp:cellSz width="{width}" height="{height}"/>'
            f'<hp:cellMargin left="{_CELL_SIDE}" right="{_CELL_SIDE}" top="{_CELL_TOP}" bottom="{_CELL_TOP}"/></hp:tc>'
        )


def _widths(table: Table) -> list[int]:
    """Return the width of every column; together exactly the width between the margins."""
    total = sum(column.share for column in table.columns)
    edges, sofar = [0], 0.0
    for column in table.columns:
        sofar += column.share
        edges.append(round(_WIDTH * sofar / total))
    return [right - left for left, right in pairwise(edges)]


def _heights(table: Table, widths: list[int], height: int) -> list[int]:
    """Return about how high each row prints; readers that do not lay out again need it."""
    lines = [1] * len(table.rows)
    for place in (place for row in table.places() for place in row if place.cell.rowspan == 1):
        room = max(height, sum(widths[place.column : place.column + place.cell.colspan]) - 2 * _CELL_SIDE)
        parts = plain(place.cell.inlines).split("\n")
        count = sum(max(1, math.ceil(_letters_wide(part, height) / room)) for part in parts)
        lines[place.row] = max(lines[place.row], count)
    return [count * height * 13 // 10 + 2 * _CELL_TOP for count in lines]
