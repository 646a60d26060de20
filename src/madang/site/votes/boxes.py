"""The ballots of a box as a file for counting: who recounts reads the same bytes as the allotment did.

The ballots are sorted by what they say. So the file has no order from which anybody could learn who voted when, and it
is the same each time it is made.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from madang.site.votes.models import Election

NAME = "ballots.pb"


@dataclass(frozen=True)
class Project:
    """A project as the file lists it: the number of its matter, its cost, its title."""

    number: str
    cost_won: int
    title: str


def ballots_file(election: Election, projects: Sequence[Project], budget_won: int) -> bytes:
    """All ballots of a vote in the format of Pabulib, with the picks among some projects; empty ballots stay."""
    numbers = dict(election.options.values_list("order", "matter__number"))
    wanted = {project.number for project in projects}
    known = {str(order): number for order, number in numbers.items() if number in wanted}
    stage = election.stage
    meta = {
        "description": stage.process.code,
        "instance": stage.process.year,
        "num_projects": len(projects),
        "num_votes": (election.record or {})["ballots"],
        "budget": budget_won,
        "vote_type": "approval",
        "rule": "unknown",
        "currency": "KRW",
    }
    lines = ["META", "key;value", *(f"{key};{cell(str(value))}" for key, value in meta.items())]
    lines += ["PROJECTS", "project_id;cost;name"]
    lines += [f"{one.number};{one.cost_won};{cell(one.title)}" for one in projects]
    lines += ["VOTES", "voter_id;vote"]
    lines += [f"{place};{picks}" for place, picks in enumerate(_sorted(election, known), 1)]
    return ("\n".join(lines) + "\n").encode()


def _sorted(election: Election, known: Mapping[str, str]) -> Iterable[str]:
    ballots = election.ballots.order_by().values_list("choices", flat=True).iterator(chunk_size=5000)
    return sorted(",".join(known[one] for one in choices.split(",") if one in known) for choices in ballots)


def cell(text: str) -> str:
    """Text that can stand in a cell without quotes."""
    return " ".join(text.replace(";", ",").replace('"', "'").split())
