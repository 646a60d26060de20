"""Pages of meetings and courses for citizens."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from madang.site.gatherings import actions, policy, queries
from madang.site.gatherings.models import Cohort, Enrolment, Gathering
from madang.site.gatherings.web.forms import CodeForm, ContributionForm
from madang.site.kit import clock
from madang.site.kit.verdict import Refused
from madang.site.kit.web.access import anyone, page, signed_in
from madang.site.kit.web.paging import page_of
from madang.site.people.web.limits import count_attempt
from madang.site.programmes.models import Stage


def stage_named(pk: int, kind: str) -> Stage:
    """A stage of a kind with its process and department. Raises Http404."""
    return get_object_or_404(Stage.public.select_related("process__department"), pk=pk, kind=kind)


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
    """One meeting: agenda, attendance, minutes; of one in writing what members say."""
    return _meeting(request, _gathering(pk))


def _gathering(pk: int) -> Gathering:
    return get_object_or_404(Gathering.objects.select_related("process__department", "stage", "body"), pk=pk)


def _meeting(
    request: HttpRequest,
    gathering: Gathering,
    form: ContributionForm | None = None,
    code_form: CodeForm | None = None,
) -> HttpResponse:
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    coming, written = gathering.held_at > at, gathering.mode == Gathering.Mode.WRITTEN
    own = queries.own_contribution(gathering, by) if written and by.known else None
    context = {
        "gathering": gathering,
        "present": queries.present_by_part(gathering),
        "coming": coming,
        "written": written,
        "own": own,
        "form": form or ContributionForm(initial={"text": own.text if own else ""}),
        "may_contribute": policy.may_contribute(by, gathering, at),
        # Before the end nobody reads what others wrote, so that the first does not sway the last.
        "contributions": page_of(request, queries.contributions(gathering)) if written and not coming else None,
        "may_run": policy.may_run(by, gathering.process, at),
        "here": by.known and queries.attended(gathering, by),
        "may_attend": policy.may_attend_by_code(by, gathering, at),
        "code_form": code_form or CodeForm(initial={"code": request.GET.get("code", "")[:6]}, auto_id="id_code_%s"),
        "votes": queries.votes_open(gathering.process) if gathering.code_until and not gathering.cancelled_at else [],
    }
    return render(request, "gatherings/meeting.html", context)


@page(allow=signed_in)
@require_POST
def attend(request: HttpRequest, pk: int) -> HttpResponse:
    """Note the own attendance with the code of the meeting; what was typed stays if it is refused."""
    gathering, by, at = _gathering(pk), request.actor, clock.now()  # type: ignore[attr-defined]
    if queries.attended(gathering, by):
        messages.info(request, _("You are noted as present."))
        return redirect("gatherings:meeting", pk)
    # A code has six digits: who may guess often enough finds it.
    count_attempt(what="attendance", who=f"{pk}:{by.person_id}", at=at, most=10, seconds=600)
    form = CodeForm(request.POST, auto_id="id_code_%s")
    if not form.is_valid():
        return _meeting(request, gathering, code_form=form)
    try:
        actions.attend_by_code(by=by, at=at, gathering=gathering, **form.cleaned_data)
    except Refused as refused:
        form.add_error("code", str(refused))
        return _meeting(request, gathering, code_form=form)
    messages.success(request, _("You are noted as present."))
    return redirect("gatherings:meeting", pk)


@page(allow=signed_in)
@require_POST
def contribute(request: HttpRequest, pk: int) -> HttpResponse:
    """Say something in a meeting in writing; what was typed stays if it is refused."""
    gathering, form, by = _gathering(pk), ContributionForm(request.POST), request.actor  # type: ignore[attr-defined]
    if not form.is_valid():
        return _meeting(request, gathering, form)
    try:
        actions.contribute(by=by, at=clock.now(), gathering=gathering, **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _meeting(request, gathering, form)
    messages.success(request, _("Your contribution is noted; until the end of the meeting you can change it."))
    return redirect("gatherings:meeting", pk)


@page(allow=anyone)
@require_safe
def courses(request: HttpRequest, pk: int) -> HttpResponse:
    """The courses of a process and their runs, each with a way to enrol or the reason why not."""
    stage, by, at = stage_named(pk, "learn"), request.actor, clock.now()  # type: ignore[attr-defined]
    shown = page_of(request, queries.cohorts(stage))
    mine, today = queries.enrolled_in(stage.process, by.person_id), clock.day_of(at)
    for cohort in shown:
        # The same process object, so that the policy needs no query for each run.
        cohort.course.process = stage.process
    context = {
        "stage": stage,
        "courses": queries.courses(stage),
        "page": shown,
        "runs": [
            (
                cohort,
                mine.get(cohort.pk),
                policy.may_enrol(by, cohort, at, enrolled=cohort.enrolled, offered=stage.is_open),
                cohort.starts_on >= today,
            )
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
    if actions.enrol(by=by, at=clock.now(), cohort=cohort, person_ids=[by.person_id]):
        messages.success(request, _("You are enrolled in %(course)s.") % {"course": cohort.title})
    else:
        messages.info(request, _("You were enrolled in %(course)s already.") % {"course": cohort.title})
    return _to_courses(cohort)


@page(allow=signed_in)
@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up the own place."""
    enrolment = get_object_or_404(
        Enrolment.objects.select_related("cohort__course__process__department"),
        pk=pk,
        person_id=request.actor.person_id,  # type: ignore[attr-defined]
    )
    actions.leave(by=request.actor, at=clock.now(), enrolment=enrolment)  # type: ignore[attr-defined]
    messages.success(request, _("You have given up your place in %(course)s.") % {"course": enrolment.cohort.title})
    return _to_courses(enrolment.cohort)


def _to_courses(cohort: Cohort) -> HttpResponse:
    """The page of the stage that a run's course belongs to."""
    stages = list(Stage.objects.filter(process=cohort.course.process, kind="learn").order_by("order"))
    own = [stage for stage in stages if stage.settings["course"] == cohort.course.code]
    stage = next(iter(own or stages), None)
    return redirect("gatherings:courses", stage.pk) if stage else redirect("gatherings:calendar")
