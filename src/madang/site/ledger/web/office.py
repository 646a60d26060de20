"""The ledger's desk: requests, approvals, forecasts, releases and corrections."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from madang.site.kit import clock
from madang.site.kit.verdict import Refused, require
from madang.site.kit.web.access import page, roles
from madang.site.kit.web.paging import page_of
from madang.site.ledger import actions, policy, queries
from madang.site.ledger.models import Entry, EntryKind, Line, Request
from madang.site.ledger.queries import NOTHING
from madang.site.ledger.web.forms import BackForm, ForecastForm, ObligationForm, PaymentForm, ReasonForm
from madang.site.ledger.web.public_tables import lags
from madang.site.ledger.web.tables import LINES, PAYEES, REQUESTS
from madang.site.record.web.tables import table_answer

ASKED = gettext_lazy("Requested; a second person of finance confirms it.")
OFFICIALS = ("officer", "head", "finance", "auditor")
_LINES = Line.objects.select_related("department__parent", "programme")
_ENTRIES = Entry.objects.select_related("line__department__parent", "part", "matter", "balance")
_REQUESTS = Request.objects.select_related(
    "line__department__parent", "part", "matter", "obligation", "corrects", "entry"
)


@page(allow=roles(*OFFICIALS))
def home(request: HttpRequest) -> HttpResponse:
    """The lines in one's charge, and what needs a word."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    charge = policy.lines_of(by, *policy.OFFICIALS)
    lines = _LINES.filter(charge) if not by.holds("auditor") else _LINES
    context = {
        "alerts": queries.alerts(as_of=clock.day_of(at), by=by),
        "pending": queries.pending_for(by, at).count(),
        "is_finance": by.holds("finance"),
        "sees_payees": by.holds("finance", "auditor"),
    }
    tables = {
        "table": LINES.read(request, lines.order_by("-fiscal_year", "department__order", "seq", "code")),
        "lags": lags("ledger_desk:line").read(request, queries.lags(as_of=clock.day_of(at), by=by)),
    }
    return table_answer(request, tables, "ledger/desk/home.html", context)


@page(allow=roles("head", "finance"))
def approvals(request: HttpRequest) -> HttpResponse:
    """The requests that wait for one's own approval."""
    table = REQUESTS.read(request, queries.pending_for(request.actor, clock.now()))  # type: ignore[attr-defined]
    return table_answer(request, table, "ledger/desk/approvals.html")


@page(allow=roles(*OFFICIALS))
def requests(request: HttpRequest) -> HttpResponse:
    """All requests on the lines in one's charge, the latest first."""
    table = REQUESTS.read(request, queries.requests_in_charge(request.actor))  # type: ignore[attr-defined]
    return table_answer(request, table, "ledger/desk/requests.html")


@page(allow=roles("finance", "auditor"))
def entries(request: HttpRequest) -> HttpResponse:
    """The entries of the lines whose payees one may see."""
    rows = queries.entries_with_payees(request.actor)  # type: ignore[attr-defined]
    return table_answer(request, PAYEES.read(request, rows), "ledger/desk/entries.html")


@page(allow=roles(*OFFICIALS))
def request_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One request with its approvals, and what the reader may do with it."""
    found = get_object_or_404(_REQUESTS, pk=pk)
    _require_charge(request, found.line)
    return _request(request, found, ReasonForm())


def _request(request: HttpRequest, found: Request, form: ReasonForm) -> HttpResponse:
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    context = {
        "request_": found,
        "may_approve": policy.may_approve(by, found, at),
        "may_withdraw": policy.may_withdraw(by, found, at),
        "may_see_payee": policy.may_see_payee(by, found.line, at),
        "form": form,
    }
    return render(request, "ledger/desk/request.html", context)


def _require_charge(request: HttpRequest, line: Line) -> None:
    by = request.actor  # type: ignore[attr-defined]
    if not by.holds("auditor") and not policy.stands_for(by, *OFFICIALS, department=line.department):
        raise Refused(_("This budget line belongs to another department."))


@page(allow=roles("head", "finance"))
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve a request."""
    found = get_object_or_404(_REQUESTS, pk=pk)
    actions.approve(by=request.actor, at=clock.now(), request=found)  # type: ignore[attr-defined]
    done = _("The entry is posted.") if found.entry_id else _("Approved; finance is next.")
    messages.success(request, done)
    return redirect("ledger_desk:request", pk)


@page(allow=roles("head", "finance"))
@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Say no to a request; what was typed stays if it is refused itself."""
    found, form = get_object_or_404(_REQUESTS, pk=pk), ReasonForm(request.POST)
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    if _carried_out(form, lambda data: actions.refuse(by=by, at=at, request=found, **data)):
        messages.success(request, _("The request is refused."))
        return redirect("ledger_desk:request", pk)
    _require_charge(request, found.line)
    return _request(request, found, form)


@page(allow=roles("officer", "finance"))
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own request back."""
    found = get_object_or_404(_REQUESTS, pk=pk)
    actions.withdraw(by=request.actor, at=clock.now(), request=found)  # type: ignore[attr-defined]
    messages.success(request, _("The request is taken back."))
    return redirect("ledger_desk:request", pk)


