"""A uniform lottery of M panels with the ideal probabilities, by recursive halving.

1. Y, whole numbers near M y* (y* the expected people of each type): Y_t is M m_t p_t rounded down or up and
   M low <= A Y <= M high. Nobody then falls below floor(M p) tickets: the smallest chance is the best that any
   lottery of M equal tickets can give (compare the loss bounds of Flanigan, Kehne and Procaccia, Fair sortition
   made transparent, NeurIPS 2021).
2. A node (Z, M') holds the people of M' panels. It is split into M1 = M' // 2 and M2 = M' - M1 panels: Y1 is
   Z M1 / M' rounded down or up, with max(M1 low, A Z - M2 high) <= A Y1 <= min(M1 high, A Z - M2 low). Both
   halves are such nodes again; leaves with M' = 1 are panels, and they add up to Y.

Where the rows are two laminar families the matrix is that of a network, and every split exists. Elsewhere the
lottery found is its own proof. All nodes of one depth are rounded in one batch (`rounding`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from madang.sortition.leximin import Ideal, Progress
from madang.sortition.pool import Types
from madang.sortition.rounding import Batch, NoRounding, Stream, rounded
from madang.sortition.sentences import Refusal

PARTS = 1 << 30
ATTEMPTS = 3
CELLS = 3_000_000


@dataclass(frozen=True)
class Lottery:
    """M panels as counts per type (M x T); each is drawn with the chance 1/M."""

    panels: np.ndarray

    @property
    def tickets(self) -> int:
        return len(self.panels)

    def totals(self) -> np.ndarray:
        """Y: over all panels, the people of each type."""
        return self.panels.sum(axis=0, dtype=np.int64)

    def deviation(self, types: Types, ideal: Ideal) -> Fraction:
        """The largest distance between tickets per person and the ideal, in tickets."""
        pairs = zip(self.totals(), types.sizes, ideal.probabilities, strict=True)
        return max(abs(Fraction(int(total), int(size)) - self.tickets * chance) for total, size, chance in pairs)


Fallback = Callable[[], np.ndarray | None]


def lottery(
    types: Types,
    ideal: Ideal,
    tickets: int,
    seed: str,
    *,
    fallback: Fallback | None = None,
    progress: Progress | None = None,
) -> Lottery:
    """A lottery of `tickets` panels; the seed decides the choices that the probabilities leave open.

    Every panel is checked against all rows in whole numbers. Raises Refusal if no lottery is found.
    """
    if tickets < 1:
        raise Refusal(rule="no_tickets", tickets=tickets)
    panels = None
    for attempt in range(ATTEMPTS):
        try:
            panels = _halved(types, ideal, tickets, Stream(f"{seed}\n{attempt}"), progress)
            break
        except NoRounding:
            continue
    if panels is None and fallback is not None:
        panels = fallback()
    if panels is None:
        raise Refusal(rule="no_lottery", tickets=tickets)
    if not all(types.holds(panel) for panel in panels):
        raise ArithmeticError("A panel of the lottery breaks a quota.")
    return Lottery(panels)


def _halved(types: Types, ideal: Ideal, tickets: int, stream: Stream, progress: Progress | None) -> np.ndarray:
    nodes = _total(types, ideal, tickets, stream)
    counts = np.array([tickets])
    while counts.max() > 1:
        if progress:
            progress(f"lottery: {len(counts)} of {tickets} panels apart")
        whole = counts > 1
        halves, numbers = _split(types, nodes[whole], counts[whole], stream)
        nodes = np.concatenate([nodes[~whole], halves])
        counts = np.concatenate([counts[~whole], numbers])
        if nodes.dtype != np.int16 and nodes.max() <= np.iinfo(np.int16).max:
            nodes = nodes.astype(np.int16)
    return nodes


def _total(types: Types, ideal: Ideal, tickets: int, stream: Stream) -> np.ndarray:
    """Y as the one row of a matrix: M y* rounded."""
    exact = [tickets * int(size) * chance for size, chance in zip(types.sizes, ideal.probabilities, strict=True)]
    base = np.array([value.numerator // value.denominator for value in exact], dtype=np.int32)
    part = [int((value - int(floor)) * PARTS) for value, floor in zip(exact, base, strict=True)]
    # A part too small for the scale is still a part: the entry may be rounded up.
    part = [max(scaled, 1) if value.denominator > 1 else 0 for scaled, value in zip(part, exact, strict=True)]
    batch = Batch(
        row_of=types.row_of,
        base=base[None, :],
        part=np.array([part], dtype=np.int32),
        whole=np.array([PARTS]),
        least=np.zeros_like(base)[None, :],
        most=(tickets * types.sizes)[None, :],
        low=tickets * types.low[None, :],
        high=tickets * types.high[None, :],
    )
    return rounded(batch, stream)


def _split(types: Types, nodes: np.ndarray, counts: np.ndarray, stream: Stream) -> tuple[np.ndarray, np.ndarray]:
    """Both halves of every node, in batches small enough for memory, and the number of panels in each half."""
    halves: list[np.ndarray] = []
    numbers: list[np.ndarray] = []
    at = 0
    while at < len(nodes):
        busiest = int((nodes[at : at + 64] > 0).sum(axis=1).max()) * types.row_of.shape[1]
        until = at + max(1, CELLS // max(busiest, nodes.shape[1], 1))
        first = counts[at:until] // 2
        upper = rounded(_halving(types, nodes[at:until], counts[at:until], first), stream)
        halves += [upper, nodes[at:until] - upper]
        numbers += [first, counts[at:until] - first]
        at = until
    return np.concatenate(halves), np.concatenate(numbers)


def _halving(types: Types, nodes: np.ndarray, counts: np.ndarray, first: np.ndarray) -> Batch:
    second = counts - first
    base, part = np.divmod(nodes.astype(np.int64) * first[:, None], counts[:, None])
    sums = np.array([types.sums(node) for node in nodes])
    return Batch(
        row_of=types.row_of,
        base=base.astype(nodes.dtype),
        part=part.astype(np.int32),
        whole=counts,
        least=np.maximum(nodes - second[:, None] * types.sizes, 0).astype(nodes.dtype),
        most=np.minimum(nodes, first[:, None] * types.sizes).astype(nodes.dtype),
        low=np.maximum(first[:, None] * types.low, sums - second[:, None] * types.high),
        high=np.minimum(first[:, None] * types.high, sums - second[:, None] * types.low),
    )
