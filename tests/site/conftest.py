"""Its place here puts this folder on the path, so that tests of all rooms can import `factories`."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import translation
from house_html import faults_of

from madang.site.kit.verdict import Refused


@pytest.fixture(autouse=True)
def pages_are_valid(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever else a test asks of a page: it is valid HTML, also when it refuses what was sent."""
    told: list[str] = []
    ask = Client.request

    def look(self: Client, **asked: Any) -> Any:
        answer = ask(self, **asked)
        told.extend(f"{asked.get('PATH_INFO')}: {fault}" for fault in faults_of(answer))
        return answer

    monkeypatch.setattr(Client, "request", look)
    yield
    assert told == []


@pytest.fixture
def in_threads(transactional_db: None, tmp_path: Path) -> Iterator[Callable[..., list[Any]]]:
    """Run calls in threads that write to one real database.

    On PostgreSQL that is the test database. On SQLite the test database lives in memory, where locking
    differs, so the threads get a file with the same tables.
    """
    if connection.vendor == "sqlite":
        file = tmp_path / "writers.sqlite3"
        with connection.cursor() as cursor, sqlite3.connect(file) as copy:
            cursor.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
            for (statement,) in cursor.fetchall():
                copy.execute(statement)
        configured = connections.databases["default"]
        name, configured["NAME"] = configured["NAME"], str(file)
        yield _run
        configured["NAME"] = name
    else:
        yield _run


def _run(*calls: Callable[[], Any]) -> list[Any]:
    start = Barrier(len(calls))

    def one(call: Callable[[], Any]) -> Any:
        start.wait()
        try:
            with translation.override("en"):
                return call()
        except Refused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))
