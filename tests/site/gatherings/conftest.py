"""Fixtures of the tests of meetings and courses."""

import pytest
from gatherings_world import World, build


@pytest.fixture
def world(db: None) -> World:
    """The synthetic city."""
    return build()
