"""The matrix of a panel: what each reviewer has done with each matter, and what comes of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from madang.site.docket.models import Matter
from madang.site.people.models import Person
from madang.site.programmes.models import Stage
from madang.site.reviews import queries, scoring
from madang.site.reviews.bodies import body_for
from madang.site.reviews.models import Assignment
from madang.site.reviews.settings import Review, rules_of

# A table with more columns than this is no longer read, and weighs too much.
ACROSS = 12


@dataclass(frozen=True)
class Cell:
    """What one reviewer did with one matter: "in", "missing", "recused", "back" or "" where they were not asked."""

    state: str
    assignment: int = 0
    total: int | None = None
    person: str = ""


@dataclass(frozen=True)
class Row:
    """A matter with its cells; mean, spread and rank only where points may be seen."""

    matter: Matter
    cells: Sequence[Cell]
    sheets: int
    missing: int
    mean: str = ""
    spread: int | None = None
    rank: int | None = None
    shortlisted: bool | None = None


@dataclass(frozen=True)
class Matrix:
    """Reviewers across, matters down: the best first where points may be seen, else those that miss most.

    More reviewers than fit across are named in the cells, and each matter has only the cells of its own reviewers.
    """

    reviewers: Sequence[Person]
    rows: Sequence[Row]


def bodies_of(stage: Stage) -> list[str]:
    """The bodies that have a matter of the stage to review. One query."""
    return sorted({body_for(stage, matter) for matter in Matter.objects.filter(assignments__stage=stage).distinct()})


def matrix(stage: Stage, *, body: str, points: bool) -> Matrix:
    """The matrix of one body of a stage; with `points` what was given. A fixed number of queries."""
    matters = [
        row for row in Matter.objects.filter(assignments__stage=stage).distinct() if body_for(stage, row) == body
    ]
    found = Assignment.objects.filter(stage=stage, matter__in=matters).select_related("sheet")
    cells: dict[tuple[int, int], Cell] = {}
    for row in found:
        cells[row.matter_id, row.person_id] = _cell(row, points=points)
    reviewers = list(Person.objects.filter(pk__in={person for _matter, person in cells}).order_by("pk"))
    standings = {row.matter_id: row for row in _standings(stage)} if points else {}
    if len(reviewers) > ACROSS:
        reviewers, shown = [], _own_cells(cells, reviewers)
    else:
        shown = {matter.pk: [cells.get((matter.pk, person.pk), Cell("")) for person in reviewers] for matter in matters}
    rows = [_row(matter, shown[matter.pk], standings.get(matter.pk)) for matter in matters]
    rows.sort(key=lambda row: (row.rank or 0, -row.missing, row.matter.number))
    return Matrix(reviewers, rows)


def _own_cells(cells: Mapping[tuple[int, int], Cell], reviewers: Sequence[Person]) -> dict[int, list[Cell]]:
    names = {person.pk: str(person) for person in reviewers}
    found = defaultdict(list)
    for (matter, person), cell in sorted(cells.items()):
        found[matter].append(replace(cell, person=names[person]))
    return found


def _cell(row: Assignment, *, points: bool) -> Cell:
    sheet = getattr(row, "sheet", None)
    if row.recused:
        return Cell("recused", row.pk)
    if sheet is None:
        return Cell("missing", row.pk)
    return Cell("back" if row.sent_back_at else "in", row.pk, sheet.total if points else None)


def _standings(stage: Stage) -> list[scoring.Standing]:
    totals = queries.totals(stage)
    numbers = dict(Matter.objects.filter(pk__in=totals).values_list("pk", "number"))
    return queries.ranked(stage, {key: totals[key] for key in numbers}, numbers)


def _row(matter: Matter, cells: Sequence[Cell], standing: scoring.Standing | None) -> Row:
    states = [cell.state for cell in cells]
    sheets, missing = states.count("in") + states.count("back"), states.count("missing")
    if standing is None:
        return Row(matter, cells, sheets, missing)
    given = [cell.total for cell in cells if cell.total is not None]
    return Row(
        matter=matter,
        cells=cells,
        sheets=sheets,
        missing=missing,
        mean=scoring.printed_mean(standing.mean),
        spread=max(given) - min(given) if given else None,
        rank=standing.rank,
        shortlisted=standing.shortlisted,
    )


def wide_spread(stage: Stage) -> int:
    """From how many points between the highest and the lowest total on a spread is worth a second look: a third."""
    return sum(criterion.points for criterion in rules_of(stage, Review).criteria) // 3
