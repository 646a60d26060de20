"""Writes a document as a spreadsheet: one sheet for each table, and one for the figures that stand in sentences."""

import io
import re
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from madang.documents.blocks import (
    Document,
    Heading,
    Number,
    Place,
    Table,
    clean,
    closing,
    plain,
    sentences,
    word,
)
from madang.documents.csv import safe

_FONT = "맑은 고딕"
_PRINTED = re.compile(r"(?P<sign>[△▲+\-−]?)(?P<whole>[\d,]+)(?:\.(?P<part>\d+))?(?P<suffix>[^\d]*)")
# Excel keeps 15 digits: a longer number would silently change, so it stays text.
_LARGEST = 10**15
_LONGEST = 32_767


def write(document: Document) -> bytes:
    """Return the workbook. The first sheet lists the tables with links; equal documents give equal bytes.

    A cell that is one number with a value becomes a number shown as printed (△1,234); every other cell becomes text.
    A text that begins with = + - @ carries the spreadsheet's own mark for text, so it is never run as a formula.
    """
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(buffer, options)
    # The creation date is the document's own; xlsxwriter wants it without a zone.
    book.set_properties(
        {
            "title": clean(document.title),
            "subject": clean(document.subtitle),
            "author": clean(document.author),
            "created": document.created_at.replace(tzinfo=None),
        }
    )
    writer = _Writer(book)
    names = _sheet_names(document)
    writer.index(document, names)
    for name, table in zip(names, document.tables, strict=True):
        writer.table(book.add_worksheet(name), table)
    writer.figures(document)
    book.close()
    return buffer.getvalue()


def number_format(number: Number) -> str:
    """Return the spreadsheet format that shows the number's value as it is printed.

    When the printed text says something else than the value ("5.8백만원" for 5800000), the value wins: a spreadsheet is
    for calculating. A zero printed as a word or a hyphen keeps that sign.
    """
    value = Decimal(number.value if number.value is not None else 0)
    match = _PRINTED.fullmatch(clean(number.text))
    if match is None or abs(value) != Decimal(f"{match['whole'].replace(',', '') or 0}.{match['part'] or 0}"):
        exponent = value.normalize().as_tuple().exponent
        places = max(0, -exponent) if isinstance(exponent, int) else 0
        decimals, suffix, minus, whole = places, "", "△", "#,##0"
    else:
        decimals, suffix = len(match["part"] or ""), match["suffix"]
        minus = match["sign"] if value < 0 and match["sign"] not in ("", "+") else "△"
        whole = "#,##0" if "," in match["whole"] or abs(value) < 1000 else "0"
    shown = whole + (f".{'0' * decimals}" if decimals else "") + (f'"{_quoted(suffix)}"' if suffix else "")
    parts = [shown, f'"{minus}"{shown}']
    if value == 0 and match is None and number.text:
        parts.append(f'"{_quoted(clean(number.text))}"')
    return ";".join(parts)


def _quoted(text: str) -> str:
    return text.replace('"', "").replace("\n", " ")


def _sheet_names(document: Document) -> list[str]:
    return [f"{word(document, 'table')} {index}" for index in range(1, len(document.tables) + 1)]


