"""The register of figure queries: a city's figures bind a name to one of these with arguments.

A query gives the records behind a number and how to reduce them, so that the number and the page of
its records can never differ.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max, Min, QuerySet, Sum
from pydantic import BaseModel, ConfigDict

FigureResult = int | Decimal | str | date | None


class Arguments(BaseModel):
    """Base of the arguments of a figure query: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class Records:
    """The records behind a figure as of a day.

    `reduce` is "count", "distinct:<field>" (how many different ones), "sum:<field>", "max:<field>", "min:<field>"
    or "value:<field>" (of the only record). `columns` are pairs (attribute or annotation, heading) for the page of
    records; `link` gives a record's own page, or None.
    """

    rows: QuerySet
    reduce: str = "count"
    columns: Sequence[tuple[str, str]] = ()
    link: Callable[[Any], str | None] = lambda record: None

    def value(self) -> FigureResult:
        """The figure. Raises ValueError for an unknown reduction."""
        how, _, field = self.reduce.partition(":")
        if how == "count":
            return self.rows.count()
        if how == "distinct":
            return self.rows.order_by().values(field).distinct().count()
        if how == "sum":
            return self.rows.aggregate(total=Sum(field))["total"] or 0
        if how == "max":
            return self.rows.aggregate(top=Max(field))["top"]
        if how == "min":
            return self.rows.aggregate(least=Min(field))["least"]
        if how == "value":
            return self.rows.values_list(field, flat=True).first()
        raise ValueError(f"A figure cannot be reduced by {self.reduce!r}.")


@dataclass(frozen=True)
class FigureQuery:
    """A named query: `records(arguments, as_of)` gives the records behind a figure as of a day's end."""

    name: str
    Arguments: type[Arguments]
    records: Callable[[Any, date], Records]


_queries: dict[str, FigureQuery] = {}


def figure_query(name: str, arguments: type[Arguments]) -> Callable:
    """Register a function `(arguments, as_of) -> Records` under a name such as "docket.matters"."""

    def register(records: Callable[[Any, date], Records]) -> Callable[[Any, date], Records]:
        if name in _queries:
            raise ValueError(f"The figure query {name} is registered twice.")
        _queries[name] = FigureQuery(name, arguments, records)
        return records

    return register


def query_named(name: str) -> FigureQuery:
    """The query of that name. Raises KeyError."""
    return _queries[name]


def queries() -> dict[str, FigureQuery]:
    """All figure queries by name."""
    return dict(_queries)
