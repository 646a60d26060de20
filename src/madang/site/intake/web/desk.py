"""Pages for officials: what was filed, entering papers, merging, and personal answers whose reading is recorded."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from madang.site.docket.alike import similar
from madang.site.docket.models import Matter
from madang.site.intake import actions, policy, queries
from madang.site.intake.answers import check_answers, label
from madang.site.intake.web.forms import MergeForm, uploads
from madang.site.intake.web.tables import FILED
from madang.site.intake.web.views import call_of, matter_of, page_form
from madang.site.kit import clock
from madang.site.kit.verdict import Refused, require
from madang.site.kit.web.access import page, roles
from madang.site.people.models import Person
from madang.site.people.web.forms import OnBehalfOrNobodyForm
from madang.site.programmes.models import Stage
from madang.site.record.web.tables import table_answer

officials = roles("officer", "head")


@page(allow=officials)
@require_safe
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """What was filed at a call, and how much of it came on paper."""
    stage, actor = call_of(pk), request.actor
    runs = policy.runs(actor, stage.process)
    filed = queries.for_desk(stage)

    def prepare(rows: list[Matter]) -> None:
        for row in rows:
            row.may_work = runs  # type: ignore[attr-defined]

    context = {
        "stage": stage,
        "filed": stage.process.matters_filed,
        "on_paper": filed.filter(channel="paper").count(),
        "may_enter": policy.may_submit(actor, stage, clock.now(), None),
    }
    return table_answer(request, FILED.read(request, filed, prepare), "intake/desk_call.html", context)


@page(allow=officials)
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter what came on paper; the officer has checked the conditions."""
    stage, at = call_of(pk), clock.now()
    require(policy.may_submit(request.actor, stage, at, None))
    form = page_form(stage, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            filed = actions.submit(
                by=request.actor,
                at=at,
                stage=stage,
                data=form.answers(),
                attachments=uploads(request),
                channel="paper",
                author_id=None,
            )
        except Refused as refused:
            form.told(refused, files_lost=bool(request.FILES))
        else:
            messages.success(request, _("Entered under the number %(number)s.") % {"number": filed.number})
            return redirect("intake_desk:paper", stage.pk)
    return render(request, "intake/desk_paper.html", {"stage": stage, "form": form})


@page(allow=roles("officer", "head", "district_officer"))
def on_behalf(request: HttpRequest, pk: int) -> HttpResponse:
    """File at the counter for a citizen who agreed to it."""
    stage, at = call_of(pk), clock.now()
    require(policy.may_help(request.actor, stage, at, None))
    form = page_form(stage, request.POST or None, request.FILES or None)
    whose = OnBehalfOrNobodyForm(request.POST or None, auto_id="whose_%s", prefix="whose")
    if request.method == "POST" and form.is_valid():
        try:
            if whose.is_valid():
                return _filed_for(request, stage, form.answers(), **whose.cleaned_data)
            # Both are looked at, so that everything that is wrong is told at once.
            check_answers(form=queries.form_of(stage), data=form.answers(), fields=queries.fields_of(stage), files=0)
        except Refused as refused:
            form.told(refused, files_lost=bool(request.FILES))
    return render(request, "intake/desk_on_behalf.html", {"stage": stage, "form": form, "whose": whose})


def _filed_for(
    request: HttpRequest, stage: Stage, answers: dict[str, Any], person: Person | None, consent: str
) -> HttpResponse:
    filed = actions.submit_for(
        by=request.actor,
        at=clock.now(),
        stage=stage,
        data=answers,
        author_id=person.pk if person else None,
        consent=consent,
        attachments=uploads(request),
    )
    messages.success(request, _("Entered under the number %(number)s.") % {"number": filed.number})
    return redirect("intake_desk:on_behalf", stage.pk)


@page(allow=officials)
def merge(request: HttpRequest, number: str) -> HttpResponse:
    """Merge others into a matter: those with similar titles, and any by their number."""
    into, at, actor = matter_of(number), clock.now(), request.actor
    if into.stage is None:
        raise Refused(_("The journey of %(number)s has ended.") % {"number": into.number})
    stage = into.stage
    form = MergeForm(request.POST or None)
    given = request.POST if request.method == "POST" else request.GET
    chosen = {int(key) for key in given.getlist("matters") if key.isdecimal()}
    alike = [row for row in similar(into.process, into.title, but=into.pk) if row.stage_id == stage.pk]
    if request.method == "POST" and form.is_valid():
        numbers = form.cleaned_data["numbers"].replace(",", " ").split()
        rows = Matter.objects.filter(process=into.process)
        matters = list((rows.filter(pk__in=chosen) | rows.filter(number__in=numbers)).order_by("pk"))
        unknown = sorted(set(numbers) - {row.number for row in matters})
        try:
            if unknown:
                raise Refused(_("%(numbers)s: not in this process.") % {"numbers": ", ".join(unknown)})
            reason = form.cleaned_data["reason"]
            actions.merge(by=actor, at=at, stage=stage, into=into, matters=matters, reason=reason)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            done = ngettext("%(count)d matter was merged.", "%(count)d matters were merged.", len(matters))
            messages.success(request, done % {"count": len(matters)})
            onward = request.GET.get("next", "")
            safe = url_has_allowed_host_and_scheme(onward, {request.get_host()})
            return redirect(onward) if safe else redirect("desk:matter", into.number)
    context = {"matter": into, "form": form, "similar": alike, "chosen": chosen}
    context["verdict"] = policy.may_merge(actor, stage, at)
    return render(request, "intake/desk_merge.html", context)


@page(allow=officials)
@require_POST
def personal(request: HttpRequest, number: str) -> HttpResponse:
    """The personal answers of a matter; that they were read is recorded."""
    matter = matter_of(number)
    answers = actions.read_personal(by=request.actor, at=clock.now(), matter=matter)
    form = queries.form_named(matter.revisions.latest("number").form)
    names = {spec["code"]: label(spec) for spec in form.fields}
    rows = [(names.get(code, code), text) for code, text in answers.items()]
    return render(request, "intake/desk_personal.html", {"matter": matter, "rows": rows})
