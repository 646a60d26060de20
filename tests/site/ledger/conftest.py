"""Fixtures of the ledger's tests."""

import pytest
from ledger_world import World, build


@pytest.fixture
def world(db: None) -> World:
    """The synthetic bureau."""
    return build()
