"""The calendar of meetings by month, and its feeds for calendar programs."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import groupby
from urllib.parse import urlencode

from django.contrib import messages
from django.core.signing import BadSignature, Signer
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from madang.site.gatherings import actions, queries
from madang.site.gatherings.models import Booking, CalendarLink, Cohort, Gathering
from madang.site.gatherings.queries import Wanted
from madang.site.gatherings.web.ical import calendar_file
from madang.site.kit import clock
from madang.site.kit.web.access import anyone, page, signed_in
from madang.site.programmes.models import Stage

MOST_IN_FEED = 500
MOST_IN_MONTH = 300
_secret = Signer(sep=".", salt="calendar")


@page(allow=anyone)
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """The meetings of a month and the courses that begin in it, day by day; of a programme or a body if asked for."""
    wanted = _wanted(request)
    first = _month(request.GET.get("month", ""))
    end = _later(first)
    meetings = queries.meetings(wanted, clock.start_of(first), clock.start_of(end))[:MOST_IN_MONTH]
    runs = queries.beginning(first, end - timedelta(days=1), wanted)[:MOST_IN_MONTH]
    days = _by_day(meetings, runs)
    at = clock.now()
    context = {
        "first": first,
        "days": days,
        "before": _address(wanted, _month_of(queries.last_before(clock.start_of(first), wanted))),
        "after": _address(wanted, _month_of(queries.next_after(clock.start_of(end), wanted))),
        "coming": queries.next_after(at, wanted),
        "wanted": wanted,
        "all_address": _address(Wanted(), first),
        "programmes": [
            (programme, _address(Wanted(programme=programme), first))
            for programme in queries.programmes_with_meetings()
        ],
        "feed": f"{reverse('gatherings:feed')}{_query(wanted)}",
        "at": at,
    }
    return render(request, "gatherings/calendar.html", context)


def _wanted(request: HttpRequest) -> Wanted:
    found = Wanted.named(request.GET.get("programme", ""), request.GET.get("body", ""))
    if found is None:
        raise Http404
    return found


def _month(text: str) -> date:
    """The first day of a month written as 2021-11; this month for anything else."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        found = clock.day_of(clock.now()).replace(day=1)
    return max(min(found, clock.LAST.replace(month=11, day=1)), date(1, 2, 1))


def _later(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def _month_of(gathering: Gathering | None) -> date | None:
    return clock.day_of(gathering.held_at).replace(day=1) if gathering else None


def _query(wanted: Wanted, **more: str) -> str:
    named = {
        "programme": wanted.programme.code if wanted.programme else "",
        "body": wanted.body.code if wanted.body else "",
        **more,
    }
    query = urlencode({name: value for name, value in named.items() if value})
    return f"?{query}" if query else ""


def _address(wanted: Wanted, first: date | None) -> str:
    return f"{reverse('gatherings:calendar')}{_query(wanted, month=f'{first:%Y-%m}')}" if first else ""


def _by_day(
    meetings: QuerySet[Gathering], runs: QuerySet[Cohort]
) -> list[tuple[date, list[tuple[Gathering | None, Cohort | None]]]]:
    entries: list[tuple[date, Gathering | None, Cohort | None]] = [
        *((run.starts_on, None, run) for run in runs),
        *((clock.day_of(gathering.held_at), gathering, None) for gathering in meetings),
    ]
    entries.sort(key=lambda entry: entry[0])
    return [
        (day, [(gathering, run) for _day, gathering, run in same])
        for day, same in groupby(entries, key=lambda entry: entry[0])
    ]


@page(allow=anyone)
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The meetings of the last month and to come, for a calendar program; of a programme or a body if asked for."""
    wanted, at = _wanted(request), clock.now()
    rows = queries.meetings(wanted, at - timedelta(days=31))[:MOST_IN_FEED]
    part = wanted.body or wanted.programme
    return _file(request, part.name if part else _("Meetings"), rows, at)


def _file(
    request: HttpRequest,
    name: str,
    meetings: QuerySet[Gathering],
    at: datetime,
    *,
    runs: Iterable[Cohort] = (),
    bookings: Iterable[Booking] = (),
    deadlines: Iterable[Stage] = (),
) -> HttpResponse:
    address = request.build_absolute_uri
    content = calendar_file(name, meetings, runs=runs, bookings=bookings, deadlines=deadlines, at=at, address=address)
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")


@page(allow=signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """My own calendar: my meetings, courses, bookings and deadlines, and the secret address for my calendar program."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    if request.method == "POST":
        if request.POST.get("do") == "end":
            actions.end_calendar_link(by=by, at=at)
            messages.success(request, _("The address of your calendar works no more."))
        else:
            actions.make_calendar_link(by=by, at=at)
            messages.success(request, _("Your calendar has a new address; an earlier one works no more."))
        return redirect("gatherings:own_calendar")
    link = queries.calendar_link(by)
    address = reverse("gatherings:own_feed", args=[_secret.sign(link.key)]) if link else ""
    context = {
        "address": request.build_absolute_uri(address) if link else "",
        "meetings": queries.own_meetings(by.person_id, at)[:MOST_IN_MONTH],
        "runs": queries.own_runs(by.person_id, at)[:MOST_IN_MONTH],
        "bookings": queries.own_bookings(by.person_id, at)[:MOST_IN_MONTH],
        "deadlines": queries.own_deadlines(by.person_id, at)[:MOST_IN_MONTH],
    }
    return render(request, "gatherings/own_calendar.html", context)


@page(allow=anyone)
@require_safe
def own_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody's own calendar for whoever knows its address. Raises Http404 otherwise."""
    try:
        key = _secret.unsign(token)
    except BadSignature as error:
        raise Http404 from error
    link = get_object_or_404(CalendarLink, key=key, person__account__isnull=False)
    at = clock.now()
    meetings = queries.own_meetings(link.person_id, at)[:MOST_IN_FEED]
    answer = _file(
        request,
        _("My meetings"),
        meetings,
        at,
        runs=queries.own_runs(link.person_id, at),
        bookings=queries.own_bookings(link.person_id, at)[:MOST_IN_FEED],
        deadlines=queries.own_deadlines(link.person_id, at)[:MOST_IN_FEED],
    )
    answer["Cache-Control"] = "private, max-age=600"
    return answer
