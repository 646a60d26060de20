"""Pages for citizens: what a stage decides, by whom and until when; results with reasons; the own sheets."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from madang.site.docket.models import Matter
from madang.site.docket.web.tables import with_shown_title
from madang.site.kit import clock
from madang.site.kit.verdict import Refused, first_no, require
from madang.site.kit.web.access import anyone, page, signed_in
from madang.site.kit.web.tables import Shown
from madang.site.programmes.models import Stage
from madang.site.record.web.tables import table_answer
from madang.site.reviews import actions, policy, queries
from madang.site.reviews.models import Assignment, Letter, Objection
from madang.site.reviews.scoring import left_out, needed, printed_mean, trimmed_mean
from madang.site.reviews.settings import Decide, Object, Review, Screen, rules_of
from madang.site.reviews.web import public_tables
from madang.site.reviews.web.forms import ObjectionForm, ReasonForm, ScoreForm, carried_out


def stage_of(pk: int, *kinds: str) -> Stage:
    """A stage of one of the kinds with its process and department. Raises Http404."""
    rows = Stage.public.select_related("process__department", "process__programme")
    return get_object_or_404(rows, pk=pk, kind__in=kinds)


def _answer(
    request: HttpRequest,
    stage: Stage,
    template: str,
    context: Mapping[str, Any],
    *,
    means: Mapping[int, tuple[str, int]] = MappingProxyType({}),
    tables: Mapping[str, Shown] = MappingProxyType({}),
) -> HttpResponse | StreamingHttpResponse:
    """A page of a stage with its results, and their points where there was a ranking."""
    counts = queries.outcome_counts(stage)

    def points(rows: list[Any]) -> None:
        for passage in rows:
            passage.mean, passage.sheets = means.get(passage.matter_id, ("", ""))

    ranked, amounts = bool(means), stage.kind == "decide"
    rows = with_shown_title(queries.results(stage))
    shown = public_tables.results(stage, counts, ranked=ranked, amounts=amounts).read(request, rows, points)
    more = {
        "stage": stage,
        "process": stage.process,
        "counts": counts,
        "waiting": Matter.objects.filter(stage=stage).count(),
    }
    return table_answer(request, {"results": shown, **tables}, template, {**more, **context})


@page(allow=anyone)
@require_safe
def screen(request: HttpRequest, pk: int) -> HttpResponse:
    """What the departments check, and their rulings with reasons."""
    stage = stage_of(pk, "screen")
    return _answer(request, stage, "reviews/screen.html", {"rules": rules_of(stage, Screen)})


@page(allow=anyone)
@require_safe
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """The criteria and, once the stage is closed, the whole ranking."""
    stage = stage_of(pk, "review")
    rules = rules_of(stage, Review)
    standings = queries.standings(stage)
    means = {row.matter_id: (printed_mean(row.mean), row.sheets) for row in standings}
    enough = needed(standings, passes=rules.passes, minimum=rules.minimum) if standings else None
    context = {
        "rules": rules,
        "top": sum(criterion.points for criterion in rules.criteria),
        "needed": printed_mean(enough) if enough is not None else "",
        "own": queries.own_assignments(request.actor, stage).count(),  # type: ignore[attr-defined]
    }
    return _answer(request, stage, "reviews/review.html", context, means=means)


@page(allow=anyone)
@require_safe
def object_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What may be objected to, until when, and what became of objections."""
    stage = stage_of(pk, "object")
    at, actor = clock.now(), request.actor  # type: ignore[attr-defined]
    may_object = policy.may_object(actor, stage, at)
    context = {
        "rules": rules_of(stage, Object),
        "until": policy.window_ends(stage) if stage.opened_at else None,
        "may_object": may_object,
    }
    ended = public_tables.turned_down(stage, may_object=may_object.ok).read(
        request, with_shown_title(queries.objectionable(stage), path="")
    )
    made = public_tables.OBJECTIONS.read(request, with_shown_title(queries.objections(stage)))
    return _answer(request, stage, "reviews/object.html", context, tables={"ended": ended, "objections": made})


@page(allow=signed_in)
def object_to(request: HttpRequest, pk: int, matter: int) -> HttpResponse:
    """The form for an objection; afterwards what was said and what was decided."""
    stage = stage_of(pk, "object", "screen")
    row = get_object_or_404(Matter, pk=matter, process_id=stage.process_id)
    at, actor = clock.now(), request.actor  # type: ignore[attr-defined]
    form = ObjectionForm(request.POST or None)
    if request.method == "POST" and carried_out(
        form, lambda data: actions.object_to(by=actor, at=at, stage=stage, matter=row, **data)
    ):
        messages.success(request, _("Your objection has been received. You will be told what is decided."))
        return redirect(request.path)
    context = {
        "stage": stage,
        "matter": row,
        "form": form,
        "ending": row.passages.filter(passed=False).order_by("-at").first(),
        "mine": Objection.objects.filter(stage=stage, matter=row, by=actor.pseudonym).first(),
        "verdict": policy.may_object_to(actor, stage, row, at),
    }
    return render(request, "reviews/object_to.html", context)


