"""LEXIMIN over types, exact in rational numbers, with a proof for every level.

LEXIMIN (Flanigan, Gölz, Gupta, Hennig and Procaccia, Fair algorithms for selecting citizens' assemblies,
Nature 2021) makes the smallest selection probability as large as possible, then the second smallest, and so
on. Each level is a linear program (`program`); its optimal vertex is computed again from the basis in rational
numbers, and its dual solution is kept as the proof of the level:

    With integers alpha_v per row and kappa_t >= 0 per cap, let u_t = sum of alpha_v over the rows of t, plus
    kappa_t. If every u_t >= 0, each panel x has sum u_t x_t <= W with W = sum of alpha_v high_v (alpha_v > 0)
    or alpha_v low_v (alpha_v < 0), plus kappa_t cap m_t. The same holds in expectation for every lottery, so
    that whoever keeps the earlier levels cannot lift the rest above
    z = (W - sum over fixed t of u_t m_t p_t) / (sum over free t of u_t m_t).

Types with u_t > 0 cannot have more than z in any optimum: they are fixed there. The vector found is unique.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np
from flint import fmpq, fmpq_mat

from madang.sortition.pool import Types
from madang.sortition.program import Basis, LevelProgram, Z, expected_rows
from madang.sortition.sentences import Infeasible

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Proof:
    """Why nobody can lift the rest above the level: weights of rows (alpha) and of caps (kappa, by type)."""

    rows: tuple[tuple[int, int], ...]
    caps: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Level:
    """The types that have the same probability, and the proof; without one where the probability is the cap."""

    probability: Fraction
    types: tuple[int, ...]
    proof: Proof | None


@dataclass(frozen=True)
class Ideal:
    """The selection probabilities aimed at, per type; `levels` from the lowest up."""

    objective: str
    levels: tuple[Level, ...]
    probabilities: tuple[Fraction, ...]
    cap: Fraction = Fraction(1)
    exact: bool = True


@dataclass(frozen=True)
class Vertex:
    """An optimal vertex in rational numbers: z, the extra people s_t, and the dual weights."""

    z: Fraction
    extra: dict[int, Fraction]
    alpha: dict[int, Fraction]
    kappa: dict[int, Fraction]


def leximin(types: Types, *, cap: Fraction = Fraction(1), progress: Progress | None = None) -> Ideal:
    """The LEXIMIN probabilities of the linear relaxation. Raises Infeasible if no lottery meets the quotas."""
    program = LevelProgram(types, cap)
    levels: list[Level] = []
    while program.free.any():
        vertex = _vertex(program)
        if vertex.z == cap:
            chosen = np.flatnonzero(program.free)
            proof = None
        else:
            chosen, proof = _proved(program, vertex)
        program.fix(chosen, vertex.z)
        levels.append(Level(vertex.z, tuple(int(t) for t in chosen), proof))
        if progress:
            progress(f"level {len(levels)}: {float(vertex.z):.4%}; {int(program.free.sum())} types left")
    return Ideal("leximin", tuple(levels), _probabilities(types, levels), cap)


def maximin(types: Types, *, cap: Fraction = Fraction(1)) -> Ideal:
    """The best smallest probability with its proof; the other probabilities are those of one optimal vertex."""
    program = LevelProgram(types, cap)
    vertex = _vertex(program)
    proof = _proved(program, vertex)[1] if vertex.z != cap else None
    sizes = [int(size) for size in types.sizes]
    chances = [vertex.z + vertex.extra.get(t, Fraction(0)) / size for t, size in enumerate(sizes)]
    by_chance: dict[Fraction, list[int]] = {}
    for t, chance in enumerate(chances):
        by_chance.setdefault(chance, []).append(t)
    levels = [
        Level(chance, tuple(by_chance[chance]), proof if chance == vertex.z else None) for chance in sorted(by_chance)
    ]
    return Ideal("maximin", tuple(levels), tuple(chances), cap)


def _vertex(program: LevelProgram) -> Vertex:
    """Solve the level in floating point, then its basis exactly; a basis that fails the check is an error."""
    basis = program.solve()
    if basis is None:
        raise Infeasible(rule="no_panel")
    vertex = _exact(program, basis)
    fault = _fault(program, vertex)
    if fault:
        raise ArithmeticError(f"The solver's basis is not optimal in exact arithmetic: {fault}.")
    return vertex


def _exact(program: LevelProgram, basis: Basis) -> Vertex:
    """Solve the square system of the basis for the vertex, and its transpose for the dual weights."""
    columns = basis.columns
    square, right, z_outside = _system(program, basis)
    size = len(right)
    primal = square.solve(fmpq_mat(size, 1, [_rational(value) for value in right]))
    costs = [int(t == Z) for t in columns] + [-basis.penalty] * len(basis.idle)
    dual = square.transpose().solve(fmpq_mat(size, 1, costs))
    found = {t: _fraction(primal[i, 0]) for i, t in enumerate(columns)}
    if any(primal[i, 0] != 0 for i in range(len(columns), size)):
        raise Infeasible(rule="no_panel")
    prices = [_fraction(dual[i, 0]) for i in range(size)]
    alpha = {row: price for (row, _upper), price in zip(basis.rows, prices[: len(basis.rows)], strict=True) if price}
    kappa = {t: price for t, price in zip(basis.caps, prices[len(basis.rows) :], strict=True) if price}
    return Vertex(found.pop(Z, z_outside), found, alpha, kappa)


def _system(program: LevelProgram, basis: Basis) -> tuple[fmpq_mat, list[Fraction], Fraction]:
    """The binding rows and caps over the basic columns, their right side, and z where it is not basic."""
    types, weights = program.types, program.weights()
    place = {t: i for i, t in enumerate(basis.columns)}
    position = {row: i for i, (row, _upper) in enumerate(basis.rows)}
    size = len(basis.rows) + len(basis.caps)
    matrix = [[0] * size for _ in range(size)]
    z_outside = program.cap if basis.z_at_cap else Fraction(0)
    known = Fraction(0) if Z in place else z_outside
    start = expected_rows(program.base, weights, known)
    right = [(types.rows[row].high if upper else types.rows[row].low) - start[row] for row, upper in basis.rows]
    for t, i in place.items():
        for row in types.row_of[t] if t != Z else ():
            if int(row) in position:
                matrix[position[int(row)]][i] = 1
    for i, (row, sign) in enumerate(basis.idle, len(place)):
        if row in position:
            matrix[position[row]][i] = sign
    for i, t in enumerate(basis.caps, len(basis.rows)):
        people, free = int(types.sizes[t]), bool(program.free[t])
        right.append(people * (program.cap - program.level_of.get(t, Fraction(0)) - (known if free else 0)))
        if t in place:
            matrix[i][place[t]] = 1
        if free and Z in place:
            matrix[i][place[Z]] = people
    if Z in place:
        for row, i in position.items():
            matrix[i][place[Z]] = int(weights[row])
    return fmpq_mat(size, size, [entry for line in matrix for entry in line]), right, z_outside


def _rational(value: Fraction | int) -> fmpq:
    exact = Fraction(value)
    return fmpq(exact.numerator, exact.denominator)


def _fraction(value: fmpq) -> Fraction:
    return Fraction(int(value.p), int(value.q))


def _fault(program: LevelProgram, vertex: Vertex) -> str:
    """What is wrong with a vertex in exact arithmetic; empty for an optimal one."""
    types = program.types
    if any(extra < 0 for extra in vertex.extra.values()):
        return "a type has fewer people than its probability says"
    sums = expected_rows(program.base, program.weights(), vertex.z)
    for t, extra in vertex.extra.items():
        for row in types.row_of[t]:
            sums[int(row)] += extra
        chance = (
            program.level_of.get(t, Fraction(0)) + (vertex.z if program.free[t] else 0) + extra / int(types.sizes[t])
        )
        if chance > program.cap:
            return "a type is above the cap"
    for row, expected in zip(types.rows, sums, strict=True):
        if not row.low <= expected <= row.high:
            return f"{row.name} expects {float(expected)}, outside {row.low} to {row.high}"
    if any(price < 0 for price in vertex.kappa.values()):
        return "a cap has a negative weight"
    for row_at, price in vertex.alpha.items():
        bound = types.rows[row_at].high if price > 0 else types.rows[row_at].low
        if sums[row_at] != bound:
            return "a weighted row does not bind"
    return ""


def _proved(program: LevelProgram, vertex: Vertex) -> tuple[np.ndarray, Proof]:
    """The free types that the proof fixes, and the proof in whole numbers; every u_t is checked."""
    scale = lcm(*(price.denominator for price in (*vertex.alpha.values(), *vertex.kappa.values())))
    rows = {row: int(price * scale) for row, price in vertex.alpha.items()}
    caps = {t: int(price * scale) for t, price in vertex.kappa.items()}
    alpha = np.zeros(len(program.types.rows), dtype=object)
    for row, weight in rows.items():
        alpha[row] = weight
    total = alpha[program.types.row_of].sum(axis=1)
    for t, weight in caps.items():
        total[t] += weight
    if (total < 0).any():
        raise ArithmeticError("The solver's basis is not optimal in exact arithmetic: a type could still enter.")
    chosen = np.flatnonzero(program.free & (total > 0))
    return chosen, Proof(tuple(sorted(rows.items())), tuple(sorted(caps.items())))


def _probabilities(types: Types, levels: Sequence[Level]) -> tuple[Fraction, ...]:
    found = [Fraction(0)] * len(types.sizes)
    for level in levels:
        for t in level.types:
            found[t] = level.probability
    return tuple(found)
