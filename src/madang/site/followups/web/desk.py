"""Pages for officials: answers that are due, and the delivery of what was promised."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from madang.site.docket.models import Matter
from madang.site.followups import actions, policy, queries
from madang.site.followups.effects import of_referrals
from madang.site.followups.models import Answer, Milestone, Referral
from madang.site.followups.photographs import LARGEST, Photograph
from madang.site.followups.web import forms
from madang.site.followups.web.tables import deliveries, to_answer
from madang.site.followups.web.views import stage_of
from madang.site.kit import clock
from madang.site.kit.verdict import require
from madang.site.kit.web.access import page, roles
from madang.site.programmes.models import Stage
from madang.site.record.web.tables import table_answer

officials = roles("officer", "head", "district_officer")


@page(allow=officials)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The matters that wait for an answer, with days to go; choose some to refer them."""
    stage = stage_of(pk, "answer")
    at, actor = clock.now(), request.actor  # type: ignore[attr-defined]
    form = forms.ReferForm(request.POST or None)
    chosen = {int(key) for key in request.POST.getlist("matters") if key.isdecimal()}
    if request.method == "POST" and form.is_valid():
        matters = list(Matter.objects.filter(pk__in=chosen).order_by("number"))
        if not matters:
            form.add_error(None, _("Choose at least one matter."))
        else:
            return _referred(request, stage, form, matters)

    def choose(rows: list[Any]) -> None:
        for row in rows:
            row.chosen = row.pk in chosen

    context = {"stage": stage, "form": form, "verdict": policy.may_refer(actor, stage, at)}
    table = to_answer(stage).read(request, queries.waiting(stage), prepare=choose)
    return table_answer(request, table, "followups/desk_answer.html", context)


def _referred(request: HttpRequest, stage: Stage, form: forms.ReferForm, matters: list[Matter]) -> HttpResponse:
    """What referring would do; or that it was done, on the way back to the list."""
    at, actor = clock.now(), request.actor  # type: ignore[attr-defined]
    require(policy.may_refer(actor, stage, at))
    if "confirm" in request.POST and forms.carried_out(
        form, lambda data: actions.refer(by=actor, at=at, stage=stage, matters=matters, **data)
    ):
        done = ngettext("%(count)s matter referred.", "%(count)s matters referred.", len(matters))
        messages.success(request, done % {"count": len(matters)})
        return redirect(request.get_full_path())
    shown = of_referrals(at=at, stage=stage, matters=matters, **form.cleaned_data)
    context = {
        "stage": stage,
        "form": form,
        "effects": shown,
        "doable": [effect.matter for effect in shown if not effect.why_not],
        "hidden": [(field.html_name, field.value() or "") for field in form],
        "do": "refer",
        "back": request.get_full_path(),
    }
    return render(request, "docket/desk_effects.html", context)


@page(allow=officials)
def reply(request: HttpRequest, pk: int, matter: int) -> HttpResponse:
    """Answer one matter."""
    stage = stage_of(pk, "answer")
    # What was written is not lost, even where a colleague's answer has sent the matter on meanwhile.
    where = {"process": stage.process} if request.method == "POST" else {"stage": stage}
    row = get_object_or_404(Matter.objects.select_related("author"), pk=matter, **where)
    at, actor = clock.now(), request.actor  # type: ignore[attr-defined]
    held = Answer.objects.filter(stage=stage, matter=row).first()
    form = forms.ReplyForm(request.POST or None, initial=_initial(held))
    if request.method == "POST" and forms.carried_out(
        form, lambda data: actions.answer(by=actor, at=at, stage=stage, matter=row, **data)
    ):
        messages.success(request, _("The answer was recorded."))
        return redirect("followups_desk:answer", pk=stage.pk)
    if form.non_field_errors():
        latest = Answer.objects.filter(stage=stage, matter=row).first()
        form.data = form.data.copy()
        form.data["seen"] = latest.at.isoformat() if latest else ""
    referral = Referral.objects.filter(stage=stage, matter=row).select_related("department").first()
    context = {
        "stage": stage,
        "matter": row,
        "referral": referral,
        "revision": row.revisions.order_by("-number").first(),
        "form": form,
        "verdict": policy.may_answer(actor, stage, referral, at),
    }
    return render(request, "followups/desk_reply.html", context)


def _initial(held: Answer | None) -> dict[str, str]:
    if held is None:
        return {}
    lines = [" | ".join([row.title, row.indicator, row.before, row.after]).rstrip(" |") for row in held.measures.all()]
    return {"seen": held.at.isoformat(), "outcome": held.outcome, "reply": held.reply, "measures": "\n".join(lines)}


@page(allow=officials)
def deliver(request: HttpRequest, pk: int) -> HttpResponse:
    """What is being carried out, the next milestone first."""
    stage = stage_of(pk, "deliver")
    table = deliveries("followups_desk:matter").read(request, queries.delivery(stage))
    return table_answer(request, table, "followups/desk_deliver.html", {"stage": stage})


@page(allow=officials)
def matter(request: HttpRequest, pk: int) -> HttpResponse:
    """One matter being carried out: its milestones, completion, stopping."""
    rows = Matter.objects.select_related("stage__process__department", "process__department")
    row = get_object_or_404(rows, pk=pk)
    at, actor = clock.now(), request.actor  # type: ignore[attr-defined]
    do = request.POST.get("do", "")
    bound = {name: request.POST if do == name else None for name in ("add", "complete", "stop")}
    add, complete, stop = (
        forms.MilestoneForm(bound["add"]),
        forms.NoteForm(bound["complete"], prefix="complete"),
        forms.ReasonForm(bound["stop"], prefix="stop"),
    )
    acts = {
        "add": (add, lambda data: actions.add_milestone(by=actor, at=at, matter=row, **data)),
        "complete": (complete, lambda data: actions.complete(by=actor, at=at, matter=row, **data)),
        "stop": (stop, lambda data: actions.stop(by=actor, at=at, matter=row, **data)),
    }
    if do in acts and forms.carried_out(*acts[do]):
        messages.success(request, _("Noted."))
        return redirect(request.path)
    context = {
        "matter": row,
        "stage": row.stage,
        "milestones": list(row.milestones.prefetch_related("attachments").order_by("due_on", "pk")),
        "visits": list(row.visits.order_by("-at", "-pk")[:50]),
        "add": add,
        "complete": complete,
        "stop": stop,
        "verdict": policy.may_deliver(actor, row, at),
    }
    return render(request, "followups/desk_matter.html", context)


@page(allow=officials)
def milestone(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a milestone was reached, with the photographs of the matter that show it."""
    rows = Milestone.objects.select_related("matter__stage__process__department")
    row = get_object_or_404(rows, pk=pk)
    at, actor = clock.now(), request.actor  # type: ignore[attr-defined]
    form = forms.NoteForm(request.POST or None)
    files = list(row.matter.attachments.order_by("-at")[:50])
    chosen = [file for file in files if str(file.pk) in request.POST.getlist("files")]
    sent = [Photograph(file.name or "", file.read(LARGEST + 1)) for file in request.FILES.getlist("photographs")]
    if request.method == "POST" and forms.carried_out(
        form,
        lambda data: actions.reach_milestone(
            by=actor, at=at, milestone=row, attachments=chosen, photographs=sent, **data
        ),
    ):
        messages.success(request, _("Noted."))
        return redirect("followups_desk:matter", pk=row.matter_id)
    context = {"row": row, "matter": row.matter, "form": form, "files": files, "chosen": chosen}
    context["verdict"] = policy.may_deliver(actor, row.matter, at)
    return render(request, "followups/desk_milestone.html", context)
