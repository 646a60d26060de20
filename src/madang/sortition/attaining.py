"""Whether a real lottery over panels attains the probabilities that the linear program promises.

The linear program bounds what any lottery can give. Where the rows are two laminar families, its matrix is that of a
network and the bound is attained. Elsewhere small pools are decided by column generation over panels (`columns`): a
lottery with exactly these probabilities, its weights worked out as fractions, or the best that real panels can give.
For large pools `witnessed` deals whole tickets. A gap is never an estimate: it is the bound, which no lottery can
exceed, less what a lottery over real panels gives, both in fractions.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from madang.sortition.columns import (
    CLOSE,
    Mixture,
    Panels,
    Undecided,
    decomposed,
    exact_weights,
    hull_leximin,
    nearly,
    tickets_of,
)
from madang.sortition.leximin import Ideal, Progress
from madang.sortition.lottery import Lottery, lottery
from madang.sortition.pool import Types
from madang.sortition.sentences import Refusal

SMALL = 400
FIRST = 500
WITNESS = 1000


@dataclass(frozen=True)
class Attained:
    """What real lotteries give: the probabilities, how far at most they are below the bound, and why.

    `gap` says how far anybody is below the bound, and where the best of real panels took its place, how far the
    smallest probability is. It is None as long as no lottery has been looked for, or none was found.
    """

    ideal: Ideal
    gap: Fraction | None
    how: str


def attained(types: Types, ideal: Ideal, progress: Progress | None = None) -> Attained:
    """Compare the ideal with real lotteries; where they cannot attain LEXIMIN, theirs takes its place."""
    if two_laminar(types) and ideal.objective != "nash":
        return Attained(ideal, Fraction(0), "the quotas are two laminar families")
    if len(types.sizes) > SMALL:
        return Attained(ideal, None, "a pool of so many types is compared with a lottery of whole tickets")
    if progress:
        progress("looking for a lottery with exactly these probabilities")
    panels = Panels(types)
    with suppress(Refusal):
        panels.keep(lottery(types, ideal, FIRST, "first panels").panels)
    mixture: Mixture | None = None
    try:
        mixture = decomposed(panels, ideal)
        return _decided(panels, ideal, mixture)
    except Undecided as hard:
        mixture = mixture or hard.nearest
    how = "it could not be decided whether a lottery attains the linear bound"
    gap = _short_of(ideal, nearly(panels, mixture)) if mixture else None
    return Attained(replace(ideal, exact=False), gap, how)


def witnessed(types: Types, found: Attained, progress: Progress | None = None) -> Attained:
    """Where the gap is not known, bound it by a lottery of whole tickets over real panels."""
    if found.gap is not None:
        return found
    try:
        lot = tickets(types, found.ideal, WITNESS, "witness", progress)
    except Refusal:
        return found
    totals = zip(lot.totals().tolist(), types.sizes.tolist(), strict=True)
    gap = _short_of(found.ideal, [Fraction(total, WITNESS * size) for total, size in totals])
    return Attained(found.ideal, gap, f"a lottery of {WITNESS:,} whole tickets over real panels is so near the bound")


def _decided(panels: Panels, ideal: Ideal, mixture: Mixture) -> Attained:
    near = _short_of(ideal, nearly(panels, mixture))
    if ideal.objective == "nash":
        return Attained(ideal, near, "in the nearest lottery over real panels nobody is further below")
    if mixture.missing <= CLOSE * panels.types.seats:
        if exact_weights(panels, mixture, ideal):
            return Attained(ideal, Fraction(0), "a lottery with exactly these probabilities was found")
        return Attained(ideal, near, "a lottery over real panels was found that is so near the bound")
    real = replace(hull_leximin(panels), objective=ideal.objective)
    gap = ideal.levels[0].probability - min(nearly(panels, decomposed(panels, real)))
    return Attained(real, max(gap, Fraction(0)), "no lottery attains the linear bound; this is the best of real panels")


def _short_of(ideal: Ideal, given: Sequence[Fraction]) -> Fraction:
    """How far whoever is furthest below the ideal is below it."""
    return max(chance - mine for chance, mine in zip(ideal.probabilities, given, strict=True))


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
