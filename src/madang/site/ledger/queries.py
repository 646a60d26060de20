"""Reading the ledger. Every amount is as of the end of an accounting day and summed from entries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from madang import figures
from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.ledger import policy
from madang.site.ledger.models import (
    BACK,
    SIDES,
    Balance,
    Collection,
    Entry,
    EntryKind,
    Forecast,
    Line,
    Part,
    Request,
    RevenueItem,
    Upload,
)


@dataclass(frozen=True)
class Amounts:
    """Appropriation (예산현액), obligation (원인행위) and payment (지출) in won; rates are computed, never stored."""

    appropriated_won: int = 0
    obligated_won: int = 0
    spent_won: int = 0

    @property
    def available_won(self) -> int:
        """What can still be obligated."""
        return self.appropriated_won - self.obligated_won

    @property
    def unpaid_won(self) -> int:
        """What is obligated and not yet paid."""
        return self.obligated_won - self.spent_won

    @property
    def obligation_rate(self) -> Decimal | None:
        """Obligated in percent of the appropriation, one decimal, half up."""
        return figures.rate(self.obligated_won, self.appropriated_won)

    @property
    def spend_rate(self) -> Decimal | None:
        """Spent in percent of the appropriation, one decimal, half up."""
        return figures.rate(self.spent_won, self.appropriated_won)

    def __add__(self, other: "Amounts") -> "Amounts":
        return Amounts(
            self.appropriated_won + other.appropriated_won,
            self.obligated_won + other.obligated_won,
            self.spent_won + other.spent_won,
        )


NOTHING = Amounts()


def entries(*, as_of: date, year: int | None = None) -> QuerySet[Entry]:
    """The entries of a fiscal year (that of `as_of` if not given) up to and with a day."""
    return Entry.objects.filter(line__fiscal_year=year or as_of.year, on__lte=as_of)


def shown_in_programme(code: Any) -> Q:
    """The condition that an entry is shown in a programme: its part is, or its whole line without parts is."""
    parts = Part.objects.filter(line=OuterRef("line"))
    return Q(part__programme__code=code) | (Q(line__programme__code=code) & Q(~Exists(parts)))


def _grouped(rows: QuerySet[Entry], *keys: Any) -> dict[Any, Amounts]:
    sums = {f"{side}_sum": Coalesce(Sum("amount_won", filter=Q(kind__in=kinds)), 0) for side, kinds in SIDES.items()}
    grouped = rows.order_by().values_list(*keys).annotate(**sums)
    return {row[0]: Amounts(*row[-3:]) for row in grouped}


def balances(*, as_of: date, lines: Iterable[Line] | QuerySet[Line] | None = None) -> dict[int, Amounts]:
    """The amounts of lines by key; lines without entries are left out. One query."""
    rows = entries(as_of=as_of) if lines is None else Entry.objects.filter(on__lte=as_of, line__in=lines)
    return _grouped(rows, "line_id")


def by_part(*, as_of: date, parts: Iterable[Part] | QuerySet[Part]) -> dict[int, Amounts]:
    """The amounts of parts by key. One query."""
    return _grouped(Entry.objects.filter(on__lte=as_of, part__in=parts), "part_id")


def by_department(*, as_of: date, year: int | None = None) -> dict[int, Amounts]:
    """The amounts of departments by key. One query."""
    return _grouped(entries(as_of=as_of, year=year), "line__department_id")


def by_programme(*, as_of: date, year: int | None = None) -> dict[int | None, Amounts]:
    """The amounts of programmes by key, as sections of a report show them. One query.

    Of a line with parts, the parts count where they are shown and the rest nowhere (key None).
    """
    whole = ~Exists(Part.objects.filter(line=OuterRef("line")))
    rows = entries(as_of=as_of, year=year)
    parts = _grouped(rows.filter(~whole), "part__programme_id")
    lines = _grouped(rows.filter(whole), "line__programme_id")
    return {key: parts.get(key, NOTHING) + lines.get(key, NOTHING) for key in {*parts, *lines}}


def amounts_of(matters: Sequence[int]) -> dict[int, Amounts]:
    """What was obligated and spent for matters (keys), all years together. One query."""
    return _grouped(Entry.objects.filter(matter_id__in=matters), "matter_id")


@dataclass(frozen=True)
class Trail:
    """The money of one matter: what it was allotted, obligated and paid, and each entry."""

    allotted_won: int | None
    amounts: Amounts
    entries: list[Entry]


def entries_of_matter(matter_id: int) -> QuerySet[Entry]:
    """What was entered for a matter, the oldest first."""
    return Entry.objects.filter(matter_id=matter_id).select_related("line").order_by("on", "pk")


def trail(*, entries: Iterable[Entry], allotted_won: int | None = None) -> Trail:
    """The money trail of a matter, from what was entered for it."""
    rows = list(entries)
    sides = {side: sum(row.amount_won for row in rows if row.kind in kinds) for side, kinds in SIDES.items()}
    return Trail(allotted_won, Amounts(sides["appropriated"], sides["obligated"], sides["spent"]), rows)


def line_of(*, year: int, recipe: Mapping[str, Any]) -> Line | None:
    """The budget line that a process's recipe names, of the process's year; None if it names none. One query."""
    rows = Line.objects.select_related("department__parent")
    return rows.filter(fiscal_year=year, code=recipe.get("line") or "").first()


def entries_of(*, line: Line, as_of: date) -> QuerySet[Entry]:
    """The entries of a line, newest first."""
    rows = Entry.objects.filter(line=line, on__lte=as_of)
    return rows.select_related("part", "matter", "corrects").order_by("-on", "-pk")


def entries_with_payees(by: Actor) -> QuerySet[Entry]:
    """The entries of all lines whose payees somebody may see, newest first."""
    rows = Entry.objects.select_related("line", "part", "matter").order_by("-on", "-pk")
    return rows if by.holds("auditor", "system") else rows.filter(policy.lines_of(by, "finance", path="line__"))


def latest_forecasts(*, as_of: date, year: int | None = None) -> QuerySet[Forecast]:
    """The last forecast of each line and each part as of a day."""
    return Forecast.objects.filter(line__fiscal_year=year or as_of.year, as_of__lte=as_of).exclude(
        Exists(_later(as_of))
    )


def _later(as_of: date) -> QuerySet[Forecast]:
    # Forecasts of the whole line have no part; Coalesce makes them comparable.
    return (
        Forecast.objects.annotate(of=Coalesce(F("part_id"), 0))
        .filter(line=OuterRef("line"), of=Coalesce(OuterRef("part_id"), 0), as_of__lte=as_of)
        .filter(Q(as_of__gt=OuterRef("as_of")) | Q(as_of=OuterRef("as_of"), pk__gt=OuterRef("pk")))
    )


@dataclass(frozen=True)
class Alert:
    """A line or part whose forecast needs a word: below what is obligated, or far below the appropriation."""

    forecast: Forecast
    amounts: Amounts
    below_obligation: bool


def alerts(*, as_of: date, by: Actor | None = None, percent: int = 80) -> list[Alert]:
    """Lines and parts whose last forecast is below the obligation, or below `percent` of the appropriation.

    Three queries. With `by`, only those in that official's charge (WORKFLOWS.md B.6).
    """
    rows = latest_forecasts(as_of=as_of).select_related("line", "part")
    if by is not None and not by.holds("system", "auditor"):
        rows = rows.filter(policy.lines_of(by, *policy.OFFICIALS, path="line__"))
    made = list(rows.order_by("line__department__order", "line__seq", "line__code", "part__seq"))
    lines = balances(as_of=as_of, lines=[row.line_id for row in made if row.part_id is None])  # type: ignore[misc]
    parts = by_part(as_of=as_of, parts=[row.part_id for row in made if row.part_id is not None])  # type: ignore[misc]
    found = []
    for row in made:
        amounts = (lines.get(row.line_id) if row.part_id is None else parts.get(row.part_id)) or NOTHING
        below = row.year_end_won < amounts.obligated_won
        if below or 100 * row.year_end_won < percent * amounts.appropriated_won:
            found.append(Alert(row, amounts, below))
    return found


@dataclass(frozen=True)
class Lag:
    """A line behind an even pace: what the year was to bring, how much of it by now, and what is paid."""

    line: Line
    planned_won: int
    by_now_won: int
    spent_won: int
    from_forecast: bool

    @property
    def missing_won(self) -> int:
        """How much the payments are behind the even pace."""
        return self.by_now_won - self.spent_won


def lags(*, as_of: date, by: Actor | None = None, percent: int = 60) -> list[Lag]:
    """Lines of the year that have paid less than `percent` of what an even pace would have paid by a day.

    The year is to bring the last forecast of a line, or its appropriation where nobody forecast. An even pace is a
    yardstick and no rule: much is paid at the end of a year, so it is a question to the office. The widest gap first.
    Three queries; with `by`, only lines in that official's charge.
    """
    rows = Line.objects.filter(fiscal_year=as_of.year).select_related("department")
    if by is not None and not by.holds("system", "auditor"):
        rows = rows.filter(policy.lines_of(by, *policy.OFFICIALS))
    latest = latest_forecasts(as_of=as_of).filter(part=None)
    forecasts = dict(latest.values_list("line_id", "year_end_won"))
    paid = balances(as_of=as_of)
    first = date(as_of.year, 1, 1)
    gone, whole = (as_of - first).days + 1, (date(as_of.year + 1, 1, 1) - first).days
    found = []
    for line in rows:
        amounts = paid.get(line.pk, NOTHING)
        planned = forecasts.get(line.pk, amounts.appropriated_won)
        by_now = planned * gone // whole
        if 100 * amounts.spent_won < percent * by_now:
            found.append(Lag(line, planned, by_now, amounts.spent_won, line.pk in forecasts))
    return sorted(found, key=lambda lag: (-lag.missing_won, lag.line.code))


def to_explain(by: Actor, at: datetime, percent: int = 60) -> QuerySet[Line]:
    """Lines in one's charge behind an even pace, as `lags` has it, that nobody forecast within 30 days."""
    today = day_of(at)
    first = date(today.year, 1, 1)
    gone, whole = (today - first).days + 1, (date(today.year + 1, 1, 1) - first).days
    made = Forecast.objects.filter(line=OuterRef("pk"), part=None, as_of__lte=today).order_by("-as_of", "-pk")
    planned = Coalesce(Subquery(made.values("year_end_won")[:1]), F("appropriated_won"))
    rows = Line.objects.filter(policy.lines_of(by, "officer", "head"), fiscal_year=today.year)
    rows = rows.filter(~Exists(made.filter(as_of__gt=today - timedelta(days=30)))).annotate(planned=planned)
    return rows.filter(spent_won__lt=F("planned") * (percent * gone) / (100 * whole))


