"""Synthetic people, drawn in proportion to the residents of each area by sex and age band."""

import random
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from madang.site.kit.actor import SYSTEM, Actor
from madang.site.people.actions import NewPerson, register_people
from madang.site.people.actors import citizen
from madang.site.people.models import Area, Person


@dataclass(frozen=True)
class Resident:
    """A synthetic resident: who, where, and the claims a verified identity would give."""

    person_id: int
    pseudonym: str
    sex: str
    age_band: str
    area: str

    @property
    def actor(self) -> Actor:
        """The resident as an actor without a role."""
        return Actor(pseudonym=self.pseudonym, person_id=self.person_id)


class Population:
    """Strata of residents to draw from: (area code, sex, age band) weighted by their number."""

    def __init__(self) -> None:
        self.strata: list[tuple[str, str, str]] = []
        weights: list[int] = []
        for area in Area.objects.filter(level=Area.Level.DISTRICT).order_by("code"):
            for stratum, residents in sorted(area.population.items()):
                sex, _sep, band = stratum.partition("/")
                self.strata.append((area.code, sex, band))
                weights.append(residents)
        self.cumulated = list(accumulate(weights))

    def pick(self, chance: random.Random) -> tuple[str, str, str]:
        """One stratum by chance."""
        return self.strata[bisect(self.cumulated, chance.random() * self.cumulated[-1])]


BIRTH_YEARS = {"10s": (2003, 2006), "20s": (1992, 2001), "30s": (1982, 1991), "40s": (1972, 1981), "50s": (1962, 1971)}


def claims_of_stratum(area: str, sex: str, band: str, chance: random.Random, year: int) -> list[tuple[str, str]]:
    """The claims that a verified identity in this stratum gives in a year."""
    first, last = BIRTH_YEARS.get(band, (1940, 1961))
    shift = year - 2021
    return [
        ("verified", "synthetic"),
        ("sex", sex),
        ("age_band", band),
        ("birth_year", str(chance.randint(first, last) + shift)),
        ("lives_in", area),
    ]


def register_crowd(*, count: int, seed: str, at: datetime) -> list[Resident]:
    """Register synthetic people with claims, through the action that an import of people uses."""
    chance = random.Random(seed)  # noqa: S311 - a replay must be repeatable
    population = Population()
    drawn = [population.pick(chance) for _ in range(count)]
    people = register_people(
        by=SYSTEM,
        at=at,
        people=[
            NewPerson(
                pseudonym=f"s-{number:05d}",
                synthetic=True,
                claims=claims_of_stratum(area, sex, band, chance, at.year),
            )
            for number, (area, sex, band) in enumerate(drawn, start=1)
        ],
    )
    return [
        Resident(person.pk, person.pseudonym, sex, band, area)
        for person, (area, sex, band) in zip(people, drawn, strict=True)
    ]


def actors(people: Sequence[Person]) -> list[Actor]:
    """People as actors without a role."""
    return [citizen(person) for person in people]
