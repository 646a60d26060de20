"""From an empty database to a demonstration: tables, the city, its year, the accounts to try it with."""

import gc
from collections.abc import Callable
from datetime import datetime, timedelta
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
from madang.site.record.actions import seal_books
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
    folders = sorted(path for path in (settings.CITY_FOLDER / "year").glob("*") if path.is_dir())
    shown = progress(5 + 11 * len(folders))
    # Looking for cycles among hundreds of thousands of rows that have none takes a sixth of the time.
    gc.set_threshold(200_000, 20, 100)
    shown.step("tables")
    call_command("migrate", verbosity=0)
    shown.step("city")
    try:
        city = load(folder=settings.CITY_FOLDER, by=SYSTEM, at=_first_day(folders)).city
    except CityProblems as problems:
        raise CityRefused(str(problems)) from problems
    for folder in folders:
        replay(folder, shown.step)
    shown.step("accounts")
    at = clock.start_of(city.demo_day) - timedelta(hours=1) if city.demo_day else clock.now()
    with batch():
        prepare_accounts(by=SYSTEM, at=at)
    seal_books(at=at)
    shown.step("statistics of the database")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return shown.end()


def replay(folder: Path, step: Callable[[str], None]) -> World:
    """Act one year's scenario out."""
    step("synthetic people")
    world = World(folder)
    with batch():
        world.populate()
    run(players(world), step)
    return world


def _first_day(folders: list[Path]) -> datetime:
    return World(folders[0]).day(World(folders[0]).scenario["begins"], hour=0) if folders else clock.now()
