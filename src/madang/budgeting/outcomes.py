"""What a rule gives: the projects in the order in which it chose them, and how it went."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any


@dataclass(frozen=True)
class Tie:
    """Projects that were equal when one of them was chosen; the static order decided."""

    turn: int
    among: tuple[int, ...]
    chosen: int


@dataclass(frozen=True)
class Turn:
    """One project taken up by a rule: chosen or not (`code`), with the numbers of that moment.

    `left` is the money left before the turn. `price` is what one unit of support paid (Equal Shares), or the time at
    which the project was bought (Phragmen); `level` is what it was before the budget had to cover a part.
    """

    project: int
    code: str
    left: int
    price: Fraction | None = None
    because: int | str | None = None
    level: Fraction | None = None


@dataclass
class Outcome:
    """`order` lists the chosen projects; `turns` all projects a rule took up. `share` is what each voter could spend.

    `rounds` counts the projects bought by the voters' shares; any after them were added by a greedy completion.
    """

    order: list[int]
    turns: list[Turn]
    ties: list[Tie] = field(default_factory=list)
    share: Fraction | None = None
    rounds: int = 0
    more: dict[str, Any] = field(default_factory=dict)
