"""Comparing the regenerated report with a printed one, cell by cell and relation by relation.

Every cell, name and sentence that the printed report holds is laid beside the regenerated one, at the
precision that is printed; and the relations a report implies are checked on what is printed. Whatever
differs must be known with exactly these two sides (`printed/known_evidence.csv`), and whatever is known must
be found (`printed/known_differences.csv`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from madang.figures import Relation, check
from madang.site.reports import printed as printing
from madang.site.reports import relations
from madang.site.reports.compose import Composition, Report, report
from madang.site.reports.evaluation import Value
from madang.site.reports.printed import DifferenceRow, NameRow, Printed


@dataclass(frozen=True)
class Difference:
    """One thing that differs: a cell or a relation, where it is printed, and both sides."""

    code: str
    file: str
    line: int
    report_line: int | None
    printed: str
    regenerated: str

    @property
    def key(self) -> printing.Key:
        """What differs and both sides, as a known difference gives them."""
        return self.code, self.printed, self.regenerated

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}" if self.line else self.file
        source = f" (report line {self.report_line})" if self.report_line else ""
        if not self.regenerated:
            return f"{where}{source}: {self.code}: what is printed contradicts itself: {self.printed}"
        return f"{where}{source}: {self.code}: printed {self.printed}, regenerated {self.regenerated}"


@dataclass(frozen=True)
class Comparison:
    """What differs, which known differences were found, and what is not as it is known."""

    compared: int
    checked: int
    differences: tuple[Difference, ...]
    found: tuple[DifferenceRow, ...]
    missing: tuple[DifferenceRow, ...]
    unexpected: tuple[Difference, ...]

    @property
    def ok(self) -> bool:
        """Whether exactly the known differences were found."""
        return not self.missing and not self.unexpected


def compare(folder: Path, code: str, *, as_of: date, at: datetime) -> Comparison:
    """Compare the report of a city as of a day with the printed one. Raises CityProblems for wrong files."""
    page = report(folder, code, as_of=as_of, at=at)
    return compare_with(page, printing.read(folder), folder)


def compare_with(page: Report, printed: Printed, folder: Path, shown: Composition | None = None) -> Comparison:
    """Compare a report with what was printed; `shown` is its composition if there is one already."""
    shown = shown or page.compose("ko")
    implied = printed_relations(printed, folder)
    differences = [
        *_cells(page, printed, shown),
        *_names(page, printed.names),
        *_texts(printed, shown),
        *_relations(page, printed, implied),
    ]
    compared = len(printed.cells) + len(printed.names) + len(printed.texts)
    return _judged(compared, len(implied), differences, printed)


def _judged(compared: int, checked: int, differences: list[Difference], printed: Printed) -> Comparison:
    differing = {difference.key for difference in differences}
    found = [row for row in printed.known if printed.evidence_of(row) <= differing]
    explained = frozenset[printing.Key]().union(*map(printed.evidence_of, found))
    return Comparison(
        compared,
        checked,
        tuple(differences),
        tuple(found),
        tuple(row for row in printed.known if row not in found),
        tuple(difference for difference in differences if difference.key not in explained),
    )


def _cells(page: Report, printed: Printed, shown: Composition) -> Iterable[Difference]:
    figures = set(shown.figures)
    for table, rows in printed.tables.items():
        for row in rows:
            file = f"printed/{table}.csv"
            value = page.values.get(row.figure)
            regenerated = "nothing" if value is None else as_printed(value, row.printed)
            if regenerated != row.printed:
                yield Difference(row.cell, file, row.line, row.report_line, row.printed, regenerated)
            elif row.figure not in figures and ":" in row.figure:
                yield Difference(row.cell, file, row.line, row.report_line, row.printed, "not in the report")


def as_printed(value: Value, printed: str) -> str:
    """A regenerated value in the way a cell is printed: at its decimals, a dash for nothing where it has one."""
    if printed == printing.DASH and value.exact in (None, 0):
        return printing.DASH
    if value.exact is None:
        return "nothing"
    if isinstance(value.exact, date):
        return value.exact.isoformat()
    if isinstance(value.exact, str):
        return value.exact
    return str(value.at(printing.decimals(printed) if printed != printing.DASH else 0))


def _names(page: Report, rows: Iterable[NameRow]) -> Iterable[Difference]:
    for row in rows:
        name = page.names.get(row.thing, ("nothing", ""))[0]
        if not row.same(name):
            yield Difference(f"names/{row.cell}", "printed/names.csv", row.line, row.report_line, row.printed, name)


def _texts(printed: Printed, shown: Composition) -> Iterable[Difference]:
    for row in printed.texts:
        text = shown.texts.get(row.report_line, "nothing")
        if text != row.printed:
            code = f"texts/{row.report_line}"
            yield Difference(code, "printed/texts.csv", row.line, row.report_line, row.printed, text)


def printed_relations(printed: Printed, folder: Path) -> list[Relation]:
    """The relations that the printed report implies, those between its names included."""
    keys = relations.Keys(printed.keys, printed.places)
    found = relations.read(folder, "report/printed_relations.toml", keys)
    spellings: dict[str, list[NameRow]] = {}
    for row in printed.names:
        spellings.setdefault(row.thing, []).append(row)
    for thing, rows in spellings.items():
        if len(rows) == 1:
            continue
        first = rows[0]
        other = next((row for row in rows[1:] if _form(row, rows) != _form(first, rows)), rows[-1])
        left, right = (f'value("names/{row.cell}")' for row in (first, other))
        text = (f"{thing}: 이름은 하나", f"{thing}: one name only")
        found.append(Relation(f"one-name:{thing}", "W", *text, left, "=", right))
    return found


def _form(row: NameRow, rows: Iterable[NameRow]) -> str:
    """A spelling as it is compared with the others: without spaces if they do not count for one of them."""
    ignored = any(one.spaces == "ignored" for one in rows)
    return "".join(row.printed.split()) if ignored else row.printed


def printed_values(page: Report, printed: Printed) -> Mapping[str, Any]:
    """What is printed, by cell: amounts in won, names as they are compared."""
    figures = page.values.catalogue.figures
    values: dict[str, Any] = {}
    for row in printed.cells:
        value = printing.exact(row, figures)
        if value is not None:
            values[row.cell] = value
    spellings: dict[str, list[NameRow]] = {}
    for name in printed.names:
        spellings.setdefault(name.thing, []).append(name)
    for rows in spellings.values():
        values |= {f"names/{row.cell}": _form(row, rows) for row in rows}
    return values


def _relations(page: Report, printed: Printed, implied: list[Relation]) -> Iterable[Difference]:
    for finding in check(implied, printed_values(page, printed)):
        if not finding.ok:
            sides = f"{side(finding.left)} {finding.relation.operator} {side(finding.right)}"
            told = finding.sentence or sides
            yield Difference(finding.relation.code, "report/printed_relations.toml", 0, None, told, "")


def side(value: Any) -> str:
    """A side of a finding as it is shown: exact numbers as decimals."""
    if value is None:
        return "-"
    if isinstance(value, date | str):
        return str(value)
    number = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{number:,.4f}".rstrip("0").rstrip(".")
