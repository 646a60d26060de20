"""Rates and amounts in integer arithmetic, rounded half up (of a negative number: half away from zero).

Half up on the absolute value is how the reports of Korean offices round: △15.25 is printed △15.3.
"""

from decimal import Decimal
from fractions import Fraction
from typing import Literal

MoneyUnit = Literal["won", "thousand_won", "million_won", "eok_won"]

UNITS: dict[str, int] = {"won": 1, "thousand_won": 1_000, "million_won": 1_000_000, "eok_won": 100_000_000}
"""The units in which reports print money (원, 천원, 백만원, 억원), in won."""


def rate(numerator: int, denominator: int, *, places: int = 1) -> Decimal | None:
    """`numerator` in percent of `denominator`, half up to `places` decimals; None if the denominator is 0.

    Raises TypeError for what is not an int, ValueError for negative places.
    """
    for value in (numerator, denominator):
        _require_whole(value)
    if denominator == 0:
        return None
    return rounded(Fraction(100 * numerator, denominator), places=places)


def scaled(won: int, unit: MoneyUnit, *, places: int = 0) -> Decimal:
    """An amount of won in another unit, half up to `places` decimals.

    Raises TypeError for what is not an int, ValueError for an unknown unit or negative places.
    """
    _require_whole(won)
    if unit not in UNITS:
        raise ValueError(f"{unit!r} is not a unit of money; use one of {', '.join(UNITS)}.")
    return rounded(Fraction(won, UNITS[unit]), places=places)


def rounded(value: Fraction | Decimal | int, *, places: int) -> Decimal:
    """A number half up (away from zero) to exactly `places` decimals, however many digits it has."""
    if places < 0:
        raise ValueError(f"{places} decimals cannot be printed; give 0 or more.")
    exact = Fraction(value)
    tenths = abs(exact.numerator) * 10**places
    quotient = (2 * tenths + exact.denominator) // (2 * exact.denominator)
    digits = tuple(int(digit) for digit in str(quotient))
    return Decimal((1 if exact < 0 and quotient else 0, digits, -places))


def _require_whole(value: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{value!r} is a {type(value).__name__}; counts and amounts of won are whole numbers (int).")
