"""The process maker: cards, a draft, its plan, its preview, its publication; and changing days that are public."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.site.desk import maker
from madang.site.desk.web.pages import process_context
from madang.site.desk.web.plan_form import MakeForm, PlanForm, form_for, written
from madang.site.docket import policy as docket_policy
from madang.site.docket.actions import reschedule
from madang.site.kit import clock
from madang.site.kit.verdict import Refused, Verdict, require
from madang.site.kit.web.access import page, roles
from madang.site.people.models import Organisation
from madang.site.programmes import actions, checks, policy, queries
from madang.site.programmes.models import Process, Recipe, Stage
from madang.site.programmes.planning import Span, moved

OFFICE = roles(*policy.OFFICE)


@page(allow=OFFICE)
@require_safe
def cards(request: HttpRequest) -> HttpResponse:
    """The recipes of my departments, each a card to make a process from."""
    return render(request, "desk/cards.html", {"cards": queries.cards_of(request.actor)})


@page(allow=OFFICE)
@require_http_methods(["GET", "POST"])
def make(request: HttpRequest, code: str) -> HttpResponse:
    """A card with its stages; a POST makes a draft of it."""
    by, at = request.actor, clock.now()
    card = get_object_or_404(Recipe.objects.select_related("programme"), code=code)
    department = Organisation.objects.get(code=card.content["department"])
    require(policy.may_make(by, department, at))
    first = {"year": clock.day_of(at).year + 1, "title_ko": card.title_ko, "title_en": card.title_en}
    form = MakeForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = actions.make(by=by, at=at, recipe=card, year=told["year"], area=told["area"], titles=form.titles())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The draft is made. Now set the days of its stages."))
            return redirect("desk_desk:plan", made.code)
    return render(request, "desk/make.html", {"card": card, "department": department, "form": form})


def _process(request: HttpRequest, code: str) -> Process:
    """A process; a draft of another department is not there."""
    found = get_object_or_404(Process.objects.select_related("department", "programme", "area"), code=code)
    if not policy.may_see(request.actor, found, clock.now()).ok:
        raise Http404
    return found


def _may_plan(request: HttpRequest, process: Process) -> Verdict:
    rule = policy.may_plan if process.draft else docket_policy.may_reschedule
    return rule(request.actor, process, clock.now())


@page(allow=OFFICE)
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, code: str) -> HttpResponse:
    """The stages of a process on one timeline; a POST works the days out, or saves them."""
    process = _process(request, code)
    require(_may_plan(request, process))
    stages, kind = list(process.stages.all()), form_for(process)
    saved = checks.spans_of(stages)
    titles = {"title_ko": process.title_ko, "title_en": process.title_en}
    if request.method == "GET":
        return _planned(request, process, kind(stages, initial={**kind.beginning(stages, saved), **titles}), saved)
    form = kind(stages, request.POST, initial=kind.beginning(stages, saved))
    if not form.is_valid():
        return _planned(request, process, form, saved)
    wanted, told = form.wanted(), form.cleaned_data
    after = _with_neighbours(stages, told["shown"], wanted) if told["move"] else wanted
    if after != wanted or request.POST.get("step") == "look":
        initial = {**told, **kind.beginning(stages, after, written(told["saved"]))}
        initial["move"] = told["move"]
        return _planned(request, process, kind(stages, initial=initial), after, _count_moved(wanted, after))
    form.put_faults(maker.review(process, stages, after, clock.now()).wrong)
    if form.is_valid() and _save(request, process, form, after):
        return redirect("desk_desk:plan" if process.draft else "desk_desk:process", process.code)
    return _planned(request, process, form, after)


def _with_neighbours(stages: Sequence[Stage], shown: Sequence[Span], wanted: Sequence[Span]) -> list[Span]:
    """The wanted days with their neighbours moved; what has happened stays where it is."""
    try:
        result = moved(shown, wanted)
    except OverflowError:
        # A year such as 9999 cannot move others; the checks tell that it is a slip.
        return list(wanted)
    for place, stage in enumerate(stages):
        if stage.closed_at is not None:
            result[place] = wanted[place]
        elif stage.opened_at is not None:
            result[place] = Span(wanted[place].opens, result[place].closes)
    return result


def _count_moved(wanted: Sequence[Span], after: Sequence[Span]) -> str:
    count = sum(one != other for one, other in zip(wanted, after, strict=True))
    if not count:
        return _("This is how the days would be. Nothing is saved yet.")
    text = ngettext(
        "%(count)d stage has moved along. Nothing is saved yet; look at the days, then save them.",
        "%(count)d stages have moved along. Nothing is saved yet; look at the days, then save them.",
        count,
    )
    return text % {"count": count}


def _save(request: HttpRequest, process: Process, form: PlanForm, after: Sequence[Span]) -> bool:
    by, at, told = request.actor, clock.now(), form.cleaned_data
    try:
        if process.draft:
            titles = form.titles()  # type: ignore[attr-defined]
            actions.plan(by=by, at=at, process=process, before=told["saved"], after=after, titles=titles)
            messages.success(request, _("The plan is saved."))
        else:
            reschedule(by=by, at=at, process=process, before=told["saved"], after=after, reason=told["reason"])
            messages.success(request, _("The days are changed, and those concerned have been told."))
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True


def _planned(
    request: HttpRequest, process: Process, form: PlanForm, spans: Sequence[Span], worked_out: str = ""
) -> HttpResponse:
    at, stages = clock.now(), form.stages
    line = maker.timeline(stages, spans, clock.day_of(at))
    context: dict[str, Any] = {
        "process": process,
        "form": form,
        "timeline": line,
        "rows": [(row, *form.days_of(row.stage)) for row in line.rows],
        "review": maker.review(process, stages, spans, at),
        "worked_out": worked_out,
        "unready": actions.not_ready(process, stages, at) if process.draft else [],
        "lacks_line": process.draft and maker.lacks_line(process),
    }
    return render(request, "desk/plan.html", context)


@page(allow=OFFICE)
@require_safe
def preview(request: HttpRequest, code: str) -> HttpResponse:
    """The page of the process as a citizen will see it."""
    shown = _process(request, code)
    context = process_context(request, shown)
    # The pages of a draft's stages are not there for anybody yet.
    context["steps"] = [replace(step, url="") for step in context["steps"]] if shown.draft else context["steps"]
    return render(request, "desk/process.html", {**context, "may_run": False, "preview": True})


@page(allow=OFFICE)
@require_POST
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """Make a draft public."""
    process = _process(request, code)
    actions.publish(by=request.actor, at=clock.now(), process=process)
    messages.success(request, _("%(process)s is public.") % {"process": process.title})
    return redirect("desk_desk:process", code)


@page(allow=OFFICE)
@require_POST
def discard(request: HttpRequest, code: str) -> HttpResponse:
    """Throw a draft away."""
    process = _process(request, code)
    actions.discard(by=request.actor, at=clock.now(), process=process)
    messages.success(request, _("The draft is thrown away."))
    return redirect("desk_desk:processes")
