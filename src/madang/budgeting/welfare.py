"""The set of projects with the greatest total utility that the budget can pay, exactly.

Only sums (cost, value) that no other sum beats in both are kept, and those that even a fractional filling of the
money left could not lift to the best known total are dropped.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from madang.budgeting.elections import Election
from madang.budgeting.outcomes import Outcome, Turn
from madang.budgeting.rules import Rule, places


@dataclass(frozen=True)
class _State:
    """A set of projects, as its cost, its value and its places in the static order (smaller mask: preferred)."""

    cost: int
    value: int
    mask: int


def values(election: Election, utility: str) -> list[Fraction]:
    """What each project adds: votes times cost, votes, or points."""
    if utility == "points":
        return list(election.scores)
    if utility == "cost":
        pairs = zip(election.votes, election.costs, strict=True)
        return [Fraction(votes * cost, election.unit) for votes, cost in pairs]
    return [Fraction(votes) for votes in election.votes]


def welfare(election: Election, rule: Rule, *, without: int | None = None, budget: int | None = None) -> Outcome:
    """An optimal set; among optimal ones the cheapest, then the one that the static order prefers."""
    budget = election.budget if budget is None else budget
    exact = values(election, rule.utility)
    scale = lcm(1, *(value.denominator for value in exact))
    worth = [int(value * scale) for value in exact]
    place = places(election, rule)
    useful = [p for p in range(len(worth)) if worth[p] > 0 and p != without and election.costs[p] <= budget]
    useful.sort(key=lambda p: (-Fraction(worth[p], election.costs[p]), place[p]))
    states = [_State(0, 0, 0)]
    known = _filled(election, useful, worth, budget)
    bound = _Bound([election.costs[p] for p in useful], [worth[p] for p in useful])
    for number, project in enumerate(useful):
        bit = 1 << (len(worth) - 1 - place[project])
        states = _with(states, election.costs[project], worth[project], bit, budget)
        known = max(known, *(state.value for state in states))
        states = [s for s in states if s.value + bound.rest(number + 1, budget - s.cost) >= known]
    best = max(states, key=lambda s: (s.value, -s.cost, s.mask))
    order = sorted((p for p in useful if best.mask >> (len(worth) - 1 - place[p]) & 1), key=lambda p: place[p])
    left, turns = budget, []
    for project in order:
        turns.append(Turn(project, "funded", left))
        left -= election.costs[project]
    return Outcome(order, turns, more={"optimum": str(Fraction(best.value, scale))})


def _filled(election: Election, useful: Sequence[int], worth: Sequence[int], left: int) -> int:
    """A total that can surely be reached: down the list, whatever fits."""
    total = 0
    for project in useful:
        if election.costs[project] <= left:
            left, total = left - election.costs[project], total + worth[project]
    return total


def _with(states: list[_State], cost: int, value: int, bit: int, budget: int) -> list[_State]:
    """The sets without and with a project, in order of cost, none beaten by another."""
    more = [_State(s.cost + cost, s.value + value, s.mask | bit) for s in states if s.cost + cost <= budget]
    merged = sorted([*states, *more], key=lambda s: (s.cost, -s.value, -s.mask))
    kept: list[_State] = []
    for state in merged:
        if not kept or state.value > kept[-1].value:
            kept.append(state)
    return kept


class _Bound:
    """The most that the projects from a place on could add to money left, if the last could be bought in part."""

    def __init__(self, costs: Sequence[int], worth: Sequence[int]):
        self.costs, self.worth = [0], [0]
        self.each = list(zip(costs, worth, strict=True))
        for cost, value in self.each:
            self.costs.append(self.costs[-1] + cost)
            self.worth.append(self.worth[-1] + value)

    def rest(self, begin: int, left: int) -> int:
        end = bisect_right(self.costs, self.costs[begin] + left) - 1
        total = self.worth[end] - self.worth[begin]
        if end < len(self.each):
            cost, value = self.each[end]
            total += (left - (self.costs[end] - self.costs[begin])) * value // cost
        return total
