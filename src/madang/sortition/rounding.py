"""Rounding many vectors at once to whole numbers that keep every row within its bounds, in integer arithmetic only.

A task is a vector with entries base + part / whole (0 <= part < whole). Each entry is rounded down or up. A
first pass takes the entries in random order and rounds each to the side that keeps the weighted errors of its
rows smallest (error diffusion; rows without room weigh most). Then violated rows are mended by a random walk
over single changes with a tabu list, all tasks of a batch at once. What is left goes to a small integer program.
"""

from dataclasses import dataclass
from hashlib import sha256

import highspy
import numpy as np

WEIGHT = 1 << 16
STEPS = 400
TENURE = 6
TABU = 1 << 40
WIDENINGS = (0, 1, 2, 4)
# Counted in nodes and not in time, so that every machine comes to the same lottery.
NODES = 500


class Stream:
    """Random whole numbers from a seed, the same on every machine: raw output of Philox keyed by SHA-256."""

    def __init__(self, seed: str) -> None:
        self.bits = np.random.Philox(key=int.from_bytes(sha256(seed.encode()).digest()[:16], "big"))

    def numbers(self, *shape: int, bits: int = 20) -> np.ndarray:
        raw = self.bits.random_raw(int(np.prod(shape))) >> np.uint64(64 - bits)
        return raw.astype(np.int64).reshape(shape)


@dataclass(frozen=True)
class Batch:
    """Vectors to round: N x T `base`, `part` and `least`/`most`, N `whole`, and N x R bounds of the rows."""

    row_of: np.ndarray
    base: np.ndarray
    part: np.ndarray
    whole: np.ndarray
    least: np.ndarray
    most: np.ndarray
    low: np.ndarray
    high: np.ndarray


class NoRounding(Exception):
    """No way was found to round a vector of the batch within its bounds."""


def rounded(batch: Batch, stream: Stream) -> np.ndarray:
    """The vectors in whole numbers (N x T), or NoRounding."""
    kinds, there = _fractional(batch.part, stream)
    ups = _diffused(batch, kinds, there, stream)
    sums = _row_sums(batch, kinds, ups)
    _mend(batch, kinds, there, ups, sums, stream)
    result = batch.base.copy()
    np.add.at(result, (np.arange(len(kinds))[:, None], kinds), ups.astype(result.dtype))
    for task in np.flatnonzero(_violation(batch, sums).any(axis=1)):
        result[task] = _solved(batch, int(task))
    return result


def _fractional(part: np.ndarray, stream: Stream) -> tuple[np.ndarray, np.ndarray]:
    """For each task the types to round in random order, padded to equal length, and which places are no padding."""
    tasks, types = np.nonzero(part)
    order = np.lexsort((types, stream.numbers(len(types), bits=40), tasks))
    tasks, types = tasks[order], types[order]
    counts = np.bincount(tasks, minlength=len(part))
    there = np.arange(max(int(counts.max(initial=0)), 1))[None, :] < counts[:, None]
    kinds = np.zeros_like(there, dtype=np.int64)
    kinds[there] = types
    return kinds, there


def _diffused(batch: Batch, kinds: np.ndarray, there: np.ndarray, stream: Stream) -> np.ndarray:
    """1 where a type is rounded up: the first pass of error diffusion."""
    tasks = np.arange(len(kinds))
    weight = 2 * WEIGHT // (2 + np.minimum(batch.high - batch.low, WEIGHT))
    errors = np.zeros(batch.low.shape, dtype=np.int64)
    ups = np.zeros(kinds.shape, dtype=np.int8)
    coins = stream.numbers(*kinds.shape, bits=1)
    parts = np.where(there, batch.part[tasks[:, None], kinds], 0).astype(np.int64)
    for place in range(kinds.shape[1]):
        rows = batch.row_of[kinds[:, place]]
        part = parts[:, place]
        lean = 2 * errors[tasks[:, None], rows] + (batch.whole - 2 * part)[:, None]
        score = (weight[tasks[:, None], rows] * lean).sum(axis=1)
        up = ((score < 0) | ((score == 0) & (coins[:, place] == 1))) & there[:, place]
        ups[:, place] = up
        # The rows of one type are distinct, so that plain indexing adds each error once.
        errors[tasks[:, None], rows] += (up * batch.whole - part)[:, None]
    return ups


def _row_sums(batch: Batch, kinds: np.ndarray, ups: np.ndarray) -> np.ndarray:
    tasks, rows = batch.low.shape
    sums = np.zeros((tasks, rows))
    for own in batch.row_of.T:
        for task in range(tasks):
            sums[task] += np.bincount(own, weights=batch.base[task], minlength=rows)
            sums[task] += np.bincount(own[kinds[task]], weights=ups[task], minlength=rows)
    return sums.astype(np.int64)


