"""Pages of meetings and courses for citizens."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from icalendar import Calendar, Event

from madang.site.gatherings import actions, policy, queries
from madang.site.gatherings.models import Cohort, Gathering
from madang.site.kit import clock
from madang.site.kit.web.access import anyone, page, signed_in
from madang.site.kit.web.paging import page_of
from madang.site.programmes.models import Stage

MEETING_LASTS = timedelta(hours=2)
MOST_IN_FEED = 500


def stage_named(pk: int, kind: str) -> Stage:
    """A stage of a kind with its process and department. Raises Http404."""
    return get_object_or_404(Stage.objects.select_related("process__department"), pk=pk, kind=kind)


@page(allow=anyone)
@require_safe
def meetings(request: HttpRequest, pk: int) -> HttpResponse:
    """The meetings of a stage."""
    stage = stage_named(pk, "meet")
    context = {
        "stage": stage,
        "rules": stage.rules,
        "page": page_of(request, queries.of_stage(stage)),
        "may_run": policy.may_run(request.actor, stage.process, clock.now()),  # type: ignore[attr-defined]
    }
    return render(request, "gatherings/meetings.html", context)


@page(allow=anyone)
@require_safe
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting: agenda, attendance, minutes."""
    rows = Gathering.objects.select_related("process__department", "stage", "body")
    gathering = get_object_or_404(rows, pk=pk)
    context = {
        "gathering": gathering,
        "present": queries.present_by_part(gathering),
        "coming": gathering.held_at > clock.now(),
        "may_run": policy.may_run(request.actor, gathering.process, clock.now()),  # type: ignore[attr-defined]
    }
    return render(request, "gatherings/meeting.html", context)


@page(allow=anyone)
@require_safe
def courses(request: HttpRequest, pk: int) -> HttpResponse:
    """The courses of a process and their runs, each with a way to enrol or the reason why not."""
    stage, by, at = stage_named(pk, "learn"), request.actor, clock.now()  # type: ignore[attr-defined]
    shown = page_of(request, queries.cohorts(stage.process))
    mine = queries.enrolled_in(stage.process, by.person_id)
    for cohort in shown:
        # The same process object, so that the policy needs no query for each run.
        cohort.course.process = stage.process
    context = {
        "stage": stage,
        "courses": queries.courses(stage.process),
        "page": shown,
        "runs": [
            (cohort, mine.get(cohort.pk), policy.may_enrol(by, cohort, at, enrolled=cohort.enrolled))
            for cohort in shown
        ],
        "may_run": policy.may_run(by, stage.process, at),
    }
    return render(request, "gatherings/courses.html", context)


@page(allow=signed_in)
@require_POST
def enrol(request: HttpRequest, pk: int) -> HttpResponse:
    """Enrol oneself."""
    cohort = get_object_or_404(Cohort.objects.select_related("course__process__department"), pk=pk)
    by = request.actor  # type: ignore[attr-defined]
    actions.enrol(by=by, at=clock.now(), cohort=cohort, person_ids=[by.person_id])
    messages.success(request, _("You are enrolled in %(course)s.") % {"course": cohort.title})
    stage = Stage.objects.filter(process=cohort.course.process, kind="learn").order_by("order").first()
    return redirect("gatherings:courses", stage.pk) if stage else redirect("gatherings:calendar")


@page(allow=anyone)
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Meetings still to come."""
    return render(request, "gatherings/calendar.html", {"page": page_of(request, queries.upcoming(clock.now()))})


@page(allow=anyone)
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Meetings to come, and those of the last month, for a calendar program."""
    at = clock.now()
    file = Calendar()
    file.add("prodid", "-//Madang//meetings//")
    file.add("version", "2.0")
    for gathering in queries.upcoming(at - timedelta(days=31))[:MOST_IN_FEED]:
        entry = Event()
        entry.add("uid", f"gathering-{gathering.pk}@{request.get_host()}")
        entry.add("dtstamp", at)
        entry.add("dtstart", gathering.held_at)
        entry.add("dtend", gathering.held_at + MEETING_LASTS)
        entry.add("summary", gathering.title)
        entry.add("description", gathering.agenda or gathering.process.title)
        entry.add("url", request.build_absolute_uri(f"/gatherings/{gathering.pk}/"))
        file.add_component(entry)
    return HttpResponse(file.to_ical(), content_type="text/calendar; charset=utf-8")
