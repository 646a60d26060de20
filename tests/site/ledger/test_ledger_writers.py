"""Concurrent writers, on the configured database engine: threads with a connection each never overspend."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import translation
from ledger_world import AT, DAY, FINANCE, HEAD, OFFICER, build

from madang.site.kit.verdict import Refused
from madang.site.ledger import actions
from madang.site.ledger.models import Entry, Line, Request

WRITERS = 8


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


def _prepare() -> list[int]:
    """Eight obligation requests of 300,000 won each, approved by the head, on a line of 1,000,000."""
    world = build()
    line = Line.objects.select_related("department__parent").get(pk=world.line.pk)
    keys = []
    for _number in range(WRITERS):
        request = actions.request_obligation(
            by=OFFICER, at=AT, line=line, amount_won=300_000, payee="synthetic", on=DAY
        )
        actions.approve(by=HEAD, at=AT, request=request)
        keys.append(request.pk)
    return keys


def _approve(key: int) -> Callable[[], str]:
    def call() -> str:
        request = Request.objects.select_related("line__department__parent").get(pk=key)
        return str(actions.approve(by=FINANCE, at=AT, request=request).state)

    return call


def _state() -> tuple[int, int, int]:
    line = Line.objects.get(code="P-01")
    return line.obligated_won, line.spent_won, Entry.objects.filter(line=line, kind="obligation").count()


def test_of_eight_who_want_the_money_three_get_it(in_threads):
    (keys,) = in_threads(_prepare)
    results = in_threads(*(_approve(key) for key in keys))
    assert Counter(type(result).__name__ for result in results) == {"Refused": 5, "str": 3}
    assert {str(result) for result in results if isinstance(result, Refused)} == {
        "P-01 Parks: 300,000 won cannot be obligated. 900,000 of 1,000,000 won are obligated; 100,000 won are left."
    }
    assert in_threads(_state) == [(900_000, 0, 3)]


def test_a_request_approved_by_eight_at_once_is_posted_once(in_threads):
    (keys,) = in_threads(_prepare)
    results = in_threads(*[_approve(keys[0])] * WRITERS)
    assert Counter(type(result).__name__ for result in results) == {"Refused": 7, "str": 1}
    assert in_threads(_state) == [(300_000, 0, 1)]
