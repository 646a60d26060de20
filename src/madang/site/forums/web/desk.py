"""Pages for officials: ending and concluding, forums, and moderation with its objections."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from madang.site.docket.models import Matter
from madang.site.forums import actions, effects, policy, queries
from madang.site.forums.models import Appeal, Comment, Forum
from madang.site.forums.moderation import keep_comment
from madang.site.forums.rules import RULES
from madang.site.forums.web.forms import ConcludeForm, DecisionForm, ForumForm, HideForm, ResultForm, SupportForForm
from madang.site.forums.web.tables import DEBATED, seeking
from madang.site.forums.web.views import carried_out, comment_of, place_of, stage_of
from madang.site.kit import clock
from madang.site.kit.verdict import Refused, require
from madang.site.kit.web.access import page, roles
from madang.site.kit.web.paging import page_of
from madang.site.programmes.models import Stage
from madang.site.record.web.tables import table_answer

officials = roles("officer", "head")
moderators = roles("officer", "head", "moderator")


@page(allow=officials)
def support_stage(request: HttpRequest, pk: int) -> HttpResponse:
    """What seeks support, what is overdue, and the way to settle it."""
    stage, at = stage_of(pk, "support"), clock.now()
    rows = queries.entered(queries.with_counts(Matter.objects.filter(stage=stage))).order_by("entered_at", "pk")
    needed = queries.threshold_on(stage, clock.day_of(at))
    table = seeking(needed).read(request, rows, prepare=lambda shown: queries.with_end(shown, stage))
    context = {
        "stage": stage,
        "needed": needed,
        "overdue": len(queries.overdue(stage, at)),
        "reached": len(queries.reached(stage, at)) if stage.settings.get("rolling") else 0,
        "verdict": policy.may_settle_support(request.actor, stage, at),
    }
    return table_answer(request, table, "forums/desk_support.html", context)


@page(allow=roles("officer", "head", "district_officer"))
def support_for(request: HttpRequest, pk: int) -> HttpResponse:
    """Note at the counter that a citizen, who agreed to it, supports a matter of the stage."""
    stage, at = stage_of(pk, "support"), clock.now()
    require(policy.may_help(request.actor, stage, at))
    form = SupportForForm(request.POST or None, initial={"number": request.GET.get("number", "")[:40]})

    def act(data: dict[str, Any]) -> object:
        rows = Matter.objects.select_related("process", "stage__process__department").exclude(ending="hidden")
        matter = rows.filter(number=data.pop("number").strip(), stage=stage).first()
        if matter is None:
            raise Refused(_("No proposal with this receipt number seeks support here."))
        return actions.support_for(by=request.actor, at=at, matter=matter, **data)

    if request.method == "POST" and carried_out(form, act):
        messages.success(request, _("The support of the citizen is noted, who has been told."))
        return redirect("forums_desk:support_for", pk)
    return render(request, "forums/desk_support_for.html", {"stage": stage, "form": form})


@page(allow=officials)
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """What settling the support would do to each matter; then it is done."""
    stage, at = stage_of(pk, "support"), clock.now()
    require(policy.may_settle_support(request.actor, stage, at))
    if request.method == "POST":
        settled = actions.settle_support(by=request.actor, at=at, stage=stage)
        done = ngettext("%(count)d matter was settled.", "%(count)d matters were settled.", len(settled))
        messages.success(request, done % {"count": len(settled)})
        return redirect("forums_desk:support_stage", pk)
    context = {
        "title": _("Settle the support"),
        "button": _("Settle now"),
        "back": reverse("forums_desk:support_stage", args=[pk]),
        "back_title": stage.title,
        "rows": page_of(request, effects.of_settling(stage, at), size=100),
    }
    return render(request, "docket/whole_effects.html", context)


@page(allow=officials)
def discuss_stage(request: HttpRequest, pk: int) -> HttpResponse:
    """What is debated, and passing on what was debated enough."""
    stage, at = stage_of(pk, "discuss"), clock.now()
    form = ConcludeForm(request.POST or None)
    chosen = {int(key) for key in request.POST.getlist("matters") if key.isdecimal()}

    if request.method == "POST" and form.is_valid():
        matters = list(Matter.objects.filter(pk__in=chosen, process=stage.process).order_by("number"))
        if matters:
            return _concluded(request, stage, form, matters)
        form.add_error(None, _("Please choose matters first."))

    def prepare(shown: list[Any]) -> None:
        queries.with_end(shown, stage)
        for row in shown:
            row.chosen = row.pk in chosen

    rows = queries.entered(queries.with_counts(Matter.objects.filter(stage=stage))).order_by("entered_at", "pk")
    context = {"stage": stage, "form": form, "verdict": policy.may_conclude(request.actor, stage, at)}
    return table_answer(request, DEBATED.read(request, rows, prepare), "forums/desk_discuss.html", context)


def _concluded(request: HttpRequest, stage: Stage, form: ConcludeForm, matters: list[Matter]) -> HttpResponse:
    """What concluding would do; or that it was done, on the way back to the list."""
    at = clock.now()
    require(policy.may_conclude(request.actor, stage, at))
    if "confirm" in request.POST and carried_out(
        form, lambda data: actions.conclude(by=request.actor, at=at, stage=stage, matters=matters, **data)
    ):
        messages.success(request, _("Concluded and passed on."))
        return redirect("forums_desk:discuss_stage", stage.pk)
    shown = effects.of_concluding(stage, matters)
    context = {
        "stage": stage,
        "form": form,
        "effects": shown,
        "doable": [effect.matter for effect in shown if not effect.why_not],
        "hidden": [("note", form.cleaned_data["note"])],
        "do": "conclude",
        "back": request.get_full_path(),
    }
    return render(request, "docket/desk_effects.html", context)


@page(allow=officials)
def new_forum(request: HttpRequest) -> HttpResponse:
    """Open a forum."""
    form = ForumForm(request.POST or None)
    form.fields["process"].queryset = queries.processes_for_forums(request.actor)  # type: ignore[attr-defined]
    opened: list[Forum] = []

    def act(data: dict[str, Any]) -> None:
        numbers = data.pop("numbers").replace(",", " ").split()
        matters = list(Matter.objects.exclude(ending="hidden").filter(number__in=numbers).order_by("pk"))
        unknown = sorted(set(numbers) - {row.number for row in matters})
        if unknown:
            raise Refused(_("There is no proposal with the number %(numbers)s.") % {"numbers": ", ".join(unknown)})
        opened.append(actions.open_forum(by=request.actor, at=clock.now(), matters=matters, **data))

    if request.method == "POST" and carried_out(form, act):
        messages.success(request, _("The forum is open."))
        return redirect("forums:forum", opened[0].pk)
    return render(request, "forums/desk_new.html", {"form": form})


@page(allow=officials)
def close_forum(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a forum with its result."""
    found = get_object_or_404(Forum.objects.select_related("process__department", "department"), pk=pk)
    form = ResultForm(request.POST or None)
    if request.method == "POST" and carried_out(
        form, lambda data: actions.close_forum(by=request.actor, at=clock.now(), forum=found, **data)
    ):
        messages.success(request, _("The forum is closed and its result published."))
        return redirect("forums:forum", pk)
    verdict = policy.may_close_forum(request.actor, found, clock.now())
    return render(request, "forums/desk_close.html", {"forum": found, "form": form, "verdict": verdict})


