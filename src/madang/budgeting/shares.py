"""The Method of Equal Shares, exact.

Every voter holds the same share. A project is affordable if its supporters' money together covers its cost; then its
*price* q is the least amount such that each supporter pays `min(money left, q * value)` and the sum is the cost.
Bought is the affordable project with the least `q / mu`, where mu is the cost (utility `cost`) or 1.

Money is kept in whole multiples of 2^-s beside the truth: `held <= truth * 2^s <= held + error`, and a voter who
has paid everything is `spent` and truly has 0. Bounds from these integers settle nearly every comparison; where they
do not, the prices are worked out as fractions. No float takes part in any decision.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, lcm

import numpy as np
from numpy.typing import NDArray

from madang.budgeting.elections import Array, Election, Support, Supporters
from madang.budgeting.outcomes import Outcome, Tie, Turn

MOST = 1 << 60


@dataclass(frozen=True)
class Paid:
    """A purchase, and what its supporters hold after it; so it can be taken over without being worked out again."""

    project: int
    price: Fraction
    held: Array
    spent: NDArray[np.bool_]


class Purse:
    """What the voters hold in the course of one run."""

    def __init__(self, election: Election, support: Support, share: Fraction):
        self.election, self.supporters, self.share = election, support.projects, share
        self.weights, self.most = support.weights, support.most
        total = (floor(share * max(1, election.voters)) + 1) * self.most
        if total >= MOST:
            raise ValueError(f"the budget times the points is {total}; amounts below 2^60 can be counted exactly.")
        self.bits = 61 - total.bit_length()
        self.held = np.full(election.voters, floor(share * (1 << self.bits)), dtype=np.int64)
        self.spent = np.zeros(election.voters, dtype=bool)
        self.error = 1
        # The prices paid as whole numbers over one common denominator, so that they are added without fractions.
        self.common = share.denominator
        self.prices: dict[int, int] = {}
        self._unsettled: list[Paid] = []
        self._truths: dict[bytes, Fraction] = {}

    def truth(self, voter: int) -> Fraction:
        """What a voter holds, exactly."""
        if self.spent[voter]:
            return Fraction(0)
        self._settle()
        begin, end = self.election.starts[voter], self.election.starts[voter + 1]
        picks = self.election.picks[begin:end]
        weights = None if self.weights is None else self.weights[begin:end]
        key = picks.tobytes() + (b"" if weights is None else weights.tobytes())
        if key not in self._truths:
            paid = 0
            for place, project in enumerate(picks.tolist()):
                paid += self.prices.get(project, 0) * (1 if weights is None else int(weights[place]))
            self._truths[key] = self.share - Fraction(paid, self.common)
        return self._truths[key]

    def sum_of(self, voters: NDArray[np.int64]) -> Fraction:
        """What voters who are not spent hold together: the shares less what they paid in full for each project."""
        if not len(voters):
            return Fraction(0)
        self._settle()
        at = self.election.on_ballots_of(voters)[0]
        picks = self.election.picks[at]
        if self.weights is None:
            counts = np.bincount(picks, minlength=len(self.election.ids))
        else:
            counts = np.zeros(len(self.election.ids), dtype=np.int64)
            np.add.at(counts, picks, self.weights[at])
        times = counts.tolist()
        paid = sum(price * times[p] for p, price in self.prices.items())
        return self.share * len(voters) - Fraction(paid, self.common)

    def bounds(self, project: int, least: int) -> tuple[int, int | None] | None:
        """Bounds of a project's price in units of 2^-s, from the lower bound known before; None if unaffordable.

        The upper bound is None where the integers cannot tell whether the money is enough.
        """
        found, cost = self.supporters[project], self.election.costs[project] << self.bits
        held, values = self.held.take(found.voters), found.values
        total = int(held.sum())
        if total < cost:
            loose = len(held) - int(np.count_nonzero(self.spent.take(found.voters)))
            if total + self.error * loose < cost or not self._covers(project):
                return None
            return least, None
        price, weight = least, found.weight
        while True:
            limit = price if values is None else price * values
            poor = held < limit
            rich = weight - (int(np.count_nonzero(poor)) if values is None else int(values @ poor))
            paid = int(np.minimum(held, limit).sum()) - price * rich
            if rich == 0:
                return least, price
            higher = -((paid - cost) // rich)
            if higher <= price:
                lower = (cost - paid - self.error * int(np.count_nonzero(poor))) // rich
                return max(least, lower), price
            price = higher

    def _covers(self, project: int) -> bool:
        voters = self.supporters[project].voters
        return self.sum_of(voters[~self.spent[voters]]) >= self.election.costs[project]

    def price(self, project: int, low: int, high: int | None) -> Fraction:
        """The exact price of an affordable project whose bounds are known."""
        found = self.supporters[project]
        held, spent = self.held.take(found.voters), self.spent.take(found.voters)
        values = found.values if found.values is not None else 1
        poor = (held < low * values - self.error) | spent
        rich = (held >= high * values) & ~poor if high is not None else np.zeros(len(held), dtype=bool)
        paid = self.sum_of(found.voters[poor & ~spent])
        weight = int(np.count_nonzero(rich)) if found.values is None else int(found.values @ rich)
        unsure = self._unsure(found, ~(poor | rich))
        weight += sum(value for _, value, _ in unsure)
        cost = self.election.costs[project]
        for limit, value, money in unsure:
            if (cost - paid) <= limit * weight:
                break
            weight, paid = weight - value, paid + money
        return (cost - paid) / weight

    def _unsure(self, found: Supporters, which: NDArray[np.bool_]) -> list[tuple[Fraction, int, Fraction]]:
        """The price up to which each of these voters pays in full, the value, and the money; least first."""
        places = np.flatnonzero(which)
        rows = []
        for place in places.tolist():
            value = 1 if found.values is None else int(found.values[place])
            money = self.truth(int(found.voters[place]))
            rows.append((money / value, value, money))
        return sorted(rows)

    def pay(self, project: int, price: Fraction) -> Paid:
        """Take the price from every supporter."""
        found = self.supporters[project]
        scaled = price * (1 << self.bits)
        low, high = floor(scaled), ceil(scaled)
        held, spent = self.held.take(found.voters), self.spent.take(found.voters)
        values = 1 if found.values is None else found.values
        left = held - high * values
        rich = left >= 0
        poor = (held < low * values - self.error + 1) | spent
        unsure = ~(rich | poor)
        if unsure.any():
            for place in np.flatnonzero(unsure).tolist():
                value = 1 if found.values is None else int(found.values[place])
                full = self.truth(int(found.voters[place])) > price * value
                rich[place], poor[place] = full, not full
        paid = Paid(project, price, np.maximum(left, 0) * ~poor, poor)
        self.take(paid)
        return paid

    def take(self, paid: Paid) -> None:
        """Take over a purchase at this share that was worked out before."""
        voters = self.supporters[paid.project].voters
        self.held[voters], self.spent[voters] = paid.held, paid.spent
        self.error += self.most
        self._unsettled.append(paid)
        self._truths.clear()

    def _settle(self) -> None:
        """Bring the prices of the last purchases over one common denominator with those before."""
        if not self._unsettled:
            return
        common = lcm(self.common, *(paid.price.denominator for paid in self._unsettled))
        if common != self.common:
            self.prices = {p: price * (common // self.common) for p, price in self.prices.items()}
            self.common = common
        for paid in self._unsettled:
            self.prices[paid.project] = paid.price.numerator * (common // paid.price.denominator)
        self._unsettled.clear()


def equal_shares(
    election: Election,
    support: Support,
    utility: str,
    place: Sequence[int],
    share: Fraction,
    barred: frozenset[int] = frozenset(),
) -> Outcome:
    """Run the method with one share for every voter; `place` is the static order of ties, `barred` may not win."""
    purse = Purse(election, support, share)
    mu = [cost if utility == "cost" else 1 for cost in election.costs]
    least = {p: 0 for p, found in enumerate(support.projects) if len(found.voters) and p not in barred}
    order: list[int] = []
    turns, ties, left = [], [], election.budget
    while chosen := cheapest(purse, mu, least, place):
        project, price, equal = chosen
        if len(equal) > 1:
            ties.append(Tie(len(order) + 1, tuple(sorted(equal, key=lambda p: place[p])), project))
        turns.append(Turn(project, "funded", left, price=price))
        purse.pay(project, price)
        order.append(project)
        left -= election.costs[project]
        del least[project]
    return Outcome(order, turns, ties, share=share, rounds=len(order))


def cheapest(
    purse: Purse, mu: Sequence[int], least: dict[int, int], place: Sequence[int]
) -> tuple[int, Fraction, list[int]] | None:
    """The affordable project with the least price per utility, its exact price, and all that are equal to it.

    A price never falls from round to round, so a project whose old lower bound is above the best is not looked at.
    """
    best: tuple[int, int] | None = None
    seen: dict[int, int | None] = {}
    # The float only sets the order of the visits; whether one is needed is decided by the integers.
    for project in sorted(least, key=lambda p: least[p] / mu[p]):
        if best is not None and least[project] * best[1] > best[0] * mu[project]:
            continue
        found = purse.bounds(project, least[project])
        if found is None:
            del least[project]
            continue
        least[project], high = found
        seen[project] = high
        if high is not None and (best is None or high * best[1] < best[0] * mu[project]):
            best = (high, mu[project])
    near = [p for p in seen if best is None or least[p] * best[1] <= best[0] * mu[p]]
    if not near:
        return None
    prices = {p: purse.price(p, least[p], seen[p]) for p in near}
    lowest = min(prices[p] / mu[p] for p in near)
    equal = [p for p in near if prices[p] / mu[p] == lowest]
    chosen = min(equal, key=lambda p: place[p])
    return chosen, prices[chosen], equal
