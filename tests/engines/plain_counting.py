"""The rules of `madang.budgeting` once more, in plain fractions: slow, short, and the measure of the fast ones.

An election is (costs, budget, ballots): a ballot is {project: value}. Ties go to the smaller number.
"""

from collections.abc import Callable
from fractions import Fraction
from itertools import combinations
from math import ceil
from typing import NamedTuple


class Plain(NamedTuple):
    costs: list[int]
    budget: int
    ballots: list[dict[int, int]]

    def votes(self, project: int) -> int:
        return sum(project in ballot for ballot in self.ballots)

    def votes_of(self, project: int) -> Fraction:
        return Fraction(self.votes(project))

    def votes_per_cost(self, project: int) -> Fraction:
        return Fraction(self.votes(project), self.costs[project])

    def cost(self, chosen: list[int]) -> int:
        return sum(self.costs[p] for p in chosen)


def greedy(
    plain: Plain, score: Callable[[int], Fraction], skip: bool = True, taken: list[int] | None = None
) -> list[int]:
    chosen = list(taken or [])
    for project in sorted(set(range(len(plain.costs))) - set(chosen), key=lambda p: (-score(p), p)):
        if plain.cost(chosen) + plain.costs[project] <= plain.budget:
            chosen.append(project)
        elif not skip:
            break
    return chosen[len(taken or []) :]


def price(cost: int, held: list[tuple[Fraction, int]]) -> Fraction | None:
    """The least q with sum of min(money, q * value) = cost."""
    if sum(money for money, _ in held) < cost:
        return None
    poor, rest = Fraction(0), sum(value for _, value in held)
    for money, value in sorted(held, key=lambda one: one[0] / one[1]):
        if (cost - poor) / rest <= money / value:
            break
        poor, rest = poor + money, rest - value
    return (cost - poor) / rest


def equal_shares(plain: Plain, by_cost: bool, share: Fraction) -> list[int]:
    money, chosen = [share] * len(plain.ballots), []
    while True:
        offers = []
        for p, cost in enumerate(plain.costs):
            held = [(money[i], ballot[p]) for i, ballot in enumerate(plain.ballots) if p in ballot]
            q = price(cost, held) if held and p not in chosen else None
            if q is not None:
                offers.append((q / (cost if by_cost else 1), p, q))
        if not offers:
            return chosen
        _, best, q = min(offers)
        chosen.append(best)
        for i, ballot in enumerate(plain.ballots):
            money[i] -= min(money[i], q * ballot.get(best, 0))


def overspending(plain: Plain, by_cost: bool, share: Fraction) -> list[int]:
    """Every level at which somebody's money ends, and the one at which all is paid, of every project that fits."""
    money, chosen = [share] * len(plain.ballots), []
    while True:
        offers = []
        for p, cost in enumerate(plain.costs):
            held = [(money[i], ballot[p]) for i, ballot in enumerate(plain.ballots) if p in ballot]
            if p in chosen or plain.cost(chosen) + cost > plain.budget:
                continue
            levels = {left / value for left, value in held if left}
            if (full := price(cost, held) if held else None) is not None:
                levels.add(full)
            for level in levels:
                part = min(sum(min(left, level * value) for left, value in held) / cost, Fraction(1))
                each = level if part == 1 else Fraction(ceil(level / part * 10**6), 10**6)
                offers.append((level / part**2 / (cost if by_cost else 1), p, level, each))
        if not offers:
            return chosen
        _, best, _, each = min(offers)
        chosen.append(best)
        for i, ballot in enumerate(plain.ballots):
            money[i] -= min(money[i], each * ballot.get(best, 0))


def add1(plain: Plain, by_cost: bool, start: Fraction, step: Fraction, exhaustive: bool) -> tuple[list[int], int]:
    k, chosen = 0, equal_shares(plain, by_cost, start)
    supported = [p for p in range(len(plain.costs)) if plain.votes(p)]
    while True:
        rest = [p for p in supported if p not in chosen]
        left = plain.budget - plain.cost(chosen)
        if not rest or (exhaustive and all(plain.costs[p] > left for p in rest)):
            return chosen, k
        grown = equal_shares(plain, by_cost, start + (k + 1) * step)
        if plain.cost(grown) > plain.budget:
            return chosen, k
        k, chosen = k + 1, grown


def phragmen(plain: Plain) -> list[int]:
    loads, chosen = [Fraction(0)] * len(plain.ballots), []
    while True:
        times = []
        for p, cost in enumerate(plain.costs):
            mine = [loads[i] for i, ballot in enumerate(plain.ballots) if p in ballot]
            if mine and p not in chosen:
                times.append(((cost + sum(mine)) / len(mine), p))
        if not times:
            return chosen
        first = min(times)[0]
        if any(t == first and plain.cost(chosen) + plain.costs[p] > plain.budget for t, p in times):
            return chosen
        best = min(times)[1]
        chosen.append(best)
        for i, ballot in enumerate(plain.ballots):
            if best in ballot:
                loads[i] = first


def best_total(plain: Plain, worth: list[int]) -> int:
    projects = range(len(plain.costs))
    sets = (chosen for size in range(len(plain.costs) + 1) for chosen in combinations(projects, size))
    return max(sum(worth[p] for p in chosen) for chosen in sets if plain.cost(list(chosen)) <= plain.budget)
