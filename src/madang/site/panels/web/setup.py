"""Before a draw, for the office in charge: quotas with what they mean for the candidates, and the rehearsal."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from madang import sortition
from madang.site.kit import clock
from madang.site.kit.verdict import Refused, require
from madang.site.kit.web.access import page, roles
from madang.site.panels import actions, policy, queries
from madang.site.panels.feasibility import Feasibility, candidates_of, counted, feasibility
from madang.site.panels.quotas import prepared, quotas_for
from madang.site.panels.web.forms import QuotasForm, RehearsalForm
from madang.site.panels.web.views import stage_named
from madang.site.programmes.models import Stage

OFFICE = roles("officer", "head")


def _overseen(request: HttpRequest, pk: int) -> Stage:
    stage = stage_named(pk, "draw")
    require(policy.may_oversee(request.actor, stage, clock.now()))  # type: ignore[attr-defined]
    return stage


def _asked(request: HttpRequest, stage: Stage) -> tuple[QuotasForm, Feasibility | None]:
    """The form of the quotas, and what those typed mean; None while they are not numbers yet."""
    wanted = quotas_for(stage)
    people, outside = candidates_of(stage, wanted, clock.now())
    form = QuotasForm(
        request.POST or None,
        quotas=wanted,
        names=queries.quota_names((one.feature, one.value) for one in wanted),
        candidates=counted(people, wanted),
        seats=stage.rules.seats,  # type: ignore[attr-defined]
    )
    if form.is_bound and not form.is_valid():
        return form, None
    typed = form.wanted() if form.is_bound else wanted
    return form, feasibility(stage=stage, quotas=typed, people=people, outside=outside)


@page(allow=OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the quotas: "check" tries them on the candidates, "save" makes them hold."""
    stage, by, at = _overseen(request, pk), request.actor, clock.now()  # type: ignore[attr-defined]
    form, found = _asked(request, stage)
    if request.method == "POST" and request.POST.get("do") == "save" and form.is_valid():
        try:
            actions.plan(by=by, at=at, stage=stage, wanted=form.wanted(), reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error("reason" if not form.cleaned_data["reason"].strip() else None, str(refused))
        else:
            messages.success(request, _("The quotas are saved, and everybody can read why."))
            return redirect("panels_desk:setup", pk)
    context = {
        "stage": stage,
        "form": form,
        "found": found,
        "plan": queries.plan_of(stage),
        "may_plan": policy.may_plan(by, stage, at),
    }
    return render(request, "panels/desk_setup.html", context)


@page(allow=OFFICE)
@require_safe
def rehearsal(request: HttpRequest, pk: int) -> HttpResponse:
    """Many draws with synthetic seeds from the list as it is now; nothing of it is kept."""
    stage = _overseen(request, pk)
    form = RehearsalForm(request.GET if "draws" in request.GET else None, initial={"draws": 10_000})
    context = {"stage": stage, "form": form, "error": ""}
    if form.is_valid():
        try:
            context |= _rehearsed(stage, form.cleaned_data["draws"])
        except Refused as refused:
            context["error"] = str(refused)
    return render(request, "panels/desk_rehearsal.html", context)


def _rehearsed(stage: Stage, draws: int) -> dict[str, object]:
    wanted = quotas_for(stage)
    people, outside = candidates_of(stage, wanted, clock.now())
    if not people:
        raise Refused(_("There are no candidates yet, so nothing can be said."))
    ready = prepared(people=people, quotas=wanted, rules=stage.rules, secret_hash="")  # type: ignore[arg-type]
    found = sortition.rehearse(ready.frozen, draws)
    names = queries.quota_names(tuple(row.name.split("=", 1)) for row in found.rows if "=" in row.name)  # type: ignore[misc]
    return {
        "found": found,
        "candidates": len(people),
        "outside": outside,
        "gave_way": bool(ready.changes),
        "rows": [(names.get(row.name, _("all seats")), row) for row in found.rows],
    }