def pending_for(by: Actor, at: datetime) -> QuerySet[Request]:
    """The requests whose next approval is the actor's, oldest first."""
    within_finance = Q(kind__in=BACK)
    as_head = Q(head_by="") & ~within_finance & policy.lines_of(by, "head", path="line__")
    as_finance = (~Q(head_by="") | within_finance) & policy.lines_of(by, "finance", path="line__")
    return (
        Request.objects.filter(as_head | as_finance, state=Request.State.PENDING)
        .exclude(requested_by=by.pseudonym)
        .exclude(head_by=by.pseudonym)
        .select_related("line__department__parent", "part", "matter", "obligation")
        .order_by("requested_at", "pk")
    )


def uploads_for(by: Actor) -> QuerySet[Upload]:
    """The rows that wait for this official of finance as their second person, oldest first."""
    rows = Upload.objects.filter(state=Upload.State.READ).exclude(read_by=by.pseudonym)
    return rows.defer("rows").order_by("read_at", "pk") if by.holds("finance") else rows.none()


def requests_in_charge(by: Actor) -> QuerySet[Request]:
    """All requests on lines in an official's charge, newest first."""
    rows = Request.objects.select_related("line__department", "part", "matter").order_by("-requested_at", "-pk")
    return rows if by.holds("auditor") else rows.filter(policy.lines_of(by, *policy.OFFICIALS, path="line__"))


