"""What the players of a replay share: the crowd, the officials, the words and what they remember."""

import csv
import tomllib
from collections import defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from madang.site.kit.actor import SYSTEM, Actor
from madang.site.kit.clock import start_of
from madang.site.people.actions import NewPerson, give_role, register_people
from madang.site.people.actors import actor_for, citizen
from madang.site.people.demo import demo_address
from madang.site.people.models import Organisation, Person
from madang.site.programmes.models import Process
from madang.site.replay.crowd import Resident, register_crowd

OFFICES = ("officer", "head")


class World:
    """The synthetic city of one scenario folder (`year/<year>/`)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.scenario: dict[str, Any] = tomllib.loads((folder / "scenario.toml").read_text(encoding="utf-8"))
        self.seed: str = self.scenario["seed"]
        self.words: dict[str, list[str]] = self.scenario["words"]
        self.crowd: list[Resident] = []
        self.by_person: dict[int, Resident] = {}
        self.staff: dict[tuple[str, str], Actor] = {}
        # Matters that a script singles out, by process: {process: {key of the matter: its row}}.
        self.chosen: dict[str, dict[int, dict[str, str]]] = defaultdict(dict)

    @property
    def begins(self) -> datetime:
        """The moment the replay begins."""
        return self.day(self.scenario["begins"], hour=0)

    @property
    def ends(self) -> datetime:
        """The moment the replay ends: what would come later has not happened yet."""
        return self.day(self.scenario["ends"], hour=23)

    def chance(self, *names: object) -> Random:
        """A source of chance of its own for each name, so that one player does not disturb another."""
        return Random("/".join([self.seed, *map(str, names)]))  # noqa: S311

    def rows(self, name: str) -> list[dict[str, str]]:
        """The rows of a CSV file of the scenario."""
        with (self.folder / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def process(self, code: str) -> Process:
        """A process with its department."""
        return Process.objects.select_related("department").get(code=code)

    def day(self, text: str, hour: int = 9) -> datetime:
        """An hour of a day written as 2021-05-25."""
        return start_of(date.fromisoformat(text)) + timedelta(hours=hour)

    def populate(self) -> None:
        """Register the crowd and the officials, on the first day of the scenario."""
        self.crowd = register_crowd(count=self.scenario["people"], seed=f"{self.seed}/crowd", at=self.begins)
        self.by_person = {resident.person_id: resident for resident in self.crowd}
        self._appoint_officials(self.begins)

    def _appoint_officials(self, at: datetime) -> None:
        departments = list(Organisation.objects.filter(kind=Organisation.Kind.DEPARTMENT).order_by("order"))
        posts = [(role, department) for department in departments for role in OFFICES]
        bureau = Organisation.objects.get(kind=Organisation.Kind.BUREAU)
        posts += [("finance", bureau), ("auditor", None)]
        names = [f"o-{organisation.code if organisation else 'city'}-{role}" for role, organisation in posts]
        people = register_people(
            by=SYSTEM, at=at, people=[NewPerson(pseudonym=name[:40], synthetic=True) for name in names]
        )
        for (role, organisation), person in zip(posts, people, strict=True):
            give_role(by=SYSTEM, at=at, person=person, role=role, organisation=organisation)
            self.staff[role, organisation.code if organisation else ""] = actor_for(person, at)

    def official(self, role: str, department: Organisation) -> Actor:
        """The official of a role in a department; finance sits in the bureau."""
        found = self.staff.get((role, department.code))
        return found or next(actor for (held, _code), actor in self.staff.items() if held == role)

    def visitor(self, role: str) -> Actor:
        """A prepared person of the demonstration as an actor, without the roles of an official."""
        return citizen(Person.objects.get(account__email=demo_address(role)))

    def person(self, key: int) -> Actor:
        """A person of the crowd as an actor."""
        resident = self.by_person.get(key)
        return resident.actor if resident else Actor(Person.objects.get(pk=key).pseudonym, key)
