"""Pages for officials about a review: who scores what, the matrix of the panel, the end of the scoring."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from madang.site.docket.models import Matter
from madang.site.kit import clock
from madang.site.kit.verdict import Refused, require
from madang.site.kit.web.access import page
from madang.site.kit.web.paging import page_of
from madang.site.people.models import Organisation, Person
from madang.site.programmes.models import Stage
from madang.site.record.web.tables import table_answer
from madang.site.reviews import actions, bodies, effects, panel, policy, queries
from madang.site.reviews.models import Assignment
from madang.site.reviews.settings import Review, rules_of
from madang.site.reviews.web import forms
from madang.site.reviews.web.access import officials
from madang.site.reviews.web.tables import scored
from madang.site.reviews.web.views import stage_of


@page(allow=officials)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the reviewers are, never what they gave; choose matters and reviewers, see what that would do, do it."""
    stage = stage_of(pk, "review")
    at, actor = clock.now(), request.actor  # type: ignore[attr-defined]
    chosen = {int(key) for key in request.POST.getlist("matters") if key.isdecimal()}
    form = forms.AssignForm(request.POST or None, people=bodies.seated(stage, at))
    if request.method == "POST":
        matters = Matter.objects.filter(stage=stage).select_related("organisation").order_by("number").in_bulk(chosen)
        if form.is_valid() and not matters:
            form.add_error(None, _("Choose at least one matter."))
        if form.is_valid():
            return _assigned(request, stage, form, matters)

    def choose(rows: list[Any]) -> None:
        for row in rows:
            row.chosen = row.pk in chosen

    handed_in, expected = queries.sheets_in(stage)
    verdict = policy.may_assign(actor, stage, at)
    context = {
        "stage": stage,
        "handed_in": handed_in,
        "expected": expected,
        "rules": rules_of(stage, Review),
        "form": form,
        "verdict": verdict,
        "ended": policy.scoring_ended(stage),
        "may_publish": policy.may_publish(actor, stage, at),
    }
    table = scored(stage, may_assign=verdict.ok).read(request, queries.progress(stage), prepare=choose)
    return table_answer(request, table, "reviews/desk_review.html", context)


def _assigned(request: HttpRequest, stage: Stage, form: forms.AssignForm, matters: dict[int, Matter]) -> HttpResponse:
    at, actor = clock.now(), request.actor  # type: ignore[attr-defined]
    require(policy.may_assign(actor, stage, at))
    people = Person.objects.in_bulk([int(key) for key in form.cleaned_data["people"]])
    shown, pairs = effects.of_assignments(at=at, stage=stage, matters=matters, people=people)
    if "confirm" in request.POST and forms.carried_out(
        form, lambda data: actions.assign(by=actor, at=at, stage=stage, assignments=pairs)
    ):
        done = ngettext("%(count)s assignment added.", "%(count)s assignments added.", len(pairs))
        messages.success(request, done % {"count": len(pairs)})
        return redirect(request.get_full_path())
    context = {
        "stage": stage,
        "form": form,
        "effects": shown,
        "doable": [effect.matter for effect in shown if not effect.why_not],
        "hidden": [("people", key) for key in people],
        "do": "assign",
        "back": request.get_full_path(),
    }
    return render(request, "docket/desk_effects.html", context)


@page(allow=officials)
def assign_all(request: HttpRequest, pk: int) -> HttpResponse:
    """What assigning every matter to the members of its body would do; then it is done."""
    stage = stage_of(pk, "review")
    at, actor = clock.now(), request.actor  # type: ignore[attr-defined]
    require(policy.may_assign(actor, stage, at))
    if request.method == "POST":
        rows = actions.assign_all(by=actor, at=at, stage=stage)
        done = ngettext("%(count)s assignment added.", "%(count)s assignments added.", len(rows))
        messages.success(request, done % {"count": len(rows)})
        return redirect("reviews_desk:review", pk=stage.pk)
    context = {
        "title": _("Assign every matter to the members of its body"),
        "button": _("Assign them all"),
        "back": reverse("reviews_desk:review", args=[stage.pk]),
        "back_title": stage.title,
        "rows": page_of(request, effects.of_assigning_all(stage, at), size=100),
    }
    return render(request, "docket/whole_effects.html", context)


