"""Writes rows of plain values as a file for a spreadsheet: one line of names, then a line for each row.

For lists that people sort and count further; tables of a report with merged cells are `csv` and `xlsx`.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from madang.documents.blocks import clean
from madang.documents.csv import safe

_FONT = "맑은 고딕"
_WIDEST = 60
# Excel keeps 15 digits: a longer number would silently change, so it stays text.
_LARGEST = 10**15
_LONGEST = 32_767


class _Echo:
    """What csv.writer writes into: it hands each line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yield the file line by line, with the byte order mark that Korean spreadsheets need to read Hangul.

    Texts that a spreadsheet would run as a formula begin with an apostrophe; days are written 2021-03-05.
    """
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    yield "\ufeff" + writer.writerow([safe(clean(name)) for name in names])
    for row in rows:
        yield writer.writerow([_plain(value) for value in row])


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int | Decimal) else safe(clean(str(value)))


def xlsx_bytes(title: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a workbook with one sheet: numbers and days as such, every other value as text that no formula is.

    Moments are written as they are given, without their zone.
    """
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"title": clean(title)})
    sheet = book.add_worksheet()
    head = book.add_format({"font_name": _FONT, "font_size": 10, "bold": True, "bg_color": "#E3EBF5", "border": 1})
    looks = {
        kind: book.add_format({"font_name": _FONT, "font_size": 10, "num_format": shape})
        for kind, shape in (("text", "@"), ("whole", "#,##0"), ("day", "yyyy-mm-dd"), ("moment", "yyyy-mm-dd hh:mm"))
    }
    looks["marked"] = book.add_format({"font_name": _FONT, "font_size": 10, "num_format": "@", "quote_prefix": True})
    widths = [len(name) for name in names]
    for column, name in enumerate(names):
        sheet.write_string(0, column, clean(name), head)
    last = 0
    for last, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            _put(sheet, last, column, value, looks)
            widths[column] = max(widths[column], len(str(_plain(value))))
    for column, width in enumerate(widths):
        # Hangul is about twice as wide as the digits that a column is measured in.
        sheet.set_column(column, column, min(width * 1.6 + 2, _WIDEST))
    sheet.freeze_panes(1, 0)
    if names:
        sheet.autofilter(0, 0, last, len(names) - 1)
    book.close()
    return buffer.getvalue()


def _put(sheet: Any, row: int, column: int, value: Any, looks: dict[str, Any]) -> None:
    if value is None:
        return
    if isinstance(value, datetime):
        sheet.write_datetime(row, column, value.replace(tzinfo=None), looks["moment"])
    elif isinstance(value, date):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), looks["day"])  # noqa: DTZ001
    elif isinstance(value, int | Decimal) and not isinstance(value, bool) and -_LARGEST < value < _LARGEST:
        sheet.write_number(row, column, value, looks["whole"])
    else:
        text = clean(str(value))
        shown = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
        sheet.write_string(row, column, shown, looks["marked" if safe(text) != text else "text"])
