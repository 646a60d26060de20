"""Where the tests find cities, who loads them and what the database holds then."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection

from madang.site.kit.actor import Actor, Grant

AT = datetime(2031, 1, 2, 3, 4, tzinfo=UTC)
ADMINISTRATOR = Actor(pseudonym="administrator-1", grants=frozenset({Grant("administrator")}))
COUNTY = Path(__file__).parents[2] / "data" / "county"
SEOUL = Path(__file__).parents[3] / "cities" / "seoul"


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables of the database."""
    with connection.cursor() as cursor:
        rows = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")  # noqa: S608
            rows[table] = cursor.fetchall()
        return rows
