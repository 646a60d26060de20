"""Reading quotas and people as the common stratification tools write them: CSV in UTF-8 or CP949, and XLSX.

Quotas: `category,feature,min,max` (replication package of Flanigan et al., Nature 2021), `category,name,min,max`
(StratifySelect) or `feature,value,min,max[,min_flex,max_flex]` (sortition-algorithms). People: one row each,
with one column per category; columns that no quota names are left alone.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from madang.sortition.pool import CROSSING, Person, Quota
from madang.sortition.sentences import Refusal

# An id column is recognised by its name; otherwise people are numbered by their rows.
ID_COLUMNS = ("id", "nationbuilder_id", "person_id", "unique_id")
FEATURE_VALUE = (("category", "feature"), ("category", "name"), ("feature", "value"), ("category", "value"))
MOST_PEOPLE = 1_000_000

Table = tuple[list[str], Iterator[tuple[int, list[str]]]]


def read_quotas(path: Path) -> list[Quota]:
    """The quotas of a file. Raises Refusal, which names row and column."""
    header, rows = _table(path)
    lower = [name.casefold() for name in header]
    pair = next((pair for pair in FEATURE_VALUE if set(pair) <= set(lower)), None)
    if pair is None or not {"min", "max"} <= set(lower):
        raise Refusal(
            f"{path.name}, row 1: the header must be category,feature,min,max or feature,value,min,max; "
            f"it is {','.join(header)}."
        )
    place = {name: lower.index(name) for name in (*pair, "min", "max", "min_flex", "max_flex") if name in lower}
    quotas = []
    seen: set[tuple[str, str]] = set()
    for number, row in rows:
        feature, value = (row[place[name]] for name in pair)
        if not feature or not value:
            raise Refusal(f"{path.name}, row {number}: {pair[0 if not feature else 1]} is empty.")
        bounds = {name: _whole(path, number, name, row[at]) for name, at in place.items() if name not in pair}
        low, high = bounds["min"], bounds["max"]
        if low is None or high is None:
            raise Refusal(f"{path.name}, row {number}: {'min' if low is None else 'max'} is empty.")
        if low > high:
            raise Refusal(f"{path.name}, row {number}: min {low} is greater than max {high} for {feature}={value}.")
        feature, value = _crossed(feature), _crossed(value) if "*" in feature else value
        if (feature, value) in seen:
            raise Refusal(f"{path.name}, row {number}: the quota {feature}={value} is given twice; keep one of them.")
        seen.add((feature, value))
        quotas.append(Quota(feature, value, low, high, bounds.get("min_flex") or 0, bounds.get("max_flex")))
    if not quotas:
        raise Refusal(f"{path.name} holds no quota below its header.")
    return quotas


def _crossed(text: str) -> str:
    return CROSSING.join(part.strip() for part in text.split("*"))


def _whole(path: Path, number: int, column: str, text: str) -> int | None:
    if not text:
        return None
    whole = text.removesuffix(".0")
    if not (whole.isascii() and whole.isdigit()):
        raise Refusal(f"{path.name}, row {number}, column {column}: {text!r} is not a whole number from 0 up.")
    return int(whole)


def read_people(path: Path, quotas: Sequence[Quota], household: Sequence[str] = ()) -> list[Person]:
    """The people of a file with the values that the quotas name; `household` names the columns of the address.

    Values match whatever their case. Raises Refusal, which names row and column.
    """
    header, rows = _table(path)
    lower = [name.casefold() for name in header]
    columns = _columns(path, header, quotas)
    wanted = {name: {q.value.casefold(): q.value for q in quotas if q.feature == name} for name in columns}
    homes = [_column(path, header, name) for name in household]
    id_at = next((lower.index(name) for name in ID_COLUMNS if name in lower), None)
    people: list[Person] = []
    seen: dict[str, int] = {}
    for number, row in rows:
        if len(people) >= MOST_PEOPLE:
            raise Refusal(f"{path.name}, row {number}: the list is longer than {MOST_PEOPLE:,} people; shorten it.")
        values = {}
        for feature, at in columns.items():
            value = row[at]
            known = wanted[feature].get(value.casefold(), None) if wanted[feature] else value
            if known is None:
                raise Refusal(
                    f"{path.name}, row {number}, column {header[at]}: "
                    + (f"{value!r} has no quota; add one or mend the value." if value else "the value is empty.")
                )
            values[feature] = known
        person = row[id_at] if id_at is not None else f"row {number}"
        if not person:
            raise Refusal(f"{path.name}, row {number}, column {header[id_at or 0]}: the id is empty.")
        if person in seen:
            raise Refusal(f"{path.name}, row {number}: the person {person} stands in row {seen[person]} already.")
        seen[person] = number
        home = "\n".join(row[at].casefold() for at in homes)
        people.append(Person(person, values, home if home.strip() else ""))
    if not people:
        raise Refusal(f"{path.name}: the pool is empty; there is no person below the header.")
    return people


def _columns(path: Path, header: Sequence[str], quotas: Sequence[Quota]) -> dict[str, int]:
    """Where the features stand: a column of the same name, or the columns that a crossed feature crosses."""
    lower = [name.casefold() for name in header]
    columns: dict[str, int] = {}
    for feature in dict.fromkeys(quota.feature for quota in quotas):
        if CROSSING in feature and feature.casefold() not in lower:
            columns |= {part: _column(path, header, part) for part in feature.split(CROSSING)}
        else:
            columns[feature] = _column(path, header, feature)
    return columns


def _column(path: Path, header: Sequence[str], name: str) -> int:
    lower = [column.casefold() for column in header]
    if lower.count(name.casefold()) != 1:
        found = "twice" if name.casefold() in lower else "not"
        raise Refusal(f"{path.name}, row 1: the column {name} is {found} in the header ({', '.join(header)}).")
    return lower.index(name.casefold())


def _table(path: Path) -> Table:
    """Header and numbered rows, every cell without spaces around it, empty rows left out."""
    rows = _sheet(path) if path.suffix.lower() == ".xlsx" else _lines(path)
    first = next(rows, None)
    if first is None or not any(cell.strip() for cell in first):
        raise Refusal(f"{path.name} is empty; the first row must name the columns.")
    header = [cell.strip() for cell in first]

    def numbered() -> Iterator[tuple[int, list[str]]]:
        for number, row in enumerate(rows, 2):
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            if len(cells) > len(header) and any(cells[len(header) :]):
                raise Refusal(f"{path.name}, row {number} has {len(cells)} cells; the header has {len(header)}.")
            yield number, cells + [""] * (len(header) - len(cells))

    return header, numbered()


def _lines(path: Path) -> Iterator[list[str]]:
    text = _text(path, path.read_bytes())
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise Refusal(f"{path.name} is not a table of comma-separated values: {error}.") from error


def _text(path: Path, content: bytes) -> str:
    """Decode a file that is UTF-8 or CP949 as a whole; one that is partly either is refused with its row."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    utf8 = None
    for number, line in enumerate(content.split(b"\n"), 1):
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
            utf8 = utf8 or number
        except UnicodeDecodeError:
            try:
                line.decode("cp949")
            except UnicodeDecodeError as error:
                raise Refusal(f"{path.name}, row {number} is neither UTF-8 nor CP949; save the file anew.") from error
            if utf8:
                raise Refusal(
                    f"{path.name} mixes encodings: row {utf8} is UTF-8, row {number} is CP949; save it as UTF-8."
                ) from None
    if utf8:
        raise Refusal(f"{path.name} mixes encodings: row {utf8} is UTF-8, an earlier one CP949; save it as UTF-8.")
    return content.decode("cp949")


def _sheet(path: Path) -> Iterator[list[str]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, KeyError, OSError, ValueError) as error:
        raise Refusal(f"{path.name} cannot be read as a spreadsheet: {error}") from error
    rows = book.worksheets[0].iter_rows(values_only=True)
    return chain((["" if cell is None else str(cell) for cell in row] for row in rows), ())
