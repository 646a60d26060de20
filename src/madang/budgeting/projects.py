"""What is voted on, and what an allotment gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any


@dataclass(frozen=True)
class Project:
    """A project on the ballot: its cost in won, its votes and its number on the ballot paper (`order`).

    Votes may be Decimal or Fraction where electorates are weighted; they stay exact.
    """

    id: str
    cost_won: int
    votes: int | Decimal | Fraction
    order: int


@dataclass(frozen=True)
class Reason:
    """Why a project was funded or not: a code and the numbers that belong to it.

    | code | meaning | parameters besides votes, cost_won |
    |---|---|---|
    | `funded` | it fitted into the money left at its turn | rank, left_won (before it) |
    | `over_ceiling` | it did not | rank, left_won, missing_votes |
    | `after_stop` | the rule had stopped before its turn | rank, left_won, stopped_by, missing_votes |
    | `no_votes` | nobody voted for it | missing_votes |
    | `cost_above_ceiling` | it costs more than there is in all | ceiling_won |

    `missing_votes` is the smallest whole number of further votes, in the unit of the count, with which it
    would have been funded if all else had stayed the same. Only `cost_above_ceiling` has none: no number would do.
    Votes are an int, or text such as "1001/2" if they are no whole number.
    """

    code: str
    parameters: Mapping[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True)
class Allotment:
    """The funded projects in the order of their rank, the reason of every project, winners too, what they
    cost in all, and the record."""

    winners: tuple[str, ...]
    reasons: Mapping[str, Reason]
    spent_won: int
    record: dict[str, Any]
