"""Pages for citizens: what a call asks for and of whom, writing with a draft, the receipt, changing, withdrawing."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from madang.site.docket.alike import similar
from madang.site.docket.models import Matter
from madang.site.intake import actions, policy, queries
from madang.site.intake.models import Draft
from madang.site.intake.web.forms import AnswerForm, NoteForm, ReasonForm, build_form, uploads
from madang.site.kit import clock
from madang.site.kit.verdict import Refused, require
from madang.site.kit.web.access import anyone, page, signed_in
from madang.site.kit.web.paging import page_of
from madang.site.people.claims import sentence
from madang.site.programmes.models import Stage

# What an identity check can show.
IDENTITY = ("lives_in:", "works_in:", "age_at_least:", "verified:")


def call_of(pk: int) -> Stage:
    """A call with its process and department. Raises Http404."""
    return get_object_or_404(Stage.public.select_related("process__department"), pk=pk, kind="call")


def matter_of(number: str) -> Matter:
    """A matter with what policies ask for. Raises Http404."""
    rows = Matter.objects.select_related("process__department", "stage__process__department", "area")
    return get_object_or_404(rows, number=number)


def page_form(stage: Stage, *args: Any, **kwargs: Any) -> AnswerForm:
    """The form of a call as its page."""
    return build_form(queries.form_of(stage), fields=queries.fields_of(stage))(*args, **kwargs)


@page(allow=anyone)
@require_safe
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """What is asked, of whom and until when; whether the reader may take part, and if not, why not."""
    stage, at, actor = call_of(pk), clock.now(), request.actor
    rules = policy.rules_of(stage)
    context = {
        "stage": stage,
        "rules": rules,
        "who": [sentence(rule) for rule in rules.who],
        "verdict": policy.may_write(actor, stage, at),
        "by_identity": any(part.startswith(IDENTITY) for rule in rules.who for part in rule.split("|")),
        "draft": Draft.objects.filter(person_id=actor.person_id or 0, stage=stage).first(),
        "rows": page_of(request, queries.filed(stage)),
        "requested": queries.requested(stage),
    }
    return render(request, "intake/call.html", context)


@page(allow=signed_in)
@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt of what somebody filed: its number, when, and where to see what becomes of it."""
    matter = matter_of(number)
    if matter.author_id != request.actor.person_id and not policy.runs(request.actor, matter.process):
        raise Refused(_("This receipt belongs to somebody else."))
    at = clock.now()
    context = {
        "matter": matter,
        "similar": similar(matter.process, matter.title, but=matter.pk, limit=5),
        "files": matter.attachments.count(),
        "ahead": queries.ahead_of(matter),
        "may_revise": policy.may_revise(request.actor, matter, at),
        "may_withdraw": policy.may_withdraw(request.actor, matter, at),
    }
    return render(request, "intake/receipt.html", context)


@page(allow=signed_in)
def revise(request: HttpRequest, number: str) -> HttpResponse:
    """Change what was filed; the old versions stay readable."""
    matter, at, actor = matter_of(number), clock.now(), request.actor
    require(policy.may_revise(actor, matter, at))
    latest = matter.revisions.latest("number")
    call = matter.process.stages.filter(kind="call").order_by("order").select_related("process").first()
    fields = queries.fields_of(call) if call else []
    built = build_form(queries.form_named(latest.form), fields=fields)
    form = built(request.POST or None, request.FILES or None, initial=latest.data)
    note = NoteForm(request.POST or None, files=list(matter.attachments.order_by("pk")))
    if request.method == "POST" and form.is_valid() and note.is_valid():
        changed = {**note.cleaned_data, "attachments": uploads(request)}
        try:
            actions.revise(by=actor, at=at, matter=matter, data=form.answers(), **changed)
        except Refused as refused:
            form.told(refused, files_lost=bool(request.FILES))
        else:
            messages.success(request, _("Changed. Those who follow it were told."))
            return redirect("desk:matter", matter.number)
    return render(request, "intake/revise.html", {"matter": matter, "form": form, "note": note})


@page(allow=signed_in)
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Ask once more, then withdraw."""
    matter, at = matter_of(number), clock.now()
    require(policy.may_withdraw(request.actor, matter, at))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.withdraw(by=request.actor, at=at, matter=matter, reason=form.cleaned_data["reason"])
        messages.success(request, _("Withdrawn."))
        return redirect("desk:matter", matter.number)
    return render(request, "intake/withdraw.html", {"matter": matter, "form": form})
