"""Reading rows from a CSV or XLSX file that somebody uploads; what it is, is decided by its content."""

import csv
import io
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime

import openpyxl
from django.utils.translation import gettext as _

from madang.site.kit.verdict import Refused

LARGEST = 5 * 1024 * 1024
LARGEST_UNPACKED = 60 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 40


@dataclass(frozen=True)
class Table:
    """The rows of a file: (row number as a spreadsheet shows it, values by column name).

    `wide` are the numbers of rows with more cells than there are columns.
    """

    columns: list[str]
    rows: list[tuple[int, dict[str, str]]]
    wide: list[int] = field(default_factory=list)


def read_table(content: bytes) -> Table:
    """The first sheet of an XLSX file, or a CSV file in UTF-8 or CP949, with column names in its first row.

    Formulas come as they are written, so that the checks can point at them.

    Rows without any value are left out. Raises Refused for other content and for files too large.
    """
    if len(content) > LARGEST:
        raise Refused(
            _("The file has %(size)s bytes; at most %(most)s are read.")
            % {"size": f"{len(content):,}", "most": f"{LARGEST:,}"}
        )
    lines = _spreadsheet(content) if content.startswith(b"PK\x03\x04") else _separated(content)
    if not lines:
        raise Refused(_("The file is empty; put the column names into its first row."))
    columns = [name.strip() for name in lines[0]]
    while columns and not columns[-1]:
        columns.pop()
    doubles = sorted({name for name in columns if columns.count(name) > 1})
    if doubles or len(columns) > MOST_COLUMNS:
        raise Refused(
            _("The first row must hold each column name once; it does not: %(names)s.") % {"names": ", ".join(doubles)}
        )
    rows = [
        (number, dict(zip(columns, [*line, *[""] * len(columns)], strict=False)))
        for number, line in enumerate(lines[1:], start=2)
        if any(line)
    ]
    if len(rows) > MOST_ROWS:
        raise Refused(
            _("The file has %(rows)s rows; at most %(most)s are read.") % {"rows": len(rows), "most": MOST_ROWS}
        )
    wide = [number for number, line in enumerate(lines[1:], start=2) if any(line[len(columns) :])]
    return Table(columns, rows, wide)


def _separated(content: bytes) -> list[list[str]]:
    if b"\x00" in content:
        raise Refused(_("This is neither a CSV nor an XLSX file."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("cp949")
        except UnicodeDecodeError:
            raise Refused(_("This is neither a CSV nor an XLSX file.")) from None
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
        return [[cell.strip() for cell in row] for row in reader]
    except csv.Error as error:
        raise Refused(_("The CSV file cannot be read: %(error)s.") % {"error": error}) from None


def _delimiter(text: str) -> str:
    """What stands between the names of the first row; spreadsheets write semicolons and tabs, too."""
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def _spreadsheet(content: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
        if unpacked > LARGEST_UNPACKED:
            raise Refused(_("The spreadsheet unpacks to more than is read; save only the rows needed."))
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS + 1, values_only=True)
        return [[_text(cell) for cell in row] for row in rows]
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError, OSError, SyntaxError):
        raise Refused(_("The spreadsheet cannot be read; save it as XLSX again.")) from None


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
