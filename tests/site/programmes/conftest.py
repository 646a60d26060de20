"""Fixtures of the tests of programmes."""

import programmes_world
import pytest


@pytest.fixture
def world(db: None) -> programmes_world.World:
    """The made-up programme."""
    return programmes_world.build()
