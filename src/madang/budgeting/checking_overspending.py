"""The independent check of bounded overspending: every purchase at its level and price, and no better one beside it."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

GRAIN = 10**6


def overspent(
    costs: Mapping[str, int], budget: int, voters: int, given: Mapping[str, Sequence[tuple[int, int]]], utility: str,
    proof: Mapping[str, Any], bought: Sequence[tuple[str, Fraction]], place: Mapping[str, int],
) -> Iterator[str]:  # fmt: skip
    """What is wrong with the purchases of a certificate; nothing of the rule is run. Money is counted in 1 / unit."""
    share, levels = Fraction(proof["share"]), [Fraction(level) for level in proof["levels"]]
    unit = lcm(share.denominator, *(one.denominator for one in levels), *(price.denominator for _, price in bought))
    money, left = [int(share * unit)] * voters, budget
    alive = [name for name in costs if given[name] and name not in proof.get("barred", ())]
    worth = costs if utility == "cost" else dict.fromkeys(costs, 1)
    if len(levels) != len(bought):
        yield "The certificate names another number of levels than of purchases."
        return
    for turn, ((name, price), stated) in enumerate(zip(bought, levels, strict=True), 1):
        level, cost = int(stated * unit), costs[name] * unit
        covered = min(sum(min(money[voter], level * value) for voter, value in given[name]), cost)
        if covered <= 0 or costs[name] > left:
            yield f"In round {turn} project {name} does not fit, or nobody gives anything for it."
            return
        charge = stated * cost / covered
        if price != (stated if covered == cost else -(-charge * GRAIN // 1) / Fraction(GRAIN)):
            yield f"In round {turn} the price of {name} is not the one of its level."
        for rival in (one for one in alive if costs[one] <= left):
            rate = Fraction(level * cost**2 * worth[rival], covered**2 * worth[name])
            held = [(money[voter], value) for voter, value in given[rival] if money[voter]]
            if _better(costs[rival] * unit, held, rate, ties=place[rival] < place[name]):
                yield f"In round {turn} project {rival} was the better offer than {name}."
        for voter, value in given[name]:
            money[voter] -= min(money[voter], int(price * unit) * value)
        left -= costs[name]
        alive.remove(name)
    for name in alive:
        if costs[name] <= left and any(money[voter] for voter, _ in given[name]):
            yield f"At the end project {name} fits, and its supporters have money."


def _better(cost: int, held: list[tuple[int, int]], rate: Fraction, *, ties: bool) -> bool:
    """Whether some level, over the square of the part covered, is below a rate (or equal to it, if ties are won).

    It need only be looked at where somebody's money ends, and where the cost is covered.
    """
    held.sort(key=None if all(value == 1 for _, value in held) else lambda one: Fraction(*one))
    poor, rest, before = 0, sum(value for _, value in held), (0, 1)
    num, den, square = rate.numerator, rate.denominator, cost * cost
    for money, value in held:
        covered = poor * value + money * rest
        if covered >= cost * value:
            return (cost - poor) * den < num * rest + ties
        if (money, value) != before and money * value * square * den < num * covered * covered + ties:
            return True
        poor, rest, before = poor + money, rest - value, (money, value)
    return False
