"""From an empty database to a demonstration: tables, the city, its year, the accounts to try it with."""

import gc
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from madang.site.city.documents import CityProblems
from madang.site.city.load import load
from madang.site.kit import clock
from madang.site.kit.actor import SYSTEM
from madang.site.people.demo import prepare_accounts
from madang.site.people.models import Organisation
from madang.site.record.journal import batch
from madang.site.replay.players import players
from madang.site.replay.schedule import run
from madang.site.replay.world import World


class CityRefused(Exception):
    """The city folder cannot be loaded; the message says where and how to mend it."""


class Progress(Protocol):
    """What shows people how far a demonstration is."""

    def step(self, name: str) -> None:
        """Begin a step."""

    def end(self) -> float:
        """Finish; seconds since the beginning."""


def load_city(folder: Path | None = None) -> str:
    """Migrate, then load a city folder; a sentence on what was done. Raises CityRefused."""
    call_command("migrate", verbosity=0)
    try:
        loaded = load(folder=folder or settings.CITY_FOLDER, by=SYSTEM, at=clock.now())
    except CityProblems as problems:
        raise CityRefused(str(problems)) from problems
    if not loaded.counts:
        return "Nothing has changed in the city folder."
    return "Loaded: " + ", ".join(f"{count} {name}" for name, count in loaded.counts.items()) + "."


def prepare(progress: Callable[[int], Progress]) -> float:
    """Make the demonstration, step by step; seconds it took. Raises CityRefused."""
    worlds = [World(path) for path in sorted((settings.CITY_FOLDER / "year").glob("*")) if path.is_dir()]
    begins = worlds[0].begins if worlds else clock.now()
    shown = progress(4 + sum(1 + world.ends.month for world in worlds))
    # Looking for cycles among hundreds of thousands of rows that have none takes a sixth of the time.
    gc.set_threshold(200_000, 20, 100)
    shown.step("tables")
    call_command("migrate", verbosity=0)
    shown.step("city")
    try:
        load(folder=settings.CITY_FOLDER, by=SYSTEM, at=begins)
    except CityProblems as problems:
        raise CityRefused(str(problems)) from problems
    shown.step("accounts")
    with batch():
        prepare_accounts(by=SYSTEM, at=begins, body=_body_of_visitors(worlds))
    for world in worlds:
        replay(world, shown.step)
    shown.step("statistics of the database")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return shown.end()


def replay(world: World, step: Callable[[str], None]) -> None:
    """Act one year's scenario out."""
    step("synthetic people")
    with batch():
        world.populate()
    run(players(world), step)


def _body_of_visitors(worlds: list[World]) -> Organisation | None:
    """Where the council member of the demonstration sits: the body that a scenario names."""
    codes = [world.scenario["demo_body"] for world in worlds if "demo_body" in world.scenario]
    return Organisation.objects.get(code=codes[-1]) if codes else None
