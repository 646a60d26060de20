"""A rehearsal of the draw: many draws with synthetic seeds, and how often each chance came true.

Nothing of it is a draw: each seed says that it belongs to a rehearsal. The numbers are drawn as in the draw itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import erfc, sqrt

import numpy as np

from madang.sortition.recording import Frozen, below, mixed_seed


@dataclass(frozen=True)
class RehearsedRow:
    """A quota with its bounds, and the fewest and most people of it on any panel that was drawn."""

    name: str
    low: int
    high: int
    fewest: int
    most: int


@dataclass(frozen=True)
class RehearsedLevel:
    """Everybody of one chance: what was stated, what their tickets make of it, and how often they were drawn."""

    stated: Fraction
    realised: Fraction
    observed: float
    people: int


@dataclass(frozen=True)
class Rehearsal:
    """What came of many draws. `by_chance` is how often pure chance differs as much as the numbers drawn did."""

    draws: int
    different: int
    rows: Sequence[RehearsedRow]
    levels: Sequence[RehearsedLevel]
    by_chance: float

    @property
    def kept(self) -> bool:
        """Whether every panel kept every quota."""
        return all(row.low <= row.fewest and row.most <= row.high for row in self.rows)


def rehearse(frozen: Frozen, draws: int, seed: str = "rehearsal") -> Rehearsal:
    """Draw that often from what would be published."""
    published = frozen.published
    tickets = int(published["tickets"])
    numbers = [below(mixed_seed(frozen.hash, "", f"{seed} {place}"), tickets) for place in range(draws)]
    drawn = np.bincount(numbers, minlength=tickets)
    types = np.array(published["types"], dtype=np.int64)
    sizes = np.array([len(names) for names in published["pool"]], dtype=np.int64)
    panels = np.zeros((tickets, len(sizes)), dtype=np.int64)
    for ticket, panel in enumerate(published["panels"]):
        np.add.at(panels[ticket], panel, 1)
    return Rehearsal(
        draws=draws,
        different=int((drawn > 0).sum()),
        rows=_rows(published["rows"], types, panels[drawn > 0]),
        levels=[_level(level, panels, sizes, drawn) for level in published["levels"]],
        by_chance=_by_chance(float(((drawn - draws / tickets) ** 2).sum() * tickets / draws), tickets - 1),
    )


def _rows(rows: Sequence[Sequence[object]], types: np.ndarray, panels: np.ndarray) -> list[RehearsedRow]:
    found = []
    for place, (name, low, high) in enumerate(rows):
        people = panels[:, (types == place).any(axis=1)].sum(axis=1)
        found.append(RehearsedRow(str(name), int(str(low)), int(str(high)), int(people.min()), int(people.max())))
    return found


def _level(level: dict[str, object], panels: np.ndarray, sizes: np.ndarray, drawn: np.ndarray) -> RehearsedLevel:
    own = np.array(level["types"], dtype=np.int64)
    people, seats = int(sizes[own].sum()), panels[:, own].sum(axis=1)
    return RehearsedLevel(
        stated=Fraction(str(level["probability"])),
        realised=Fraction(int(seats.sum()), people * len(panels)),
        observed=float(seats @ drawn) / (people * int(drawn.sum())),
        people=people,
    )


def _by_chance(statistic: float, degrees: int) -> float:
    """The chance of a chi-square at least so large (Wilson and Hilferty's approximation)."""
    if degrees == 0:
        return 1.0
    spread = 2 / (9 * degrees)
    return 0.5 * erfc(((statistic / degrees) ** (1 / 3) - 1 + spread) / sqrt(2 * spread))
