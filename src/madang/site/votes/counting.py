"""Counting ballots exactly: votes by electorate, weighted shares added as fractions, ranks and ties.

It reads no database, so that anybody can count a published board again.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any

from madang.chain import merkle_root

FORMAT = "madang-tally/1"
WEIGHTED = "sum of weight x votes / valid ballots over the electorates"
PLAIN = "votes"


@dataclass(frozen=True)
class Counted:
    """One option's result. `total` is its votes, or its weighted share where electorates are added."""

    number: int
    votes: Mapping[str, int]
    total: Fraction
    rank: int
    tied: bool


def counted(
    *, ballots: Iterable[tuple[str, str]], weights: Mapping[str, int], numbers: Sequence[int]
) -> tuple[list[Counted], dict[str, int]]:
    """Count ballots (electorate, "3,7,12") into results by rank, and valid ballots by electorate.

    With one electorate the total is the number of votes. With several it is the sum over electorates of
    weight x votes / valid ballots, exact; an electorate without ballots adds nothing. Equal totals are
    ranked by the earlier number on the ballot paper and marked as tied (`WORKFLOWS.md`, 1-1 step 7).
    """
    valid = dict.fromkeys(weights, 0)
    votes: dict[str, Counter[str]] = {code: Counter() for code in weights}
    for (electorate, choices), papers in Counter(ballots).items():
        valid[electorate] += papers
        if choices:
            for number in choices.split(","):
                votes[electorate][number] += papers
    totals = {
        number: _total({code: votes[code][str(number)] for code in weights}, weights, valid) for number in numbers
    }
    ranked = sorted(numbers, key=lambda number: (-totals[number], number))
    shared = Counter(totals.values())
    results = [
        Counted(
            number=number,
            votes={code: votes[code][str(number)] for code in weights},
            total=totals[number],
            rank=rank,
            tied=shared[totals[number]] > 1,
        )
        for rank, number in enumerate(ranked, 1)
    ]
    return results, valid


def _total(votes: Mapping[str, int], weights: Mapping[str, int], valid: Mapping[str, int]) -> Fraction:
    if len(weights) == 1:
        return Fraction(sum(votes.values()))
    shares = (Fraction(weight * votes[code], valid[code]) for code, weight in weights.items() if valid[code])
    return sum(shares, Fraction(0))


def written(results: Sequence[Counted], valid: Mapping[str, int], weights: Mapping[str, int]) -> dict[str, Any]:
    """The tally as plain values; totals are whole numbers or exact fractions as text."""
    ties = [
        [result.number for result in group]
        for _total_, group in ((total, list(members)) for total, members in groupby(results, lambda row: row.total))
        if len(group) > 1
    ]
    return {
        "format": FORMAT,
        "method": PLAIN if len(weights) == 1 else WEIGHTED,
        "ties_by": "earlier number on the ballot paper",
        "electorates": [{"code": code, "weight": weight, "ballots": valid[code]} for code, weight in weights.items()],
        "options": [
            {
                "number": result.number,
                "votes": dict(result.votes),
                "total": str(result.total),
                "rank": result.rank,
                "tied": result.tied,
            }
            for result in results
        ],
        "ties": ties,
    }


def ballots_root(ballots: Iterable[tuple[int, str, str]]) -> str:
    """The Merkle root over ballots (random key, electorate, choices) in the order of their keys.

    The random key keeps anybody from guessing the choices that belong to a published root.
    """
    return merkle_root([f"{key:016x} {electorate} {choices}" for key, electorate, choices in sorted(ballots)])


def receipts_root(receipts: Iterable[str]) -> str:
    """The Merkle root over the receipts in alphabetical order."""
    return merkle_root(sorted(receipts))
