"""From panels of types to panels of people: every member of a type holds an equal number of tickets, or one more.

The members of a type stand in the order of SHA-256(order seed, pseudonym). Ticket after ticket, the x people of
the type are the next x in that order, around and around: nobody is twice in a panel, and a member holds
floor(Y_t / m_t) or ceil(Y_t / m_t) tickets. In a group of households those come first who are furthest behind
what their type has been given so far, of equals the earlier in the order, and one person per household.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from math import lcm

import numpy as np


def in_order(people: Sequence[str], seed: str, purpose: str) -> list[str]:
    """People by SHA-256 of seed, purpose and pseudonym: an order that nobody chose."""
    return sorted(people, key=lambda person: sha256(f"{seed}\n{purpose}\n{person}".encode()).digest())


@dataclass(frozen=True)
class Deal:
    """Who is in which panel. `households` gives the number of the household of those who share one."""

    panels: np.ndarray
    pool: Sequence[Sequence[str]]
    groups: Sequence[int]
    households: Mapping[str, int]
    seed: str
    _orders: dict[int, list[str]] = field(default_factory=dict)
    _shared: dict[int, list[dict[int, list[str]]]] = field(default_factory=dict)

    def people(self, ticket: int) -> list[str]:
        """The panel of a ticket, sorted."""
        found: list[str] = []
        for t in np.flatnonzero(self.panels[ticket]):
            found += self._members(int(t), ticket)
        return sorted(found)

    def tickets(self, t: int, person: str) -> list[int]:
        """The tickets with which a member of type t is drawn."""
        if self.groups[t] >= 0:
            panels = self._group(self.groups[t])
            return [ticket for ticket, classes in enumerate(panels) if person in classes.get(t, ())]
        place = self._order(t).index(person)
        counts = self.panels[:, t].astype(np.int64)
        starts = np.cumsum(counts) - counts
        return [int(ticket) for ticket in np.flatnonzero((place - starts) % len(self.pool[t]) < counts)]

    def counts(self) -> dict[str, int]:
        """How many tickets everybody holds."""
        found: dict[str, int] = {}
        for t, members in enumerate(self.pool):
            if self.groups[t] < 0:
                least, more = divmod(int(self.panels[:, t].sum(dtype=np.int64)), len(members))
                found |= {person: least + (place < more) for place, person in enumerate(self._order(t))}
        for group in sorted(set(self.groups) - {-1}):
            for t in (t for t, own in enumerate(self.groups) if own == group):
                found |= dict.fromkeys(self.pool[t], 0)
            for classes in self._group(group):
                for people in classes.values():
                    for person in people:
                        found[person] += 1
        return found

    def _order(self, t: int) -> list[str]:
        if t not in self._orders:
            self._orders[t] = in_order(self.pool[t], self.seed, "order")
        return self._orders[t]

    def _members(self, t: int, ticket: int) -> list[str]:
        if self.groups[t] >= 0:
            return self._group(self.groups[t])[ticket][t]
        order = self._order(t)
        start = int(self.panels[:ticket, t].sum(dtype=np.int64))
        return [order[(start + step) % len(order)] for step in range(int(self.panels[ticket, t]))]

    def _group(self, group: int) -> list[dict[int, list[str]]]:
        """For each ticket, who of the classes of a group of households is in the panel."""
        if group not in self._shared:
            classes = [t for t, own in enumerate(self.groups) if own == group]
            held = {person: 0 for t in classes for person in self._order(t)}
            self._shared[group] = [self._taken(classes, ticket, held) for ticket in range(len(self.panels))]
        return self._shared[group]

    def _taken(self, classes: Sequence[int], ticket: int, held: dict[str, int]) -> dict[int, list[str]]:
        """The members of one panel, those furthest behind first; `held` counts their tickets so far."""
        found: dict[int, list[str]] = {t: [] for t in classes}
        wanted = {t: int(self.panels[ticket, t]) for t in classes}
        if not any(wanted.values()):
            return found
        whole = lcm(*(len(self.pool[t]) for t in classes))
        ranked: list[tuple[int, int, int, str]] = []
        for t in classes:
            share = whole // len(self.pool[t])
            due = int(self.panels[: ticket + 1, t].sum(dtype=np.int64)) * share
            ranked += [
                (held[person] * whole - due, len(ranked) + i, t, person) for i, person in enumerate(self._order(t))
            ]
        at_home: set[int] = set()
        for _lag, _place, t, person in sorted(ranked):
            home = self.households[person]
            if len(found[t]) < wanted[t] and home not in at_home:
                at_home.add(home)
                found[t].append(person)
                held[person] += 1
        return found
