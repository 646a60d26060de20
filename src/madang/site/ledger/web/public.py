"""The money as everybody sees it: bureau, department, programme, line, single payment."""

from collections import defaultdict
from datetime import date
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from madang.site.kit import clock
from madang.site.kit.web.access import anyone, page
from madang.site.ledger import policy, queries
from madang.site.ledger.models import Entry, Line, Part, RevenueItem
from madang.site.ledger.queries import NOTHING
from madang.site.ledger.web import public_tables
from madang.site.ledger.web.forms import AsOf
from madang.site.ledger.web.public_tables import DepartmentRow, LineRow
from madang.site.ledger.web.tables import MOVEMENTS
from madang.site.programmes.models import Programme
from madang.site.record.web.tables import table_answer


def asked_day(request: HttpRequest) -> tuple[AsOf, date]:
    """The day that the page is asked for: that of the filter; today; or the last day of the newest budget."""
    today = clock.day_of(clock.now())
    form = AsOf(request.GET if "as_of" in request.GET else None, initial={"as_of": today.isoformat()})
    if form.is_bound and form.is_valid() and form.cleaned_data["as_of"]:
        return form, form.cleaned_data["as_of"]
    newest = Line.objects.order_by("-fiscal_year").values_list("fiscal_year", flat=True).first()
    if newest is None or newest >= today.year:
        return form, today
    return AsOf(initial={"as_of": f"{newest}-12-31"}), date(newest, 12, 31)


@page(allow=anyone)
def home(request: HttpRequest) -> HttpResponse:
    """All lines of the year by department, with sums and execution rates."""
    form, as_of = asked_day(request)
    amounts = queries.balances(as_of=as_of)
    lines = Line.objects.filter(fiscal_year=as_of.year).select_related("department", "programme")
    rows = [
        LineRow(line, line, amounts.get(line.pk, NOTHING))
        for line in lines.order_by("department__order", "department", "seq")
    ]
    sums = [
        DepartmentRow(department, sum((row.own for row in of_it), NOTHING))
        for department, of_it in groupby(rows, lambda row: row.line.department)
    ]
    tables = {
        "table": public_tables.lines(as_of, [row.department for row in sums]).read(request, rows),
        "departments": public_tables.departments(as_of).read(request, sums),
        "lags": public_tables.lags("ledger:line").read(request, queries.lags(as_of=as_of)),
    }
    context = {"form": form, "as_of": as_of, "total": sum((row.own for row in sums), NOTHING)}
    return table_answer(request, tables, "ledger/home.html", context)


@page(allow=anyone)
def programme(request: HttpRequest, code: str) -> HttpResponse:
    """The lines, and parts of lines, that a programme's section shows, with their forecasts."""
    form, as_of = asked_day(request)
    found = get_object_or_404(Programme, code=code)
    parts = Part.objects.filter(programme=found, line__fiscal_year=as_of.year).select_related("line")
    lines = Line.objects.filter(programme=found, fiscal_year=as_of.year, parts__isnull=True)
    forecasts: dict[tuple[int, int | None], int] = defaultdict(int)
    for made in queries.latest_forecasts(as_of=as_of):
        forecasts[made.line_id, made.part_id] = made.year_end_won
    of_lines, of_parts = queries.balances(as_of=as_of, lines=lines), queries.by_part(as_of=as_of, parts=parts)
    rows = [LineRow(row, row, of_lines.get(row.pk, NOTHING), forecasts.get((row.pk, None))) for row in lines]
    rows += [
        LineRow(part.line, part, of_parts.get(part.pk, NOTHING), forecasts.get((part.line_id, part.pk)))
        for part in parts
    ]
    total = sum((row.own for row in rows), NOTHING)
    context = {"form": form, "as_of": as_of, "programme": found, "total": total}
    return table_answer(
        request, public_tables.of_programme(as_of).read(request, rows), "ledger/programme.html", context
    )


@page(allow=anyone)
def line(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """A budget line: balances, parts, and every movement of money on it."""
    form, as_of = asked_day(request)
    found = get_object_or_404(
        Line.objects.select_related("department__parent", "programme"), fiscal_year=year, code=code
    )
    until = min(as_of, date(year, 12, 31)) if request.GET.get("as_of") else date(year, 12, 31)
    parts = list(found.parts.select_related("programme"))
    of_parts = queries.by_part(as_of=until, parts=parts)
    context = {
        "form": form,
        "as_of": until,
        "line": found,
        "amounts": queries.balances(as_of=until, lines=[found]).get(found.pk, NOTHING),
    }
    tables = {
        "table": MOVEMENTS.read(request, queries.entries_of(line=found, as_of=until)),
        "parts": public_tables.parts().read(
            request, [LineRow(found, part, of_parts.get(part.pk, NOTHING)) for part in parts]
        ),
    }
    return table_answer(request, tables, "ledger/line.html", context)


@page(allow=anyone)
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One movement of money; the payee is shown to finance and auditors only."""
    rows = Entry.objects.select_related("line__department__parent", "part", "matter", "obligation", "corrects")
    found = get_object_or_404(rows, pk=pk)
    context = {
        "entry": found,
        "payments": found.payments.order_by("on", "pk"),
        "correction": found.corrections.first(),
        "may_see_payee": policy.may_see_payee(request.actor, found.line, clock.now()),  # type: ignore[attr-defined]
        "is_finance": request.actor.holds("finance"),  # type: ignore[attr-defined]
    }
    return render(request, "ledger/entry.html", context)


@page(allow=anyone)
def revenue(request: HttpRequest) -> HttpResponse:
    """The revenue budget as a tree, with what was collected."""
    form, as_of = asked_day(request)
    table = public_tables.revenue(as_of).read(request, queries.revenue(as_of=as_of))
    return table_answer(request, table, "ledger/revenue.html", {"form": form, "as_of": as_of})


@page(allow=anyone)
def revenue_item(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """An item of the revenue budget: what was assessed and collected on it and below it, booking by booking."""
    form, asked = asked_day(request)
    found = get_object_or_404(RevenueItem.objects.select_related("parent"), fiscal_year=year, code=code)
    as_of = min(asked, date(year, 12, 31))
    rows = {row.item.pk: row for row in queries.revenue(as_of=as_of, year=year)}
    table = public_tables.BOOKINGS.read(request, queries.bookings(item=found, as_of=as_of))
    context = {"form": form, "as_of": as_of, "row": rows[found.pk]}
    return table_answer(request, table, "ledger/revenue_item.html", context)
