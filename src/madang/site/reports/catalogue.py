"""The catalogue of figures: every number of the reports, named and bound to a query, as a city's files say it.

A file `figures/<anything>.toml` has a programme, a default source and any number of `[[figure]]`; each
figure is bound in exactly one way: `query` with `arguments` (derived from records), `computed` from other
figures, or `value` with its source (observed; the file says `observed_on` which day). `figures/units.toml`
names the units.
"""

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from madang.figures import UNITS
from madang.site.city.documents import CityProblems, Problem, Table, read_toml, suggestion
from madang.site.kit.figures import FigureQuery, queries

Exact = int | Decimal | date | str


@dataclass(frozen=True)
class Unit:
    """A unit by code with its name after a number; `won` is what one of it is worth if it is a unit of money."""

    code: str
    ko: str
    en: str
    won: int | None = None


@dataclass(frozen=True)
class Figure:
    """The definition of one figure.

    `places` are the decimals it is printed with in its unit. `days_later` is how long after the day of the
    report its records still count (texts are written later than the tables of money). `metric` and `period`
    say what it measures where several figures measure the same.
    """

    name: str
    programme: str | None
    unit: str
    ko: str
    en: str
    places: int = 0
    query: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    computed: str = ""
    value: Exact | None = None
    observed_on: date | None = None
    source: str = ""
    report_line: int | None = None
    days_later: int = 0
    metric: str = ""
    period: str = ""

    @property
    def money(self) -> bool:
        """Whether it is an amount; its exact value is then in whole won."""
        return self.unit in UNITS

    def exact(self, value: Exact) -> Exact:
        """A value given in the figure's unit as it is kept: amounts in won."""
        if self.money and isinstance(value, int | Decimal):
            return int(Decimal(value) * UNITS[self.unit])
        return value


@dataclass(frozen=True)
class Catalogue:
    """All figures of a city by name, and its units by code."""

    figures: Mapping[str, Figure]
    units: Mapping[str, Unit]

    def with_figures(self, more: Iterable[Figure]) -> "Catalogue":
        """The catalogue and further figures."""
        return Catalogue({**self.figures, **{figure.name: figure for figure in more}}, self.units)


@cache
def read(folder: Path) -> Catalogue:
    """The catalogue of a city folder, read once a process. Raises CityProblems, one sentence for each problem."""
    problems: list[Problem] = []
    units = _units(folder, problems)
    found: dict[str, tuple[Figure, Problem]] = {}
    for path in sorted((folder / "figures").glob("*.toml")):
        if path.name != "units.toml":
            _read_file(folder, f"figures/{path.name}", units, found, problems)
    _check_computed(found, problems)
    if problems:
        raise CityProblems(problems)
    return Catalogue({name: figure for name, (figure, _place) in found.items()}, units)


def _units(folder: Path, problems: list[Problem]) -> dict[str, Unit]:
    table = read_toml(folder, "figures/units.toml", problems)
    units = {}
    for row in table.tables("unit"):
        code, name = row.text("code"), row.both("name", optional=True)
        if code in units:
            row.problem(f'the unit "{code}" is there twice; remove one', "code")
        units[code] = Unit(code, name.ko, name.en, UNITS.get(code))
        row.done()
    table.done()
    return units


def _read_file(
    folder: Path,
    name: str,
    units: Mapping[str, Unit],
    found: dict[str, tuple[Figure, Problem]],
    problems: list[Problem],
) -> None:
    table = read_toml(folder, name, problems)
    programme, source = table.text("programme", ""), table.text("source", "")
    later, observed_on = table.whole("days_later", 0), table.optional_day("observed_on")
    for row in table.tables("figure"):
        figure = _figure(row, units, programme or None, source, later)
        if figure.value is not None:
            figure = replace(figure, observed_on=observed_on)
            if not figure.source:
                row.problem(f'the figure "{figure.name}" is observed; say in "source" where its value is written')
        if figure.name in found:
            other = found[figure.name][1]
            row.problem(f'the figure "{figure.name}" is already in {other.file}, line {other.line}; rename one', "name")
        found[figure.name] = (figure, Problem(name, row.line(), ""))
    if observed_on is None and any("value" in row for row in table.data.get("figure", ())):
        table.problem('figures with a "value" are observed; say with "observed_on" as of which day')
    table.done()


def _figure(row: Table, units: Mapping[str, Unit], programme: str | None, source: str, later: int) -> Figure:
    name, unit, label = row.text("name"), row.text("unit"), row.both("label")
    if unit not in units:
        row.problem(f'the unit "{unit}" is unknown{suggestion(unit, units)}', "unit")
    bound = [key for key in ("query", "computed", "value") if key in row.data]
    if len(bound) != 1:
        row.problem(f'the figure "{name}" needs exactly one of query, computed and value')
    query, arguments = row.text("query", ""), _arguments(row)
    figure = Figure(
        name=name,
        programme=programme,
        unit=unit,
        ko=label.ko,
        en=label.en,
        places=row.whole("places", 0),
        query=query,
        arguments=arguments,
        computed=row.text("computed", ""),
        value=_value(row),
        source=row.text("source", source),
        report_line=row.optional_whole("line"),
        days_later=row.whole("days_later", later),
        metric=row.text("metric", name),
        period=row.text("period", ""),
    )
    if query:
        check_binding(row, query, arguments)
    row.done()
    return figure


def _arguments(row: Table) -> dict[str, Any]:
    row.taken.add("arguments")
    value = row.data.get("arguments", {})
    if not isinstance(value, dict):
        row.problem('"arguments" must be a table such as { process = "1-1/members/2021" }', "arguments")
        return {}
    return value


def _value(row: Table) -> Exact | None:
    row.taken.add("value")
    value = row.data.get("value")
    if value is None or (isinstance(value, int | date) and not isinstance(value, bool)):
        return value
    try:
        return Decimal(str(value))
    except InvalidOperation:
        row.problem(f'"value" must be a whole number, a decimal in quotation marks or a day, not {value!r}', "value")
        return None


def check_binding(row: Table, query: str, arguments: Mapping[str, Any]) -> None:
    """Note a problem if no room brings the query, or if it does not take the arguments."""
    known: dict[str, FigureQuery] = queries()
    if query not in known:
        row.problem(f'no room brings the figure query "{query}"{suggestion(query, known)}', "query")
        return
    try:
        known[query].Arguments.model_validate(dict(arguments))
    except ValidationError as error:
        for one in error.errors():
            key = ".".join(map(str, one["loc"]))
            row.problem(f'the query "{query}" does not take the argument "{key}" so: {one["msg"]}', "arguments")


def _check_computed(found: Mapping[str, tuple[Figure, Problem]], problems: list[Problem]) -> None:
    for figure, place in found.values():
        for name in names_in(figure.computed) if figure.computed else ():
            # Families such as spent:CP-01 come from the records, not from files.
            if name not in found and ":" not in name:
                text = f'"{figure.name}" is computed from "{name}", which is not a figure{suggestion(name, found)}'
                problems.append(Problem(place.file, place.line, text))


def names_in(expression: str) -> list[str]:
    """The names of figures an expression reads, each once, in order; none for what is not an expression."""
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except (SyntaxError, ValueError):
        return []
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and id(node) not in called:
            names.append(node.id)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "value":
            names += [
                part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str)
            ]
    return list(dict.fromkeys(names))
