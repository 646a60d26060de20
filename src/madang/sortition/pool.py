"""The people, the quotas, and the types they make.

People with equal features are exchangeable, so the lottery is sought over *types* (distinct vectors of
features) and not over people: one column per type, one row per quota. A panel is a vector x of whole
numbers with 0 <= x <= sizes, and every row between its `low` and its `high`. The size of the panel, fixed
members and "one per household" are rows like the quotas.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

import numpy as np

from madang.sortition.sentences import Refusal

CROSSING = "×"
FIXED = "fixed member"
SEATS = "seats"


@dataclass(frozen=True)
class Quota:
    """How many people of one feature's value a panel holds; the flex bounds limit a proposed relaxation.

    A feature such as `sex×age` crosses features of the people; its values are then crossed too: `F×30-39`.
    """

    feature: str
    value: str
    low: int
    high: int
    low_flex: int = 0
    high_flex: int | None = None

    @property
    def name(self) -> str:
        return f"{self.feature}={self.value}"


@dataclass(frozen=True)
class Person:
    """Somebody in the pool: an id, the values of the features, and the household ("" for none known)."""

    id: str
    values: Mapping[str, str]
    household: str = ""


@dataclass(frozen=True)
class Row:
    """A bound on the people of a panel in some types; only quotas may be relaxed."""

    name: str
    low: int
    high: int
    quota: Quota | None = None


@dataclass(frozen=True)
class Types:
    """The pool by type. Type t has `sizes[t]` people, named in `members[t]`, and stands in the rows `row_of[t]`.

    Every type stands in equally many rows, the last of which is that of the seats. Types that share
    households with others have the number of their group in `group[t]` (-1: none); `household` names them.
    """

    rows: tuple[Row, ...]
    row_of: np.ndarray
    sizes: np.ndarray
    labels: tuple[tuple[str, ...], ...]
    members: tuple[tuple[str, ...], ...]
    household: Mapping[str, str]
    group: tuple[int, ...]

    @property
    def seats(self) -> int:
        return self.rows[-1].low

    @property
    def people(self) -> int:
        return int(self.sizes.sum())

    @cached_property
    def low(self) -> np.ndarray:
        return np.array([row.low for row in self.rows], dtype=np.int64)

    @cached_property
    def high(self) -> np.ndarray:
        return np.array([row.high for row in self.rows], dtype=np.int64)

    def sums(self, counts: np.ndarray) -> np.ndarray:
        """A x: the people of each row, for whole numbers x per type."""
        width = self.row_of.shape[1]
        found = np.zeros(len(self.rows), dtype=np.int64)
        np.add.at(found, self.row_of.ravel(), np.repeat(counts.astype(np.int64), width))
        return found

    def holds(self, panel: np.ndarray) -> bool:
        """Whether a vector of counts is a panel: within sizes and within every row."""
        sums = self.sums(panel)
        inside = (panel >= 0).all() and (panel <= self.sizes).all()
        return bool(inside and (sums >= self.low).all() and (sums <= self.high).all())


def types_of(people: Sequence[Person], quotas: Sequence[Quota], seats: int, fixed: Sequence[str] = ()) -> Types:
    """Group the pool into types. The order of people and quotas does not matter.

    Raises Refusal for an empty pool, a person twice, a value without a quota, bounds that contradict
    themselves, fewer people than seats, and a fixed member who is not in the pool.
    """
    quotas = sorted(quotas, key=lambda quota: (quota.feature, quota.value))
    _check(people, quotas, seats, fixed)
    places = {(quota.feature, quota.value): place for place, quota in enumerate(quotas)}
    features = list(dict.fromkeys(quota.feature for quota in quotas))
    vector = _vectors(features, places)
    rows = [Row(quota.name, quota.low, quota.high, quota) for quota in quotas]
    chosen = frozenset(fixed)
    if chosen:
        rows += [Row("not fixed", 0, len(people)), Row(FIXED, len(chosen), len(chosen))]
    keyed: dict[str, tuple[int, ...]] = {}
    for person in people:
        mark = (len(quotas) + (person.id in chosen),) if chosen else ()
        keyed[person.id] = (*vector(person), *mark)
    households = _households(people)
    return _grouped(keyed, households, rows, seats)


def _check(people: Sequence[Person], quotas: Sequence[Quota], seats: int, fixed: Sequence[str]) -> None:
    if not people:
        raise Refusal(rule="empty_pool")
    for quota in quotas:
        if quota.low < 0 or quota.high < quota.low:
            raise Refusal(rule="bounds", name=quota.name, low=quota.low, high=quota.high)
    named = Counter(quota.name for quota in quotas)
    twice = min((name for name, count in named.items() if count > 1), default=None)
    if twice is not None:
        raise Refusal(rule="quota_twice", name=twice)
    seen = Counter(person.id for person in people)
    again = min((name for name, count in seen.items() if count > 1), default=None)
    if again is not None:
        raise Refusal(rule="person_twice", person=again, count=seen[again])
    if seats < 1:
        raise Refusal(rule="no_seats", seats=seats)
    if seats > len(people):
        raise Refusal(rule="too_few", seats=seats, people=len(people))
    missing = sorted(set(fixed) - seen.keys())
    if missing:
        raise Refusal(rule="fixed_missing", person=missing[0])


def _vectors(features: Sequence[str], places: Mapping[tuple[str, str], int]) -> Any:
    """The function that gives a person's rows, one per feature, each pair of feature and value looked up once."""
    parts = [feature.split(CROSSING) for feature in features]

    def vector(person: Person) -> Iterator[int]:
        for feature, names in zip(features, parts, strict=True):
            value = person.values.get(feature)
            if value is None:
                value = CROSSING.join(person.values.get(name, "") for name in names)
            place = places.get((feature, value))
            if place is None:
                raise Refusal(rule="no_quota", person=person.id, feature=feature, value=value)
            yield place

    return vector


