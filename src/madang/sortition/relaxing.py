"""Whether a panel exists at all, and the smallest change of the quotas with which one does.

The integer program asks for whole numbers x per type with 0 <= x <= sizes and low_v - a_v <= (A x)_v <= high_v + b_v,
a and b as small as they can be in sum. Only quotas give way, and only within their flex bounds; seats, fixed
members and households do not. Of equally small changes the one that touches large quotas first is taken (weights
of sortition-algorithms, 1 + 2 / low).
"""

from dataclasses import dataclass

import highspy
import numpy as np

from madang.sortition.pool import Types
from madang.sortition.rounding import counts_solver
from madang.sortition.sentences import Infeasible

SCALE = 10_000
PATIENCE = 60.0


@dataclass(frozen=True)
class Change:
    """A quota whose bounds must give way."""

    name: str
    low: int
    high: int
    new_low: int
    new_high: int

    def __str__(self) -> str:
        parts = []
        if self.new_low != self.low:
            parts.append(f"at least {self.new_low} instead of {self.low}")
        if self.new_high != self.high:
            parts.append(f"at most {self.new_high} instead of {self.high}")
        return f"{self.name}: {' and '.join(parts)}"


@dataclass(frozen=True)
class Relaxation:
    """The smallest changes with which a panel exists (none: it exists already), and such a panel."""

    changes: tuple[Change, ...]
    panel: np.ndarray

    @property
    def people(self) -> int:
        """By how many people the bounds give way, over all quotas."""
        return sum(change.low - change.new_low + change.new_high - change.high for change in self.changes)


def relaxation(types: Types) -> Relaxation:
    """The smallest relaxation. Raises Infeasible if even relaxed quotas leave no panel."""
    rows, count = types.rows, len(types.sizes)
    solver = counts_solver(types.row_of, np.zeros_like(types.sizes), types.sizes, types.low, types.high)
    solver.setOptionValue("time_limit", PATIENCE)
    quotas = [place for place, row in enumerate(rows) if row.quota is not None]
    for place in quotas:
        quota = rows[place].quota
        assert quota is not None  # noqa: S101
        down = max(quota.low - quota.low_flex, 0)
        up = highspy.kHighsInf if quota.high_flex is None else max(quota.high_flex - quota.high, 0)
        cost = SCALE + round(2 * SCALE / max(quota.low, 1) / (4 * len(rows) * types.seats))
        for sign, most in ((1.0, float(down)), (-1.0, float(up))):
            solver.addCol(float(cost), 0.0, most, 1, np.array([place], np.int32), np.array([sign]))
    total = count + 2 * len(quotas)
    added = np.arange(count, total, dtype=np.int32)
    solver.changeColsIntegrality(len(added), added, np.full(len(added), highspy.HighsVarType.kInteger))
    solver.run()
    if not solver.getSolution().value_valid:
        raise Infeasible(rule="no_relaxation")
    found = np.rint(np.asarray(solver.getSolution().col_value)).astype(np.int64)
    return Relaxation(_changes(types, quotas, found[count:]), found[:count])


def _changes(types: Types, quotas: list[int], given: np.ndarray) -> tuple[Change, ...]:
    changes = []
    for place, (less, more) in zip(quotas, given.reshape(-1, 2), strict=True):
        row = types.rows[place]
        if less or more:
            changes.append(Change(row.name, row.low, row.high, row.low - int(less), row.high + int(more)))
    return tuple(changes)
