"""People and seats: who sits in which body, adding a seat, ending one, the list as a file."""

import csv
from io import StringIO

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from madang.site.desk import seats as shown
from madang.site.kit import clock
from madang.site.kit.verdict import Refused, require
from madang.site.kit.web.access import page, roles
from madang.site.kit.web.paging import page_of
from madang.site.people import policy, queries
from madang.site.people.actions import add_seat, end_seat
from madang.site.people.models import Organisation, Seat
from madang.site.people.web.forms import EndSeatForm, SeatForm

SEES = roles("officer", "head", *queries.SEES_ALL)
KEEPS = roles("officer", "head")


@page(allow=SEES)
@require_safe
def bodies(request: HttpRequest) -> HttpResponse:
    """The bodies whose seats I may see."""
    return render(request, "desk/bodies.html", {"bodies": queries.bodies(request.actor, clock.now())})


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
    rows = page_of(request, seats)
    times = shown.recusals_of(found, list(rows))
    context = {
        "body": found,
        "form": form,
        "page": rows,
        "rows": [(seat, *_words(seat), times.get(seat.person_id or 0, 0)) for seat in rows],
        "counts": queries.counts_of(seats),
        "vacancies": shown.vacancies(found, at),
        "may_keep": policy.may_keep_seats(by, found, at),
        "ended": ended,
    }
    return render(request, "desk/body.html", context)


def _words(seat: Seat) -> tuple[object, object]:
    return queries.SEAT_ROLES.get(seat.role, seat.role), queries.WAYS.get(seat.appointed_by, seat.appointed_by)


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
    role, way = _words(seat)
    context = {"seat": seat, "role": role, "way": way, "form": form, "verdict": policy.may_end_seat(by, seat, at)}
    return render(request, "desk/end_seat.html", context)


@page(allow=SEES)
@require_safe
def members_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The seats that hold as CSV, names masked."""
    found = _body(request, code)
    stream = StringIO()
    csv.writer(stream).writerows(shown.lines(found, list(queries.seats_of(body=found, at=clock.now()))))
    # Spreadsheets read Hangul only with a byte order mark.
    response = HttpResponse("\ufeff" + stream.getvalue(), content_type="text/csv; charset=utf-8")
    name = code.replace("/", "-")
    response["Content-Disposition"] = f'attachment; filename="{name}-seats.csv"'
    return response