def _households(people: Sequence[Person]) -> dict[str, str]:
    """The household of everybody who shares one with somebody else in the pool."""
    counts = Counter(person.household for person in people if person.household)
    return {person.id: person.household for person in people if counts[person.household] > 1}


def _grouped(keyed: Mapping[str, tuple[int, ...]], household: Mapping[str, str], rows: list[Row], seats: int) -> Types:
    """Types, or classes where households are shared: people of the same features whose households look alike.

    Households with the same multiset of features are exchangeable; one row per such group says that a
    panel takes at most as many people from the group as it has households.
    """
    living: dict[str, list[tuple[int, ...]]] = defaultdict(list)
    for person, home in household.items():
        living[home].append(keyed[person])
    looks = {home: tuple(sorted(keys)) for home, keys in living.items()}
    homes = Counter(looks.values())
    groups = {look: place for place, look in enumerate(sorted(homes))}
    classes: dict[tuple[int, tuple[int, ...]], list[str]] = defaultdict(list)
    for person, key in keyed.items():
        classes[groups[looks[household[person]]] if person in household else -1, key].append(person)
    first = len(rows)
    if groups:
        rows.append(Row("no shared household", 0, len(keyed)))
        rows += [Row(f"one per household, group {place + 1}", 0, homes[look]) for look, place in groups.items()]
    rows.append(Row(SEATS, seats, seats))
    ordered = sorted(classes)
    row_of = [(*key, *((first + 1 + group,) if groups else ()), len(rows) - 1) for group, key in ordered]
    return Types(
        rows=tuple(rows),
        row_of=np.array(row_of, dtype=np.int32).reshape(len(ordered), -1),
        sizes=np.array([len(classes[one]) for one in ordered], dtype=np.int64),
        labels=tuple(tuple(rows[place].name for place in key) for _group, key in ordered),
        members=tuple(tuple(sorted(classes[one])) for one in ordered),
        household=household,
        group=tuple(group for group, _key in ordered),
    )


def pseudonym(person: str, salt: str) -> str:
    """The name under which a person stands in a record; without the salt nobody can join it with the id."""
    return sha256(f"madang-sortition pseudonym\n{salt}\n{person}".encode()).hexdigest()[:16]