class _Writer:
    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def format(self, **properties: Any) -> Format:
        """Return a format, the same object for the same properties: a workbook holds a limited number of them."""
        key = tuple(sorted({"font_name": _FONT, "font_size": 10, "valign": "vcenter", **properties}.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(dict(key))
        return self.formats[key]

    def index(self, document: Document, names: list[str]) -> None:
        sheet = self.book.add_worksheet(word(document, "contents"))
        sheet.set_column(0, 0, 10)
        sheet.set_column(1, 2, 46)
        self.text(sheet, 0, 0, clean(document.title), bold=True, font_size=14)
        heading, tables, row = "", iter(names), 2
        for block in document.blocks:
            if isinstance(block, Heading) and block.level <= 2:
                heading = clean(block.text)
            if isinstance(block, Table):
                name = next(tables)
                link = self.format(font_color="#1D3F72", underline=1)
                sheet.write_url(row, 0, f"internal:'{name}'!A1", link, string=name)
                self.text(sheet, row, 1, heading, text_wrap=True)
                self.text(sheet, row, 2, clean(block.caption), text_wrap=True)
                row += 1
        for line in closing(document):
            row += 1
            self.text(sheet, row, 0, line, font_color="#464C53")

    def figures(self, document: Document) -> None:
        """Write each figure that stands in a sentence in a row of its own; no sheet where there is none."""
        found = [
            (chapter, inlines, part)
            for chapter, inlines in sentences(document)
            for part in inlines
            if isinstance(part, Number)
        ]
        if not found:
            return
        sheet = self.book.add_worksheet(word(document, "figures"))
        for column, (name, width) in enumerate(
            (("section", 34), ("sentence", 70), ("figure", 16), ("name", 34), ("source", 44))
        ):
            sheet.set_column(column, column, width)
            self.text(sheet, 0, column, word(document, name), bold=True, bg_color="#E3EBF5", border=1)
        for row, (chapter, inlines, number) in enumerate(found, 1):
            self.text(sheet, row, 0, clean(chapter), text_wrap=True)
            self.text(sheet, row, 1, plain(inlines), text_wrap=True)
            if number.value is None or not _fits(number.value):
                self.text(sheet, row, 2, clean(number.text), align="right")
            else:
                sheet.write_number(row, 2, number.value, self.format(num_format=number_format(number)))
            self.text(sheet, row, 3, number.figure or "")
            source = (number.source or word(document, "observed")) if number.observed else word(document, "derived")
            self.text(sheet, row, 4, clean(source), text_wrap=True)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(found), 4)

    def text(self, sheet: Worksheet, row: int, column: int, text: str, **properties: Any) -> None:
        if safe(text) != text:
            properties["quote_prefix"] = True
        # The format allows 32,767 characters in a cell; the library would leave out the whole text.
        shown = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
        sheet.write_string(row, column, shown, self.format(**properties))

    def table(self, sheet: Worksheet, table: Table) -> None:
        """Write the caption in row 1, the unit in row 2, the table from row 3 and the footnotes below it."""
        first, size = 2, len(table.header)
        share = sum(column.share for column in table.columns)
        for at, column in enumerate(table.columns):
            sheet.set_column(at, at, max(8, min(60, 110 * column.share / share)))
        self.text(sheet, 0, 0, clean(table.caption), bold=True, font_size=12)
        self.text(sheet, 1, 0, clean(table.unit), font_color="#464C53")
        for places, row in zip(table.places(), table.rows, strict=True):
            for place in places:
                head = place.row < size
                align = "center" if head else table.columns[place.column].align
                look: dict[str, Any] = {"border": 1, "border_color": "#8FA1B8", "text_wrap": True, "align": align}
                look |= {"bold": True} if head or row.kind != "plain" else {}
                look |= {"bg_color": "#E3EBF5"} if head else {"bg_color": "#F1F4F8"} if row.kind == "total" else {}
                self.cell(sheet, place, first, look)
        if size:
            sheet.freeze_panes(first + size, 0)
            sheet.repeat_rows(first, first + size - 1)
        for down, note in enumerate(table.footnotes):
            self.text(sheet, first + len(table.rows) + down, 0, plain(note), font_color="#464C53")
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)

    def cell(self, sheet: Worksheet, place: Place, first: int, look: dict[str, Any]) -> None:
        row, column, cell = first + place.row, place.column, place.cell
        if cell.colspan > 1 or cell.rowspan > 1:
            last = row + cell.rowspan - 1, column + cell.colspan - 1
            sheet.merge_range(row, column, *last, "", self.format(**look))
        number = cell.number
        if number is None or number.value is None or not _fits(number.value):
            self.text(sheet, row, column, plain(cell.inlines), **look)
        else:
            shape = self.format(**look, num_format=number_format(number))
            sheet.write_number(row, column, number.value, shape)


def _fits(value: int | Decimal) -> bool:
    exact = Decimal(value)
    return abs(exact) < _LARGEST and len(exact.normalize().as_tuple().digits) <= 15
