"""Reading the files of a folder so that every problem can name its line."""

import csv
import io
import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from madang.site.city.rows import Both

Row = TypeVar("Row")
Where = tuple[str | int, ...]

_HEADING = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]")
_KEY = re.compile(r'^\s*"?([A-Za-z0-9_@/-]+)"?\s*=')
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)|\(at end of document\)")


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong in a city folder, and how to mend it."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.text}"


class CityProblems(ValueError):
    """A city folder cannot be loaded; the message has one sentence a line for every problem."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


def suggestion(wrong: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown word: the nearest known one, or all of them."""
    names = sorted(known)
    near = get_close_matches(wrong, names, n=1)
    if near:
        return f'; did you mean "{near[0]}"?'
    if 0 < len(names) <= 12:
        return f"; use one of: {', '.join(names)}"
    return ""


def key_lines(text: str) -> dict[Where, int]:
    """The line of each table and key of a TOML text: ("stage", 2, "kind") -> 31."""
    lines: dict[Where, int] = {}
    counts: dict[Where, int] = {}
    table: Where = ()
    for number, line in enumerate(text.splitlines(), start=1):
        heading = _HEADING.match(line)
        if heading:
            table = _table(heading[2].split("."), heading[1] == "[[", counts)
            lines.setdefault(table, number)
            continue
        key = _KEY.match(line)
        if key:
            lines.setdefault((*table, key[1]), number)
    return lines


def _table(parts: list[str], repeated: bool, counts: dict[Where, int]) -> Where:
    where: Where = ()
    for part in parts[:-1]:
        where = (*where, part.strip(' "'))
        if where in counts:
            where = (*where, counts[where] - 1)
    where = (*where, parts[-1].strip(' "'))
    if not repeated:
        return where
    counts[where] = counts.get(where, 0) + 1
    return (*where, counts[where] - 1)


