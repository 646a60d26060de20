"""The linear program of one level of LEXIMIN, solved by simplex with columns and caps added where they matter.

Let F be the types not yet fixed, p_t the probabilities of those that are, m_t the size of type t, and
y_t = b_t + z m_t [t in F] + s_t the expected number of people of type t on the panel, where b_t = p_t m_t
for a fixed type and 0 otherwise. The program is

    maximise z   subject to   low <= A y <= high,   s >= 0,   0 <= z <= cap,   y_t <= cap m_t.

It has one row per quota; of the columns s_t only those with a chance to enter are given to the solver, and
of the caps only those found violated. One model serves all levels: between them only the coefficients of
z and the bounds change, and the last basis stays a good start.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import highspy
import numpy as np

from madang.sortition.pool import Types

PENALTY = 1000
ENTERING = 300
TOLERANCE = 1e-9
Z = -1


@dataclass(frozen=True)
class Basis:
    """Where an optimal vertex lies: the basic types (z is Z), and the rows and caps that bind, each at a bound.

    `idle` holds artificial columns that stayed basic at 0, as (row, sign).
    """

    columns: tuple[int, ...]
    idle: tuple[tuple[int, int], ...]
    rows: tuple[tuple[int, bool], ...]
    caps: tuple[int, ...]
    penalty: int
    z_at_cap: bool


class LevelProgram:
    """The linear program over the types of a pool; `fix` and `solve` in turn walk down the levels."""

    def __init__(self, types: Types, cap: Fraction) -> None:
        self.types, self.cap = types, cap
        self.free = np.ones(len(types.sizes), dtype=bool)
        self.base = [Fraction(0)] * len(types.rows)
        self.fixed = np.zeros(len(types.sizes))
        self.level_of: dict[int, Fraction] = {}
        self.active: list[int] = []
        self.place: dict[int, int] = {}
        self.caps: list[int] = []
        self.penalty = PENALTY
        self.solver = highspy.Highs()
        for option, value in (("output_flag", False), ("presolve", "off"), ("threads", 1), ("solver", "simplex")):
            self.solver.setOptionValue(option, value)
        for tolerance in ("primal_feasibility_tolerance", "dual_feasibility_tolerance"):
            self.solver.setOptionValue(tolerance, TOLERANCE)
        self._begin()

    def _begin(self) -> None:
        count = len(self.types.rows)
        nothing = np.array([], dtype=np.int32)
        self.solver.addRows(
            count,
            self.types.low.astype(float),
            self.types.high.astype(float),
            0,
            np.zeros(count, dtype=np.int32),
            nothing,
            nothing.astype(float),
        )
        self.solver.addCol(1.0, 0.0, float(self.cap), 0, nothing, nothing.astype(float))
        for row in range(count):
            for sign in (1.0, -1.0):
                self.solver.addCol(
                    -float(PENALTY), 0.0, highspy.kHighsInf, 1, np.array([row], np.int32), np.array([sign])
                )
        self.first = 1 + 2 * count
        self.solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
        # Any start will do; an even sample of the types is one that is the same on every machine.
        wanted = min(len(self.types.sizes), 4 * (count + 1))
        self._enter(np.unique(np.linspace(0, len(self.types.sizes) - 1, wanted).astype(np.int64)))

    def _enter(self, chosen: np.ndarray) -> None:
        """Give the columns s_t of the chosen types to the solver."""
        width = self.types.row_of.shape[1]
        self.place |= {int(t): self.first + len(self.active) + i for i, t in enumerate(chosen)}
        self.active += [int(t) for t in chosen]
        count = len(chosen)
        self.solver.addCols(
            count,
            np.zeros(count),
            np.zeros(count),
            np.full(count, highspy.kHighsInf),
            count * width,
            np.arange(0, count * width, width, dtype=np.int32),
            self.types.row_of[chosen].ravel().astype(np.int32),
            np.ones(count * width),
        )

    def fix(self, chosen: np.ndarray, level: Fraction) -> None:
        """Fix the chosen types at a level; the others stay free."""
        self.free[chosen] = False
        self.fixed[chosen] = float(level)
        self.level_of |= dict.fromkeys((int(t) for t in chosen), level)
        counts = np.zeros(len(self.types.sizes), dtype=np.int64)
        counts[chosen] = self.types.sizes[chosen]
        for row, people in enumerate(self.types.sums(counts)):
            self.base[row] += int(people) * level
        for place, t in enumerate(self.caps):
            self._bound_cap(len(self.types.rows) + place, t)

    def weights(self) -> np.ndarray:
        """A m_F: the people of the free types in each row, the coefficients of z."""
        return self.types.sums(np.where(self.free, self.types.sizes, 0))

    def solve(self) -> Basis | None:
        """The optimal basis over all types, or None if there is no panel even in expectation."""
        for row, weight in enumerate(self.weights()):
            self.solver.changeCoeff(row, 0, float(weight))
            low, high = self.types.rows[row].low - self.base[row], self.types.rows[row].high - self.base[row]
            self.solver.changeRowBounds(row, float(low), float(high))
        while True:
            self.solver.run()
            if self._price() or self._cap():
                continue
            values = np.asarray(self.solver.getSolution().col_value)
            if values[1 : self.first].max() > 1e-7:
                return None
            basis = self._basis(self.penalty)
            self._retire_artificial_columns()
            return basis

    def _retire_artificial_columns(self) -> None:
        """Once a level is solved every later one has a solution, so nothing needs to stand in for one."""
        if self.penalty:
            count = self.first - 1
            places = np.arange(1, self.first, dtype=np.int32)
            self.solver.changeColsCost(count, places, np.zeros(count))
            self.solver.changeColsBounds(count, places, np.zeros(count), np.zeros(count))
            self.penalty = 0

    def _price(self) -> bool:
        """Let the types with the largest gain enter; whether there were any."""
        duals = np.asarray(self.solver.getSolution().row_dual)[: len(self.types.rows)]
        gain = -duals[self.types.row_of].sum(axis=1)
        gain[self.active] = 0.0
        candidates = np.flatnonzero(gain > TOLERANCE)
        if len(candidates) > ENTERING:
            candidates = candidates[np.argsort(-gain[candidates], kind="stable")[:ENTERING]]
        if len(candidates):
            self._enter(np.sort(candidates))
        return bool(len(candidates))

    def _cap(self) -> bool:
        """Add the caps y_t <= cap m_t that are violated; whether there were any."""
        values = np.asarray(self.solver.getSolution().col_value)
        active = np.array(self.active)
        expected = values[self.first :] + np.where(self.free, values[0], self.fixed)[active] * self.types.sizes[active]
        over = active[expected > float(self.cap) * self.types.sizes[active] + 1e-8]
        known = set(self.caps)
        new = [int(t) for t in over if int(t) not in known]
        for t in new:
            self.solver.addRow(-highspy.kHighsInf, 0.0, 2, np.array([0, self.place[t]], np.int32), np.array([1.0, 1.0]))
            self.caps.append(t)
            self._bound_cap(len(self.types.rows) + len(self.caps) - 1, t)
        return bool(new)

    def _bound_cap(self, row: int, t: int) -> None:
        size = float(self.types.sizes[t])
        self.solver.changeCoeff(row, 0, size if self.free[t] else 0.0)
        self.solver.changeRowBounds(row, -highspy.kHighsInf, size * (float(self.cap) - self.fixed[t]))

    def _basis(self, penalty: int) -> Basis:
        basis = self.solver.getBasis()
        # Each reading of these attributes copies them all.
        columns, rows = list(basis.col_status), list(basis.row_status)
        basic, upper = highspy.HighsBasisStatus.kBasic, highspy.HighsBasisStatus.kUpper
        binding = [place for place, status in enumerate(rows) if status != basic]
        count = len(self.types.rows)
        return Basis(
            columns=(
                *([Z] if columns[0] == basic else []),
                *(t for t in self.active if columns[self.place[t]] == basic),
            ),
            idle=tuple((at // 2, 1 - 2 * (at % 2)) for at in range(self.first - 1) if columns[at + 1] == basic),
            rows=tuple((row, rows[row] == upper) for row in binding if row < count),
            caps=tuple(self.caps[row - count] for row in binding if row >= count),
            penalty=penalty,
            z_at_cap=columns[0] == upper,
        )


def expected_rows(base: Sequence[Fraction], weights: np.ndarray, z: Fraction) -> list[Fraction]:
    """A b + z A m_F: what each row expects before any s_t is added."""
    return [start + z * int(weight) for start, weight in zip(base, weights, strict=True)]
