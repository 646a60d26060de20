"""In which order lists of matters stand; rooms above bring orders of what they count."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from django.db.models import F, Value
from django.utils.translation import gettext_lazy as _

PRIME = 2_147_483_647


@dataclass(frozen=True)
class Order:
    """An order of a list: `arrange(rows, day)` gives the rows in it, the same all day long."""

    name: str
    title: Any
    arrange: Callable[[Any, date], Any]


def newest(rows: Any, day: date) -> Any:
    """The latest first."""
    return rows.order_by("-filed_at", "-pk")


def shuffled(rows: Any, day: date) -> Any:
    """In an order by chance that everybody sees alike on a day, so that nobody stands on top for ever.

    The day gives a factor; a key times that factor, squared, modulo a prime looks like chance and costs no memory.
    """
    factor = int(sha256(day.isoformat().encode()).hexdigest(), 16) % (PRIME - 2) + 2
    mixed = F("pk") * Value(factor) % Value(PRIME)
    return rows.annotate(mixed=mixed).annotate(chance=F("mixed") * F("mixed") % Value(PRIME)).order_by("chance", "pk")


_orders: dict[str, Order] = {}


def add_order(order: Order) -> None:
    """Bring an order; the first one brought is the usual one."""
    _orders[order.name] = order


def orders() -> Mapping[str, Order]:
    """All orders by name."""
    return dict(_orders)


def arranged(rows: Any, name: str, day: date) -> Any:
    """Matters in the order of that name; in the usual one where there is none. `rows` are a query for matters."""
    return _orders.get(name, USUAL).arrange(rows, day)


USUAL = Order("newest", _("newest"), newest)
add_order(USUAL)
add_order(Order("shuffled", _("by chance, anew each day"), shuffled))
