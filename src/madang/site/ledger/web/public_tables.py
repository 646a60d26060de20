"""The tables of the money pages: departments, lines, parts, the revenue budget; each as of a day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from madang.figures import printed_rate
from madang.site.kit.templatetags.madang import day as words_of
from madang.site.kit.templatetags.madang import percent
from madang.site.kit.web.tables import Choice, Column, Table
from madang.site.ledger.models import Collection, Line, Part
from madang.site.ledger.queries import Amounts, Lag, RevenueRow
from madang.site.people.models import Organisation


@dataclass(frozen=True)
class LineRow:
    """A line, or the part of it that a programme shows, with its amounts and the last forecast of its year."""

    line: Line
    shown: Line | Part
    own: Amounts
    forecast: int | None = None


@dataclass(frozen=True)
class DepartmentRow:
    """A department with the sums of its lines."""

    department: Organisation
    own: Amounts


def _won(key: str, label: Any, value: Callable[[Any], int | None]) -> Column:
    return Column(key, label, value, kind="number", order="value")


def _rate(key: str, label: Any, value: Callable[[Any], Any]) -> Column:
    return Column(key, label, lambda row: printed_rate(value(row)), kind="figure", order="value", ordered_by=value)


_AMOUNTS = [
    _won("appropriated", gettext_lazy("Appropriation (won)"), lambda row: row.own.appropriated_won),
    _won("obligated", gettext_lazy("Obligated (won)"), lambda row: row.own.obligated_won),
    _rate("obligated_rate", gettext_lazy("Obligation rate"), lambda row: row.own.obligation_rate),
    _won("spent", gettext_lazy("Spent (won)"), lambda row: row.own.spent_won),
    _rate("spent_rate", gettext_lazy("Spending rate"), lambda row: row.own.spend_rate),
]


def _line(as_of: date) -> Column:
    return Column(
        "line",
        gettext_lazy("Budget line"),
        lambda row: f"{row.shown.code} {row.shown.name}",
        order="value",
        link=lambda row: (
            reverse("ledger:line", args=[row.line.fiscal_year, row.line.code]) + f"?as_of={as_of.isoformat()}"
        ),
    )


def departments(as_of: date) -> Table:
    """The departments with their sums; each leads to its lines below."""
    name = Column(
        "department",
        gettext_lazy("Department"),
        lambda row: row.department.name,
        order="value",
        ordered_by=lambda row: row.department.order,
        link=lambda row: f"?department={row.department.code}&as_of={as_of.isoformat()}#lines",
    )
    caption = _("Departments, as of %(day)s") % {"day": words_of(as_of)}
    return Table("departments", caption, [name, *_AMOUNTS], prefix="departments")


def lines(as_of: date, known: Sequence[Organisation]) -> Table:
    """All lines of the year."""
    programme = Column(
        "programme",
        gettext_lazy("Programme"),
        lambda row: row.line.programme.code if row.line.programme else None,
        order="value",
        link=lambda row: (
            reverse("ledger:programme", args=[row.line.programme.code]) + f"?as_of={as_of.isoformat()}"
            if row.line.programme
            else ""
        ),
    )
    department = Column(
        "department",
        gettext_lazy("Department"),
        lambda row: row.line.department.name,
        order="value",
        ordered_by=lambda row: row.line.department.order,
    )
    return Table(
        name="budget-lines",
        caption=_("Budget lines, as of %(day)s") % {"day": words_of(as_of)},
        columns=[_line(as_of), department, programme, *_AMOUNTS],
        find=("value",),
        choices=[
            Choice(
                "department",
                gettext_lazy("Department"),
                lambda: [(row.code, row.name) for row in known],
                lambda rows, value: [row for row in rows if row.line.department.code == value],
            )
        ],
    )


def of_programme(as_of: date) -> Table:
    """The lines and parts that a programme's section shows, with their forecasts."""
    forecast = _won("forecast", gettext_lazy("Forecast (won)"), lambda row: row.forecast)
    caption = _("Budget lines of the programme, as of %(day)s") % {"day": words_of(as_of)}
    return Table("programme-lines", caption, [_line(as_of), *_AMOUNTS, forecast])