@page(allow=moderators)
@require_safe
def moderation(request: HttpRequest) -> HttpResponse:
    """What was reported, objections that wait, and the latest comments."""
    reported = list(queries.reported(request.actor).prefetch_related("reports")[:50])
    for row in reported:
        row.rules = sorted({str(RULES.get(one.rule, one.rule)) for one in row.reports.all() if not one.decided_at})
    latest = Comment.objects.select_related("matter", "forum", "person").order_by("-at", "-pk")
    context = {
        "reported": reported,
        "rules": RULES.items(),
        "appeals": list(queries.open_appeals()[:50]),
        "rows": page_of(request, latest),
    }
    return render(request, "forums/desk_moderation.html", context)


@page(allow=moderators)
@require_POST
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide on a reported comment with one button: the rule that it breaks, or none."""
    found, at, rule = comment_of(pk), clock.now(), request.POST.get("rule", "")
    if rule:
        actions.hide_comment(by=request.actor, at=at, comment=found, rule=rule)
        messages.success(request, _("Hidden. The author was told why."))
    else:
        keep_comment(by=request.actor, at=at, comment=found)
        messages.success(request, _("Kept. Who reported it was told."))
    return redirect("forums_desk:moderation")


@page(allow=moderators)
def hide(request: HttpRequest, pk: int) -> HttpResponse:
    """Hide a comment for a rule that it breaks."""
    found = comment_of(pk)
    form = HideForm(request.POST or None)
    if request.method == "POST" and carried_out(
        form, lambda data: actions.hide_comment(by=request.actor, at=clock.now(), comment=found, **data)
    ):
        messages.success(request, _("Hidden. The author was told why."))
        return redirect(place_of(found))
    verdict = policy.may_moderate(request.actor, found, clock.now())
    context = {"comment": found, "form": form, "verdict": verdict, "place": place_of(found)}
    return render(request, "forums/desk_hide.html", context)


@page(allow=moderators)
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide on an objection."""
    found = get_object_or_404(Appeal, pk=pk)
    found.comment = comment_of(found.comment_id)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and carried_out(
        form, lambda data: actions.decide_appeal(by=request.actor, at=clock.now(), appeal=found, **data)
    ):
        messages.success(request, _("Decided. The author was told."))
        return redirect("forums_desk:moderation")
    verdict = policy.may_decide_appeal(request.actor, found, clock.now())
    context = {"appeal": found, "comment": found.comment, "form": form, "verdict": verdict}
    return render(request, "forums/desk_appeal.html", context)
