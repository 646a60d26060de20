"""Budgets by district: each district is an election of its own, and what one leaves may go to the next."""

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from hashlib import sha256
from typing import Any

from madang.budgeting.elections import exact
from madang.budgeting.results import count
from madang.budgeting.rules import Rule
from madang.budgeting.sheets import Sheet
from madang.budgeting.writing import written


def part_of(sheet: Sheet, district: str, budget: str) -> Sheet:
    """The election of one district: its projects, and the ballots that name one of them, without the others.

    Raises ValueError if no project is of the district.
    """
    places = [place for place, name in enumerate(sheet.column("district")) if name == district]
    if not places:
        raise ValueError(f"no project is of the district {district!r}.")
    ids = sheet.column("project_id")
    known = {ids[place] for place in places}
    rows = [kept for row in _rows(sheet) if (kept := _within(sheet, row, known)) is not None]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="\n").writerows(rows)
    meta = {**sheet.meta, "budget": budget, "district": district}
    meta |= {"num_projects": str(len(places)), "num_votes": str(len(rows))}
    part = replace(
        sheet,
        meta=meta,
        projects=[sheet.projects[place] for place in places],
        project_lines=[sheet.project_lines[place] for place in places],
        votes=out.getvalue().encode(),
        meta_lines={**dict.fromkeys(meta, 1), **sheet.meta_lines},
        repairs=[],
    )
    return replace(part, sha256=sha256(written(part)).hexdigest())


def count_districts(
    sheet: Sheet, rule: Rule, budgets: Mapping[str, str], *, pass_on: bool = False
) -> list[tuple[Sheet, dict[str, Any]]]:
    """Count district after district in the order of `budgets`; with `pass_on`, each adds what the one before left.

    Every part can be written as a file, with which `verify` accepts its result.
    """
    found, left = [], "0"
    for district, budget in budgets.items():
        part = part_of(sheet, district, _sum(budget, left) if pass_on else budget)
        result = count(part, rule, name=f"{district}.pb")
        found.append((part, result))
        left = result["left"]
    return found


def _sum(one: str, other: str) -> str:
    return exact(Fraction(one) + Fraction(other))


def _rows(sheet: Sheet) -> list[list[str]]:
    return [row for row in csv.reader(io.StringIO(sheet.votes.decode(), newline=""), delimiter=";") if row]


def _within(sheet: Sheet, row: list[str], known: set[str]) -> list[str] | None:
    """A ballot with only the known projects, and the points beside them; None if none is left."""
    vote = sheet.vote_columns.index("vote")
    names = [name.strip() for name in row[vote].split(",")]
    kept = [place for place, name in enumerate(names) if name in known]
    if not kept:
        return None
    changed = list(row)
    changed[vote] = ",".join(names[place] for place in kept)
    if "points" in sheet.vote_columns:
        at = sheet.vote_columns.index("points")
        points = row[at].split(",")
        if len(points) == len(names):
            changed[at] = ",".join(points[place] for place in kept)
    return changed
