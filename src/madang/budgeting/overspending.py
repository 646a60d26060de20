"""Equal Shares with bounded overspending, exact (Papasotiropoulos and others 2024, BOS Equal Shares).

Every voter holds the same share. A project that fits into the money left may be bought although its supporters cannot
pay all of it: at a *level* q each supporter gives `min(money left, q * value)`, which covers the part a of the cost, at
most all of it. Then each is charged as if all had to be covered, the *price* q / a, or what they have. Bought is the
project, at the level, where q / a^2 per utility is least; levels between those at which a supporter's money ends are
never better. It ends when nothing fits whose supporters have money.

A price above its level is rounded up to a millionth of the smallest unit: without that the fractions would double in
length with each purchase. All comparisons are exact. Floats put aside what is far away.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil

import numpy as np

from madang.budgeting.elections import Election, Support
from madang.budgeting.outcomes import Outcome, Tie, Turn
from madang.budgeting.shares import Purse

GRAIN = 10**6
NEAR = 1e-9
Offer = tuple[Fraction, int, int, Fraction, Fraction]


def overspending(
    election: Election,
    support: Support,
    utility: str,
    place: Sequence[int],
    share: Fraction,
    barred: frozenset[int] = frozenset(),
) -> Outcome:
    """Run the rule with one share for every voter; `place` is the static order of ties, `barred` may not win."""
    purse = Purse(election, support, share)
    worth = [cost if utility == "cost" else 1 for cost in election.costs]
    alive = [p for p, found in enumerate(support.projects) if len(found.voters) and p not in barred]
    order, turns, ties, left = list[int](), list[Turn](), list[Tie](), election.budget
    while offers := _offers(purse, worth, [p for p in alive if election.costs[p] <= left], place):
        best = min(offers)
        _, _, project, level, price = best
        equal = sorted({p for rate, _, p, _, _ in offers if rate == best[0]}, key=lambda p: place[p])
        if len(equal) > 1:
            ties.append(Tie(len(order) + 1, tuple(equal), project))
        turns.append(Turn(project, "funded", left, price=price, level=level))
        purse.pay(project, price)
        order.append(project)
        alive.remove(project)
        left -= election.costs[project]
    return Outcome(order, turns, ties, share=share, rounds=len(order))


def charged(level: Fraction, given: Fraction, cost: int) -> Fraction:
    """The price at a level where supporters give so much of the cost."""
    return level if given >= cost else Fraction(ceil(level * cost * GRAIN / given), GRAIN)


def _offers(purse: Purse, worth: Sequence[int], fitting: Sequence[int], place: Sequence[int]) -> list[Offer]:
    """The best offers, exactly: rate, place, project, level, price; every one that might be the best is among them."""
    rough = {p: rates for p in fitting if (rates := _rates(purse, p, worth[p])) is not None}
    full = {p: bounds for p in rough if (bounds := purse.bounds(p, 0)) is not None}
    if not rough:
        return []
    highs = [float(high.min()) for _, _, high in rough.values()]
    highs += [high / worth[p] for p, (_, high) in full.items() if high is not None]
    highest = min(highs) * (1 + NEAR)
    found: list[Offer] = []
    for project, (places, low, _) in rough.items():
        levels = _levels(purse, project, places[low <= highest])
        if project in full and full[project][0] / worth[project] <= highest:
            price = purse.price(project, *full[project])
            levels = {level for level in levels if level < price} | {price}
        cost = purse.election.costs[project]
        for level in levels:
            given = min(_given(purse, project, level), Fraction(cost))
            rate = level * cost * cost / (given * given * worth[project])
            found.append((rate, place[project], project, level, charged(level, given, cost)))
    return found


def _levels(purse: Purse, project: int, places: np.ndarray) -> set[Fraction]:
    """The levels at which the money of some supporters ends; the last purchase may have left them exactly nothing."""
    voters, values = purse.supporters[project].voters, purse.supporters[project].values
    money = ((at, purse.truth(int(voters[at]))) for at in places.tolist())
    return {left / (1 if values is None else int(values[at])) for at, left in money if left}


def _rates(purse: Purse, project: int, worth: int) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """The supporters who have money, with bounds of the rate at the level at which the money of each ends."""
    found, cost = purse.supporters[project], float(purse.election.costs[project] << purse.bits)
    places = np.flatnonzero(~purse.spent.take(found.voters))
    if not len(places):
        return None
    values = np.ones(len(places)) if found.values is None else found.values[places].astype(float)
    held = purse.held.take(found.voters[places]).astype(float)
    order = np.argsort(held / values, kind="stable")
    places, values, held = places[order], values[order], held[order]
    level, error = held / values, float(purse.error)
    rest = values.sum() - np.cumsum(values)
    given = np.cumsum(held) + level * rest
    with np.errstate(divide="ignore"):
        low = level / np.minimum(1, (given + error * values.sum()) / cost) ** 2 / worth
        high = (level + error) / np.minimum(1, given / cost) ** 2 / worth
    return places, low * (1 - NEAR), high * (1 + NEAR)


def _given(purse: Purse, project: int, level: Fraction) -> Fraction:
    """What supporters give at a level, exactly."""
    found = purse.supporters[project]
    values = np.ones(len(found.voters), dtype=np.int64) if found.values is None else found.values
    held, spent = purse.held.take(found.voters), purse.spent.take(found.voters)
    edge = int(level * (1 << purse.bits))
    poor = (held + purse.error <= edge * values) & ~spent
    rich = held > (edge + 1) * values
    total = purse.sum_of(found.voters[poor]) + level * int(values @ rich)
    for at in np.flatnonzero(~(poor | rich | spent)).tolist():
        total += min(purse.truth(int(found.voters[at])), level * int(values[at]))
    return total