@dataclass
class Table:
    """A table of a TOML file that is taken apart key by key; what is left over is a problem."""

    file: str
    data: dict[str, Any]
    lines: dict[Where, int]
    problems: list[Problem]
    where: Where = ()
    taken: set[str] = field(default_factory=set)

    def line(self, key: str | None = None) -> int:
        """The line of a key, else of the table's heading, else 1."""
        where = self.where if key is None else (*self.where, key)
        while where not in self.lines and where:
            where = where[:-1]
        return self.lines.get(where, 1)

    def problem(self, text: str, key: str | None = None) -> None:
        """Note a problem at a key."""
        self.problems.append(Problem(self.file, self.line(key), text))

    def text(self, key: str, default: str | None = None) -> str:
        """A text; without a default it must be there and not be empty."""
        return self._take(key, str, default, "text in quotation marks", "")

    def whole(self, key: str, default: int | None = None) -> int:
        """A whole number; without a default it must be there."""
        return self._take(key, int, default, "whole number", 0)

    def flag(self, key: str) -> bool:
        """true or false; false when it is not written."""
        return self._take(key, bool, False, "true or false", False)

    def optional_whole(self, key: str) -> int | None:
        """A whole number or None."""
        self.taken.add(key)
        return self.whole(key) if key in self.data else None

    def optional_day(self, key: str) -> date | None:
        """A day or None."""
        self.taken.add(key)
        return self._take(key, date, None, "day such as 2021-11-15", None) if key in self.data else None

    def both(self, key: str = "", optional: bool = False) -> Both:
        """A text in both languages: `key = { ko = "…", en = "…" }`, or the keys ko and en of this table."""
        if not key:
            return Both(self.text("ko"), self.text("en"))
        self.taken.add(key)
        if optional and key not in self.data:
            return Both("", "")
        value = self._take(key, dict, None, 'pair such as { ko = "…", en = "…" }', {})
        if value and (set(value) != {"ko", "en"} or not all(isinstance(text, str) and text for text in value.values())):
            self.problem(f'"{key}" must have a text in both languages: {{ ko = "…", en = "…" }}', key)
        return Both(str(value.get("ko", "")), str(value.get("en", "")))

    def list(self, key: str, kind: type) -> list[Any]:
        """A list whose items are all of a kind; empty when it is not written."""
        value = self._take(key, list, [], "list in square brackets", [])
        if not all(isinstance(item, kind) for item in value):
            self.problem(f'"{key}" has an entry of the wrong kind; each must be {_KINDS[kind]}', key)
            return []
        return value

    def tables(self, key: str) -> "Sequence[Table]":
        """The tables under a heading such as [[stage]]."""
        value = self.list(key, dict)
        return [
            Table(self.file, item, self.lines, self.problems, (*self.where, key, number))
            for number, item in enumerate(value)
        ]

    def done(self) -> None:
        """Note every key that nothing asked for."""
        for key in self.data:
            if key not in self.taken:
                self.problem(f'the key "{key}" is unknown here{suggestion(key, self.taken)}', key)

    def _take(self, key: str, kind: type, default: Any, what: str, empty: Any) -> Any:
        self.taken.add(key)
        if key not in self.data:
            if default is None:
                self.problem(f'"{key}" is missing; add it as a {what}')
                return empty
            return default
        value = self.data[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.problem(f'"{key}" must be a {what}, not {value!r}', key)
            return empty
        if value == "" and default is None:
            self.problem(f'"{key}" is empty; write a {what}', key)
        return value


_KINDS: dict[type, str] = {dict: "a table", str: "a text", int: "a whole number"}


def read_toml(folder: Path, name: str, problems: list[Problem]) -> Table:
    """A TOML file as a table; an empty one, with the problem noted, when it cannot be read."""
    text = _text(folder, name, problems)
    if text is None:
        # Nothing else is said of a file that cannot be read.
        return Table(name, {}, {}, [])
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _AT_LINE.search(str(error))
        line = int(found[1]) if found and found[1] else len(text.splitlines())
        what = _AT_LINE.sub("", str(error)).strip()
        problems.append(Problem(name, line, f"this is not valid TOML ({what}); mend the line"))
        return Table(name, {}, {}, [])
    return Table(name, data, key_lines(text), problems)


def read_csv(folder: Path, name: str, row: Callable[..., Row], problems: list[Problem]) -> tuple[Row, ...]:
    """The rows of a CSV file whose heading names the fields of `row` (its field `line` is the line)."""
    text = _text(folder, name, problems)
    if text is None:
        return ()
    columns = {item.name: item.type for item in fields(row) if item.name != "line"}  # type: ignore[arg-type]
    reader = csv.reader(io.StringIO(text))
    heading = next(reader, None)
    if heading != list(columns):
        problems.append(Problem(name, 1, f"the heading must be {','.join(columns)}; mend the first line"))
        return ()
    rows: list[Row] = []
    while True:
        line = reader.line_num + 1
        cells = next(reader, None)
        if cells is None:
            return tuple(rows)
        if not cells:
            continue
        if len(cells) != len(columns):
            problems.append(
                Problem(name, line, f"the row has {len(cells)} cells, but the heading has {len(columns)}; mend the row")
            )
            continue
        values = _values(name, line, columns, cells, problems)
        if values is not None:
            rows.append(row(line=line, **values))


def _text(folder: Path, name: str, problems: list[Problem]) -> str | None:
    """What a file says; None, with the problem noted, when it cannot be read. Spreadsheets put a mark before UTF-8."""
    try:
        text = (folder / name).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        problems.append(Problem(name, 1, "the file is missing; add it"))
    except UnicodeDecodeError:
        problems.append(Problem(name, 1, "the file is not written in UTF-8; save it in UTF-8"))
    except OSError as error:
        problems.append(Problem(name, 1, f"the file cannot be read ({error.strerror}); mend that"))
    else:
        if "\0" not in text:
            return text
        line = text[: text.index("\0")].count("\n") + 1
        problems.append(Problem(name, line, "the line has a character that is no text; write it anew"))
    return None


def _values(
    name: str, line: int, columns: dict[str, Any], cells: list[str], problems: list[Problem]
) -> dict[str, Any] | None:
    values: dict[str, Any] = {}
    for (column, kind), cell in zip(columns.items(), cells, strict=True):
        try:
            values[column] = _value(kind, cell.strip())
        except ValueError:
            problems.append(Problem(name, line, f'"{column}" must be {_CELLS[kind]}, not "{cell}"'))
    return values if len(values) == len(columns) else None


def _value(kind: Any, cell: str) -> Any:
    if kind is int:
        return int(cell)
    if kind is bool:
        return {"yes": True, "no": False}[cell] if cell in ("yes", "no") else _wrong(cell)
    if kind is date:
        return date.fromisoformat(cell)
    if kind == date | None:
        return date.fromisoformat(cell) if cell else None
    return cell


def _wrong(cell: str) -> bool:
    raise ValueError(cell)


_CELLS: dict[Any, str] = {
    int: "a whole number",
    bool: "yes or no",
    date: "a day such as 2021-11-15",
    date | None: "a day such as 2021-11-15, or empty",
}
