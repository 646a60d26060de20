"""Writes one table as CSV: one header line, plain values, safe to open in a spreadsheet."""

import csv
import io
from decimal import Decimal

from madang.documents.blocks import Table, plain

# A cell that begins with one of these is run as a formula by spreadsheets (OWASP, "CSV injection").
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def write(table: Table) -> str:
    """Return the table as CSV text (comma, CRLF, RFC 4180).

    Header rows become one line, levels joined by " / ". Numbers are written as plain values (-3, not △3). A text that
    spans several rows is repeated on each, so every line is complete; a number never is, so that sums stay right.
    """
    return _text(rows(table))


def write_bytes(table: Table) -> bytes:
    """Return the table as UTF-8 with a byte order mark, which Korean spreadsheets need to read Hangul."""
    return write(table).encode("utf-8-sig")


def rows(table: Table) -> list[list[str]]:
    """Return the header line and the body as texts, before quoting."""
    names: list[list[str]] = [[] for _ in table.columns]
    body = [["" for _ in table.columns] for _ in table.body]
    for place in (place for row in table.places() for place in row):
        text = safe(plain(place.cell.inlines))
        if place.row < len(table.header):
            for column in range(place.column, place.column + place.cell.colspan):
                names[column] += [text] if text else []
            continue
        first = place.row - len(table.header)
        number = place.cell.number
        if number is not None and number.value is not None:
            body[first][place.column] = f"{Decimal(number.value):f}"
            continue
        for down in range(place.cell.rowspan):
            body[first + down][place.column] = text
    return ([[" / ".join(parts) for parts in names]] if table.header else []) + body


def safe(text: str) -> str:
    """Return the text with an apostrophe before it when a spreadsheet would run it as a formula.

    A lone hyphen, which Korean tables print for "none", is no formula and stays.
    """
    return f"'{text}" if text.startswith(_FORMULA_STARTS) and text != "-" else text


def _text(lines: list[list[str]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows(lines)
    return buffer.getvalue()
