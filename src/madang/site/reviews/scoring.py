"""From score sheets to a ranking, in exact arithmetic; knows no database.

Published rule: the `trim` highest and lowest totals of a matter are left out, as long as one is left;
the higher mean ranks first; of equal means the earlier receipt number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True)
class Standing:
    """Where one matter stands: its trimmed mean in points, sheets, rank from 1, and whether it is shortlisted."""

    matter_id: int
    number: str
    mean: Fraction
    sheets: int
    rank: int
    shortlisted: bool


def left_out(sheets: int, trim: int) -> int:
    """How many totals are left out at either end."""
    return max(min(trim, (sheets - 1) // 2), 0)


def trimmed_mean(totals: Sequence[int], trim: int) -> Fraction:
    """The mean of points without the `trim` highest and lowest totals; fewer are left out rather than all.

    Raises ValueError without totals or for a negative `trim`.
    """
    if not totals:
        raise ValueError("There is no mean without a score sheet.")
    if trim < 0:
        raise ValueError(f"{trim} totals cannot be left out; give 0 or more.")
    out = left_out(len(totals), trim)
    kept = sorted(totals)[out : len(totals) - out]
    return Fraction(sum(kept), len(kept))


def rank(
    *, totals: Mapping[int, Sequence[int]], numbers: Mapping[int, str], trim: int, passes: int | None, minimum: Decimal
) -> list[Standing]:
    """All matters from the best down.

    `totals` are the totals of the sheets by matter, `numbers` their receipt numbers; the best `passes`
    (all, if None) with a mean of at least `minimum` points are shortlisted.
    """
    means = {matter: trimmed_mean(points, trim) for matter, points in totals.items()}
    ordered = sorted(means, key=lambda matter: (-means[matter], numbers[matter]))
    return [
        Standing(
            matter_id=matter,
            number=numbers[matter],
            mean=means[matter],
            sheets=len(totals[matter]),
            rank=place,
            shortlisted=means[matter] >= Fraction(minimum) and (passes is None or place <= passes),
        )
        for place, matter in enumerate(ordered, 1)
    ]


def needed(standings: Sequence[Standing], *, passes: int | None, minimum: Decimal) -> Fraction:
    """The lowest mean that would have been enough: the last shortlisted one's, and never below the minimum."""
    floor = Fraction(minimum)
    if passes is None or len(standings) < passes:
        return floor
    return max(floor, standings[passes - 1].mean)


def printed_mean(mean: Fraction) -> str:
    """A mean with two decimals, half up."""
    hundredths = (mean * 200 + 1) // 2
    return f"{hundredths // 100}.{hundredths % 100:02d}"
