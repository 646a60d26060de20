"""Pages of draws and appointments for the office in charge."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from madang.site.kit import clock
from madang.site.kit.verdict import Refused, require
from madang.site.kit.web.access import page, roles
from madang.site.kit.web.paging import page_of
from madang.site.panels import actions, policy, queries
from madang.site.panels.effects import of_appointing
from madang.site.panels.models import Drawn
from madang.site.panels.web.forms import DrawForm, FreezeForm
from madang.site.panels.web.tables import CALLED
from madang.site.panels.web.views import rules_in_words, stage_named, strata_page
from madang.site.programmes.models import Stage
from madang.site.record.web.tables import table_answer

OFFICE = roles("officer", "head")


@page(allow=OFFICE)
@require_safe
def draw(request: HttpRequest, pk: int) -> HttpResponse:
    """The next step of a draw, and the replies."""
    return _desk(request, stage_named(pk, "draw"))


def _desk(request: HttpRequest, stage: Stage, freeze: Form | None = None, drawing: Form | None = None) -> HttpResponse:
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    require(policy.may_oversee(by, stage, at))
    found = queries.draw_of(stage)
    context: dict[str, Any] = {
        "stage": stage,
        "rules": stage.rules,
        "draw": found,
        "strata": strata_page(request, found),
        "candidates": stage.matters.count(),
        "freeze_form": freeze or FreezeForm(),
        "draw_form": drawing or DrawForm(),
    }
    if found is None:
        context |= {"may_freeze": policy.may_freeze(by, stage, at), **rules_in_words(stage, found)}
    elif found.drawn_at is None:
        context["may_draw"] = policy.may_draw(by, stage, at)
    else:
        context["may_call_reserves"] = policy.may_call_reserves(by, stage, at)
        context["unanswered"] = queries.unanswered(found, at)[0]
        table = CALLED.read(request, queries.called(found), prepare=_with_groups)
        return table_answer(request, table, "panels/desk_draw.html", context)
    return render(request, "panels/desk_draw.html", context)


def _with_groups(rows: list[Any]) -> None:
    groups = queries.stratum_names(entry.seat_stratum for entry in rows)
    for entry in rows:
        entry.group = groups.get(entry.seat_stratum, entry.seat_stratum)


@page(allow=OFFICE)
@require_POST
def freeze(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze the list of candidates."""
    stage, form = stage_named(pk, "draw"), FreezeForm(request.POST)
    if not form.is_valid():
        return _desk(request, stage, freeze=form)
    try:
        actions.freeze(by=request.actor, at=clock.now(), stage=stage, **form.cleaned_data)  # type: ignore[attr-defined]
    except Refused as refused:
        form.add_error(None, str(refused))
        return _desk(request, stage, freeze=form)
    messages.success(request, _("The list is frozen; its hash and the commitment are published."))
    return redirect("panels_desk:draw", pk)


@page(allow=OFFICE)
@require_POST
def drawing(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw by lot."""
    stage, form = stage_named(pk, "draw"), DrawForm(request.POST)
    if not form.is_valid():
        return _desk(request, stage, drawing=form)
    try:
        actions.draw(by=request.actor, at=clock.now(), stage=stage, **form.cleaned_data)  # type: ignore[attr-defined]
    except Refused as refused:
        form.add_error(None, str(refused))
        return _desk(request, stage, drawing=form)
    messages.success(request, _("The draw has taken place; those drawn have been told."))
    return redirect("panels_desk:draw", pk)


@page(allow=OFFICE)
@require_POST
def reserves(request: HttpRequest, pk: int) -> HttpResponse:
    """Call reserves for the seats that were given up."""
    stage = stage_named(pk, "draw")
    called = actions.call_reserves(by=request.actor, at=clock.now(), stage=stage)  # type: ignore[attr-defined]
    messages.success(request, _("Reserves called: %(count)d.") % {"count": len(called)})
    return redirect("panels_desk:draw", pk)


@page(allow=OFFICE)
@require_POST
def reply(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """Note a reply that was given by telephone or letter."""
    rows = Drawn.objects.select_related("draw__stage__process__department", "matter")
    drawn = get_object_or_404(rows, pk=entry, draw__stage_id=pk)
    accepts = request.POST.get("accepts") == "yes"
    actions.reply(by=request.actor, at=clock.now(), drawn=drawn, accepts=accepts)  # type: ignore[attr-defined]
    messages.success(request, _("The reply of %(ticket)s is noted.") % {"ticket": drawn.ticket})
    return redirect("panels_desk:draw", pk)


@page(allow=OFFICE)
@require_safe
def appointment(request: HttpRequest, pk: int) -> HttpResponse:
    """Who waits for a seat in which body."""
    stage = stage_named(pk, "appoint")
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    require(policy.may_oversee(by, stage, at))
    context = {
        "stage": stage,
        "rules": stage.rules,
        "body": queries.body_of(stage),
        "waiting": stage.matters.count(),
        "may_appoint": policy.may_run(by, stage, at),
    }
    return render(request, "panels/desk_appointment.html", context)


@page(allow=OFFICE)
def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    """The seats that everybody in the stage would get; then they get them."""
    stage = stage_named(pk, "appoint")
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    require(policy.may_run(by, stage, at))
    if request.method == "POST":
        seats = actions.appoint(by=by, at=at, stage=stage)
        messages.success(request, _("Appointed: %(count)d.") % {"count": len(seats)})
        return redirect("panels_desk:appointment", pk)
    context = {
        "title": _("Appoint everybody in this stage"),
        "button": _("Appoint them all"),
        "back": reverse("panels_desk:appointment", args=[pk]),
        "back_title": stage.title,
        "rows": page_of(request, of_appointing(stage, at), size=100),
    }
    return render(request, "docket/whole_effects.html", context)
