"""The tables of the ledger: lines, requests, entries of a line, and entries with their payees."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from madang.figures import printed_rate, rate
from madang.site.kit.web.tables import Choice, Column, Table
from madang.site.ledger.models import Entry, EntryKind, Line, Request


def _years() -> list[tuple[str, str]]:
    years = Line.objects.order_by("-fiscal_year").values_list("fiscal_year", flat=True).distinct()
    return [(str(year), str(year)) for year in years]


def _of(row: Line, part: int) -> str:
    return printed_rate(rate(part, row.appropriated_won))


def _by_kind(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(kind=value)


LINES = Table(
    name="lines",
    caption=_("Budget lines in your charge, as of today"),
    columns=[
        Column(
            "line",
            _("Budget line"),
            lambda row: f"{row.code} {row.name}",
            order="code",
            link=lambda row: reverse("ledger_desk:line", args=[row.fiscal_year, row.code]),
        ),
        Column("year", _("Year"), lambda row: str(row.fiscal_year), order="fiscal_year"),
        Column("department", _("Department"), lambda row: row.department.name, order="department__order"),
        Column(
            "appropriated",
            _("Appropriation (won)"),
            lambda row: row.appropriated_won,
            kind="number",
            order="appropriated_won",
        ),
        Column("obligated", _("Obligated (won)"), lambda row: row.obligated_won, kind="number", order="obligated_won"),
        Column("obligated_rate", _("Obligation rate"), lambda row: _of(row, row.obligated_won), kind="figure"),
        Column("spent", _("Spent (won)"), lambda row: row.spent_won, kind="number", order="spent_won"),
        Column("spent_rate", _("Spending rate"), lambda row: _of(row, row.spent_won), kind="figure"),
    ],
    find=("code", "name_ko", "name_en", "department__name_ko"),
    choices=[Choice("year", _("Year"), _years, lambda rows, value: rows.filter(fiscal_year=value))],
)

REQUESTS = Table(
    name="requests",
    caption=_("Requests"),
    columns=[
        Column(
            "requested",
            _("Requested"),
            lambda row: row.requested_at,
            kind="moment",
            order="requested_at",
            link=lambda row: reverse("ledger_desk:request", args=[row.pk]),
        ),
        Column("kind", _("Kind"), lambda row: row.get_kind_display(), order="kind"),
        Column("line", _("Budget line"), lambda row: f"{row.line.code} {row.line.name}", order="line__code"),
        Column("amount", _("Amount (won)"), lambda row: row.amount_won, kind="number", order="amount_won"),
        Column("by", _("Requested by"), lambda row: row.requested_by),
        Column("state", _("State"), lambda row: row.get_state_display(), order="state"),
    ],
    find=("line__code", "line__name_ko", "note", "matter__title"),
    choices=[
        Choice(
            "state",
            _("State"),
            lambda: Request.State.choices,
            lambda rows, value: rows.filter(state=value),
        ),
        Choice("kind", _("Kind"), lambda: Request._meta.get_field("kind").choices or [], _by_kind),
    ],
)

_DAY = Column(
    "day",
    _("Day"),
    lambda row: row.on,
    kind="day",
    order="on",
    link=lambda row: reverse("ledger:entry", args=[row.pk]),
)
_KIND = Column("kind", _("Kind"), lambda row: _kind(row), order="kind")
_PART = Column("part", _("Part"), lambda row: row.part.code if row.part else None, order="part__code")
_MATTER = Column(
    "matter",
    _("Matter"),
    lambda row: row.matter.title if row.matter else None,
    order="matter__title",
    link=lambda row: f"/matters/{row.matter.number}/" if row.matter else "",
)
_AMOUNT = Column("amount", _("Amount (won)"), lambda row: row.amount_won, kind="number", order="amount_won")
_KINDS = Choice("kind", _("Kind"), lambda: EntryKind.choices, _by_kind)


def _kind(row: Entry) -> str:
    return f"{row.get_kind_display()} ({_('correction')})" if row.corrects_id else row.get_kind_display()


MOVEMENTS = Table(
    name="movements",
    caption=_("Movements of money, newest first"),
    columns=[_DAY, _KIND, _PART, _MATTER, _AMOUNT],
    find=("matter__title", "matter__number", "part__code"),
    choices=[_KINDS],
)

PAYEES = Table(
    name="entries",
    caption=_("Movements of money with payees, newest first"),
    columns=[
        _DAY,
        Column("line", _("Budget line"), lambda row: f"{row.line.code} {row.line.name}", order="line__code"),
        _KIND,
        _MATTER,
        Column("payee", _("Payee"), lambda row: row.payee, order="payee", personal=True),
        _AMOUNT,
        Column("note", _("Note"), lambda row: row.note, personal=True),
        Column("reference", _("Document"), lambda row: row.reference, order="reference"),
    ],
    find=("payee", "note", "line__code", "line__name_ko", "matter__title", "reference"),
    choices=[_KINDS, Choice("year", _("Year"), _years, lambda rows, value: rows.filter(line__fiscal_year=value))],
)
