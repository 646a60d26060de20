"""One value of one figure, with everything needed to print it and to ask where it comes from."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True)
class FigureValue:
    """A figure of a report as of a day.

    `kind` is "derived" for a value computed from records and "observed" for one taken from a `source`
    (a document, with its `line`); `programme` is the code of the programme it belongs to, if to one.
    """

    name: str
    value: int | Decimal | str | date | None
    unit: str
    kind: Literal["derived", "observed"]
    as_of: date
    programme: str | None
    label_ko: str
    label_en: str
    source: str | None = None
    line: int | None = None
