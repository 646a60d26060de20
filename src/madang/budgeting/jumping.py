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

from madang.budgeting.elections import Array, Election, Support, Supporters
from madang.budgeting.shares import Paid, Purse

ONE = 1 << 30


@dataclass
class Jump:
    """What stays the same for all proofs of one count."""

    election: Election
    support: Support
    utility: str
    place: Sequence[int]
    barred: frozenset[int] = frozenset()
    # What was bought at the share that was looked at last, so that it is worked out once.
    known: dict[Fraction, list[Paid]] = field(default_factory=dict)

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
        self.bought: list[_Look] = []
        # A slope above this is taken for endless, so that no sum of slopes leaves 64 bits.
        self.steepest = (1 << 60) // (max(1, jump.election.voters) * jump.support.most)

    def look(self, project: int, low: Fraction | None, high: Fraction) -> "_Look":
        """What the supporters of a project hold now at both ends, and its prices there."""
        one, two, voters = self.low.purse, self.high.purse, self.jump.support.projects[project].voters
        return _Look(
            project, low, high, one.held.take(voters), two.held.take(voters), two.spent.take(voters), two.error
        )

    def ends(self, look: "_Look") -> "_Ends":
        """Who surely pays in full already at the low end, and who surely pays all they have even at the high end."""
        found = self.jump.support.projects[look.project]
        values = 1 if found.values is None else found.values
        poor = (look.held_high < floor(look.high * (1 << self.high.purse.bits)) * values - look.error) | look.spent_high
        if look.low is None:
            rich = np.zeros(len(poor), dtype=bool)
        else:
            rich = (look.held_low >= ceil(look.low * (1 << self.low.purse.bits)) * values) & ~poor
        sure, may = _weight(found, rich), _weight(found, ~poor)
        falls = int((self.slowest.take(found.voters) * poor).sum()) // may if may else 0
        others = self.fastest.take(found.voters) * ~rich
        known = sure and int(others.max(initial=0)) < self.steepest
        most = -(-int(others.sum()) // sure) if known else self.steepest
        return _Ends(rich, poor, min(falls, self.steepest), most if most < self.steepest else None)

    def affordable_from(self, project: int) -> Fraction | None:
        """About how far from the low end a project's supporters can pay it; it only says where to try next."""
        voters, cost = self.jump.support.projects[project].voters, self.jump.election.costs[project]
        low, high = (Fraction(int(end.purse.held[voters].sum()), 1 << end.purse.bits) for end in (self.low, self.high))
        return self.length * (cost - low) / (high - low) if low < cost <= high else None

    def catch_up(self) -> None:
        """Bound how fast money grows after the purchases so far; only where a rival comes near this is needed."""
        for look in self.bought:
            found, ends = self.jump.support.projects[look.project], self.ends(look)
            values = 1 if found.values is None else found.values
            most = self.steepest if ends.fastest is None else ends.fastest
            slow = (self.slowest.take(found.voters) + ends.slowest * values) * ends.rich
            fast = (self.fastest.take(found.voters) + most * values) * ~ends.poor
            self.slowest[found.voters] = np.minimum(slow, self.steepest)
            self.fastest[found.voters] = np.minimum(fast, self.steepest)
        self.bought.clear()


@dataclass(frozen=True)
class _Look:
    """The prices of a project at both ends, and what its supporters hold there at that moment."""

    project: int
    low: Fraction | None
    high: Fraction
    held_low: Array
    held_high: Array
    spent_high: NDArray[np.bool_]
    error: int


@dataclass(frozen=True)
class _Ends:
    """`slowest` and `fastest` bound how fast the price falls; None where it may fall endlessly fast."""

    rich: NDArray[np.bool_]
    poor: NDArray[np.bool_]
    slowest: int
    fastest: int | None


def holds(jump: Jump, order: Sequence[int], low: Fraction, high: Fraction) -> Proof:
    """Whether every share from `low` to `high` gives the order of purchases that `low` gives."""
    stretch, known, reached = _Stretch(jump, low, high), jump.known.get(low, []), list[Paid]()
    one, two = stretch.low, stretch.high
    jump.known.clear()
    jump.known[low] = known
    for number, project in enumerate(order):
        price_low = known[number].price if number < len(known) else one.price(project)
        price_high = two.price(project)
        if price_low is None or price_high is None:
            return Proof(False, stretch.affordable_from(project))
        stretch.rivals.discard(project)
        proof = _stays_ahead(stretch, project, price_low, price_high)
        if not proof.holds:
            return proof
        stretch.bought.append(stretch.look(project, price_low, price_high))
        if number < len(known):
            one.purse.take(known[number])
        else:
            known.append(one.purse.pay(project, price_low))
        reached.append(two.purse.pay(project, price_high))
    for rival in sorted(stretch.rivals):
        if two.purse.bounds(rival, two.least[rival]) is not None:
            return Proof(False, stretch.affordable_from(rival))
    jump.known[high] = reached
    return Proof(True)


def _stays_ahead(stretch: _Stretch, project: int, low: Fraction, high: Fraction) -> Proof:
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
        proof = _stays_behind(stretch, rival, project, low, high)
        if not proof.holds:
            return proof
    return Proof(True)


def _stays_behind(stretch: _Stretch, rival: int, project: int, low: Fraction, high: Fraction) -> Proof:
    worth, place = stretch.jump.worth, stretch.jump.place
    rival_low, rival_high = stretch.low.price(rival), stretch.high.price(rival)
    if rival_high is None:
        return Proof(True)
    wins_tie = place[project] < place[rival]
    at_high = rival_high / worth(rival) - high / worth(project)
    at_low = None if rival_low is None else rival_low / worth(rival) - low / worth(project)
    if at_high < 0 or (at_high == 0 and not wins_tie):
        if at_low is None:
            return Proof(False, stretch.affordable_from(rival))
        return Proof(False, stretch.length * at_low / (at_low - at_high) if at_low > 0 else None)
    stretch.catch_up()
    ends, theirs = (stretch.ends(stretch.look(*one)) for one in ((project, low, high), (rival, rival_low, rival_high)))
    if ends.fastest is None:
        return Proof(False)
    rise = Fraction(ends.fastest, ONE * worth(project)) - Fraction(theirs.slowest, ONE * worth(rival))
    if rise <= 0 or at_high - rise * stretch.length > 0:
        return Proof(True)
    if at_low is None:
        return Proof(False, stretch.affordable_from(rival))
    if theirs.fastest is None:
        return Proof(False)
    fall = Fraction(ends.slowest, ONE * worth(project)) - Fraction(theirs.fastest, ONE * worth(rival))
    if fall >= 0:
        return Proof(at_low > 0 or (at_low == 0 and wins_tie))
    lowest = (rise * at_low - fall * at_high + rise * fall * stretch.length) / (rise - fall)
    return Proof(lowest > 0)


def _weight(found: Supporters, which: NDArray[np.bool_]) -> int:
    return int(np.count_nonzero(which)) if found.values is None else int(found.values @ which)
