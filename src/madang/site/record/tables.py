"""Which tables a piece of work reads and writes, seen where statements go to the database."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

# For a statement that writes and cannot be read here; whoever asks for a table asks for this one too.
ANY = "*"
_WRITES = re.compile(r'\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)', re.IGNORECASE)
_READS = re.compile(r'\b(?:FROM|JOIN)\s+"?(\w+)', re.IGNORECASE)
_HARMLESS = re.compile(
    r"\s*(?:SELECT|EXPLAIN|PRAGMA|SET|SHOW|BEGIN|COMMIT|SAVEPOINT|RELEASE|ROLLBACK)\b", re.IGNORECASE
)


def written(sql: str) -> set[str]:
    """The table that a statement writes to."""
    found = _WRITES.match(sql)
    if found:
        return {found[1]}
    return set() if _HARMLESS.match(sql) else {ANY}


def read(sql: str) -> set[str]:
    """The tables that a statement reads, and perhaps names of other things."""
    return set(_READS.findall(sql))


@contextmanager
def noting(tables: set[str], named: Callable[[str], set[str]]) -> Iterator[None]:
    """Put the tables that statements read or write into a set while the work goes on."""

    def note(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        tables.update(named(str(sql)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield
