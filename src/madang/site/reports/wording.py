"""How figures, days and names are put into a sentence: `{name}`, `{name|format}`, `{line:CP-01}`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from madang.documents.blocks import Inline, Number
from madang.figures import printed
from madang.figures.amounts import rounded
from madang.site.reports.evaluation import Value, Values

Language = Literal["ko", "en"]
MISSING = "-"
PLACE = re.compile(r"\{([^{}|]+)(?:\|([a-z0-9]+))?\}")
_MONTHS: tuple[str, ...] = ("January", "February", "March", "April", "May", "June", "July", "August")
_MONTHS += ("September", "October", "November", "December")


class Unknown(ValueError):
    """A text names a figure or a thing that is not there."""


@dataclass(frozen=True)
class Wording:
    """Puts values and names into texts of one language.

    `names` are the canonical names of things (`line:CP-01`, `department:…`, `term:…`) in Korean and English.
    """

    values: Values
    names: Mapping[str, tuple[str, str]]
    language: Language

    def inlines(self, text: str) -> tuple[Inline, ...]:
        """A text with its figures put in. Raises Unknown, naming what is not there."""
        parts: list[Inline] = []
        end = 0
        for match in PLACE.finditer(text):
            if match.start() > end:
                parts.append(text[end : match.start()])
            parts.append(self._put_in(match[1], match[2] or ""))
            end = match.end()
        if end < len(text):
            parts.append(text[end:])
        return tuple(parts)

    def text(self, text: str) -> str:
        """The same as plain text, for headings."""
        return "".join(part if isinstance(part, str) else part.text for part in self.inlines(text))

    def name(self, thing: str) -> str:
        """The name of a thing in the language of the report."""
        if thing not in self.names:
            raise Unknown(f'There is no "{thing}" to be named.')
        return self.names[thing][1 if self.language == "en" else 0]

    def number(self, name: str, form: str = "", *, zero: str | None = None) -> Number:
        """A figure as a number that leads to its records. Raises Unknown."""
        if name not in self.values:
            raise Unknown(f'There is no figure "{name}".')
        value = self.values[name]
        text, plain = _formatted(value, form)
        if zero is not None and value.exact in (None, 0):
            text = zero
        source = value.source
        if value.line and source:
            source += f", {value.line}행" if self.language == "ko" else f", line {value.line}"
        return Number(text, value=plain, figure=name, observed=value.kind == "observed", source=source)

    def _put_in(self, name: str, form: str) -> Inline:
        return self.name(name) if name in self.names else self.number(name, form)


def names_in_text(text: str) -> list[str]:
    """The names that a text puts in, in order."""
    return [match[1] for match in PLACE.finditer(text)]


def printed_value(value: Value) -> str:
    """A value as a text shows it that asks for no form of its own."""
    return _formatted(value, "")[0]


def _formatted(value: Value, form: str) -> tuple[str, int | Decimal | None]:
    if value.exact is None:
        return MISSING, None
    if isinstance(value.exact, date):
        return _day(value.exact, form or "ymd"), None
    if isinstance(value.exact, str):
        return value.exact, None
    plain = value.number
    return (_NUMBERS[form](Fraction(value.exact)) if form else printed(plain)), plain


def _jo(won: Fraction) -> str:
    """1조 4,488: an amount in 조 and 억, the 억 half up."""
    eok = int(rounded(won / 10**8, places=0))
    return f"{eok // 10_000}조 {eok % 10_000:,}" if eok >= 10_000 else f"{eok:,}"


def _in(size: int) -> Callable[[Fraction], str]:
    def form(won: Fraction) -> str:
        text = f"{rounded(won / size, places=2):,}"
        return text.rstrip("0").rstrip(".")

    return form


_NUMBERS: dict[str, Callable[[Fraction], str]] = {
    "jo": _jo,
    "eok": lambda won: printed(rounded(won / 10**8, places=0)),
    "eok1": lambda won: printed(rounded(won / 10**8, places=1)),
    "eok2": lambda won: printed(rounded(won / 10**8, places=2)),
    "plain": lambda number: str(int(number)),
    "thousands": _in(1_000),
    "million": _in(10**6),
    "billion": _in(10**9),
    "trillion": _in(10**12),
    "cheonman": lambda won: f"{int(won / 10**7):,}천만",
}
_DAYS: dict[str, Callable[[date], str]] = {
    "ymd": lambda day: f"'{day:%y}.{day.month}.{day.day}",
    "md": lambda day: f"{day.month}.{day.day}",
    "words": lambda day: f"{day.day} {_MONTHS[day.month - 1]}",
    "full": lambda day: f"{day.day} {_MONTHS[day.month - 1]} {day.year}",
}
FORMS = frozenset({*_NUMBERS, *_DAYS})


def _day(day: date, form: str) -> str:
    return _DAYS[form](day)
