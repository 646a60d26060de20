"""The figures of the ledger: the entries behind every amount of the budget and of revenue."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from madang.site.kit.figures import Arguments, Records, figure_query
from madang.site.ledger import queries
from madang.site.ledger.models import APPROPRIATING, OBLIGATING, SPENDING, Collection, Entry, EntryKind, RevenueItem


class Money(Arguments):
    """Which entries count: codes of a line, a part, a department, a programme; all of the year without any.

    `year` is the fiscal year, that of the as-of day if not given.
    """

    line: str | None = None
    part: str | None = None
    department: str | None = None
    programme: str | None = None
    year: int | None = None


class Revenue(Arguments):
    """Which items of the revenue budget count: one with everything below it, or all of the year."""

    item: str | None = None
    year: int | None = None


class RevenueBudget(Revenue):
    """The budget of the fiscal year itself, or of the year before as it was printed beside it."""

    budget: Literal["current", "prior"] = "current"


def _narrowed(arguments: Money) -> Q:
    condition = Q()
    if arguments.line is not None:
        condition &= Q(line__code=arguments.line)
    if arguments.part is not None:
        condition &= Q(part__code=arguments.part)
    if arguments.department is not None:
        condition &= Q(line__department__code=arguments.department)
    if arguments.programme is not None:
        condition &= queries.shown_in_programme(arguments.programme)
    return condition


def _columns(*pairs: tuple[str, Any]) -> Sequence[tuple[str, str]]:
    # Headings are lazy translations: text in the language of whoever reads them.
    return pairs


def entry_page(entry: Entry) -> str:
    """The page of an entry."""
    return reverse("ledger:entry", args=[entry.pk])


def _entries(arguments: Money, as_of: date, kinds: tuple[EntryKind, ...]) -> Records:
    rows = queries.entries(as_of=as_of, year=arguments.year).filter(_narrowed(arguments), kind__in=kinds)
    return Records(
        rows=rows.select_related("line", "part", "matter").order_by("on", "pk"),
        reduce="sum:amount_won",
        columns=_columns(
            ("on", _("Day")),
            ("line", _("Budget line")),
            ("kind", _("Kind")),
            ("amount_won", _("Amount (won)")),
            ("matter", _("Matter")),
        ),
        link=entry_page,
    )


@figure_query("ledger.appropriated", Money)
def appropriated(arguments: Money, as_of: date) -> Records:
    """The current appropriation (예산현액): original and supplementary budgets, carry-over, transfers."""
    return _entries(arguments, as_of, APPROPRIATING)


@figure_query("ledger.carried_over", Money)
def carried_over(arguments: Money, as_of: date) -> Records:
    """What of the current appropriation was carried over from the year before (이월액)."""
    return _entries(arguments, as_of, (EntryKind.CARRY_OVER,))


@figure_query("ledger.obligated", Money)
def obligated(arguments: Money, as_of: date) -> Records:
    """The obligations (원인행위액), less what was released."""
    return _entries(arguments, as_of, OBLIGATING)


@figure_query("ledger.spent", Money)
def spent(arguments: Money, as_of: date) -> Records:
    """The payments (지출액), less refunds."""
    return _entries(arguments, as_of, SPENDING)


@figure_query("ledger.forecast", Money)
def forecast(arguments: Money, as_of: date) -> Records:
    """The execution expected at the end of the year (집행예상액): the last forecast of each line, or of parts.

    With a part or a programme the forecasts of parts count; otherwise those of whole lines.
    """
    rows = queries.latest_forecasts(as_of=as_of, year=arguments.year).filter(_narrowed(arguments))
    if arguments.part is None and arguments.programme is None:
        rows = rows.filter(part__isnull=True)
    return Records(
        rows=rows.select_related("line", "part").order_by("line__code", "part__code", "pk"),
        reduce="sum:year_end_won",
        columns=_columns(
            ("as_of", _("As of")),
            ("line", _("Budget line")),
            ("part", _("Part")),
            ("year_end_won", _("At the end of the year (won)")),
        ),
        link=lambda row: reverse("ledger:line", args=[row.line.fiscal_year, row.line.code]),
    )


@figure_query("ledger.revenue_budget", RevenueBudget)
def revenue_budget(arguments: RevenueBudget, as_of: date) -> Records:
    """The revenue budget of an item and everything below it."""
    field = f"budget_{arguments.budget}_won"
    inside = queries.revenue_items_below(code=arguments.item, year=arguments.year or as_of.year)
    rows = RevenueItem.objects.filter(pk__in=inside, items__isnull=True).order_by("seq", "pk")
    return Records(
        rows=rows,
        reduce=f"sum:{field}",
        columns=_columns(("code", _("Item")), ("name", _("Name")), (field, _("Amount (won)"))),
    )


@figure_query("ledger.collected", Revenue)
def collected(arguments: Revenue, as_of: date) -> Records:
    """The revenue collected (징수액) on an item and everything below it."""
    return _collections(arguments, as_of, Collection.Kind.COLLECTED)


@figure_query("ledger.assessed", Revenue)
def assessed(arguments: Revenue, as_of: date) -> Records:
    """The revenue assessed (징수결정액) on an item and everything below it."""
    return _collections(arguments, as_of, Collection.Kind.ASSESSED)


def _collections(arguments: Revenue, as_of: date, kind: str) -> Records:
    inside = queries.revenue_items_below(code=arguments.item, year=arguments.year or as_of.year)
    rows = Collection.objects.filter(item__in=inside, kind=kind, on__lte=as_of)
    columns = _columns(("on", _("Day")), ("item", _("Item")), ("amount_won", _("Amount (won)")))
    return Records(rows=rows.select_related("item").order_by("on", "pk"), reduce="sum:amount_won", columns=columns)
