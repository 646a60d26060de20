"""NASH: the probabilities with the largest geometric mean, in floating point.

Maximise sum of m_t log(y_t) subject to low <= A y <= high and y <= m (Flanigan et al. 2021 call it NASH), by a
primal-dual interior-point method: the Hessian is diagonal, so that each step solves one system with a row per quota.
The probabilities are made rational afterwards; they carry no proof, and `exact` says so.
"""

from fractions import Fraction

import numpy as np

from madang.sortition.leximin import Ideal, Level, maximin
from madang.sortition.pool import Types

STEPS = 200
GRAIN = 10**9
TINY = 1e-13


def nash(types: Types) -> Ideal:
    """The NASH probabilities. Raises Infeasible if no lottery meets the quotas; people with no chance get 0."""
    expected = _maximised(types)
    chances = [
        Fraction(round(float(y) / int(size) * GRAIN), GRAIN) for y, size in zip(expected, types.sizes, strict=True)
    ]
    by_chance: dict[Fraction, list[int]] = {}
    for t, chance in enumerate(chances):
        by_chance.setdefault(min(chance, Fraction(1)), []).append(t)
    levels = tuple(Level(chance, tuple(by_chance[chance]), None) for chance in sorted(by_chance))
    found = [Fraction(0)] * len(chances)
    for level in levels:
        for t in level.types:
            found[t] = level.probability
    return Ideal("nash", levels, tuple(found), exact=False)


def _maximised(types: Types) -> np.ndarray:
    """Newton's method on the barrier function along mu -> 0.

    Each row has its own activity r with A y - r = 0 and a barrier at its bounds; a bound pair without room is an
    equation. The start is the vertex of MAXIMIN, whose chances are all positive when any lottery's are.
    """
    sizes = types.sizes.astype(float)
    start = np.array([float(chance) for chance in maximin(types).probabilities]) * sizes
    fixed = types.low == types.high
    low, high = types.low.astype(float), types.high.astype(float)
    y = np.clip(start, 1e-6 * sizes, sizes * (1 - 1e-6))
    r = np.where(fixed, low, np.clip(_sums(types, y), low + 1e-3 * (high - low), high - 1e-3 * (high - low)))
    lam = np.zeros(len(low))
    mu = float(sizes.mean())
    for _ in range(STEPS):
        gradient = -sizes / y - mu / y + mu / np.maximum(sizes - y, TINY)
        hessian = sizes / y**2 + mu / y**2 + mu / np.maximum(sizes - y, TINY) ** 2
        room_low, room_high = (np.where(fixed, 1.0, np.maximum(room, TINY)) for room in (r - low, high - r))
        grad_r = np.where(fixed, 0.0, -mu / room_low + mu / room_high)
        inv_r = np.where(fixed, 0.0, 1 / (mu / room_low**2 + mu / room_high**2))
        residual = _sums(types, y) - r
        force = gradient + lam[types.row_of].sum(axis=1)
        force_r = np.where(fixed, 0.0, grad_r - lam)
        matrix = _normal(types, 1 / hessian) + np.diag(inv_r + 1e-12)
        step_lam = np.linalg.lstsq(matrix, residual - _sums(types, force / hessian) + inv_r * force_r, rcond=None)[0]
        step_y = -(force + step_lam[types.row_of].sum(axis=1)) / hessian
        step_r = -(force_r - step_lam) * inv_r
        length = min(1.0, 0.95 * _longest(y, step_y, 0.0 * sizes, sizes), 0.95 * _longest(r, step_r, low, high, fixed))
        y, r, lam = y + length * step_y, r + length * step_r, lam + length * step_lam
        if length > 0.5:
            mu *= 0.3
        if mu < 1e-10 and np.abs(residual).max() < 1e-9:
            break
    return y


def _sums(types: Types, values: np.ndarray) -> np.ndarray:
    width = types.row_of.shape[1]
    return np.bincount(types.row_of.ravel(), weights=np.repeat(values, width), minlength=len(types.rows))


def _normal(types: Types, weights: np.ndarray) -> np.ndarray:
    """A diag(weights) A', row pair by row pair."""
    count = len(types.rows)
    matrix = np.zeros(count * count)
    for first in types.row_of.T:
        for second in types.row_of.T:
            pairs = first.astype(np.int64) * count + second
            matrix += np.bincount(pairs, weights=weights, minlength=count * count)
    return matrix.reshape(count, count)


def _longest(
    values: np.ndarray, steps: np.ndarray, low: np.ndarray, high: np.ndarray, ignore: np.ndarray | None = None
) -> float:
    """How far the step can be taken before a value meets a bound."""
    with np.errstate(divide="ignore", invalid="ignore"):
        room = np.where(steps > 0, (high - values) / steps, np.where(steps < 0, (low - values) / steps, np.inf))
    if ignore is not None:
        room = np.where(ignore, np.inf, room)
    return float(room.min(initial=np.inf))
