"""Counts of what hangs on a row, as expressions to put on its query."""

from typing import Any

from django.db.models import Count, IntegerField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce


def counted(rows: QuerySet[Any], key: str, what: str = "pk") -> Coalesce:
    """How many of some rows hang on the row outside by a key; rows count once for each different `what`.

    Counted apart: joined in one query, each supporter of a matter would meet each comment.
    """
    found = rows.order_by().values(key).annotate(n=Count(what, distinct=what != "pk")).values("n")
    return Coalesce(Subquery(found, output_field=IntegerField()), Value(0))
