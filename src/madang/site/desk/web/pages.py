"""Pages of the whole city: home, programmes, processes, search."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from madang.site.desk import home as start
from madang.site.desk import queries
from madang.site.docket.web.listing import listing
from madang.site.intake.queries import begun
from madang.site.kit import clock
from madang.site.kit.web.access import anyone, page
from madang.site.programmes.models import Process, Programme, Strategy
from madang.site.programmes.queries import changes_of


@page(allow=anyone)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is open now, what is near, what changed because of citizens, the latest results."""
    at = clock.now()
    invited = start.invitations(at)
    context = {
        "invitations": invited,
        "any_open": any(one.steps for one in invited),
        "near": start.near(request.GET.get("area", ""), request.actor, at),
        "changed": start.changed(),
        "results": queries.latest_results(),
        "strategies": Strategy.objects.order_by("number"),
    }
    return render(request, "desk/home.html", context)


@page(allow=anyone)
@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    """The tree of strategies and programmes."""
    strategies, others = queries.tree()
    return render(request, "desk/programmes.html", {"strategies": strategies, "others": others})


@page(allow=anyone)
@require_safe
def programme(request: HttpRequest, code: str) -> HttpResponse:
    """A programme: what it is for, its processes, its money."""
    shown = get_object_or_404(Programme.objects.select_related("department", "strategy"), code=code)
    context = {"programme": shown, "runs": queries.runs_of(shown), "lines": queries.lines_of(shown)}
    return render(request, "desk/programme.html", context)


def process_context(request: HttpRequest, shown: Process) -> dict[str, Any]:
    """What the page of a process shows, of a public one as of a draft."""
    drafts = begun(request.actor.person_id) if request.actor.known else []
    return {
        "process": shown,
        "steps": queries.steps_of(shown),
        "line": queries.line_of(shown),
        **listing(request, process=shown),
        "changes": changes_of(shown),
        "begun": [draft for draft in drafts if draft.stage.process_id == shown.pk],
        "may_run": request.actor.holds("officer", "head", organisation=shown.department.code),
    }


@page(allow=anyone)
@require_safe
def process(request: HttpRequest, code: str) -> HttpResponse:
    """A process: its stages, what is in them, what they decided."""
    rows = Process.objects.filter(draft=False).select_related("programme", "department", "area")
    return render(request, "desk/process.html", process_context(request, get_object_or_404(rows, code=code)))
