"""Documents: every writer prints the same tables, and each file can be read by somebody else's reader.

All names and figures here are synthetic.
"""

import io
import re
import zipfile
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from html.parser import HTMLParser
from xml.etree import ElementTree

import openpyxl
import pypdf
import pytest
from document_samples import WHOLE, report
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madang.documents import html, hwpx, pdf, xlsx
from madang.documents.blocks import (
    Cell,
    Column,
    Heading,
    Number,
    Paragraph,
    Row,
    Table,
    clean,
    counted,
    levels,
)

HP = "{http://www.hancom.co.kr/hwpml/2011/paragraph}"


# --- reading each format back -------------------------------------------------------------------------------------


class TableReader(HTMLParser):
    """Reads the matrix of the tables in a page: every cell's text at its first position."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[dict[tuple[int, int], str]] = []
        self.taken: set[tuple[int, int]] = set()
        self.row, self.spot, self.groups = -1, None, 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append({})
            self.taken, self.row = set(), -1
        elif tag == "tr":
            self.row += 1
        elif tag in ("td", "th"):
            spans = dict(attrs)
            column = next(at for at in range(1000) if (self.row, at) not in self.taken)
            for down in range(int(spans.get("rowspan") or 1)):
                for right in range(int(spans.get("colspan") or 1)):
                    self.taken.add((self.row + down, column + right))
            self.spot = (self.row, column)
            self.tables[-1][self.spot] = ""
        elif tag == "br" and self.spot:
            self.tables[-1][self.spot] += "\n"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.spot = None

    def handle_data(self, data: str) -> None:
        if self.spot:
            self.tables[-1][self.spot] += data


def filled(table: Table, cells: dict[tuple[int, int], str]) -> list[list[str]]:
    return [[cells.get((row, at), "") for at in range(len(table.columns))] for row in range(len(table.rows))]


def from_html(table: Table) -> list[list[str]]:
    reader = TableReader()
    reader.feed(html.write(report(table)))
    return filled(table, reader.tables[0])


def from_hwpx(table: Table) -> list[list[str]]:
    package = zipfile.ZipFile(io.BytesIO(hwpx.write(report(table))))
    section = ElementTree.fromstring(package.read("Contents/section0.xml"))  # noqa: S314
    cells = {}
    for node in section.iter(f"{HP}tc"):
        address = node.find(f"{HP}cellAddr").attrib
        content = node.find(f".//{HP}t")
        signs = {f"{HP}lineBreak": "\n", f"{HP}tab": "\t"}
        parts = [content.text or ""] + [signs[part.tag] + (part.tail or "") for part in content]
        cells[int(address["rowAddr"]), int(address["colAddr"])] = "".join(parts)
    return filled(table, cells)


def printed(value: object, shape: str) -> str:
    """Show a value as a spreadsheet does under one of the number formats that the writer makes."""
    if isinstance(value, str) or value is None:
        return value or ""
    number = Decimal(str(value))
    sections = shape.split(";")
    pattern = sections[1] if number < 0 else sections[2] if number == 0 and len(sections) > 2 else sections[0]
    match = re.fullmatch(r'(?:"([^"]*)")?(?:([#,]*0)(?:\.(0+))?)?(?:"([^"]*)")?', pattern)
    before, whole, part, after = match.groups()
    digits = f"{abs(number):{',' if ',' in (whole or '') else ''}.{len(part or '')}f}" if whole else ""
    return f"{before or ''}{digits}{after or ''}"


def from_xlsx(table: Table) -> list[list[str]]:
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx.write(report(table)))).worksheets[1]
    cells = {}
    for row in range(len(table.rows)):
        for column in range(len(table.columns)):
            cell = sheet.cell(row + 3, column + 1)
            cells[row, column] = printed(cell.value, cell.number_format)
    return filled(table, cells)


# --- random tables ------------------------------------------------------------------------------------------------

texts = st.text(st.characters(codec="utf-8"), max_size=8) | st.sampled_from(
    ["=1+1", "-", "@x", "+82", "<b>&amp;", "가ㆍ나", "줄\n바꿈", "'20년", ""]
)
numbers = st.builds(counted, st.integers(-(10**12), 10**12), suffix=st.sampled_from(["", "%", "건"])) | st.builds(
    counted, st.decimals(-10_000, 10_000, places=1), decimals=st.just(1), zero=st.sampled_from([None, "-"])
)
contents = texts.map(lambda it: (it,)) | numbers.map(lambda it: (it,)) | st.tuples(texts, numbers)


@st.composite
def some_rows(draw: st.DrawFn, width: int, height: int) -> tuple[Row, ...]:
    taken: set[tuple[int, int]] = set()
    rows = []
    for row in range(height):
        cells = []
        for column in range(width):
            if (row, column) in taken:
                continue
            right = 1
            most = draw(st.integers(1, 3))
            while right < most and column + right < width and (row, column + right) not in taken:
                right += 1
            down = draw(st.integers(1, min(3, height - row)))
            taken |= {(row + y, column + x) for y in range(down) for x in range(right)}
            cells.append(Cell(draw(contents), right, down))
        rows.append(Row(tuple(cells), draw(st.sampled_from(["plain", "department", "total"]))))
    return tuple(rows)


@st.composite
def some_tables(draw: st.DrawFn) -> Table:
    width = draw(st.integers(1, 5))
    columns = st.builds(Column, st.sampled_from(["left", "center", "right"]), st.floats(0.1, 9), st.booleans())
    header = draw(some_rows(width, draw(st.integers(0, 3))))
    body = draw(some_rows(width, draw(st.integers(1, 4))))
    return Table(draw(texts), tuple(draw(columns) for _ in range(width)), header, body, draw(texts), (draw(texts),))


laws = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@laws
@given(some_tables())
def test_every_writer_prints_the_same_matrix(table: Table) -> None:
    matrix = table.matrix()
    assert from_html(table) == matrix
    assert from_hwpx(table) == matrix
    assert from_xlsx(table) == matrix


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(some_tables())
def test_pdf_prints_every_cell(table: Table) -> None:
    reader = pypdf.PdfReader(io.BytesIO(pdf.write(report(table))))
    got = "".join(page.extract_text() for page in reader.pages)
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"] == True  # noqa: E712 - a pypdf boolean object
    # Right-to-left and combining letters leave a PDF in another order: compare the letters that reports use.
    for row in table.matrix():
        for cell in row:
            shown = re.sub(r"\s", "", pdf.printable(cell))
            if re.fullmatch("[!-~가-힣△ㆍ]+", shown):
                assert shown in re.sub(r"\s", "", got)


@laws
@given(st.text())
def test_any_text_can_be_printed(words: str) -> None:
    assert set(pdf.printable(words)) <= pdf.covered()
    assert clean(clean(words)) == clean(words)


# --- the model ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "options", "expected"),
    [
        (1_566_630, {}, "1,566,630"),
        (-3, {}, "△3"),
        (0, {"zero": "-"}, "-"),
        (Decimal("0.05"), {"decimals": 1, "suffix": "%"}, "0.1%"),
        (Decimal("-0.04"), {"decimals": 1}, "0.0"),
        (Decimal("95"), {"decimals": 1, "suffix": "%"}, "95.0%"),
    ],
)
def test_counted(value: int | Decimal, options: dict, expected: str) -> None:
    assert counted(value, **options).text == expected


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ((Cell("가"),), "In the table “표”, row 1, column 2: no cell stands there; add one."),
        (
            (Cell("가"), Cell("나", colspan=2)),
            "In the table “표”, row 1, column 2: the cell “나” reaches over the edge; check its spans.",
        ),
        (
            (Cell("가", rowspan=2), Cell("나")),
            "In the table “표”, row 1, column 1: the cell “가” reaches over the edge; check its spans.",
        ),
    ],
)
def test_spans_must_fill_the_grid(cells: tuple[Cell, ...], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        Table("표", (Column(), Column()), (), (Row(cells),))


def test_header_cells_do_not_reach_into_the_body() -> None:
    with pytest.raises(ValueError, match="row 1, column 1: the cell “가” reaches over the edge"):
        Table("표", (Column(),), (Row((Cell("가", rowspan=2),)),), (Row((Cell("나"),)),))


@pytest.mark.parametrize("address", ["javascript:alert(1)", "//elsewhere.example", "data:text/html,x"])
def test_numbers_link_to_web_addresses_only(address: str) -> None:
    with pytest.raises(ValueError, match="use a path or an http"):
        Number("1", href=address)
    with pytest.raises(ValueError, match="use a path or an http"):
        html.body_html(report(Paragraph((Number("1", figure="f"),))), link=lambda figure: address)


def test_a_date_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="use an aware datetime"):
        replace(WHOLE, created_at=datetime(2021, 11, 2))  # noqa: DTZ001


def test_levels_leave_no_gaps() -> None:
    assert levels(report(*(Heading(level, "가") for level in (1, 3, 4, 2, 4, 1)))) == dict(
        enumerate([1, 2, 3, 2, 3, 1])
    )
