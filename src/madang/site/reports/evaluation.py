"""Evaluating figures as of a day: one pass, each figure once, money families from grouped queries."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from madang.figures import UNITS, ExpressionError, evaluate
from madang.figures.amounts import rounded
from madang.site.kit import clock
from madang.site.kit.figures import Records, query_named
from madang.site.reports import families
from madang.site.reports.catalogue import Catalogue, Figure, names_in
from madang.site.reports.models import Observation

Exact = int | Decimal | Fraction | str | date


@dataclass(frozen=True)
class Value:
    """A figure and its value as of a day. `exact` is in won for amounts and never rounded; None is "no value"."""

    figure: Figure
    exact: Exact | None
    kind: Literal["derived", "observed"]
    as_of: date
    source: str = ""
    line: int | None = None

    @property
    def value(self) -> int | Decimal | str | date | None:
        """The value in the figure's unit, at the decimals it is printed with."""
        return self.at(self.figure.places)

    @property
    def number(self) -> int | Decimal:
        """The value as a number. Raises TypeError for a day, a text and no value."""
        value = self.value
        if not isinstance(value, int | Decimal):
            raise TypeError(f"The figure {self.figure.name} is {value!r}, which is not a number.")
        return value

    def at(self, places: int) -> int | Decimal | str | date | None:
        """The value in the figure's unit, half up to `places` decimals."""
        if self.exact is None or isinstance(self.exact, str | date):
            return self.exact
        number = Fraction(self.exact) / (UNITS[self.figure.unit] if self.figure.money else 1)
        found = rounded(number, places=places)
        return int(found) if places == 0 else found


class Values(Mapping[str, Value]):
    """All figures of a catalogue as of a day, each evaluated when first asked for.

    `at` is the moment of writing: records later than its day never count, also for figures whose records
    may be later than the day of the report. Reading a figure that is not there raises KeyError.
    """

    def __init__(self, catalogue: Catalogue, *, as_of: date, at: datetime) -> None:
        self.as_of = as_of
        self.at = at
        generated = families.families(as_of)
        self.catalogue = catalogue.with_figures(generated.figures)
        self._known: dict[str, Exact | None] = dict(generated.values)
        self._done: dict[str, Value] = {}
        self._open: list[str] = []
        self._entered: dict[str, list[Observation]] = {}
        for row in Observation.objects.filter(at__lte=at).order_by("as_of", "at", "pk"):
            self._entered.setdefault(row.name, []).append(row)

    def __getitem__(self, name: str) -> Value:
        if name not in self._done:
            self._done[name] = self._value(self.catalogue.figures[name])
        return self._done[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.catalogue.figures)

    def __len__(self) -> int:
        return len(self.catalogue.figures)

    def day_of(self, figure: Figure) -> date:
        """The day up to which a figure's records count."""
        today = clock.day_of(self.at)
        return self.as_of if self.as_of >= today else min(self.as_of + timedelta(days=figure.days_later), today)

    def exact(self) -> "Exacts":
        """The exact values by name, as expressions read them."""
        return Exacts(self)

    def _value(self, figure: Figure) -> Value:
        day = self.day_of(figure)
        if figure.name in self._known:
            return Value(figure, self._known[figure.name], "derived", day)
        if figure.query:
            return Value(figure, _plain(records_of(figure, day).value()), "derived", day)
        if figure.computed:
            return self._computed(figure, day)
        return self._observed(figure, day)

    def _observed(self, figure: Figure, day: date) -> Value:
        """The latest observation up to a day: one that was entered, or that of the city's files; none before them."""
        entered = [row for row in self._entered.get(figure.name, ()) if row.as_of <= day]
        first = figure.observed_on if figure.value is not None else None
        if entered and (first is None or first > day or entered[-1].as_of >= first):
            row = entered[-1]
            return Value(figure, figure.exact(row.value), "observed", row.as_of, row.source)
        if figure.value is None or first is None or first > day:
            return Value(figure, None, "observed", day)
        return Value(figure, figure.exact(figure.value), "observed", first, figure.source, figure.report_line)

    def _computed(self, figure: Figure, day: date) -> Value:
        if figure.name in self._open:
            way = " → ".join([*self._open, figure.name])
            raise ValueError(f"These figures are computed from each other: {way}. Bind one of them to records.")
        self._open.append(figure.name)
        try:
            parts = [self[name] for name in names_in(figure.computed) if name in self]
            exact = evaluate(figure.computed, self.exact())
        except ExpressionError:
            exact = None
        finally:
            self._open.pop()
        derived = all(part.kind == "derived" for part in parts)
        return Value(figure, exact, "derived" if derived else "observed", day, "" if derived else figure.source)


class Exacts(Mapping[str, Any]):
    """The exact values of figures by name; a name without a value is missing."""

    def __init__(self, values: Values) -> None:
        self.values_of = values

    def __getitem__(self, name: str) -> Exact:
        exact = self.values_of[name].exact
        if exact is None:
            raise KeyError(name)
        return exact

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_of)

    def __len__(self) -> int:
        return len(self.values_of)


def records_of(figure: Figure, day: date) -> Records:
    """The records behind a figure bound to a query, up to the end of a day."""
    query = query_named(figure.query)
    return query.records(query.Arguments.model_validate(dict(figure.arguments)), day)


def _plain(value: Any) -> Exact | None:
    return clock.day_of(value) if isinstance(value, datetime) else value
