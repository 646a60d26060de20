"""Whether a real lottery over panels attains the probabilities that the linear program promises.

The linear program bounds what any lottery can give. Where the rows are two laminar families, its matrix is that of a
network and the bound is attained. Elsewhere small pools are decided by column generation over panels (`columns`): a
lottery with exactly these probabilities, or the best that real panels can give and the gap between the two. For large
pools the lottery of whole tickets is the witness: everybody is within one ticket.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from madang.sortition.columns import CLOSE, Panels, Undecided, decomposed, hull_leximin, tickets_of
from madang.sortition.leximin import Ideal, Progress
from madang.sortition.lottery import Lottery, lottery
from madang.sortition.pool import Types
from madang.sortition.sentences import Refusal

SMALL = 400
FIRST = 500


@dataclass(frozen=True)
class Attained:
    """What real lotteries give: the probabilities, how far their smallest is below the linear bound, and why.

    `gap` is None where it stays undecided; the probabilities are then the bound, which nobody can better.
    """

    ideal: Ideal
    gap: Fraction | None
    how: str


def attained(types: Types, ideal: Ideal, progress: Progress | None = None) -> Attained:
    """Compare the ideal with real lotteries; where they cannot attain LEXIMIN, theirs takes its place."""
    if two_laminar(types):
        return Attained(ideal, Fraction(0), "the quotas are two laminar families")
    if len(types.sizes) > SMALL:
        return Attained(ideal, Fraction(0), "a lottery of whole tickets comes within one ticket")
    if progress:
        progress("looking for a lottery with exactly these probabilities")
    panels = Panels(types)
    with suppress(Refusal):
        panels.keep(lottery(types, ideal, FIRST, "first panels").panels)
    try:
        return _decided(panels, types, ideal)
    except Undecided:
        return Attained(ideal, None, "it could not be decided whether a lottery attains the linear bound")


def _decided(panels: Panels, types: Types, ideal: Ideal) -> Attained:
    if decomposed(panels, ideal).missing <= CLOSE * types.seats:
        return Attained(ideal, Fraction(0), "a lottery with exactly these probabilities was found")
    if ideal.objective == "nash":
        return Attained(ideal, Fraction(0), "no lottery has exactly these probabilities; the nearest is taken")
    real = replace(hull_leximin(panels), objective=ideal.objective)
    gap = max(ideal.levels[0].probability - real.levels[0].probability, Fraction(0))
    return Attained(real, gap, "no lottery attains the linear bound; this is the best of real panels")


def tickets(types: Types, ideal: Ideal, count: int, seed: str, progress: Progress | None = None) -> Lottery:
    """The lottery of whole tickets by halving, or from real panels where halving finds none.

    Raises Refusal if neither finds one.
    """

    def from_panels() -> np.ndarray | None:
        panels = Panels(types)
        with suppress(Undecided):
            return tickets_of(panels, decomposed(panels, ideal), ideal, count, seed)
        return None

    return lottery(types, ideal, count, seed, fallback=from_panels, progress=progress)


def two_laminar(types: Types) -> bool:
    """Whether the partitions of the rows fall into two chains, in each of which every partition refines the next."""
    partitions = [types.row_of[:, place] for place in range(types.row_of.shape[1] - 1)]
    chains: list[np.ndarray] = []
    for rows in sorted(partitions, key=lambda rows: -len(np.unique(rows))):
        for place, finer in enumerate(chains):
            if len(np.unique(np.stack([finer, rows]), axis=1).T) == len(np.unique(finer)):
                chains[place] = rows
                break
        else:
            chains.append(rows)
    return len(chains) <= 2
