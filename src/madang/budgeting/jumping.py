"""Proving that Equal Shares chooses the same projects for every share between two shares.

For a fixed order of purchases what a voter holds never falls when the share grows, prices never rise, and the sets of
voters who pay all they have shrink. All are piecewise linear in the share, and their slopes can be bounded from both
ends. So in each round a rival stays behind the purchase on the whole stretch if

* its price at the upper end is above the purchase's price at the lower end, or
* the difference of both, known at the ends, cannot come down to 0 between them with slopes in the bounds.

Slopes are integers in units of 2^-30, rounded outwards; differences are fractions. Nothing is estimated.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from madang.budgeting.elections import Election, Support, Supporters
from madang.budgeting.shares import Purse

ONE = 1 << 30
STEEPEST = 1 << 36


@dataclass
class Jump:
    """What stays the same for all proofs of one count."""

    election: Election
    support: Support
    utility: str
    place: Sequence[int]
    barred: frozenset[int] = frozenset()
    # Prices of the order at the share that was looked at last, so that they are worked out once.
    known: dict[Fraction, list[Fraction]] = field(default_factory=dict)

    def worth(self, project: int) -> int:
        return self.election.costs[project] if self.utility == "cost" else 1


@dataclass(frozen=True)
class Proof:
    """Whether the order holds on the stretch; if not, the distance at which a rival seems to overtake."""

    holds: bool
    crossing: Fraction | None = None


@dataclass
class _End:
    """One end of the stretch: the purse there, and the lower bounds of the prices."""

    purse: Purse
    least: dict[int, int]

    def price(self, project: int) -> Fraction | None:
        found = self.purse.bounds(project, self.least[project])
        if found is None:
            return None
        self.least[project] = found[0]
        return self.purse.price(project, *found)


class _Stretch:
    """Both ends side by side, with bounds of how fast each voter's money grows between them."""

    def __init__(self, jump: Jump, low: Fraction, high: Fraction):
        self.jump, self.length = jump, high - low
        supported = [p for p, found in enumerate(jump.support.projects) if len(found.voters) and p not in jump.barred]
        self.low = _End(Purse(jump.election, jump.support, low), dict.fromkeys(supported, 0))
        self.high = _End(Purse(jump.election, jump.support, high), dict.fromkeys(supported, 0))
        self.rivals = set(supported)
        self.slowest = np.full(jump.election.voters, ONE, dtype=np.int64)
        self.fastest = self.slowest.copy()

    def ends(self, found: Supporters, low: Fraction | None, high: Fraction) -> "_Ends":
        """Who surely pays in full already at the low end, and who surely pays all they have even at the high end."""
        values = 1 if found.values is None else found.values
        one, two = self.low.purse, self.high.purse
        if low is None:
            rich = np.zeros(len(found.voters), dtype=bool)
        else:
            rich = one.held[found.voters] >= ceil(low * (1 << one.bits)) * values
        edge = floor(high * (1 << two.bits)) * values
        poor = (two.held[found.voters] + two.error < edge) | two.spent[found.voters]
        rich &= ~poor
        sure, may = _weight(found, rich), _weight(found, ~poor)
        falls = int(self.slowest[found.voters[poor]].sum()) // may if may else 0
        most = -(-int(self.fastest[found.voters[~rich]].sum()) // sure) if sure else None
        return _Ends(rich, poor, falls, most)

    def pay(self, project: int, low: Fraction, high: Fraction, ends: "_Ends") -> bool:
        found = self.jump.support.projects[project]
        self.low.purse.pay(project, low)
        self.high.purse.pay(project, high)
        if ends.fastest is None or ends.fastest > STEEPEST:
            return False
        values = 1 if found.values is None else found.values
        slow = np.where(ends.rich, self.slowest[found.voters] + ends.slowest * values, 0)
        fast = np.where(ends.poor, 0, self.fastest[found.voters] + ends.fastest * values)
        self.slowest[found.voters], self.fastest[found.voters] = slow, fast
        return int(fast.max(initial=0)) < STEEPEST


@dataclass(frozen=True)
class _Ends:
    """`slowest` and `fastest` bound how fast the price falls."""

    rich: NDArray[np.bool_]
    poor: NDArray[np.bool_]
    slowest: int
    fastest: int | None


def holds(jump: Jump, order: Sequence[int], low: Fraction, high: Fraction) -> Proof:
    """Whether every share from `low` to `high` gives the order of purchases that `low` gives."""
    stretch, known, reached = _Stretch(jump, low, high), jump.known.get(low, []), list[Fraction]()
    jump.known.clear()
    jump.known[low] = known
    for number, project in enumerate(order):
        price_low = known[number] if number < len(known) else stretch.low.price(project)
        price_high = stretch.high.price(project)
        if price_low is None or price_high is None:
            return Proof(False)
        if number == len(known):
            known.append(price_low)
        reached.append(price_high)
        ends = stretch.ends(jump.support.projects[project], price_low, price_high)
        stretch.rivals.discard(project)
        proof = _stays_ahead(stretch, project, price_low, price_high, ends)
        if not proof.holds or not stretch.pay(project, price_low, price_high, ends):
            return proof if not proof.holds else Proof(False)
    high_end = stretch.high
    jump.known[high] = reached
    return Proof(all(high_end.purse.bounds(p, high_end.least[p]) is None for p in stretch.rivals))


def _stays_ahead(stretch: _Stretch, project: int, low: Fraction, high: Fraction, ends: _Ends) -> Proof:
    worth, least, shift = stretch.jump.worth, stretch.high.least, stretch.high.purse.bits
    # An upper bound of the purchase's price per worth at the low end, as an integer.
    edge = ceil(low * (1 << shift + 64) / worth(project))
    for rival in sorted(stretch.rivals):
        if least[rival] << 64 > edge * worth(rival):
            continue
        found = stretch.high.purse.bounds(rival, least[rival])
        if found is None:
            stretch.rivals.discard(rival)
            continue
        least[rival] = found[0]
        if least[rival] << 64 > edge * worth(rival):
            continue
        proof = _stays_behind(stretch, rival, project, low, high, ends)
        if not proof.holds:
            return proof
    return Proof(True)


def _stays_behind(stretch: _Stretch, rival: int, project: int, low: Fraction, high: Fraction, ends: _Ends) -> Proof:
    worth, place = stretch.jump.worth, stretch.jump.place
    rival_low, rival_high = stretch.low.price(rival), stretch.high.price(rival)
    if rival_high is None:
        return Proof(True)
    wins_tie = place[project] < place[rival]
    at_high = rival_high / worth(rival) - high / worth(project)
    at_low = None if rival_low is None else rival_low / worth(rival) - low / worth(project)
    if at_high < 0 or (at_high == 0 and not wins_tie):
        crossing = None if at_low is None or at_low <= 0 else stretch.length * at_low / (at_low - at_high)
        return Proof(False, crossing)
    theirs = stretch.ends(stretch.jump.support.projects[rival], rival_low, rival_high)
    if ends.fastest is None:
        return Proof(False)
    rise = Fraction(ends.fastest, ONE * worth(project)) - Fraction(theirs.slowest, ONE * worth(rival))
    if rise <= 0 or at_high - rise * stretch.length > 0:
        return Proof(True)
    if at_low is None or theirs.fastest is None:
        return Proof(False)
    fall = Fraction(ends.slowest, ONE * worth(project)) - Fraction(theirs.fastest, ONE * worth(rival))
    if fall >= 0:
        return Proof(at_low > 0 or (at_low == 0 and wins_tie))
    lowest = (rise * at_low - fall * at_high + rise * fall * stretch.length) / (rise - fall)
    return Proof(lowest > 0)


def _weight(found: Supporters, which: NDArray[np.bool_]) -> int:
    return int(np.count_nonzero(which)) if found.values is None else int(found.values[which].sum())
