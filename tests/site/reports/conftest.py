"""Fixtures of the tests of reports."""

from pathlib import Path

import pytest
from reports_world import World, build


@pytest.fixture
def city(tmp_path: Path, settings: object) -> Path:
    """The folder of a synthetic city with a small report."""
    from reports_world import write_city

    write_city(tmp_path)
    settings.CITY_FOLDER = tmp_path  # type: ignore[attr-defined]
    return tmp_path


@pytest.fixture
def world(db: None, city: Path) -> World:
    """The synthetic bureau with money, and its city folder."""
    return build(city)
