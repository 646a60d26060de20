"""Revenue: the items of its budget, what was assessed and what was collected (WORKFLOWS.md B.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.kit.verdict import Refused, require
from madang.site.ledger import policy
from madang.site.ledger.actions.posting import BOOK, not_ahead
from madang.site.ledger.models import Collection, RevenueItem
from madang.site.record.journal import action, write


@dataclass(frozen=True)
class NewItem:
    """An item of the revenue budget, parents before their items; budgets of the leaves, in won."""

    code: str
    fiscal_year: int
    name_ko: str
    name_en: str = ""
    parent: str = ""
    budget_prior_won: int = 0
    budget_current_won: int = 0


@action
def load_revenue(*, by: Actor, at: datetime, rows: Sequence[NewItem]) -> list[RevenueItem]:
    """Load the revenue budget of a year. Raises Refused for a known code, an unknown parent, a budget above leaves."""
    require(policy.may_manage_budget(by, None, at))
    years = {row.fiscal_year for row in rows}
    items = {(item.fiscal_year, item.code): item for item in RevenueItem.objects.filter(fiscal_year__in=years)}
    made = []
    for number, row in enumerate(rows, start=len(items) + 1):
        item = _item(row, items, seq=number)
        items[row.fiscal_year, row.code] = item
        made.append(item)
    write(book=BOOK, verb="revenue.loaded", subject="ledger", by=by, at=at, items=[str(item) for item in made])
    return made


def _item(row: NewItem, items: dict[tuple[int, str], RevenueItem], *, seq: int) -> RevenueItem:
    if (row.fiscal_year, row.code) in items:
        raise Refused(
            _("The revenue item %(item)s of %(year)s is there already.") % {"item": row.code, "year": row.fiscal_year}
        )
    parent = items.get((row.fiscal_year, row.parent))
    if row.parent and parent is None:
        raise Refused(_("There is no revenue item %(item)s to put this below.") % {"item": row.parent})
    if parent is not None and (parent.budget_prior_won or parent.budget_current_won):
        raise Refused(_("%(item)s has a budget of its own, so no item can be put below it.") % {"item": parent.code})
    return RevenueItem.objects.create(
        code=row.code,
        fiscal_year=row.fiscal_year,
        parent=parent,
        level=0 if parent is None else parent.level + 1,
        seq=seq,
        name_ko=row.name_ko,
        name_en=row.name_en,
        budget_prior_won=row.budget_prior_won,
        budget_current_won=row.budget_current_won,
    )


@action
def assess(*, by: Actor, at: datetime, item: RevenueItem, amount_won: int, on: date, note: str = "") -> Collection:
    """Book what is due on an item. A correction is a negative amount. Raises Refused."""
    return _book(Collection.Kind.ASSESSED, by, at, item, amount_won, on, note)


@action
def collect(*, by: Actor, at: datetime, item: RevenueItem, amount_won: int, on: date, note: str = "") -> Collection:
    """Book what came in on an item. A refund or correction is a negative amount. Raises Refused."""
    return _book(Collection.Kind.COLLECTED, by, at, item, amount_won, on, note)


def _book(
    kind: Collection.Kind, by: Actor, at: datetime, item: RevenueItem, amount_won: int, on: date, note: str
) -> Collection:
    require(policy.may_collect(by, item, at))
    not_ahead(on, day_of(at))
    if amount_won == 0:
        raise Refused(_("The amount is 0 won; nothing would be booked."))
    if on.year != item.fiscal_year:
        raise Refused(
            _("%(day)s is outside the fiscal year %(year)s of the revenue item %(item)s.")
            % {"day": on, "year": item.fiscal_year, "item": item.code}
        )
    if item.items.exists():
        raise Refused(_("%(item)s has items below it; book the amount on one of them.") % {"item": item.code})
    row = Collection.objects.create(
        item=item, kind=kind, amount_won=amount_won, on=on, at=at, by=by.pseudonym, note=note
    )
    write(
        book=BOOK,
        verb=f"revenue.{kind.value}",
        subject=f"revenue:{item}",
        by=by,
        at=at,
        collection=row.pk,
        amount_won=amount_won,
        on=on.isoformat(),
    )
    return row