def open_obligations(*, line: Line) -> QuerySet[Entry]:
    """The obligations of a line of which something is unpaid."""
    unpaid = Balance.objects.filter(obligated_won__gt=F("spent_won")).values("obligation_id")
    return Entry.objects.filter(line=line, kind=EntryKind.OBLIGATION, pk__in=unpaid).select_related("balance", "matter")


@dataclass
class RevenueRow:
    """An item of the revenue budget with the sums of everything below it, in won."""

    item: RevenueItem
    budget_prior_won: int = 0
    budget_current_won: int = 0
    assessed_won: int = 0
    collected_won: int = 0

    @property
    def change_won(self) -> int:
        """The change of the budget against the prior year."""
        return self.budget_current_won - self.budget_prior_won

    @property
    def change_rate(self) -> Decimal | None:
        """The change in percent of the prior year's budget."""
        return figures.rate(self.change_won, self.budget_prior_won)

    @property
    def collection_rate(self) -> Decimal | None:
        """Collected in percent of the budget."""
        return figures.rate(self.collected_won, self.budget_current_won)

    @property
    def arrears_won(self) -> int:
        """Assessed and not collected; None of it where nothing was assessed."""
        return max(self.assessed_won - self.collected_won, 0)


def revenue(*, as_of: date, year: int | None = None) -> list[RevenueRow]:
    """The revenue budget of a year with what was assessed and collected, in the order of its tree. Two queries."""
    items = list(RevenueItem.objects.filter(fiscal_year=year or as_of.year))
    rows = {item.pk: RevenueRow(item) for item in items}
    booked = Collection.objects.filter(item__in=rows, on__lte=as_of).order_by()
    sums = {(item, kind): total for item, kind, total in booked.values_list("item", "kind").annotate(Sum("amount_won"))}
    for item in items:
        for key in _upward(item, rows):
            row = rows[key]
            row.budget_prior_won += item.budget_prior_won
            row.budget_current_won += item.budget_current_won
            row.assessed_won += sums.get((item.pk, "assessed"), 0)
            row.collected_won += sums.get((item.pk, "collected"), 0)
    return list(rows.values())


def bookings(*, item: RevenueItem, as_of: date) -> QuerySet[Collection]:
    """What was assessed and collected on an item and below it, newest first. Two queries."""
    below = revenue_items_below(code=item.code, year=item.fiscal_year)
    rows = Collection.objects.filter(item__in=below, on__lte=as_of)
    return rows.select_related("item").order_by("-on", "-pk")


def _upward(item: RevenueItem, rows: dict[int, RevenueRow]) -> Iterable[int]:
    key: int | None = item.pk
    while key is not None:
        yield key
        key = rows[key].item.parent_id


def revenue_items_below(*, code: str | None, year: int) -> list[int]:
    """The keys of an item of the revenue budget and everything below it; all items without a code. One query."""
    rows = list(RevenueItem.objects.filter(fiscal_year=year).values_list("pk", "parent_id", "code"))
    inside = {key for key, _parent, name in rows if code is None or name == code}
    while grown := {key for key, parent, _name in rows if parent in inside and key not in inside}:
        inside |= grown
    return sorted(inside)
