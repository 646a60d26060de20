"""The objectives by name."""

from dataclasses import replace
from fractions import Fraction

from madang.sortition.leximin import Ideal, Progress, leximin, maximin
from madang.sortition.nash import nash
from madang.sortition.pool import Types
from madang.sortition.sentences import Infeasible

OBJECTIVES = ("leximin", "maximin", "nash", "goldilocks")
GRAIN = 1000


def ideal_of(types: Types, objective: str = "leximin", progress: Progress | None = None) -> Ideal:
    """The probabilities aimed at. Raises Infeasible if no lottery meets the quotas.

    Of the many lotteries that are MAXIMIN, the one that is LEXIMIN too is taken: chances at a corner of the polytope
    would favour some people for no reason, and only the first level needs a proof.
    """
    if objective == "nash":
        return nash(types)
    if objective == "goldilocks":
        return goldilocks(types)
    return replace(leximin(types, progress=progress), objective=objective)


def goldilocks(types: Types) -> Ideal:
    """Neither too high nor too low: LEXIMIN under the cap c that makes c n/k + (k/n) / z(c) smallest.

    Baharav and Flanigan, Fair, manipulation-robust and transparent sortition (EC 2024), minimise
    max(p) n/k + (k/n) / min(p). z(c), the best smallest probability under a cap, is concave, so the sum is convex
    in c: the cap is found by trisection, to a thousandth. LEXIMIN then decides what cap and minimum leave open.
    """
    share = Fraction(types.seats, types.people)

    def cost(step: int) -> Fraction:
        try:
            least = maximin(types, cap=Fraction(step, GRAIN)).levels[0].probability
        except Infeasible:
            return Fraction(10**9 + GRAIN - step)
        return Fraction(step, GRAIN) / share + (share / least if least else 10**6)

    low, high = 1, GRAIN
    while high - low > 2:
        first, second = low + (high - low) // 3, high - (high - low) // 3
        if cost(first) <= cost(second):
            high = second
        else:
            low = first
    best = min(range(low, high + 1), key=cost)
    found = leximin(types, cap=Fraction(best, GRAIN))
    return Ideal("leximin", found.levels, found.probabilities, found.cap)
