"""The replayed year: made once for these tests, in a run of its own, since it fills the database."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from madang.site.replay.demo import prepare

HERE = Path(__file__).parent


class Quiet:
    """A progress that shows nothing."""

    def __init__(self, steps: int) -> None:
        self.steps = steps

    def step(self, name: str) -> None:
        """Begin a step."""

    def end(self) -> float:
        """Finish."""
        return 0.0


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("seoul2021")


@pytest.fixture(scope="session")
def replayed(django_db_setup, django_db_blocker) -> datetime:
    """The whole year in the test database; the moment at which tests look back on it."""
    with django_db_blocker.unblock():
        prepare(Quiet)
    return datetime(2021, 11, 15, tzinfo=UTC)