def _violation(batch: Batch, sums: np.ndarray, tasks: np.ndarray | slice = slice(None)) -> np.ndarray:
    return np.maximum(sums - batch.high[tasks], 0) + np.maximum(batch.low[tasks] - sums, 0)


def _mend(
    batch: Batch, kinds: np.ndarray, there: np.ndarray, ups: np.ndarray, sums: np.ndarray, stream: Stream
) -> None:
    """Change `ups` and `sums` until no row is violated, or the steps are used up."""
    since = np.full(kinds.shape, -TENURE, dtype=np.int64)
    rows_of = batch.row_of[kinds].astype(np.int64)
    for step in range(STEPS):
        tasks = np.flatnonzero(_violation(batch, sums).any(axis=1))
        if not len(tasks):
            return
        now = _violation(batch, sums[tasks], tasks)
        change = np.stack(
            [_violation(batch, sums[tasks] - 1, tasks) - now, _violation(batch, sums[tasks] + 1, tasks) - now]
        )
        row = np.argmax((now > 0) * (1 + stream.numbers(*now.shape)), axis=1)
        wanted_up = sums[tasks, row] < batch.low[tasks, row]
        rows = rows_of[tasks]
        usable = (rows == row[:, None, None]).any(axis=2) & there[tasks] & ((ups[tasks] == 0) == wanted_up[:, None])
        cost = change[wanted_up.astype(int)[:, None, None], np.arange(len(tasks))[:, None, None], rows].sum(axis=2)
        key = (cost << 20) + stream.numbers(*cost.shape) + TABU * (step - since[tasks] < TENURE)
        chosen = np.argmin(np.where(usable, key, 4 * TABU), axis=1)
        can = usable[np.arange(len(tasks)), chosen]
        moved, place = tasks[can], chosen[can]
        sign = np.where(wanted_up[can], 1, -1)
        ups[moved, place] += sign.astype(np.int8)
        since[moved, place] = step
        sums[moved[:, None], rows_of[moved, place]] += sign[:, None]


def _solved(batch: Batch, task: int) -> np.ndarray:
    """One vector by an integer program, with entries a little further from their place if that is needed."""
    kinds = np.flatnonzero(batch.most[task] > 0)
    for widening in WIDENINGS:
        up = batch.base[task] + (batch.part[task] > 0)
        least = np.maximum(batch.base[task] - widening, batch.least[task])[kinds]
        most = np.minimum(up + widening, batch.most[task])[kinds]
        found = solve_counts(batch.row_of[kinds], least, most, batch.low[task], batch.high[task])
        if found is not None:
            result = np.zeros_like(batch.base[task])
            result[kinds] = found
            return result
    raise NoRounding


def solve_counts(
    row_of: np.ndarray, least: np.ndarray, most: np.ndarray, low: np.ndarray, high: np.ndarray
) -> np.ndarray | None:
    """Whole numbers between `least` and `most` that keep all rows within their bounds, or None."""
    solver = counts_solver(row_of, least, most, low, high)
    solver.setOptionValue("mip_max_improving_sols", 1)
    solver.setOptionValue("mip_max_nodes", NODES)
    solver.run()
    solution = solver.getSolution()
    if not solution.value_valid:
        return None
    found = np.rint(np.asarray(solution.col_value)).astype(np.int64)
    sums = np.zeros(len(low), dtype=np.int64)
    np.add.at(sums, row_of.ravel(), np.repeat(found, row_of.shape[1]))
    return found if ((sums >= low) & (sums <= high)).all() else None


def counts_solver(
    row_of: np.ndarray, least: np.ndarray, most: np.ndarray, low: np.ndarray, high: np.ndarray
) -> highspy.Highs:
    """The integer program over counts per type, without an objective."""
    solver = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("mip_rel_gap", 0.0)):
        solver.setOptionValue(option, value)
    nothing = np.zeros(len(low), dtype=np.int32)
    solver.addRows(len(low), low.astype(float), high.astype(float), 0, nothing, nothing[:0], nothing[:0].astype(float))
    count, width = row_of.shape
    starts = np.arange(0, count * width, width, dtype=np.int32)
    bounds = least.astype(float), most.astype(float)
    indices = row_of.ravel().astype(np.int32)
    solver.addCols(count, np.zeros(count), *bounds, count * width, starts, indices, np.ones(count * width))
    whole = np.full(count, highspy.HighsVarType.kInteger)
    solver.changeColsIntegrality(count, np.arange(count, dtype=np.int32), whole)
    return solver
