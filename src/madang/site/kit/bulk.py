"""Inserting rows by the ten thousand: one prepared statement, values converted once a column.

For tables of plain values that are written in bulk (events, ballots, the roll). `bulk_create` costs ten
times as much, since it compiles an expression for every value.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connection, models


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows with values in the order of `columns` (attribute names such as "book_id").

    Runs in the caller's transaction. Raises what the database raises, such as IntegrityError.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields}
    converters = [_converter(fields[column]) for column in columns]
    names = ", ".join(connection.ops.quote_name(str(fields[column].column)) for column in columns)
    marks = ", ".join(["%s"] * len(columns))
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 - names of our own tables
            [tuple(convert(value) for convert, value in zip(converters, row, strict=True)) for row in rows],
        )


def _converter(field: models.Field) -> Callable[[Any], Any]:
    if isinstance(field, models.DateTimeField):
        return connection.ops.adapt_datetimefield_value
    if isinstance(field, models.JSONField):
        return lambda value: json.dumps(value, ensure_ascii=False)
    return lambda value: value
