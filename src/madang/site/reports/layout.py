"""The layout of a report, as a city's files say it: blocks in order, their texts in both languages."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from madang.site.city.documents import CityProblems, Problem, Table, read_toml, suggestion
from madang.site.city.rows import Both
from madang.site.reports.wording import FORMS

KINDS = ("heading", "paragraph", "bullet", "callout", "table", "grid", "contents", "page_break", "share")
# What officials may put in their own words.
TEXTS = ("paragraph", "bullet", "callout")
NO_TEXT = Both("", "")
TABLES = ("staff", "duties", "revenue", "departments", "execution", "lines")


@dataclass(frozen=True)
class GridCell:
    """A cell of a table whose rows the layout gives."""

    text: Both
    colspan: int = 1
    rowspan: int = 1


@dataclass(frozen=True)
class Block:
    """One block: its kind, its text, and what a table or a grid needs besides.

    `place` names a text within its section by what the city's folder says there, so that it stays when others move.
    """

    kind: str
    text: Both
    section: str = ""
    place: str = ""
    level: int = 1
    marker: str = ""
    line: int | None = None
    table: str = ""
    keys: tuple[str, ...] = ()
    heading: Both = NO_TEXT
    unit: Both = NO_TEXT
    footnotes: tuple[Both, ...] = ()
    labels: Mapping[str, Both] = field(default_factory=dict)
    header: tuple[tuple[GridCell, ...], ...] = ()
    rows: tuple[tuple[GridCell, ...], ...] = ()
    lines: tuple[int, ...] = ()
    align: tuple[str, ...] = ()
    shares: tuple[int, ...] = ()


@dataclass(frozen=True)
class Layout:
    """A report: its usual day, its title, to whom it is addressed, the names of things in it, and its blocks."""

    code: str
    as_of: date | None
    title: Both
    subtitle: Both
    author: Both
    above: tuple[Both, ...]
    below: tuple[Both, ...]
    terms: Mapping[str, Both]
    blocks: tuple[Block, ...]


@cache
def read(folder: Path, code: str) -> Layout:
    """The layout of a report of a city. Raises CityProblems, one sentence for each problem."""
    problems: list[Problem] = []
    head = read_toml(folder, f"report/{code}.toml", problems)
    blocks: list[Block] = []
    for name in head.list("sections", str):
        section = read_toml(folder, f"report/{code}/{name}.toml", problems)
        blocks += _placed(name, [_block(row) for row in section.tables("block")])
        section.done()
    layout = Layout(
        code=code,
        as_of=head.optional_day("as_of"),
        title=head.both("title"),
        subtitle=head.both("subtitle", optional=True),
        author=head.both("author"),
        above=_texts(head, "above"),
        below=_texts(head, "below"),
        terms={row.text("code"): _named(row) for row in head.tables("term")},
        blocks=tuple(blocks),
    )
    head.done()
    if problems:
        raise CityProblems(problems)
    return layout


def _placed(section: str, blocks: list[Block]) -> list[Block]:
    seen: Counter[str] = Counter()
    found = []
    for block in blocks:
        name = sha256(f"{block.text.ko}\n{block.text.en}".encode()).hexdigest()[:12]
        seen[name] += 1
        place = (name if seen[name] == 1 else f"{name}-{seen[name]}") if block.kind in TEXTS else ""
        found.append(replace(block, section=section, place=place))
    return found


def codes(folder: Path) -> list[str]:
    """The codes of the reports a city knows."""
    return sorted(path.stem for path in (folder / "report").glob("*.toml") if (folder / "report" / path.stem).is_dir())


def _named(row: Table) -> Both:
    name = row.both("name")
    row.done()
    return name


def _texts(table: Table, key: str) -> tuple[Both, ...]:
    found = []
    for item in table.list(key, dict):
        if set(item) != {"ko", "en"}:
            table.problem(f'each text of "{key}" must have both languages: {{ ko = "…", en = "…" }}', key)
        else:
            found.append(Both(item["ko"], item["en"]))
    return tuple(found)


def _block(row: Table) -> Block:
    kind = row.text("kind")
    if kind not in KINDS:
        row.problem(f'"{kind}" is not a kind of block{suggestion(kind, KINDS)}', "kind")
    needs_text = kind in ("heading", "paragraph", "bullet", "callout", "share")
    text = row.both() if needs_text else Both(row.text("ko", ""), row.text("en", ""))
    _check_forms(row, text)
    table = row.text("table", "")
    if kind == "table" and table not in TABLES:
        row.problem(f'"{table}" is not a table of reports{suggestion(table, TABLES)}', "table")
    if kind == "grid" and not row.data.get("rows"):
        row.problem("a grid needs rows")
    block = Block(
        kind=kind,
        text=text,
        level=row.whole("level", 1),
        marker=row.text("marker", ""),
        line=row.optional_whole("line"),
        table=table,
        keys=tuple(row.list("keys", str)),
        heading=row.both("heading", optional=True),
        unit=row.both("unit", optional=True),
        footnotes=_texts(row, "footnotes"),
        labels=_labels(row),
        header=_grid(row, "header"),
        rows=_grid(row, "rows"),
        lines=tuple(row.list("lines", int)),
        align=tuple(row.list("align", str)),
        shares=tuple(row.list("shares", int)),
    )
    if block.lines and len(block.lines) != len(block.rows):
        row.problem(f'"lines" must name a line for each of the {len(block.rows)} rows, 0 for none', "lines")
    row.done()
    return block


def _check_forms(row: Table, text: Both) -> None:
    for one in (text.ko, text.en):
        for part in one.split("{")[1:]:
            form = part.split("}")[0].partition("|")[2]
            if form and form not in FORMS:
                row.problem(f'"{form}" is not a way to print a figure{suggestion(form, FORMS)}')


def _labels(row: Table) -> dict[str, Both]:
    row.taken.add("labels")
    labels = row.data.get("labels", {})
    found = {}
    for code, pair in labels.items():
        if not isinstance(pair, dict) or set(pair) != {"ko", "en"}:
            row.problem(f'the label "{code}" must have both languages: {{ ko = "…", en = "…" }}', "labels")
            continue
        found[code] = Both(pair["ko"], pair["en"])
    return found


def _grid(row: Table, key: str) -> tuple[tuple[GridCell, ...], ...]:
    row.taken.add(key)
    found = []
    for cells in row.data.get(key, []):
        if not isinstance(cells, list):
            row.problem(f'each row of "{key}" must be a list of cells', key)
            continue
        found.append(tuple(_cell(row, key, cell) for cell in cells))
    return tuple(found)


def _cell(row: Table, key: str, cell: Any) -> GridCell:
    """A cell is a text (the same in both languages) or a table with ko, en and, if need be, spans."""
    if isinstance(cell, str):
        return GridCell(Both(cell, cell))
    if not isinstance(cell, dict) or not {"ko", "en"} <= set(cell) or set(cell) - {"ko", "en", "colspan", "rowspan"}:
        row.problem(f'a cell of "{key}" must be a text or {{ ko = "…", en = "…", colspan = 2 }}', key)
        return GridCell(Both("", ""))
    return GridCell(Both(cell["ko"], cell["en"]), cell.get("colspan", 1), cell.get("rowspan", 1))
