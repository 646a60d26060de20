"""The costing desk: an estimate by lines beside what the matter says, its history, and the second look."""

from typing import Any

from django.contrib import messages
from django.forms import BaseFormSet, formset_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from madang.site.docket.models import Matter
from madang.site.kit import clock
from madang.site.kit.verdict import Refused
from madang.site.kit.web.access import page
from madang.site.reviews import actions, policy
from madang.site.reviews.models import Costing
from madang.site.reviews.web import forms
from madang.site.reviews.web.access import officials
from madang.site.reviews.web.views import stage_of

MOST, MORE = 100, 3
Lines = formset_factory(forms.CostLineForm, extra=MORE, max_num=MOST, absolute_max=MOST)


@page(allow=officials)
def costing(request: HttpRequest, pk: int, matter: int) -> HttpResponse:
    """The estimate of one matter: its lines and their sum, earlier ones, and the second look at the latest."""
    stage = stage_of(pk, "screen")
    rows = Matter.objects.select_related("stage__process__department", "process__department")
    row = get_object_or_404(rows, pk=matter, process=stage.process)
    at, actor, do = clock.now(), request.actor, request.POST.get("do")  # type: ignore[attr-defined]
    history = list(row.costings.order_by("-at", "-pk")[:50])
    latest = history[0] if history else None
    lines, form = _estimate(request, do, latest)
    check = forms.CheckForm(request.POST if do == "check" else None, auto_id="check_%s")
    if do == "cost" and lines.is_valid() and forms.carried_out(form, lambda data: _noted(request, row, lines, data)):
        messages.success(request, _("%(number)s: noted.") % {"number": row.number})
        return redirect(reverse("reviews_desk:screening", args=[stage.pk, row.pk]))
    if do == "check" and latest is not None:
        latest.matter = row
        looked = latest
        if forms.carried_out(check, lambda data: actions.check_cost(by=actor, at=at, costing=looked, **data)):
            messages.success(request, _("%(number)s: noted.") % {"number": row.number})
            return redirect(request.get_full_path())
    if do == "cost" and form.non_field_errors():
        form.data = form.data.copy()
        form.data["after"] = str(row.costings.order_by("-at", "-pk").values_list("pk", flat=True).first() or 0)
    if latest is not None:
        latest.matter = row
    context = {
        "stage": stage,
        "matter": row,
        "revision": row.revisions.order_by("-number").first(),
        "files": list(row.attachments.order_by("pk")),
        "lines": lines,
        "form": form,
        "check": check,
        "total": _total(lines),
        "history": history,
        "latest": latest,
        "may_cost": policy.may_estimate_cost(actor, row, at),
        "may_check": policy.may_check_cost(actor, latest, at) if latest else None,
    }
    return render(request, "reviews/desk_costing.html", context)


def _estimate(request: HttpRequest, do: str | None, latest: Costing | None) -> tuple[BaseFormSet, forms.EstimateForm]:
    """The lines and their note: as sent, with some more empty ones where they were asked for, or as last noted."""
    if do in ("cost", "more"):
        sent = request.POST.copy()
        if do == "more" and sent.get("line-TOTAL_FORMS", "").isdecimal():
            sent["line-TOTAL_FORMS"] = str(min(int(sent["line-TOTAL_FORMS"]) + MORE, MOST))
        return Lines(sent, prefix="line"), forms.EstimateForm(sent)
    held = {"note": latest.note, "after": latest.pk} if latest else {"after": 0}
    return Lines(initial=latest.lines if latest else [], prefix="line"), forms.EstimateForm(initial=held)


def _noted(request: HttpRequest, row: Matter, lines: BaseFormSet, data: dict[str, Any]) -> object:
    given = [actions.CostLine(**line.cleaned_data) for line in lines.forms if line.cleaned_data.get("what")]
    if not given:
        raise Refused(_("Write at least one line."))
    return actions.estimate_cost(
        by=request.actor,  # type: ignore[attr-defined]
        at=clock.now(),
        matter=row,
        lines=given,
        note=data["note"],
        after=data["after"],
    )


def _total(lines: BaseFormSet) -> int:
    """The sum of the lines that can be read."""
    total = 0
    for line in lines.forms:
        values = line.cleaned_data if lines.is_bound and line.is_valid() else line.initial
        total += (values.get("count") or 0) * (values.get("unit_won") or 0)
    return total
