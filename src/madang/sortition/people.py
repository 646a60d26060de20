"""Who stands for the draw, how many seats each stratum has, and what a draw gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Candidate:
    """One person in the pool, under a pseudonym, with the value of each category: `{"sex": "f", "age": "30-39"}`."""

    id: str
    strata: Mapping[str, str]


@dataclass(frozen=True)
class Quota:
    """How many seats one stratum has: `Quota({"sex": "f", "age": "30-39"}, 7)`."""

    stratum: Mapping[str, str]
    seats: int


@dataclass(frozen=True)
class Shortfall:
    """A stratum with fewer candidates than seats: from which strata its empty seats were filled, with how
    many people each, and how many seats stayed `empty`."""

    stratum: str
    seats: int
    candidates: int
    filled: Mapping[str, int]
    empty: int


@dataclass(frozen=True)
class Draw:
    """The people drawn (by stratum in the order of the quotas, then those who fill empty seats), the reserves
    of each stratum in the order in which they move up, the shortfalls, and the record of it all."""

    selected: tuple[str, ...]
    reserves: Mapping[str, tuple[str, ...]]
    shortfalls: tuple[Shortfall, ...]
    record: dict[str, Any]


def stratum_key(stratum: Mapping[str, str]) -> str:
    """The name of a stratum in results and records: `sex=f,age=30-39`, in the order of its categories.

    Raises ValueError for a category or value that holds a comma or an equals sign, or is empty.
    """
    for part in (*stratum, *stratum.values()):
        if not part or "," in part or "=" in part:
            raise ValueError(f"{part!r} cannot name a category or its value; use text without commas and equals signs.")
    return ",".join(f"{category}={value}" for category, value in stratum.items())
