"""Pages for citizens: the answers with their reasons, and how far the delivery is."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from madang.site.docket.models import Matter
from madang.site.docket.web.tables import with_shown_title
from madang.site.followups import actions, policy, queries
from madang.site.followups.settings import Answer, Deliver
from madang.site.followups.web.forms import VisitForm, carried_out
from madang.site.followups.web.tables import RESULTS, awaited, deliveries
from madang.site.kit import clock
from madang.site.kit.web.access import anyone, page, signed_in
from madang.site.kit.web.paging import page_of
from madang.site.programmes.models import Stage
from madang.site.record.web.tables import table_answer


def stage_of(pk: int, kind: str) -> Stage:
    """A stage of one kind with its process and department. Raises Http404."""
    rows = Stage.public.select_related("process__department", "process__programme")
    return get_object_or_404(rows, pk=pk, kind=kind)


def _shared(stage: Stage) -> dict[str, Any]:
    return {
        "stage": stage,
        "process": stage.process,
        "counts": queries.outcome_counts(stage),
        "waiting": Matter.objects.filter(stage=stage).count(),
    }


@page(allow=anyone)
@require_safe
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Who answers until when, and every answer given with its measures."""
    stage = stage_of(pk, "answer")
    rows = queries.waiting(stage) if stage.is_open else Matter.objects.none()
    context = {
        **_shared(stage),
        "rules": Answer.model_validate(stage.settings),
        "answers": page_of(request, queries.answers(stage)),
    }
    return table_answer(request, awaited(stage).read(request, rows), "followups/answer.html", context)


@page(allow=anyone)
@require_safe
def deliver(request: HttpRequest, pk: int) -> HttpResponse:
    """What is being carried out, how far it is, and what was finished."""
    stage = stage_of(pk, "deliver")
    context = {**_shared(stage), "rules": Deliver.model_validate(stage.settings)}
    tables = {
        "table": deliveries("followups:matter").read(request, queries.delivery(stage)),
        "results": RESULTS.read(request, with_shown_title(queries.results(stage))),
    }
    return table_answer(request, tables, "followups/deliver.html", context)


@page(allow=anyone)
@require_safe
def matter(request: HttpRequest, pk: int) -> HttpResponse:
    """The milestones of one matter, and what monitors saw."""
    row = get_object_or_404(Matter.objects.select_related("process__department", "stage"), pk=pk)
    context = {
        "matter": row,
        "process": row.process,
        "milestones": row.milestones.prefetch_related("attachments").order_by("due_on", "pk"),
        "visits": page_of(request, row.visits.order_by("-at", "-pk")),
        "may_visit": policy.may_visit(request.actor, row, clock.now()),  # type: ignore[attr-defined]
    }
    return render(request, "followups/matter.html", context)


@page(allow=signed_in)
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of citizen monitors."""
    row = get_object_or_404(Matter.objects.select_related("process__department", "stage__process__department"), pk=pk)
    at, actor = clock.now(), request.actor  # type: ignore[attr-defined]
    form = VisitForm(request.POST or None)
    if request.method == "POST" and carried_out(
        form, lambda data: actions.report_visit(by=actor, at=at, matter=row, **data)
    ):
        messages.success(request, _("Thank you. Your report is now part of the matter."))
        return redirect("followups:matter", pk=row.pk)
    context = {"matter": row, "form": form, "verdict": policy.may_visit(actor, row, at)}
    return render(request, "followups/visit.html", context)
