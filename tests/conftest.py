"""Fixtures for all tests. The database is real: SQLite, or PostgreSQL when DATABASE_URL says so."""

from collections.abc import Iterator

import hypothesis
import pytest
from django.conf import settings
from django.db import connections, transaction
from django.db.backends.sqlite3.base import DatabaseOperations
from django.utils import translation

# A busy machine is no failure.
hypothesis.settings.register_profile("madang", deadline=None)
hypothesis.settings.load_profile("madang")

# The registrar is a site of its own, with its own settings: ./madang test tests/site/registrar.
collect_ignore = [] if "registrar" in settings.ROOMS else ["site/registrar"]


@pytest.fixture(scope="session", autouse=True)
def flush_past_triggers() -> Iterator[None]:
    """Let Django empty append-only tables after a test with transactions of its own.

    PostgreSQL truncates, which their triggers let pass. SQLite deletes row by row, so there the triggers
    are taken away for the flush and made again in the same transaction.
    """
    flush = DatabaseOperations.execute_sql_flush

    def without_triggers(self: DatabaseOperations, sql_list: list[str]) -> None:
        with transaction.atomic(using=self.connection.alias), self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _sql in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
            flush(self, sql_list)
            for _name, sql in triggers:
                cursor.execute(sql)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", without_triggers)
        yield
    connections.close_all()


@pytest.fixture(autouse=True)
def first_language() -> Iterator[None]:
    """Begin each test in the site's first language: a page that a test opens leaves its own in the thread."""
    with translation.override(settings.LANGUAGE_CODE):
        yield
