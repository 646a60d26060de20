"""Anonymous ballots as a `.pb` file, which `madang budgeting count` counts by any rule."""

from collections import Counter
from typing import NamedTuple

from madang.ballots import Opened
from madang.budgeting.sheets import Sheet
from madang.budgeting.writing import written


class Project(NamedTuple):
    """What can be chosen under a number of the ballot."""

    number: int
    cost: int
    name: str


def anonymous(opened: Opened, projects: list[Project], budget: int, election: str) -> bytes:
    """The file: every valid ballot in the order of the result; spoilt ones are only counted."""
    votes = Counter(number for picks in opened.picks for number in picks)
    told = f"#1: election {election}; {len(opened.spoilt)} spoilt ballots are not in this file"
    meta = {
        "description": "anonymous ballots of a verifiable election",
        "num_projects": str(len(projects)),
        "num_votes": str(len(opened.picks)),
        "budget": str(budget),
        "vote_type": "approval",
        "rule": "greedy",
        "currency": "KRW",
        "comment": told,
    }
    rows = [[str(one.number), str(one.cost), str(votes[one.number]), one.name] for one in projects]
    lines = (f"{voter};{','.join(map(str, picks))}\n" for voter, picks in enumerate(opened.picks, 1))
    sheet = Sheet(meta, ["project_id", "cost", "votes", "name"], rows, ["voter_id", "vote"], "".join(lines).encode())
    return written(sheet)