@page(allow=officials)
@require_POST
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind the reviewers whose sheets are missing."""
    stage = stage_of(pk, "review")
    count = actions.remind(by=request.actor, at=clock.now(), stage=stage)  # type: ignore[attr-defined]
    done = ngettext("%(count)s reviewer was reminded.", "%(count)s reviewers were reminded.", count)
    messages.success(request, done % {"count": count})
    return redirect("reviews_desk:review", pk=stage.pk)


@page(allow=officials)
def reviewers(request: HttpRequest, pk: int, matter: int) -> HttpResponse:
    """Who scores one matter, who stepped back and why, and assigning more; never what they gave."""
    stage = stage_of(pk, "review")
    row = get_object_or_404(Matter.objects.select_related("organisation"), pk=matter, stage=stage)
    at, actor = clock.now(), request.actor  # type: ignore[attr-defined]
    if request.method == "POST":
        pairs = [(row.pk, int(key)) for key in request.POST.getlist("people") if key.isdecimal()]
        if not pairs:
            raise Refused(_("Choose at least one reviewer."))
        actions.assign(by=actor, at=at, stage=stage, assignments=pairs)
        messages.success(request, _("Noted."))
        return redirect(request.path)
    rows = bodies.reviewers(stage, row, at)
    context = {
        "stage": stage,
        "matter": row,
        "rules": rules_of(stage, Review),
        "rows": rows,
        "assignable": any(reviewer.assignable for reviewer in rows),
        "verdict": policy.may_assign(actor, stage, at),
    }
    return render(request, "reviews/desk_reviewers.html", context)


@page(allow=officials)
@require_safe
def matrix(request: HttpRequest, pk: int) -> HttpResponse:
    """Matters and reviewers of one body: who has handed in; once the scoring has ended, what they gave."""
    stage = stage_of(pk, "review")
    verdict = policy.may_see_points(request.actor, stage, clock.now())  # type: ignore[attr-defined]
    codes = panel.bodies_of(stage)
    body = request.GET.get("body", "")
    body = body if body in codes else (codes[0] if codes else "")
    found = panel.matrix(stage, body=body, points=verdict.ok)
    names = {row.code: row.name for row in Organisation.objects.filter(code__in=codes)}
    context = {
        "stage": stage,
        "points": verdict.ok,
        "why_not": verdict.reason,
        "reviewers": found.reviewers,
        "rows": page_of(request, found.rows),
        "bodies": [(code, names.get(code, code), code == body) for code in codes],
        "wide": panel.wide_spread(stage),
        "may_send_back": stage.is_open and verdict.ok,
    }
    return render(request, "reviews/desk_matrix.html", context)


@page(allow=officials)
def end_scoring(request: HttpRequest, pk: int) -> HttpResponse:
    """What the end of the scoring would mean, and ending it."""
    stage = stage_of(pk, "review")
    at, actor = clock.now(), request.actor  # type: ignore[attr-defined]
    if request.method == "POST":
        actions.end_scoring(by=actor, at=at, stage=stage)
        messages.success(request, _("The scoring has ended. You see the points now; nothing is public yet."))
        return redirect("reviews_desk:matrix", pk=stage.pk)
    handed_in, expected = queries.sheets_in(stage)
    context = {
        "stage": stage,
        "missing": expected - handed_in,
        "handed_in": handed_in,
        "verdict": policy.may_assign(actor, stage, at),
    }
    return render(request, "reviews/desk_end_scoring.html", context)


@page(allow=officials)
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """One sheet: what was given, and sending it back to its reviewer with a reason."""
    rows = Assignment.objects.select_related("matter", "person", "sheet", "stage__process__department")
    row = get_object_or_404(rows, pk=pk, stage__process__draft=False)
    stage, at, actor = row.stage, clock.now(), request.actor  # type: ignore[attr-defined]
    require(policy.may_see_points(actor, stage, at))
    form = forms.SendBackForm(request.POST if request.POST.get("do") == "back" else None)
    if request.POST.get("do") == "keep":
        actions.keep_sheet(by=actor, at=at, assignment=row)
        messages.success(request, _("The sheet counts as it was."))
        return redirect(_matrix_of(stage, row.matter))
    if request.method == "POST" and forms.carried_out(
        form, lambda data: actions.send_back(by=actor, at=at, assignment=row, **data)
    ):
        messages.success(request, _("Sent back. The reviewer was told."))
        return redirect(_matrix_of(stage, row.matter))
    sheet = getattr(row, "sheet", None)
    criteria = rules_of(stage, Review).criteria
    context = {
        "stage": stage,
        "row": row,
        "matter": row.matter,
        "form": form,
        "given": [(criterion, sheet.points.get(criterion.code)) for criterion in criteria] if sheet else [],
        "back": _matrix_of(stage, row.matter),
        "verdict": policy.may_send_back(actor, row, at),
    }
    return render(request, "reviews/desk_send_back.html", context)


def _matrix_of(stage: Stage, matter: Matter) -> str:
    return f"{reverse('reviews_desk:matrix', args=[stage.pk])}?body={bodies.body_for(stage, matter)}"
