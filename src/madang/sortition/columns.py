"""Lotteries over real panels by column generation in the space of types, for small pools.

With panels x_j and weights lambda_j, sum lambda_j = 1, each linear program below has one column per panel found so
far; an integer program finds the panel with the largest dual weight, until none can improve. `decomposed` looks for a
lottery with given expectations; `hull_leximin` is LEXIMIN over the convex hull of the panels (Flanigan et al. 2021,
over types instead of people), in floating point.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import highspy
import numpy as np
from flint import fmpz_mat

from madang.sortition.leximin import Ideal, Level
from madang.sortition.pool import Types
from madang.sortition.rounding import Stream, counts_solver

CLOSE = 1e-7
ROUNDS = 2000
NODES, ITERATIONS = 50, 100_000
GRAIN = 10**6
SWAPS = 4000
TINY = 1e-11
FINE = 10**9


class Undecided(Exception):
    """The integer programs are too hard to say what real panels can give; `nearest` is the best mixture found."""

    def __init__(self, nearest: "Mixture | None" = None) -> None:
        super().__init__()
        self.nearest = nearest


class Panels:
    """The panels found so far, and the integer program that finds the panel with the largest weight."""

    def __init__(self, types: Types) -> None:
        self.types = types
        self.found: dict[bytes, np.ndarray] = {}
        self.solver = counts_solver(types.row_of, np.zeros_like(types.sizes), types.sizes, types.low, types.high)
        self.solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
        # Work is counted in iterations and nodes and not in time, so that every machine comes to the same answer.
        self.solver.setOptionValue("mip_max_nodes", NODES)
        self.spent = 0

    def keep(self, panels: np.ndarray) -> None:
        """Begin with panels found otherwise."""
        for panel in panels.astype(np.int64):
            self.found.setdefault(panel.tobytes(), panel)

    def best(self, weights: np.ndarray) -> tuple[np.ndarray, float]:
        """The panel with the largest weight, kept among those found, and its weight."""
        count = len(weights)
        self.solver.changeColsCost(count, np.arange(count, dtype=np.int32), weights.astype(float))
        self.solver.run()
        self.spent += max(int(self.solver.getInfo().simplex_iteration_count), 0)
        if not self.solver.getSolution().value_valid or self.spent > ITERATIONS:
            raise Undecided
        panel = np.rint(np.asarray(self.solver.getSolution().col_value)).astype(np.int64)
        if not self.types.holds(panel):
            raise Undecided
        self.found.setdefault(panel.tobytes(), panel)
        return panel, float(weights @ panel)

    def matrix(self) -> np.ndarray:
        return np.array(list(self.found.values()))


@dataclass(frozen=True)
class Mixture:
    """Panels with their weights, what is missing to the expectations asked for, and z where it was free."""

    weights: np.ndarray
    missing: float
    z: float
    duals: np.ndarray


def _mixture(panels: Panels, wanted: np.ndarray, rising: np.ndarray) -> Mixture:
    """Maximise z - missing, where the lottery expects at least wanted + z rising, less what is missing.

    Raises Undecided if the integer programs are too hard.
    """
    if not panels.found:
        panels.best(np.ones(len(wanted)))
    master = _Master(panels.matrix(), wanted, rising)
    for _ in range(ROUNDS):
        found, top = master.solve()
        before = len(panels.found)
        try:
            panel, value = panels.best(found.duals)
        except Undecided as hard:
            raise Undecided(found) from hard
        if value <= top + CLOSE or len(panels.found) == before or (found.missing < CLOSE and not rising.any()):
            return found
        master.add(panel)
    raise Undecided(found)


class _Master:
    """The linear program over the panels found so far."""

    def __init__(self, matrix: np.ndarray, wanted: np.ndarray, rising: np.ndarray) -> None:
        self.kinds = len(wanted)
        self.solver = highspy.Highs()
        for option, value in (("output_flag", False), ("threads", 1), ("presolve", "off")):
            self.solver.setOptionValue(option, value)
        nothing = np.zeros(self.kinds + 1, dtype=np.int32)
        low, high = np.append(wanted, 1.0), np.append(np.full(self.kinds, highspy.kHighsInf), 1.0)
        self.solver.addRows(self.kinds + 1, low, high, 0, nothing, nothing[:0], nothing[:0].astype(float))
        up = np.flatnonzero(rising).astype(np.int32)
        self.solver.addCol(-1.0, 0.0, 1.0 if len(up) else 0.0, len(up), up, -rising[up].astype(float))
        for kind in range(self.kinds):
            self.solver.addCol(1000.0, 0.0, highspy.kHighsInf, 1, np.array([kind], np.int32), np.ones(1))
        for panel in matrix:
            self.add(panel)

    def add(self, panel: np.ndarray) -> None:
        inside = np.append(np.flatnonzero(panel), self.kinds).astype(np.int32)
        people = np.append(panel[panel > 0], 1).astype(float)
        self.solver.addCol(0.0, 0.0, highspy.kHighsInf, len(inside), inside, people)

    def solve(self) -> tuple[Mixture, float]:
        """The best mixture, and the dual of the weights' sum: what a panel must exceed to help."""
        self.solver.run()
        values = np.asarray(self.solver.getSolution().col_value)
        duals = np.asarray(self.solver.getSolution().row_dual)
        first = self.kinds + 1
        missing = float(values[1:first].sum())
        return Mixture(values[first:], missing, float(values[0]), duals[: self.kinds]), -float(duals[-1])


