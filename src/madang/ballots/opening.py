"""What shuffled answers say once they are open: the picks of one voter each, or a ballot that was spoilt."""

from collections.abc import Container, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple


class Opened(NamedTuple):
    """The picks of every valid ballot, in the order of the result, and the rows of the spoilt ones."""

    picks: list[list[int]]
    spoilt: list[list[int]]


def picks_of(row: Sequence[int], numbers: Container[int]) -> list[int] | None:
    """The numbers picked; None if the ballot is spoilt.

    Numbers ascend and zeros follow, so that a row says nothing but what was picked: another order would be room for a
    sign by which a voter could be known again.
    """
    picked = [number for number in row if number]
    ascending = all(one < two for one, two in pairwise(picked))
    known = all(number in numbers for number in picked)
    return picked if ascending and known and picked == list(row[: len(picked)]) else None


def open_rows(rows: Iterable[Sequence[int]], numbers: Container[int]) -> Opened:
    """Sort the rows of a result into valid and spoilt ballots."""
    picks, spoilt = [], []
    for row in rows:
        found = picks_of(row, numbers)
        if found is None:
            spoilt.append(list(row))
        else:
            picks.append(found)
    return Opened(picks, spoilt)
