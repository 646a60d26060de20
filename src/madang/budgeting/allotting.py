"""Greedy rules: projects take their turn by votes, and each is funded if it fits into the money left.

* `greedy`: a project that does not fit is passed over, and the next one has its turn.
* `greedy-no-skip`: the first project that does not fit ends the allotment.

Before the turns two kinds of projects are set aside under both rules, so that they cannot end an allotment:
those that cost more than the ceiling, and those without a vote.

Equal votes are ordered by the published keys in `ties`, one after another: `lower-cost`, `higher-cost`,
`earlier-number` (on the ballot paper). `earlier-number` must be the last, because only it always decides.
These are the rules of most cities that vote on projects (Pabulib: "greedy").
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from math import ceil, floor
from typing import Any

from madang.budgeting.projects import Allotment, Project, Reason
from madang.chain import canonical

FORMAT = "madang-allotment/1"
VERSION = 1
RULES = ("greedy", "greedy-no-skip")
TIES: Mapping[str, Callable[[Project], int]] = {
    "lower-cost": lambda project: project.cost_won,
    "higher-cost": lambda project: -project.cost_won,
    "earlier-number": lambda project: project.order,
}


def allot(
    *,
    projects: Sequence[Project],
    ceiling_won: int,
    rule: str = "greedy",
    ties: Sequence[str] = ("lower-cost", "earlier-number"),
) -> Allotment:
    """Allot at most `ceiling_won` to the projects by a rule fixed before the vote (`WORKFLOWS.md`, 1-3: selection).

    Raises ValueError with a sentence for an unknown rule or tie key, two projects with one id or number,
    and negative amounts or votes; TypeError for amounts that are not int and votes that are floats.
    """
    _require(projects, ceiling_won, rule, ties)
    tie_key = _tie_key(ties)
    queue = sorted(
        (project for project in projects if project.votes > 0 and project.cost_won <= ceiling_won),
        key=lambda project: (-Fraction(project.votes), tie_key(project)),
    )
    turns = _turns(queue, ceiling_won, rule)
    reasons = {project.id: _set_aside(project, ceiling_won) for project in projects if project not in turns}
    reasons |= {project.id: reason for project, reason in turns.items()}
    for project in projects:
        reason = reasons[project.id]
        if reason.code not in ("funded", "cost_above_ceiling"):
            missing = _missing_votes(project, queue, ceiling_won, rule, tie_key)
            reasons[project.id] = Reason(reason.code, {**reason.parameters, "missing_votes": missing})
    winners = tuple(project.id for project, reason in turns.items() if reason.code == "funded")
    spent = sum(project.cost_won for project in projects if reasons[project.id].code == "funded")
    listed = _listed(projects)
    record = {
        "format": FORMAT,
        "version": VERSION,
        "input_hash": sha256(b"madang-projects-1\n" + canonical(listed)).hexdigest(),
        "parameters": {"ceiling_won": ceiling_won, "rule": rule, "ties": list(ties)},
        "seed": None,
        "projects": listed,
        "steps": [{"id": project.id, "code": reason.code, **reason.parameters} for project, reason in turns.items()],
        "winners": list(winners),
        "reasons": {name: asdict(reason) for name, reason in reasons.items()},
        "spent_won": spent,
        "left_won": ceiling_won - spent,
    }
    return Allotment(winners, reasons, spent, record)


def written(votes: int | Decimal | Fraction) -> int | str:
    """Votes as records hold them: an int, or an exact fraction as text."""
    exact = Fraction(votes)
    return exact.numerator if exact.denominator == 1 else str(exact)


def _turns(queue: Sequence[Project], ceiling_won: int, rule: str) -> dict[Project, Reason]:
    left, stopped_by, turns = ceiling_won, "", {}
    for rank, project in enumerate(queue, 1):
        known = {"rank": rank, "votes": written(project.votes), "cost_won": project.cost_won, "left_won": left}
        if stopped_by:
            turns[project] = Reason("after_stop", {**known, "stopped_by": stopped_by})
        elif project.cost_won <= left:
            turns[project] = Reason("funded", known)
            left -= project.cost_won
        else:
            turns[project] = Reason("over_ceiling", known)
            stopped_by = project.id if rule == "greedy-no-skip" else ""
    return turns


def _set_aside(project: Project, ceiling_won: int) -> Reason:
    known = {"votes": written(project.votes), "cost_won": project.cost_won}
    if project.cost_won > ceiling_won:
        return Reason("cost_above_ceiling", {**known, "ceiling_won": ceiling_won})
    return Reason("no_votes", known)


def _missing_votes(
    project: Project,
    queue: Sequence[Project],
    ceiling_won: int,
    rule: str,
    tie_key: Callable[[Project], tuple[int, ...]],
) -> int:
    """Run the allotment without the project and find the last place in it at which the project would be funded.

    The money left never grows from turn to turn, and nobody before that place notices the project; so to
    stand at that place, or anywhere before it, is both needed and enough.
    """
    left = ceiling_won
    target: Project | None = None
    for rival in queue:
        if rival is project:
            continue
        fits = rival.cost_won <= left
        # Would the project still be funded right after this rival? If not, it must get ahead of it.
        after = left - rival.cost_won if fits else left
        if project.cost_won > after or (rule == "greedy-no-skip" and not fits):
            target = rival
            break
        left = after
    if target is None:
        return 1
    distance = Fraction(target.votes) - Fraction(project.votes)
    wins_tie = tie_key(project) < tie_key(target)
    return max(1, ceil(distance) if wins_tie else floor(distance) + 1)


def _tie_key(ties: Sequence[str]) -> Callable[[Project], tuple[int, ...]]:
    return lambda project: tuple(TIES[name](project) for name in ties)


def _listed(projects: Sequence[Project]) -> list[dict[str, Any]]:
    ordered = sorted(projects, key=lambda project: project.order)
    return [
        {
            "id": project.id,
            "cost_won": project.cost_won,
            "votes": written(project.votes),
            "order": project.order,
        }
        for project in ordered
    ]


def _require(projects: Sequence[Project], ceiling_won: int, rule: str, ties: Sequence[str]) -> None:
    if rule not in RULES:
        raise ValueError(f"{rule!r} is not a rule of allotment; use one of {', '.join(RULES)}.")
    if isinstance(ties, str) or not ties or ties[-1] != "earlier-number" or any(name not in TIES for name in ties):
        raise ValueError(f"ties are {ties!r}; name keys of {', '.join(TIES)}, the last one earlier-number.")
    _require_whole("The ceiling", ceiling_won)
    ids: set[str] = set()
    orders: set[int] = set()
    for project in projects:
        _require_whole(f"The cost of project {project.id}", project.cost_won)
        _require_whole(f"The number of project {project.id}", project.order)
        if isinstance(project.votes, bool) or not isinstance(project.votes, int | Decimal | Fraction):
            raise TypeError(f"The votes of project {project.id} are {project.votes!r}; use int, Decimal or Fraction.")
        if (isinstance(project.votes, Decimal) and not project.votes.is_finite()) or project.votes < 0:
            raise ValueError(f"The votes of project {project.id} are {project.votes}; votes are counted from 0.")
        if project.id in ids or project.order in orders:
            raise ValueError(f"The id or the number of project {project.id} (number {project.order}) occurs twice.")
        ids.add(project.id)
        orders.add(project.order)


def _require_whole(named: str, value: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{named} is {value!r}; it must be a whole number (int).")
    if value < 0:
        raise ValueError(f"{named} is {value}; it cannot be negative.")
