"""Pages for officials: objections, and votes of bodies."""

from typing import Any

from django.contrib import messages
from django.db.models import Sum
from django.forms import formset_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from madang.site.docket.models import Matter
from madang.site.kit import clock
from madang.site.kit.verdict import Refused
from madang.site.kit.web.access import page
from madang.site.kit.web.paging import page_of
from madang.site.record.web.tables import table_answer
from madang.site.reviews import actions, policy, queries
from madang.site.reviews.models import Objection
from madang.site.reviews.settings import Decide, rules_of
from madang.site.reviews.web import forms
from madang.site.reviews.web.access import officials
from madang.site.reviews.web.tables import OBJECTIONS
from madang.site.reviews.web.views import stage_of


@page(allow=officials)
def objections(request: HttpRequest, pk: int) -> HttpResponse:
    """The objections of a stage, undecided first."""
    stage = stage_of(pk, "object")
    context = {"stage": stage, "until": policy.window_ends(stage) if stage.opened_at else None}
    table = OBJECTIONS.read(request, queries.objections(stage))
    return table_answer(request, table, "reviews/desk_objections.html", context)


@page(allow=officials)
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """One objection and the form to decide on it."""
    rows = Objection.objects.select_related("matter", "stage__process__department")
    row = get_object_or_404(rows, pk=pk)
    at, actor = clock.now(), request.actor  # type: ignore[attr-defined]
    form = forms.AnswerForm(request.POST or None)
    if request.method == "POST" and forms.carried_out(
        form, lambda data: actions.decide_objection(by=actor, at=at, objection=row, **data)
    ):
        messages.success(request, _("The decision was recorded and the person who objected was told."))
        return redirect(f"reviews_desk:{row.stage.kind}", pk=row.stage_id)
    context = {
        "row": row,
        "stage": row.stage,
        "form": form,
        "ending": row.matter.passages.filter(passed=False, at__lte=row.at).order_by("-at").first(),
        "verdict": policy.may_decide_objection(actor, row, at),
    }
    return render(request, "reviews/desk_objection.html", context)


@page(allow=officials)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Record how the body voted, and what its decision says about each matter."""
    stage = stage_of(pk, "decide")
    at, actor = clock.now(), request.actor  # type: ignore[attr-defined]
    waiting = Matter.objects.filter(stage=stage).order_by("number")
    shown, latest = page_of(request, waiting), queries.latest_decisions(stage)
    matters = list(shown)
    initial = [{"key": row.pk, **_initial(row, latest)} for row in matters]
    Decisions = formset_factory(forms.DecisionForm, extra=0, max_num=len(matters), absolute_max=len(matters))
    votes = queries.motions(stage)
    form = forms.MotionForm(request.POST or None, elsewhere=shown.total - len(matters), initial={"seen": votes.count()})
    lines = Decisions(request.POST or None, initial=initial, prefix="matter")
    if request.method == "POST" and lines.is_valid():
        said = [dict(line.cleaned_data) for line in lines.forms]

        def act(data: dict[str, Any]) -> object:
            if [line.pop("key") for line in said] != [row.pk for row in matters]:
                raise Refused(_("Other matters wait here by now. Load the page again and repeat it."))
            covered = [actions.Decided(row.pk, **line) for row, line in zip(matters, said, strict=True)]
            if data.pop("covers", "") == "all":
                others = waiting.exclude(pk__in=[row.pk for row in matters])
                covered += [actions.Decided(row.pk, **_initial(row, latest)) for row in others]
            return actions.vote_in_body(by=actor, at=at, stage=stage, decisions=covered, **data)

        if forms.carried_out(form, act):
            messages.success(request, _("The vote was recorded."))
            return redirect(request.get_full_path())
        if form.non_field_errors():
            form.data = form.data.copy()
            form.data["seen"] = str(votes.count())
    context = {
        "stage": stage,
        "rules": rules_of(stage, Decide),
        "form": form,
        "lines": lines,
        "page": shown,
        "total_won": waiting.aggregate(total=Sum("amount_won"))["total"],
        "rows": list(zip(matters, lines.forms, strict=False)),
        "motions": votes,
        "verdict": policy.may_record_motion(actor, stage, at),
    }
    return render(request, "reviews/desk_decide.html", context)


def _initial(matter: Matter, latest: dict[int, Any]) -> dict[str, Any]:
    held = latest.get(matter.pk)
    if held is None:
        return {"approves": True, "amount_won": matter.amount_won}
    return {"approves": held.approves, "amount_won": held.amount_won, "reason": held.reason}