@page(allow=roles(*OFFICIALS))
def line(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """A line at the desk: ask for an obligation, see what is unpaid, forecast the year's end."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    found = get_object_or_404(_LINES, fiscal_year=year, code=code)
    _require_charge(request, found)
    today = clock.day_of(at)
    # The page of a matter leads here with its receipt number, so that nobody has to copy it.
    asked = {"on": today, "matter": request.GET.get("matter", "")[:40]}
    form = ObligationForm(request.POST or None, line=found, initial=asked)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.request_obligation(by=by, at=at, line=found, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Requested; the head of department is next."))
            return redirect("ledger_desk:request", made.pk)
    return _line(request, found, form, ForecastForm(line=found, initial={"on": today}, auto_id="forecast_%s"))


def _line(request: HttpRequest, found: Line, form: ObligationForm, forecast_form: ForecastForm) -> HttpResponse:
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    context = {
        "line": found,
        "amounts": queries.balances(as_of=clock.day_of(at), lines=[found]).get(found.pk, NOTHING),
        "form": form,
        "forecast_form": forecast_form,
        "may_request": policy.may_request(by, found, at),
        "may_forecast": policy.may_forecast(by, found, at),
        "obligations": page_of(request, queries.open_obligations(line=found)),
        "forecasts": found.forecasts.select_related("part")[:5],
    }
    return render(request, "ledger/desk/line.html", context)


def _carried_out(form: Form, act: Callable[[dict[str, Any]], object]) -> bool:
    """Whether a valid form's action was done; a refusal is told in the form, which keeps what was typed."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True


@page(allow=roles("officer", "head"))
@require_POST
def forecast(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """Forecast the year's end of a line or part."""
    found = get_object_or_404(_LINES, fiscal_year=year, code=code)
    form = ForecastForm(request.POST, line=found, auto_id="forecast_%s")
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    if _carried_out(form, lambda data: actions.forecast(by=by, at=at, line=found, **data)):
        messages.success(request, _("The forecast is noted."))
        return redirect("ledger_desk:line", year, code)
    _require_charge(request, found)
    return _line(request, found, ObligationForm(line=found, initial={"on": clock.day_of(at)}), form)


@page(allow=roles(*OFFICIALS))
def obligation(request: HttpRequest, pk: int) -> HttpResponse:
    """An obligation at the desk: ask for a payment; finance releases and books refunds."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    found = get_object_or_404(_ENTRIES, pk=pk, kind=EntryKind.OBLIGATION, corrects__isnull=True)
    _require_charge(request, found.line)
    today = clock.day_of(at)
    form = PaymentForm(request.POST or None, initial={"on": today})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.request_payment(by=by, at=at, obligation=found, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Requested; the head of department is next."))
            return redirect("ledger_desk:request", made.pk)
    return _obligation(request, found, form, BackForm(initial={"on": today}, auto_id="back_%s"))


def _obligation(request: HttpRequest, found: Entry, form: PaymentForm, back_form: BackForm) -> HttpResponse:
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    context = {
        "obligation": found,
        "unpaid_won": found.balance.obligated_won - found.balance.spent_won,
        "form": form,
        "back_form": back_form,
        "may_request": policy.may_request(by, found.line, at),
        "may_release": policy.may_release(by, found, at),
        "may_see_payee": policy.may_see_payee(by, found.line, at),
    }
    return render(request, "ledger/desk/obligation.html", context)


@page(allow=roles("finance"))
@require_POST
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask to release money of an obligation, or to book a refund."""
    found = get_object_or_404(_ENTRIES, pk=pk, kind=EntryKind.OBLIGATION)
    form, by, at = BackForm(request.POST, auto_id="back_%s"), request.actor, clock.now()  # type: ignore[attr-defined]
    if form.is_valid():
        data = dict(form.cleaned_data)
        ask = actions.request_refund if data.pop("kind") == "refund" else actions.request_release
        try:
            made = ask(by=by, at=at, obligation=found, **data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, ASKED)
            return redirect("ledger_desk:request", made.pk)
    return _obligation(request, found, PaymentForm(initial={"on": clock.day_of(at)}), form)


@page(allow=roles("finance"))
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask to undo an entry by a counter-entry."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    found = get_object_or_404(_ENTRIES, pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.request_correction(by=by, at=at, entry=found, reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, ASKED)
            return redirect("ledger_desk:request", made.pk)
    else:
        require(policy.may_correct(by, found, at))
    return render(request, "ledger/desk/correct.html", {"entry": found, "form": form})