def parts() -> Table:
    """The parts of one line."""
    name = Column("part", gettext_lazy("Part"), lambda row: f"{row.shown.code} {row.shown.name}", order="value")
    caption = gettext_lazy("Parts of the line that a programme shows")
    return Table("parts", caption, [name, *_AMOUNTS], prefix="parts")


def revenue(as_of: date) -> Table:
    """The revenue budget, in the order of its tree."""

    def link(row: RevenueRow) -> str:
        page = reverse("ledger:revenue_item", args=[row.item.fiscal_year, row.item.code])
        return f"{page}?as_of={as_of.isoformat()}"

    return Table(
        name="revenue",
        caption=_("Revenue in won, as of %(day)s") % {"day": words_of(as_of)},
        columns=[
            Column(
                "item", gettext_lazy("Item"), lambda row: f"{row.item.code} {row.item.name}", order="value", link=link
            ),
            _won("before", gettext_lazy("Budget of the year before"), lambda row: row.budget_prior_won),
            _won("budget", gettext_lazy("Budget"), lambda row: row.budget_current_won),
            _won("change", gettext_lazy("Change"), lambda row: row.change_won),
            _rate("change_rate", gettext_lazy("Rate of change"), lambda row: row.change_rate),
            _won("collected", gettext_lazy("Collected"), lambda row: row.collected_won),
            _rate("collection_rate", gettext_lazy("Collection rate"), lambda row: row.collection_rate),
        ],
        find=("value",),
    )


BOOKINGS = Table(
    name="revenue-bookings",
    caption=gettext_lazy("Bookings, newest first"),
    columns=[
        Column("day", gettext_lazy("Day"), lambda row: row.on, kind="day", order="on"),
        Column("kind", gettext_lazy("Kind"), lambda row: row.get_kind_display(), order="kind"),
        Column("item", gettext_lazy("Item"), lambda row: f"{row.item.code} {row.item.name}", order="item__code"),
        Column("note", gettext_lazy("What for"), lambda row: row.note),
        Column("amount", gettext_lazy("Amount (won)"), lambda row: row.amount_won, kind="number", order="amount_won"),
    ],
    find=("note", "item__code", "item__name_ko"),
    choices=[
        Choice(
            "kind",
            gettext_lazy("Kind"),
            lambda: Collection._meta.get_field("kind").choices or [],
            lambda rows, value: rows.filter(kind=value),
        )
    ],
)


def lags(page: str) -> Table:
    """Lines behind an even pace, each leading to a page of the desk or of everybody."""

    def of_pace(row: Lag) -> float:
        return row.spent_won / row.by_now_won

    return Table(
        name="behind-pace",
        caption=gettext_lazy("Budget lines behind an even pace, the widest gap first"),
        columns=[
            Column(
                "line",
                gettext_lazy("Budget line"),
                lambda row: f"{row.line.code} {row.line.name}",
                order="value",
                link=lambda row: reverse(page, args=[row.line.fiscal_year, row.line.code]),
            ),
            _won("by_now", gettext_lazy("At an even pace (won)"), lambda row: row.by_now_won),
            _won("spent", gettext_lazy("Spent (won)"), lambda row: row.spent_won),
            Column(
                "of_pace",
                gettext_lazy("Of that pace"),
                lambda row: percent(row.spent_won, row.by_now_won),
                kind="figure",
                order="value",
                ordered_by=of_pace,
            ),
            Column(
                "measure",
                gettext_lazy("Measured by"),
                lambda row: _("the forecast") if row.from_forecast else _("the appropriation"),
            ),
        ],
        prefix="lags",
    )
