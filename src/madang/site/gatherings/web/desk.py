"""Pages of meetings and courses for the office that runs them."""

from collections.abc import Callable
from typing import Any

import segno
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.site.gatherings import actions, policy, queries
from madang.site.gatherings.models import Cohort, Course, Gathering
from madang.site.gatherings.web import forms as ours
from madang.site.gatherings.web.tables import ATTENDANCE, LEARNERS
from madang.site.gatherings.web.views import stage_named
from madang.site.kit import clock
from madang.site.kit.verdict import Refused, require
from madang.site.kit.web.access import page, roles
from madang.site.kit.web.paging import page_of
from madang.site.people.models import Organisation
from madang.site.people.web.forms import OnBehalfForm
from madang.site.programmes.models import Process, Stage
from madang.site.record.web.tables import table_answer

OFFICE = roles("officer", "head", "operator")


def done(form: forms.Form, act: Callable[..., Any], **more: Any) -> bool:
    """Whether the action was done; otherwise the form says why not."""
    if not form.is_valid():
        return False
    try:
        act(at=clock.now(), **more, **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True


def _may_run(request: HttpRequest, process: Process) -> None:
    require(policy.may_run(request.actor, process, clock.now()))  # type: ignore[attr-defined]


@page(allow=OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def meetings(request: HttpRequest, pk: int) -> HttpResponse:
    """The meetings of a stage; a POST holds one."""
    stage = stage_named(pk, "meet")
    _may_run(request, stage.process)
    suggested = {"number": queries.next_number(stage), **ours.first_moment()}
    form = ours.HoldForm(request.POST or None, initial=suggested, stage=stage)
    if request.method == "POST":
        more = {"by": request.actor, "process": stage.process, "stage": stage, "body": _body(stage)}  # type: ignore[attr-defined]
        if done(form, actions.hold, **more):
            messages.success(request, _("The meeting is in the calendar."))
            return redirect("gatherings_desk:meetings", pk)
    context = {"stage": stage, "form": form, "page": page_of(request, queries.of_stage(stage))}
    return render(request, "gatherings/desk_meetings.html", context)


def _body(stage: Stage) -> Organisation | None:
    return Organisation.objects.filter(code=stage.settings.get("body", ""), kind=Organisation.Kind.BODY).first()


def _gathering(request: HttpRequest, pk: int) -> Gathering:
    found = get_object_or_404(Gathering.objects.select_related("process__department", "stage", "body"), pk=pk)
    _may_run(request, found.process)
    return found


@page(allow=OFFICE)
@require_safe
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting: attendance and minutes."""
    return _meeting_page(request, _gathering(request, pk))


def _meeting_page(
    request: HttpRequest,
    gathering: Gathering,
    attendance: forms.Form | None = None,
    minutes: forms.Form | None = None,
) -> HttpResponse:
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    context = {
        "gathering": gathering,
        "present": queries.present_by_part(gathering),
        "attendance_form": attendance or ours.AttendanceForm(),
        "minutes_form": minutes or ours.MinutesForm(initial={"text": gathering.minutes}),
        "may_change": policy.may_change(by, gathering, at),
        "may_note": policy.may_note(by, gathering, at),
        "contributions": page_of(request, queries.contributions(gathering)),
    }
    return render(request, "gatherings/desk_meeting.html", context)


@page(allow=OFFICE)
@require_POST
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Note who attended."""
    gathering, form = _gathering(request, pk), ours.AttendanceForm(request.POST)
    if not done(form, actions.record_attendance, by=request.actor, gathering=gathering):  # type: ignore[attr-defined]
        return _meeting_page(request, gathering, attendance=form)
    messages.success(request, _("The attendance is noted."))
    return redirect("gatherings_desk:meeting", pk)


@page(allow=OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change or cancel a meeting that is still to come (`do` says which)."""
    gathering, cancels = _gathering(request, pk), request.POST.get("do") == "cancel"
    require(policy.may_change(request.actor, gathering, clock.now()))  # type: ignore[attr-defined]
    now = {name: getattr(gathering, name) for name in ("title_ko", "title_en", "mode", "agenda")}
    now["held_at"] = ours.typed(gathering.held_at)
    form = ours.ChangeForm(None if cancels else request.POST or None, initial=now, stage=gathering.stage)
    why = ours.CancelForm(request.POST if cancels else None, auto_id="id_cancel_%s")
    acts = (why, actions.cancel) if cancels else (form, actions.change)
    if request.method == "POST" and done(*acts, by=request.actor, gathering=gathering):  # type: ignore[attr-defined]
        told = _("The meeting is cancelled; its members were told.") if cancels else _("The meeting was changed.")
        messages.success(request, told)
        return redirect("gatherings_desk:meeting", pk)
    return render(request, "gatherings/desk_change.html", {"gathering": gathering, "form": form, "cancel_form": why})


@page(allow=OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, pk: int) -> HttpResponse:
    """The code with which members note their attendance, large enough for a wall; a POST shows or ends one."""
    gathering, by, at = _gathering(request, pk), request.actor, clock.now()  # type: ignore[attr-defined]
    form = ours.ShowCodeForm(request.POST or None, initial={"minutes": 30})
    if request.method == "POST" and request.POST.get("do") == "close":
        actions.close_code(by=by, at=at, gathering=gathering)
        return redirect("gatherings_desk:code", pk)
    if request.method == "POST" and done(form, actions.open_code, by=by, gathering=gathering):
        return redirect("gatherings_desk:code", pk)
    holds = policy.may_close_code(by, gathering, at)
    digits = actions.code_of(gathering) if holds else ""
    address = request.build_absolute_uri(f"{reverse('gatherings:meeting', args=[pk])}?code={digits}")
    context = {
        "gathering": gathering,
        "form": form,
        "may_open": policy.may_open_code(by, gathering, at),
        "digits": digits,
        # Our own drawing of our own address: nothing in it comes from people.
        "drawing": mark_safe(segno.make(address, error="m").svg_inline(scale=6, svgclass="qr", title=address)),  # noqa: S308
        "present": queries.present_by_part(gathering).get("participant", 0),
    }
    return render(request, "gatherings/desk_code.html", context)


@page(allow=OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def roster(request: HttpRequest, pk: int) -> HttpResponse:
    """The members of the meeting's body, to be ticked off; a POST sets those that were shown."""
    gathering = _gathering(request, pk)
    if gathering.body is None:
        raise Http404
    text = request.GET.get("text", "").strip()[:40]
    if request.method == "POST":
        shown, present = (
            {int(key) for key in request.POST.getlist(name) if key.isdecimal() and len(key) < 18}
            for name in ("shown", "present")
        )
        members = queries.members(gathering).filter(pk__in=shown).values_list("pk", flat=True)
        actions.mark_present(
            by=request.actor,  # type: ignore[attr-defined]
            at=clock.now(),
            gathering=gathering,
            shown=list(members),
            present=present,
        )
        messages.success(request, _("The attendance is noted."))
        return redirect(request.get_full_path())
    context = {
        "gathering": gathering,
        "text": text,
        "page": page_of(request, queries.members(gathering, text)),
        "present": queries.present_by_part(gathering),
        "may_note": policy.may_note(request.actor, gathering, clock.now()),  # type: ignore[attr-defined]
    }
    return render(request, "gatherings/desk_roster.html", context)


@page(allow=OFFICE)
@require_safe
def attended(request: HttpRequest, pk: int) -> HttpResponse:
    """The members of the meeting's body and who of them took part, as a table and as a file."""
    gathering = _gathering(request, pk)
    if gathering.body is None:
        raise Http404
    table = ATTENDANCE.read(request, queries.members(gathering))
    return table_answer(request, table, "gatherings/desk_attended.html", {"gathering": gathering})


@page(allow=OFFICE)
@require_POST
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish the minutes."""
    gathering, form = _gathering(request, pk), ours.MinutesForm(request.POST)
    if not done(form, actions.publish_minutes, by=request.actor, gathering=gathering):  # type: ignore[attr-defined]
        return _meeting_page(request, gathering, minutes=form)
    messages.success(request, _("The minutes are published."))
    return redirect("gatherings_desk:meeting", pk)


@page(allow=OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def courses(request: HttpRequest, pk: int) -> HttpResponse:
    """The courses of a process and their runs; a POST opens a course."""
    stage = stage_named(pk, "learn")
    _may_run(request, stage.process)
    rules = stage.rules.model_dump()
    suggested = {"code": rules["course"], "hours": rules["hours"], "group_size": rules["group_size"]}
    form = ours.CourseForm(request.POST or None, initial=suggested)
    if request.method == "POST" and done(form, actions.open_course, by=request.actor, process=stage.process):  # type: ignore[attr-defined]
        messages.success(request, _("The course is open."))
        return redirect("gatherings_desk:courses", pk)
    context = {
        "stage": stage,
        "form": form,
        "courses": queries.courses(stage),
        "page": page_of(request, queries.cohorts(stage)),
    }
    return render(request, "gatherings/desk_courses.html", context)


@page(allow=OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def open_run(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a run of a course."""
    course = get_object_or_404(Course.objects.select_related("process__department"), pk=pk)
    _may_run(request, course.process)
    form = ours.RunForm(request.POST or None, course=course)
    if request.method == "POST" and done(form, actions.open_cohort, by=request.actor, course=course):  # type: ignore[attr-defined]
        messages.success(request, _("The run is open for enrolment."))
        return redirect("gatherings_desk:run", course.cohorts.latest("pk").pk)
    return render(request, "gatherings/desk_open_run.html", {"course": course, "form": form})


@page(allow=roles("officer", "head", "operator", "district_officer"))
@require_http_methods(["GET", "HEAD", "POST"])
def on_behalf(request: HttpRequest, pk: int) -> HttpResponse:
    """Enrol a citizen at the counter who agreed to it."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    cohort = get_object_or_404(Cohort.objects.select_related("course__process__department"), pk=pk)
    require(policy.may_help(by, cohort.course.process, at))
    form = OnBehalfForm(request.POST or None)
    if request.method == "POST" and done(form, actions.enrol_for, by=by, cohort=cohort):
        messages.success(request, _("The citizen is enrolled and has been told."))
        return redirect("gatherings_desk:on_behalf", pk)
    return render(request, "gatherings/desk_on_behalf.html", {"cohort": cohort, "form": form})


def _everybody(form: forms.Form, step: str, cohort: Cohort) -> None:
    """Where no pseudonym was given, everybody who is meant."""
    if not form.is_valid() or form.cleaned_data.get("person_ids", True):
        return
    rows = queries.learners(cohort).filter(completed_at=None)
    if step == "complete":
        rows = rows.filter(hours__gte=cohort.course.hours)
    form.cleaned_data["person_ids"] = list(rows.values_list("person_id", flat=True))
    if not form.cleaned_data["person_ids"]:
        form.add_error(None, _("There is nobody in this run to whom this could apply."))


STEPS: dict[str, tuple[type[forms.Form], Callable[..., Any]]] = {
    "enrol": (ours.EnrolForm, actions.enrol),
    "attend": (ours.AttendForm, actions.attend),
    "complete": (ours.CompleteForm, actions.complete),
    "headcount": (ours.HeadcountForm, actions.report_headcount),
}


@page(allow=OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """One run: who learns in it; a POST enrols, notes hours or completion, or a head count (`do` says which)."""
    cohort = get_object_or_404(Cohort.objects.select_related("course__process__department"), pk=pk)
    _may_run(request, cohort.course.process)
    shown = {name: form(auto_id=f"id_{name}_%s") for name, (form, _act) in STEPS.items()}
    chosen = request.POST.get("do", "")
    if request.method == "POST" and chosen in STEPS:
        form, act = STEPS[chosen]
        shown[chosen] = form(request.POST, auto_id=f"id_{chosen}_%s")
        _everybody(shown[chosen], chosen, cohort)
        if done(shown[chosen], act, by=request.actor, cohort=cohort):  # type: ignore[attr-defined]
            messages.success(request, _("That is noted."))
            return redirect("gatherings_desk:run", pk)
    context = {"cohort": cohort, "forms": shown}
    table = LEARNERS.read(request, queries.learners(cohort))
    return table_answer(request, table, "gatherings/desk_run.html", context)
