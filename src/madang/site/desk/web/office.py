"""The desk of officials: inbox, processes, opening and closing stages."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from madang.site.desk import queries
from madang.site.desk.counter import help_at
from madang.site.desk.inbox import inbox as inbox_of
from madang.site.desk.web.tables import PROCESSES
from madang.site.desk.web.working import KEY
from madang.site.docket import actions, conductor, policy
from madang.site.docket.models import Matter
from madang.site.kit import clock
from madang.site.kit.verdict import require
from madang.site.kit.web.access import page, roles
from madang.site.people.actors import ROLES
from madang.site.programmes.models import Process, Stage
from madang.site.record.queries import done_by
from madang.site.record.web.tables import table_answer


@page(allow=roles(*ROLES))
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits for me; `?queue=` shows one kind of work."""
    at = clock.now()
    request.session.pop(KEY, None)
    shown = inbox_of(request.actor, at, request.GET.get("queue", ""))
    today = clock.start_of(clock.day_of(at))
    done = done_by(request.actor.pseudonym, since=today)
    return render(request, "desk/inbox.html", {"inbox": shown, "done": done})


@page(allow=roles(*ROLES))
@require_safe
def onward(request: HttpRequest) -> HttpResponse:
    """Leads from a task opened in the inbox to the one that comes after it, and after the last one back."""
    work = request.session.get(KEY)
    shown = inbox_of(request.actor, clock.now(), work["queue"]) if work else None
    waiting = [one for pile in shown.piles for one in pile.work] if shown else []
    if not work or work["place"] + 1 >= len(waiting):
        return redirect("desk_desk:inbox")
    return redirect(waiting[work["place"] + 1].address)


@page(allow=roles("officer", "head", "operator", "district_officer"))
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """What can be entered for a citizen at the counter."""
    return render(request, "desk/help.html", {"help": help_at(request.actor, clock.now())})


@page(allow=roles("officer", "head"))
@require_safe
def processes(request: HttpRequest) -> HttpResponse:
    """The processes that I may run."""
    return table_answer(request, PROCESSES.read(request, queries.in_charge_of(request.actor)), "desk/processes.html")


@page(allow=roles("officer", "head"))
@require_safe
def process(request: HttpRequest, code: str) -> HttpResponse:
    """A process with its stages to open and close."""
    shown = get_object_or_404(Process.objects.select_related("programme", "department"), code=code)
    at = clock.now()
    if shown.draft:
        return redirect("desk_desk:plan", code)
    require(policy.may_run(request.actor, shown, at))
    rows = []
    for step in queries.steps_of(shown):
        # The same process object, so that the policy needs no query for each stage.
        step.stage.process = shown
        rows.append((step, policy.may_start(request.actor, step.stage, at)))
    may_reschedule = policy.may_reschedule(request.actor, shown, at)
    return render(request, "desk/run.html", {"process": shown, "rows": rows, "may_reschedule": may_reschedule})


def _stage(pk: int) -> Stage:
    return get_object_or_404(Stage.objects.select_related("process__department", "process__programme"), pk=pk)


@page(allow=roles("officer", "head"))
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Says what opening a stage means; a POST opens it."""
    stage, at = _stage(pk), clock.now()
    if request.method == "POST":
        actions.start(by=request.actor, at=at, stage=stage)
        messages.success(request, _("%(stage)s is open.") % {"stage": stage.title})
        return redirect("desk_desk:process", stage.process.code)
    require(policy.may_run(request.actor, stage.process, at))
    return render(request, "desk/start.html", _context(request, stage, policy.may_start(request.actor, stage, at)))


@page(allow=roles("officer", "head"))
@require_http_methods(["GET", "POST"])
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Says what closing a stage means; a POST closes it."""
    stage, at = _stage(pk), clock.now()
    if request.method == "POST":
        passages = actions.finish(by=request.actor, at=at, stage=stage)
        told = {"stage": stage.title, "count": len(passages), "passed": sum(row.passed for row in passages)}
        messages.success(request, _("%(stage)s is closed. Decided: %(count)d; passed on: %(passed)d.") % told)
        return redirect("desk_desk:process", stage.process.code)
    require(policy.may_run(request.actor, stage.process, at))
    return render(request, "desk/finish.html", _context(request, stage, policy.may_finish(request.actor, stage, at)))


def _context(request: HttpRequest, stage: Stage, verdict: object) -> dict[str, object]:
    return {
        "stage": stage,
        "verdict": verdict,
        "waiting": Matter.objects.filter(stage=stage).count(),
        "following": conductor.next_stage(stage),
        "kind": stage.behaviour,
    }