@page(allow=anyone)
@require_safe
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Who decides with which majority; the votes, the minutes and the results."""
    stage = stage_of(pk, "decide")
    context = {"rules": rules_of(stage, Decide), "motions": queries.motions(stage)}
    return _answer(request, stage, "reviews/decide.html", context)


@page(allow=signed_in)
@require_safe
def mine(request: HttpRequest, pk: int) -> HttpResponse:
    """The matters that the reader scores."""
    stage = stage_of(pk, "review")
    table = public_tables.MINE.read(request, queries.own_assignments(request.actor, stage))  # type: ignore[attr-defined]
    return table_answer(request, table, "reviews/mine.html", {"stage": stage})


@page(allow=anyone)
@require_safe
def sheets(request: HttpRequest, pk: int, matter: int) -> HttpResponse:
    """The score sheets of one matter without names, and the mean that came of them; once the stage is closed."""
    stage = stage_of(pk, "review")
    if stage.closed_at is None:
        raise Refused(_("The score sheets are published when the stage closes."))
    row = get_object_or_404(Matter.objects.exclude(ending="hidden"), pk=matter, process_id=stage.process_id)
    rules = rules_of(stage, Review)
    # By their totals, so that the order says nothing about who gave them.
    counted = queries.sheets_visible(request.actor, stage).filter(  # type: ignore[attr-defined]
        assignment__matter=row, assignment__recused=False
    )
    found = list(counted.order_by("total", "pk"))
    out = left_out(len(found), rules.trim)
    context = {
        "stage": stage,
        "matter": row,
        "rules": rules,
        "top": sum(criterion.points for criterion in rules.criteria),
        "rows": [
            (
                [(criterion, sheet.points.get(criterion.code)) for criterion in rules.criteria],
                sheet.total,
                out <= place < len(found) - out,
            )
            for place, sheet in enumerate(found)
        ],
        "mean": printed_mean(trimmed_mean([sheet.total for sheet in found], rules.trim)) if found else "",
    }
    return render(request, "reviews/sheets.html", context)


def _own(request: HttpRequest, pk: int) -> Assignment:
    rows = Assignment.objects.filter(person_id=request.actor.person_id)  # type: ignore[attr-defined]
    return get_object_or_404(rows.select_related("matter", "stage__process__department", "sheet"), pk=pk)


@page(allow=signed_in)
def score(request: HttpRequest, pk: int) -> HttpResponse:
    """One score sheet of the reader's own, or stepping back; then on to the next that is missing."""
    row = _own(request, pk)
    at, actor, stage = clock.now(), request.actor, row.stage  # type: ignore[attr-defined]
    criteria, sheet, do = rules_of(stage, Review).criteria, getattr(row, "sheet", None), request.POST.get("do")
    form = ScoreForm(
        request.POST if do == "score" else None, criteria=criteria, initial=sheet.points if sheet else None
    )
    recuse = ReasonForm(request.POST if do == "recuse" else None, auto_id="recuse_%s")
    if do == "score" and carried_out(
        form, lambda data: actions.submit_scores(by=actor, at=at, stage=stage, sheets={row.matter_id: data})
    ):
        messages.success(request, _("Your score sheet was handed in. You may change it until the scoring ends."))
        return redirect(_next_sheet(request, row))
    if do == "recuse" and carried_out(
        recuse, lambda data: actions.recuse(by=actor, at=at, stage=stage, matter=row.matter, **data)
    ):
        messages.success(request, _("You stepped back. A sheet that you handed in before no longer counts."))
        return redirect(_next_sheet(request, row))
    rows = queries.own_assignments(actor, stage).filter(recused=False)
    context = {
        "row": row,
        "stage": stage,
        "matter": row.matter,
        "revision": row.matter.revisions.order_by("-number").first(),
        "files": list(row.matter.attachments.order_by("pk")),
        "form": form,
        "top": sum(criterion.points for criterion in criteria),
        "recuse_form": recuse,
        "verdict": first_no(policy.may_score(actor, row, at), policy.may_hand_in(stage, [row])),
        "may_recuse": policy.may_recuse(actor, stage, at),
        "done": rows.filter(sheet__isnull=False).count(),
        "all": rows.count(),
        "more": rows.filter(sheet=None).exclude(pk=row.pk).exists(),
    }
    return render(request, "reviews/score.html", context)


def _next_sheet(request: HttpRequest, row: Assignment) -> str:
    """The next sheet that is missing after this one, the first one after the last; the list once none is."""
    missing = Assignment.objects.filter(stage=row.stage_id, person=row.person_id, recused=False, sheet=None)
    keys = list(
        missing.filter(matter__stage=row.stage_id).order_by("matter__number").values_list("matter__number", "pk")
    )
    onward = [pk for number, pk in keys if number > row.matter.number] or [pk for _number, pk in keys]
    return reverse("reviews:score", args=onward[:1]) if onward else reverse("reviews:mine", args=[row.stage_id])


@page(allow=signed_in)
@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """A letter about a decision, as its author reads it."""
    row = get_object_or_404(Letter.objects.select_related("matter", "stage__process__department"), pk=pk)
    require(policy.may_read_letter(request.actor, row, clock.now()))  # type: ignore[attr-defined]
    return render(request, "reviews/letter.html", {"row": row})
