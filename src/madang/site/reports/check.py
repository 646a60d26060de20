"""Finding contradictions in our own figures: sums, rates, dates, parts against wholes (WORKFLOWS.md C.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from madang.figures import Finding, check
from madang.site.ledger.models import Part
from madang.site.reports import relations
from madang.site.reports.evaluation import Values
from madang.site.reports.families import TOTAL

Pairs = Sequence[tuple[str, str]]
KOREAN = {"appropriation": "예산현액", "obligated": "원인행위액", "spent": "지출액"}


@dataclass(frozen=True)
class Checked:
    """All findings about the figures as of a day."""

    findings: tuple[Finding, ...]

    @property
    def contradictions(self) -> list[Finding]:
        """Those relations that do not hold."""
        return [finding for finding in self.findings if not finding.ok]


def findings(folder: Path, values: Values) -> Checked:
    """Check the relations of a city over its figures as of a day, exact amounts in won.

    Raises CityProblems for a file that is wrong.
    """
    keys = relations.Keys(lambda table: keys_of(values, table), lambda cell: None)
    found = [*relations.read(folder, "report/relations.toml", keys), *_parts(values)]
    return Checked(tuple(check(found, values.exact())))


def keys_of(values: Values, kind: str) -> list[str]:
    """The keys of a family of figures: `lines` (budget lines and parts), `forecasts` (those with one), or a kind."""
    prefix = "forecast:" if kind in ("lines", "forecasts") else f"{kind}:"
    names = [name for name in values if name.startswith(prefix) and name != f"{prefix}{TOTAL}"]
    return [name[len(prefix) :] for name in names if kind != "forecasts" or values[name].exact is not None]


def _parts(values: Values) -> list[relations.Relation]:
    """Of every line with parts: each part within its line, and the rest of the line in order too."""
    found = []
    for part in Part.objects.filter(line__fiscal_year=values.as_of.year).select_related("line"):
        a, b = part.code, part.line.code
        for kind in ("appropriation", "obligated", "spent"):
            found.append(
                relations.Relation(
                    f"part-within-line/{kind}:{a}",
                    "F",
                    f"{a} ≤ {b}: {KOREAN[kind]}의 부분은 전체를 넘지 않음",
                    f"{a} within {b}: {kind}",
                    f'value("{kind}:{a}")',
                    "<=",
                    f'value("{kind}:{b}")',
                )
            )
        for small, large in (("obligated", "appropriation"), ("spent", "obligated")):
            sides = [f'value("{kind}:{b}") - value("{kind}:{a}")' for kind in (small, large)]
            found.append(
                relations.Relation(
                    f"rest-of-line/{small}:{a}",
                    "F",
                    f"{b}에서 {a}를 뺀 나머지: {KOREAN[small]} ≤ {KOREAN[large]}",
                    f"The rest of {b} without {a}: {small} within {large}",
                    sides[0],
                    "<=",
                    sides[1],
                )
            )
    return found
