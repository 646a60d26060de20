"""Pages of draws and appointments for everybody."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from madang.site.kit import clock
from madang.site.kit.verdict import Refused
from madang.site.kit.web.access import anyone, page, signed_in
from madang.site.kit.web.paging import page_of
from madang.site.panels import actions, policy, queries
from madang.site.programmes.models import Stage


def stage_named(pk: int, kind: str) -> Stage:
    """The stage of that key and kind. Raises Http404."""
    return get_object_or_404(Stage.public.select_related("process__department"), pk=pk, kind=kind)


@page(allow=anyone)
@require_safe
def draw(request: HttpRequest, pk: int) -> HttpResponse:
    """How a draw works, its quotas against the result, and the visitor's own ticket."""
    stage = stage_named(pk, "draw")
    at = clock.now()
    found = queries.draw_of(stage)
    own = queries.own_entry(found, request.actor) if found else None  # type: ignore[attr-defined]
    ticket = request.GET.get("ticket", "")
    context = {
        "stage": stage,
        "rules": stage.rules,
        "draw": found,
        "strata": strata_page(request, found),
        "own": own,
        "may_reply": policy.may_reply(request.actor, own, at) if own else None,  # type: ignore[attr-defined]
        "reply_until": policy.reply_until(own) if own and own.called_at else None,
        **rules_in_words(stage, found),
        "ticket": ticket,
        "entry": queries.ticket_of(found, ticket) if found and ticket else None,
    }
    return render(request, "panels/draw.html", context)


@page(allow=anyone)
@require_safe
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """The record of a draw as a file for `madang sortition verify`; before the draw what is published of it."""
    found = queries.draw_of(stage_named(pk, "draw"))
    if found is None or queries.record(found) is None:
        raise Http404
    response = JsonResponse(queries.record(found), json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})
    response["Content-Disposition"] = f'attachment; filename="draw-{pk}.json"'
    return response


@page(allow=signed_in)
@require_POST
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept or decline the own seat."""
    found = queries.draw_of(stage_named(pk, "draw"))
    own = queries.own_entry(found, request.actor) if found else None  # type: ignore[attr-defined]
    if own is None or request.POST.get("accepts") not in ("yes", "no"):
        raise Http404
    accepts = request.POST["accepts"] == "yes"
    actions.reply(by=request.actor, at=clock.now(), drawn=own, accepts=accepts)  # type: ignore[attr-defined]
    messages.success(request, _("You have accepted the seat.") if accepts else _("You have declined the seat."))
    return redirect("panels:draw", pk)


@page(allow=anyone)
@require_safe
def appointment(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is to be appointed to which body, and how many have been."""
    stage = stage_named(pk, "appoint")
    context = {
        "stage": stage,
        "rules": stage.rules,
        "body": queries.body_of(stage),
        "appointed": queries.appointed(stage).count(),
        "waiting": stage.matters.count(),
        "strata": queries.appointed_by_way(stage),
        "own": queries.own_seat(stage, request.actor, clock.now()),  # type: ignore[attr-defined]
    }
    return render(request, "panels/appointment.html", context)


def rules_in_words(stage: Stage, found: queries.Draw | None) -> dict[str, object]:
    """What both pages of a draw say about its rules; before the list is frozen also the groups as planned."""
    rules: Any = stage.rules
    planned: list[tuple[str, int, int]] = []
    impossible = ""
    if found is None:
        try:
            planned = queries.planned_rows(stage)
        except Refused as refused:
            impossible = str(refused)
    return {
        "categories": queries.categories_named(rules),
        "planned": planned,
        "impossible": impossible,
        "plan": queries.plan_of(stage),
    }


def strata_page(request: HttpRequest, found: queries.Draw | None) -> object:
    """A page of the quotas with their result; nothing before the list is frozen."""
    return page_of(request, queries.strata_rows(found), key="group") if found else []
