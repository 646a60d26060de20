"""The outbox: letters about a decision, read and corrected before all is published and sent at once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from madang.site.docket.models import Matter
from madang.site.kit import clock
from madang.site.kit.verdict import Refused, require
from madang.site.kit.web.access import page
from madang.site.kit.web.paging import page_of
from madang.site.record.web.tables import table_answer
from madang.site.reviews import actions, effects, policy
from madang.site.reviews.models import Letter
from madang.site.reviews.web import forms
from madang.site.reviews.web.access import officials
from madang.site.reviews.web.tables import LETTERS
from madang.site.reviews.web.views import stage_of

KINDS = ("screen", "review", "decide")


@page(allow=officials)
def outbox(request: HttpRequest, pk: int) -> HttpResponse:
    """The letters of a stage, before and after they were sent; drafting them."""
    stage = stage_of(pk, *KINDS)
    at, actor = clock.now(), request.actor  # type: ignore[attr-defined]
    verdict = policy.may_publish(actor, stage, at)
    if request.method == "POST":
        drafted = actions.prepare_letters(by=actor, at=at, stage=stage)
        done = ngettext("%(count)s letter was drafted.", "%(count)s letters were drafted.", len(drafted))
        messages.success(request, done % {"count": len(drafted)})
        return redirect("reviews_desk:outbox", pk=stage.pk)
    if stage.is_open:
        require(verdict)
    rows = Letter.objects.filter(stage=stage).select_related("matter").order_by("matter__number")
    context = {
        "stage": stage,
        "back": reverse(f"reviews_desk:{stage.kind}", args=[stage.pk]),
        "drafted": rows.count(),
        "authors": Matter.objects.filter(stage=stage, author__isnull=False).count(),
        "verdict": verdict,
    }
    return table_answer(request, LETTERS.read(request, rows), "reviews/desk_outbox.html", context)


@page(allow=officials)
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter to read and to correct; saving leads on to the next."""
    rows = Letter.objects.select_related("matter", "stage__process__department")
    row = get_object_or_404(rows, pk=pk, stage__process__draft=False)
    at, actor = clock.now(), request.actor  # type: ignore[attr-defined]
    require(policy.may_read_letter(actor, row, at))
    held = (row.changed_at or row.drafted_at).isoformat()
    form = forms.LetterForm(request.POST or None, initial={"text": row.text, "seen": held})
    same = Letter.objects.filter(stage=row.stage).order_by("matter__number")
    after = same.filter(matter__number__gt=row.matter.number).first()
    if request.method == "POST" and form.is_valid():
        try:
            seen = forms.moment_in(form.cleaned_data["seen"])
            actions.change_letter(by=actor, at=at, letter=row, text=form.cleaned_data["text"], seen=seen)
        except Refused as refused:
            form.add_error(None, str(refused))
            form.data = form.data.copy()
            form.data["seen"] = held
        else:
            messages.success(request, _("The letter to %(number)s was kept.") % {"number": row.matter.number})
            if after:
                return redirect("reviews_desk:letter", pk=after.pk)
            return redirect("reviews_desk:outbox", pk=row.stage_id)
    context = {
        "row": row,
        "stage": row.stage,
        "form": form,
        "before": same.filter(matter__number__lt=row.matter.number).last(),
        "after": after,
        "verdict": policy.may_change_letter(actor, row, at),
    }
    return render(request, "reviews/desk_letter.html", context)


@page(allow=officials)
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """What publishing would do to each matter; then everything is published and all letters go, at once."""
    stage = stage_of(pk, *KINDS)
    at, actor = clock.now(), request.actor  # type: ignore[attr-defined]
    require(policy.may_publish(actor, stage, at))
    wrong = ""
    if request.method == "POST":
        try:
            sent = actions.publish(by=actor, at=at, stage=stage)
        except Refused as refused:
            wrong = str(refused)
        else:
            done = ngettext("Published, and %(count)s letter sent.", "Published, and %(count)s letters sent.", sent)
            messages.success(request, done % {"count": sent})
            return redirect("reviews_desk:outbox", pk=stage.pk)
    try:
        shown = effects.of_publishing(stage)
    except Refused as refused:
        shown, wrong = [], wrong or str(refused)
    context = {
        "title": _("Publish everything at once"),
        "summary": _("All are decided, and the stage is closed."),
        "button": _("Publish, and send the letters"),
        "back": reverse("reviews_desk:outbox", args=[stage.pk]),
        "back_title": _("Outbox of letters"),
        "rows": page_of(request, shown, size=100),
        "wrong": wrong,
    }
    return render(request, "docket/whole_effects.html", context)