def decomposed(panels: Panels, ideal: Ideal) -> Mixture:
    """The lottery that comes closest to the ideal probabilities; nothing is missing if it attains them."""
    chances = np.array([float(chance) for chance in ideal.probabilities])
    return _mixture(panels, chances * panels.types.sizes, np.zeros(len(chances)))


def exact_weights(panels: Panels, mixture: Mixture, ideal: Ideal) -> list[tuple[np.ndarray, Fraction]] | None:
    """Panels with weights as fractions whose expectations are exactly the ideal's; None if these panels have none.

    The columns of a vertex are independent, so its weights follow from the normal equations in rational numbers;
    what they give is then compared with every expectation.
    """
    chosen = panels.matrix()[: len(mixture.weights)][mixture.weights > TINY]
    wanted = [chance * int(size) for chance, size in zip(ideal.probabilities, panels.types.sizes, strict=True)]
    scale = lcm(*(value.denominator for value in wanted))
    right = [int(value * scale) for value in wanted]
    square = chosen @ chosen.T
    sums = [sum(int(people) * right[t] for t, people in enumerate(panel) if people) for panel in chosen.tolist()]
    try:
        size = len(chosen)
        solved = fmpz_mat(size, size, [int(entry) for entry in square.ravel()]).solve(fmpz_mat(size, 1, sums))
    except ZeroDivisionError:
        return None
    weights = [Fraction(int(solved[i, 0].p), int(solved[i, 0].q)) for i in range(size)]
    common = lcm(*(weight.denominator for weight in weights))
    given = chosen.T.astype(object) @ np.array([int(weight * common) for weight in weights], dtype=object)
    if min(weights) < 0 or given.tolist() != [value * common for value in right]:
        return None
    return [(panel, weight / scale) for panel, weight in zip(chosen, weights, strict=True)]


def nearly(panels: Panels, mixture: Mixture) -> list[Fraction]:
    """The chance of each type under a mixture whose weights are made fractions that add up to 1."""
    matrix = panels.matrix()[: len(mixture.weights)]
    whole = np.floor(np.maximum(mixture.weights, 0) * FINE).astype(np.int64)
    people = (matrix * whole[:, None]).sum(axis=0)
    return [
        Fraction(int(total), int(whole.sum()) * int(size))
        for total, size in zip(people, panels.types.sizes, strict=True)
    ]


def hull_leximin(panels: Panels) -> Ideal:
    """LEXIMIN over all lotteries of real panels, probabilities rounded to fractions of small denominators."""
    sizes = panels.types.sizes.astype(float)
    free = np.ones(len(sizes), dtype=bool)
    chances = np.zeros(len(sizes))
    levels: list[Level] = []
    while free.any():
        mixture = _mixture(panels, np.where(free, 0.0, chances * sizes - CLOSE), np.where(free, sizes, 0.0))
        level = Fraction(mixture.z).limit_denominator(GRAIN)
        bound = np.flatnonzero(free & (mixture.duals > CLOSE))
        chosen = bound if len(bound) else np.flatnonzero(free)
        chances[chosen] = mixture.z
        free[chosen] = False
        levels.append(Level(level, tuple(int(t) for t in chosen), None))
    found = [Fraction(0)] * len(sizes)
    for step in levels:
        for t in step.types:
            found[t] = step.probability
    ordered = sorted(levels, key=lambda step: step.probability)
    return Ideal("leximin", tuple(ordered), tuple(found), exact=False)


def tickets_of(panels: Panels, mixture: Mixture, ideal: Ideal, tickets: int, seed: str) -> np.ndarray:
    """A lottery of whole tickets near the weights: largest remainders, then single tickets exchanged while it helps."""
    matrix = panels.matrix()[: len(mixture.weights)]
    exact = mixture.weights / mixture.weights.sum() * tickets
    whole = np.floor(exact + 1e-9).astype(np.int64)
    rest = np.argsort(whole - exact, kind="stable")[: tickets - int(whole.sum())]
    whole[rest] += 1
    chosen = np.repeat(np.arange(len(matrix)), whole)[:tickets]
    aim = np.array([float(tickets * chance) for chance in ideal.probabilities]) * panels.types.sizes
    scaled = matrix / np.sqrt(panels.types.sizes)
    lengths = (scaled**2).sum(axis=1)
    products = scaled @ scaled.T
    error = scaled @ ((matrix[chosen].sum(axis=0) - aim) / np.sqrt(panels.types.sizes))
    for place in Stream(f"{seed}\nexchange").numbers(SWAPS, bits=32) % tickets:
        old = chosen[place]
        gain = 2 * (error - error[old]) + lengths + lengths[old] - 2 * products[old]
        new = int(np.argmin(gain))
        if gain[new] < -1e-9:
            chosen[place] = new
            error = error + products[new] - products[old]
    return matrix[chosen].astype(np.int16)
