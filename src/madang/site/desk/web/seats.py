"""People and seats: who sits in which body, adding a seat, ending one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from madang.site.desk import seats as shown
from madang.site.desk.web.tables import BODIES, seats_table
from madang.site.kit import clock
from madang.site.kit.verdict import Refused, require
from madang.site.kit.web.access import page, roles
from madang.site.people import policy, queries
from madang.site.people.actions import add_seat, end_seat
from madang.site.people.models import Organisation, Seat
from madang.site.people.web.forms import EndSeatForm, SeatForm
from madang.site.record.web.tables import table_answer

SEES = roles("officer", "head", *queries.SEES_ALL)
KEEPS = roles("officer", "head")


@page(allow=SEES)
@require_safe
def bodies(request: HttpRequest) -> HttpResponse:
    """The bodies whose seats I may see."""
    rows = queries.bodies(request.actor, clock.now())
    return table_answer(request, BODIES.read(request, rows), "desk/bodies.html")


def _body(request: HttpRequest, code: str) -> Organisation:
    rows = Organisation.objects.filter(kind=Organisation.Kind.BODY).select_related("parent__parent__parent")
    found = get_object_or_404(rows, code=code)
    require(policy.may_see_seats(request.actor, found, clock.now()))
    return found


@page(allow=SEES)
@require_http_methods(["GET", "POST"])
def body(request: HttpRequest, code: str) -> HttpResponse:
    """Who sits in a body; a POST adds a seat by office or by nomination."""
    by, at, found = request.actor, clock.now(), _body(request, code)
    form = SeatForm(request.POST or None, initial={"term": clock.day_of(at).year, "role": "official"})
    if request.method == "POST":
        require(policy.may_keep_seats(by, found, at))
        if form.is_valid():
            try:
                add_seat(by=by, at=at, body=found, new=form.seat())
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("The seat is added."))
                return redirect("desk_desk:body", code)
    ended = request.GET.get("ended") == "1"
    seats = queries.seats_of(body=found, at=at, ended=ended)
    may_keep = policy.may_keep_seats(by, found, at)
    table = seats_table(ended=ended).read(request, seats, lambda rows: shown.put_recusals(found, rows, may_keep.ok))
    context = {
        "body": found,
        "form": form,
        "counts": queries.counts_of(seats),
        "vacancies": shown.vacancies(found, at),
        "may_keep": may_keep,
        "ended": ended,
    }
    return table_answer(request, table, "desk/body.html", context)


@page(allow=KEEPS)
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Says which seat ends; a POST with a reason ends it."""
    by, at = request.actor, clock.now()
    seat = get_object_or_404(Seat.objects.select_related("body__parent__parent__parent", "person"), pk=pk)
    require(policy.may_keep_seats(by, seat.body, at))
    form = EndSeatForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end_seat(by=by, at=at, seat=seat, reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The seat has ended."))
            return redirect("desk_desk:body", seat.body.code)
    role = queries.SEAT_ROLES.get(seat.role, seat.role)
    way = queries.WAYS.get(seat.appointed_by, seat.appointed_by)
    context = {"seat": seat, "role": role, "way": way, "form": form, "verdict": policy.may_end_seat(by, seat, at)}
    return render(request, "desk/end_seat.html", context)
