"""Relations of a report as a city's files say them: single ones, and families over the rows of a table.

`[[relation]]`  code, left, operator, right: one relation.
`[[family]]`    the same with `{a}` and `{b}` in it, for every pair of `pairs` or every key of `keys`.
`[[sums]]`      for every column: the total of a key equals the sum over the keys it is made of (`tree`).
`[[rates]]`     a printed rate equals part / whole, at the decimals that are printed; no rate where there is nothing.
`[[equal]]`     two tables print the same for the same figure, compared at the lower of their precisions.

Names in expressions are those of figures, or of printed cells such as `lines/spent:CP-01`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from madang.figures import Relation
from madang.site.city.documents import CityProblems, Problem, Table, read_toml
from madang.site.city.rows import Both

Places = Callable[[str], int | None]
"""How many decimals a cell is printed with; None if it prints a dash or is not there."""


@dataclass(frozen=True)
class Keys:
    """What families run over: the keys of the rows of each printed table, and the decimals of its cells."""

    of_table: Callable[[str], Sequence[str]]
    places: Places


def read(folder: Path, name: str, keys: Keys) -> list[Relation]:
    """The relations of a file. Raises CityProblems, one sentence for each problem."""
    problems: list[Problem] = []
    table = read_toml(folder, name, problems)
    found: list[Relation] = []
    for row in table.tables("relation"):
        found.append(_relation(row))
    for row in table.tables("family"):
        found += _family(row, keys)
    for row in table.tables("sums"):
        found += _sums(row)
    for row in table.tables("rates"):
        found += _rates(row, keys)
    for row in table.tables("equal"):
        found += _equal(row, keys)
    table.done()
    codes = [relation.code for relation in found]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        problems.append(Problem(name, 1, f'the relation "{code}" is there twice; rename one'))
    if problems:
        raise CityProblems(problems)
    return found


def _operator(row: Table) -> Literal["=", "<="]:
    operator = row.text("operator", "=")
    if operator not in ("=", "<="):
        row.problem(f'"operator" must be "=" or "<=", not "{operator}"', "operator")
    return "<=" if operator == "<=" else "="


def _relation(row: Table) -> Relation:
    text = row.both()
    relation = Relation(
        code=row.text("code"),
        group=row.text("group", ""),
        text_ko=text.ko,
        text_en=text.en,
        left=row.text("left"),
        operator=_operator(row),
        right=row.text("right"),
        note=row.text("note", ""),
    )
    row.done()
    return relation


def _family(row: Table, keys: Keys) -> list[Relation]:
    text, code, left, right = row.both(), row.text("code"), row.text("left"), row.text("right")
    operator, group, over = _operator(row), row.text("group", ""), row.text("over", "")
    pairs = [(str(pair[0]), str(pair[1])) for pair in row.list("pairs", list) if len(pair) == 2]
    names = row.list("keys", str) or (keys.of_table(over) if over else [])
    pairs += [(name, name) for name in names]
    if not pairs:
        row.problem('a family needs "pairs", "keys" or a table it runs "over"')
    row.done()

    def put(what: str, pair: tuple[str, str]) -> str:
        return what.replace("{a}", pair[0]).replace("{b}", pair[1])

    return [
        Relation(
            put(code, pair), group, put(text.ko, pair), put(text.en, pair), put(left, pair), operator, put(right, pair)
        )
        for pair in pairs
    ]


def _sums(row: Table) -> list[Relation]:
    group, table, columns = row.text("group", ""), row.text("table", ""), row.list("columns", str)
    row.taken.add("tree")
    tree: dict[str, Any] = row.data.get("tree", {})
    row.done()
    path = f"{table}/" if table else ""
    found = []
    for column in columns:
        for key, parts in tree.items():
            inside = ", ".join(f'value("{path}{column}:{part}")' for part in parts)
            text = Both(f"{path}{column}: 합계 {key} = 부분의 합", f"{path}{column}: total {key} = sum of its parts")
            found.append(
                Relation(
                    f"{path}{column}:{key}=sum",
                    group,
                    text.ko,
                    text.en,
                    f"sum({inside})",
                    "=",
                    f'value("{path}{column}:{key}")',
                )
            )
    return found


def _rates(row: Table, keys: Keys) -> list[Relation]:
    group, table = row.text("group", ""), row.text("table")
    rate, part, whole = row.text("rate"), row.text("part"), row.text("whole")
    row.done()
    found = []
    for key in keys.of_table(table):
        name = f"{table}/{rate}:{key}"
        top, base = f'value("{table}/{part}:{key}")', f'value("{table}/{whole}:{key}")'
        places = keys.places(name)
        if places is None:
            text = Both(f"{name}: 분모나 분자가 0이므로 비율 없음", f"{name}: no rate where there is nothing")
            found.append(Relation(name, group, text.ko, text.en, f"min(abs({top}), abs({base}))", "=", "0"))
            continue
        text = Both(f"{name}: 금액에서 다시 계산한 비율", f"{name}: the rate computed from the amounts")
        found.append(Relation(name, group, text.ko, text.en, f"rate({top}, {base}, {places})", "=", f'value("{name}")'))
    return found


def _equal(row: Table, keys: Keys) -> list[Relation]:
    group, tables, columns = row.text("group", ""), row.list("tables", str), row.list("columns", str)
    if len(tables) != 2:
        row.problem('"tables" must name two tables', "tables")
        return []
    row.done()
    one, two = tables
    shared = [key for key in keys.of_table(one) if key in set(keys.of_table(two))]
    found = []
    for column in columns:
        for key in shared:
            left, right = f"{one}/{column}:{key}", f"{two}/{column}:{key}"
            places = [keys.places(left), keys.places(right)]
            if None in places:
                continue
            lower = min(place for place in places if place is not None)
            text = Both(f"{left} = {right}", f"{left} = {right}")
            sides = [f'round(value("{name}"), {lower})' for name in (left, right)]
            found.append(Relation(f"{left}={two}", group, text.ko, text.en, sides[0], "=", sides[1]))
    return found
