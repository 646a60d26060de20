"""The published lottery of a draw as its pages show it: panels by number, tickets by name.

The record of a large draw has a million numbers. What pages need of it is kept small, and kept: a frozen list never
changes, so its hash says whether it is the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

import numpy as np

from madang import sortition
from madang.site.panels.models import Draw


@dataclass(frozen=True)
class Row:
    """A quota of a panel: its name in the record, its bounds, and how many people of it the panel has."""

    name: str
    low: int
    high: int
    people: int


@dataclass(frozen=True)
class Lottery:
    """The panels of equal chance, and everybody's chance by the type of their features."""

    deal: sortition.Deal
    rows: Sequence[tuple[str, int, int]]
    types: np.ndarray
    chances: Mapping[int, Fraction]
    binding: Mapping[int, Sequence[str]]
    within: int

    @property
    def tickets(self) -> int:
        """How many panels there are."""
        return len(self.deal.panels)

    @cached_property
    def _type_of(self) -> dict[str, int]:
        return {name: place for place, names in enumerate(self.deal.pool) for name in names}

    def panel(self, number: int) -> list[str]:
        """The names on the panel of a number."""
        return self.deal.people(number)

    def counted(self, number: int) -> list[Row]:
        """How the panel of a number keeps the quotas."""
        own = self.deal.panels[number].astype(np.int64)
        people = np.zeros(len(self.rows), dtype=np.int64)
        np.add.at(people, self.types.ravel(), np.repeat(own, self.types.shape[1]))
        return [Row(name, low, high, int(people[place])) for place, (name, low, high) in enumerate(self.rows)]

    def own_tickets(self, name: str) -> list[int]:
        """The numbers with which somebody is drawn."""
        return self.deal.tickets(self._type_of[name], name)

    def chance(self, name: str) -> Fraction:
        """The chance that the quotas leave to somebody."""
        return self.chances[self._type_of[name]]

    def limits(self, name: str) -> Sequence[str]:
        """The quotas that hold somebody's chance where it is, by their names in the record."""
        return self.binding[self._type_of[name]]


def lottery_of(draw: Draw) -> Lottery:
    """The lottery of a draw whose list is frozen."""
    return _kept(draw.pk, draw.list_hash)


@lru_cache(maxsize=4)
def _kept(draw: int, list_hash: str) -> Lottery:
    found = Draw.objects.filter(pk=draw).values_list("record__published", flat=True).get()
    chances, binding = {}, {}
    for level in found["levels"]:
        held = {row for row, _weight in level["proof"]["rows"]} if level["proof"] else set()
        for place in level["types"]:
            chances[place] = Fraction(level["probability"])
            binding[place] = [found["rows"][row][0] for row in found["types"][place] if row in held]
    return Lottery(
        deal=sortition.deal_of(found),
        rows=[(name, low, high) for name, low, high in found["rows"]],
        types=np.array(found["types"], dtype=np.int32),
        chances=chances,
        binding=binding,
        within=int(found["within"]),
    )
