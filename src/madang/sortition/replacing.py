"""Who takes the seat of somebody who drops out.

All who wait are ranked by the seed of the draw. A seat goes to the first of the ranking with exactly the same
features; without one, to the first with whom no more people are missing or too many, over all quotas, than
before; without one it stays empty. Nobody is called twice, and nobody whose household has a seat.
"""

from collections.abc import Sequence
from typing import Any

from madang.sortition.sentences import Refusal

SAME, OTHER, EMPTY = "same features", "quotas hold", "empty"


class Bench:
    """The panel as it stands now, the ranking of those who wait, and the rule by which they move up."""

    def __init__(self, record: dict[str, Any]) -> None:
        published = record["published"]
        self.rows = published["rows"]
        self.rows_of = published["types"]
        self.type_of = {name: t for t, names in enumerate(published["pool"]) for name in names}
        self.home = {
            name: home
            for t, numbers in published["households"]
            for name, home in zip(published["pool"][t], numbers, strict=True)
        }
        self.panel = set(record["draw"]["panel"])
        self.waiting = list(record["reserves"])
        for event in record["replacements"]:
            for leaving, coming, _rule in event["called"]:
                self._move(leaving, coming)

    def replace(self, dropped: Sequence[str]) -> list[list[Any]]:
        """Call somebody for each of those who dropped out, in the order given: [who left, who is called, why]."""
        called = []
        for name in dropped:
            if name not in self.panel:
                raise Refusal(f"{name} is not on the panel now, so there is no seat to fill again.")
            coming, rule = self._next(name)
            self._move(name, coming)
            called.append([name, coming, rule])
        return called

    def _move(self, leaving: str, coming: str | None) -> None:
        self.panel.discard(leaving)
        if coming is not None:
            self.waiting.remove(coming)
            self.panel.add(coming)

    def _next(self, leaving: str) -> tuple[str | None, str]:
        t = self.type_of[leaving]
        homes = {self.home[name] for name in self.panel if name in self.home and name != leaving}
        free = [name for name in self.waiting if self.home.get(name) not in homes]
        same = next((name for name in free if self.type_of[name] == t), None)
        if same is not None:
            return same, SAME
        sums = [0] * len(self.rows)
        for name in self.panel - {leaving}:
            for row in self.rows_of[self.type_of[name]]:
                sums[row] += 1
        worse = [self._missed(row, people + 1) - self._missed(row, people) for row, people in enumerate(sums)]
        most = sum(worse[row] for row in self.rows_of[t])
        fitting = {
            other
            for other in {self.type_of[name] for name in free}
            if sum(worse[row] for row in self.rows_of[other]) <= most
        }
        coming = next((name for name in free if self.type_of[name] in fitting), None)
        return coming, EMPTY if coming is None else OTHER

    def _missed(self, row: int, people: int) -> int:
        """How many people are missing or too many in a row; households are kept by leaving people out."""
        name, low, high = self.rows[row]
        return 0 if "per household" in name else max(low - people, 0) + max(people - high, 0)
