"""An election as numbers: projects with exact costs, ballots as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.int64]


@dataclass(frozen=True)
class Supporters:
    """Who supports a project, in the order of the ballots; `values` is None where every support counts 1."""

    voters: Array
    values: Array | None

    @property
    def weight(self) -> int:
        """The sum of the values, that is the votes or the points."""
        return len(self.voters) if self.values is None else int(self.values.sum())


@dataclass(frozen=True)
class Support:
    """What every ballot gives to every project: `weights` beside the picks (None: 1 each), and sorted by project."""

    weights: Array | None
    projects: tuple[Supporters, ...]

    @property
    def most(self) -> int:
        """The largest weight that a ballot gives."""
        return 1 if self.weights is None else max(1, int(self.weights.max(initial=1)))


@dataclass(frozen=True)
class Election:
    """Money is counted in the smallest unit of the file: an amount is `units / unit`, `unit` mostly 1.

    Ballot `i` names the projects `picks[starts[i]:starts[i + 1]]` (numbers of projects from 0), best
    first if ranked; `points` stand beside the picks, or are None where a ballot only approves. Points are counted in
    steps of 1 / `point_unit`.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    costs: tuple[int, ...]
    budget: int
    starts: Array
    picks: NDArray[np.integer]
    points: Array | None = None
    mentions: Array | None = None
    unit: int = 1
    point_unit: int = 1
    categories: tuple[tuple[str, ...], ...] = ()
    districts: tuple[str, ...] = ()
    currency: str = ""
    totals: tuple[Fraction, ...] | None = None

    @property
    def voters(self) -> int:
        """How many ballots there are, the empty ones too."""
        return len(self.starts) - 1

    @cached_property
    def lengths(self) -> Array:
        """How many projects each ballot names."""
        return np.diff(self.starts)

    def on_ballots_of(self, voters: Array) -> tuple[Array, Array]:
        """The places in `picks` of everything on some ballots, ballot after ballot, and how many each has."""
        lengths = self.lengths[voters]
        tails = np.cumsum(lengths)
        total = int(tails[-1]) if len(tails) else 0
        return np.arange(total) + np.repeat(self.starts[voters] - (tails - lengths), lengths), lengths

    @cached_property
    def approvals(self) -> Support:
        """Support that counts 1, or as often as the ballot names the project; no points mean no support."""
        weights = self.mentions
        if self.points is not None and len(self.points) and self.points.min() <= 0:
            weights = (self.points > 0) * (1 if weights is None else weights)
        return self._sorted(weights)

    @cached_property
    def support(self) -> Support:
        """Support that counts by its points; the same as `approvals` where ballots only approve."""
        return self.approvals if self.points is None else self._sorted(np.maximum(self.points, 0))

    def _sorted(self, weights: Array | None) -> Support:
        order = self._order
        ends = np.cumsum(np.bincount(self.picks, minlength=len(self.ids)))[: len(self.ids)]
        values = None if weights is None else weights[order]
        found = []
        for begin, end in pairwise([0, *ends.tolist()]):
            voters, given = self._owners[begin:end], None if values is None else values[begin:end]
            if given is not None and len(given) and given.min() == 0:
                voters, given = voters[given > 0], given[given > 0]
            found.append(Supporters(voters, given))
        return Support(weights, tuple(found))

    @cached_property
    def _order(self) -> Array:
        return np.argsort(self.picks, kind="stable")

    @cached_property
    def _owners(self) -> Array:
        return np.repeat(np.arange(self.voters), self.lengths)[self._order]

    @cached_property
    def votes(self) -> tuple[int | Fraction, ...]:
        """How many votes each project has; from `totals` where they were counted elsewhere."""
        if self.totals is not None:
            return tuple(total.numerator if total.denominator == 1 else total for total in self.totals)
        return tuple(found.weight for found in self.approvals.projects)

    @cached_property
    def scores(self) -> tuple[Fraction, ...]:
        """The points of each project, those below zero too, or its votes where ballots only approve."""
        if self.points is None:
            return tuple(Fraction(votes) for votes in self.votes)
        totals = np.zeros(len(self.ids), dtype=np.int64)
        np.add.at(totals, self.picks, self.points)
        return tuple(Fraction(total, self.point_unit) for total in totals.tolist())

    def money(self, units: int | Fraction) -> str:
        """An amount as exact text: a whole number, a decimal, or a fraction such as `100/3`."""
        return exact(Fraction(units) / self.unit)


def exact(amount: Fraction | int) -> str:
    """A number as text: digits, a decimal if it has one, or numerator and denominator."""
    value = Fraction(amount)
    if value.denominator == 1:
        return str(value.numerator)
    left, twos, fives = value.denominator, 0, 0
    while left % 2 == 0:
        left, twos = left // 2, twos + 1
    while left % 5 == 0:
        left, fives = left // 5, fives + 1
    if left != 1 or max(twos, fives) > 12:
        return f"{value.numerator}/{value.denominator}"
    places = max(twos, fives)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def election_of(
    *, ids: Sequence[str], costs: Sequence[int], budget: int, ballots: Sequence[Sequence[int]], **more: object
) -> Election:
    """An election from plain lists; the ballots name projects by their place in `ids`."""
    starts = np.zeros(len(ballots) + 1, dtype=np.int64)
    np.cumsum([len(ballot) for ballot in ballots], out=starts[1:])
    picks = np.array([project for ballot in ballots for project in ballot], dtype=np.uint16)
    values = {"names": tuple(ids), **more}
    return Election(ids=tuple(ids), costs=tuple(costs), budget=budget, starts=starts, picks=picks, **values)  # type: ignore[arg-type]
