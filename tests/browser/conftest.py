"""A browser and the made-up town, for the one journey through real pages."""

from collections.abc import Callable, Iterator

import journey_town
import pytest
from chromium import PHONE, chromium, launch
from django.db import connection
from playwright.sync_api import Browser, sync_playwright
from walking import Visitor


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A database in a file: a page and its script write at once, and one in memory lets no second writer wait."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("town") / "town.sqlite3")


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """The machine's Chromium."""
    if chromium() is None:
        pytest.skip("There is no Chromium on this machine: install Debian's package chromium to walk the journey.")
    # Playwright runs an event loop in this thread; the tests' own queries are not in it.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        shown = launch(playwright)
        yield shown
        shown.close()


@pytest.fixture
def visitor(settings, browser, live_server) -> Callable[..., Visitor]:
    """Comes to the town, which lives in May 2031, with a phone unless told otherwise."""
    settings.CLOCK_STARTS_AT, settings.CITY_FOLDER = journey_town.AT, journey_town.TOWN
    journey_town.settle()
    judged: set[tuple[str, int]] = set()
    return lambda width=PHONE, script=True: Visitor(browser, live_server.url, judged, width, script)
