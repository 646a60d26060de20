"""What a report that was printed once prints: its cells, its names and its sentences, as a city's files keep them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from madang.figures import UNITS
from madang.site.city.documents import CityProblems, Problem, read_csv
from madang.site.reports.catalogue import Figure

DASH = "-"
OTHERS = ("names.csv", "texts.csv", "known_differences.csv", "known_evidence.csv")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class CellRow:
    """A printed number: the figure it shows, as printed without separators, and the line of the report."""

    cell: str
    figure: str
    printed: str
    report_line: int
    line: int


@dataclass(frozen=True)
class NameRow:
    """A printed name of a thing; `spaces` says whether they count when names are compared."""

    cell: str
    thing: str
    printed: str
    spaces: str
    report_line: int
    line: int

    def same(self, other: str) -> bool:
        """Whether another spelling is the same name."""
        return self.form(self.printed) == self.form(other)

    def form(self, text: str) -> str:
        """A spelling as it is compared."""
        return "".join(text.split()) if self.spaces == "ignored" else text


@dataclass(frozen=True)
class TextRow:
    """A printed sentence by its line of the report."""

    report_line: int
    printed: str
    line: int


@dataclass(frozen=True)
class DifferenceRow:
    """A known difference: its identifier and a sentence about it."""

    code: str
    ko: str
    en: str
    line: int


@dataclass(frozen=True)
class EvidenceRow:
    """What shows a known difference: a cell, name, sentence or relation, and exactly what both sides say."""

    difference: str
    differs: str
    printed: str
    regenerated: str
    line: int

    @property
    def key(self) -> "Key":
        """What a difference that was found must say to be this one."""
        return self.differs, self.printed, self.regenerated


Key = tuple[str, str, str]


@dataclass(frozen=True)
class Printed:
    """A printed report: its cells by table, names, sentences, and what is known to be wrong with it."""

    tables: Mapping[str, Sequence[CellRow]]
    names: Sequence[NameRow]
    texts: Sequence[TextRow]
    known: Sequence[DifferenceRow]
    evidence: Sequence[EvidenceRow]

    def evidence_of(self, known: DifferenceRow) -> frozenset[Key]:
        """Everything that must differ, and exactly so, for a known difference to be found."""
        return frozenset(row.key for row in self.evidence if row.difference == known.code)

    @property
    def cells(self) -> list[CellRow]:
        """All cells."""
        return [cell for cells in self.tables.values() for cell in cells]

    def keys(self, table: str) -> list[str]:
        """The keys of the rows of a table, in order; cells with a note after @ are further printings."""
        found = [cell.figure.partition(":")[2] for cell in self.tables.get(table, ()) if "@" not in cell.cell]
        return list(dict.fromkeys(found))

    def places(self, cell: str) -> int | None:
        """How many decimals a cell is printed with; None for a dash or no such cell."""
        found = next((row for row in self.tables.get(cell.partition("/")[0], ()) if row.cell == cell), None)
        return None if found is None or found.printed == DASH else decimals(found.printed)


def read(folder: Path) -> Printed:
    """What the printed report of a city prints. Raises CityProblems, one sentence for each problem."""
    problems: list[Problem] = []
    tables = {}
    for path in sorted((folder / "printed").glob("*.csv")):
        if path.name not in OTHERS:
            tables[path.stem] = read_csv(folder, f"printed/{path.name}", CellRow, problems)
    printed = Printed(
        tables,
        read_csv(folder, "printed/names.csv", NameRow, problems),
        read_csv(folder, "printed/texts.csv", TextRow, problems),
        read_csv(folder, "printed/known_differences.csv", DifferenceRow, problems),
        read_csv(folder, "printed/known_evidence.csv", EvidenceRow, problems),
    )
    problems += _unproven(printed)
    for name, rows in tables.items():
        problems += [problem for row in rows if (problem := _wrong(name, row))]
    if problems:
        raise CityProblems(problems)
    return printed


def _unproven(printed: Printed) -> list[Problem]:
    """Known differences without evidence, and evidence of none."""
    known, shown = {row.code for row in printed.known}, {row.difference for row in printed.evidence}
    problems = [
        Problem("printed/known_differences.csv", row.line, f'"{row.code}" has no row in printed/known_evidence.csv')
        for row in printed.known
        if row.code not in shown
    ]
    return problems + [
        Problem("printed/known_evidence.csv", row.line, f'"{row.difference}" is not in printed/known_differences.csv')
        for row in printed.evidence
        if row.difference not in known
    ]


def _wrong(table: str, row: CellRow) -> Problem | None:
    try:
        number(row.printed)
    except InvalidOperation:
        file = f"printed/{table}.csv"
        return Problem(file, row.line, f'"printed" must be a number, a day or {DASH}, not "{row.printed}"')
    return None


def decimals(printed: str) -> int:
    """How many decimals a number is printed with."""
    return len(printed.partition(".")[2])


def number(printed: str) -> Decimal | date | None:
    """The printed number or day; None for a dash. Raises InvalidOperation."""
    if printed == DASH:
        return None
    return date.fromisoformat(printed) if _DAY.fullmatch(printed) else Decimal(printed)


def exact(row: CellRow, figures: Mapping[str, Figure]) -> Decimal | date | None:
    """What a cell says as relations read it: amounts in won; a dash where an amount could stand is 0."""
    value = number(row.printed)
    figure = figures.get(row.figure)
    if value is None:
        return None if figure is None or figure.unit == "percent" else Decimal(0)
    if isinstance(value, Decimal) and figure is not None and figure.money:
        return value * UNITS[figure.unit]
    return value
