"""Pages for citizens: supporting, debating a matter, forums of the whole city, objecting to hiding."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from madang.site.docket.models import Matter
from madang.site.forums import actions, policy, queries
from madang.site.forums.models import Comment, Forum, Support
from madang.site.forums.moderation import report_comment
from madang.site.forums.rules import RULES
from madang.site.forums.settings import Support as SupportRules
from madang.site.forums.web.forms import AppealForm, CommentForm, ReplyForm, ReportForm
from madang.site.forums.web.tables import HIDDEN
from madang.site.kit import clock
from madang.site.kit.verdict import Refused
from madang.site.kit.web.access import anyone, page, signed_in
from madang.site.kit.web.paging import page_of
from madang.site.people.web.limits import count_attempt
from madang.site.programmes.models import Stage
from madang.site.record.web.tables import table_answer

# One person may say so much in ten minutes; more looks like a machine.
MOST, SECONDS = 20, 600


def stage_of(pk: int, kind: str) -> Stage:
    """A stage of one kind with its process and department. Raises Http404."""
    return get_object_or_404(Stage.public.select_related("process__department"), pk=pk, kind=kind)


def matter_of(pk: int) -> Matter:
    """A matter that is not hidden, with what policies ask for. Raises Http404."""
    rows = Matter.objects.select_related("process__department", "stage__process__department", "area", "author")
    return get_object_or_404(rows.exclude(ending="hidden"), pk=pk)


def comment_of(pk: int) -> Comment:
    """A comment with where it stands. Raises Http404."""
    related = ("matter__process__department", "matter__stage", "forum__process__department", "person", "appeal")
    return get_object_or_404(Comment.objects.select_related(*related), pk=pk)


def place_of(comment: Comment) -> str:
    """The address of the debate a comment belongs to."""
    name, key = ("matter", comment.matter_id) if comment.matter_id else ("forum", comment.forum_id)
    return redirect(f"forums:{name}", key).url


@page(allow=anyone)
@require_safe
def support_stage(request: HttpRequest, pk: int) -> HttpResponse:
    """What seeks support, and how many supports are needed."""
    stage, at = stage_of(pk, "support"), clock.now()
    rows = queries.entered(queries.with_counts(Matter.objects.filter(stage=stage))).select_related("area")
    shown = page_of(request, rows.order_by("-support_count", "-filed_at", "-pk"))
    queries.with_end(shown, stage)
    context = {
        "stage": stage,
        "rules": SupportRules.model_validate(stage.settings),
        "needed": queries.threshold_on(stage, clock.day_of(at)),
        "rows": shown,
    }
    return render(request, "forums/support_stage.html", context)


@page(allow=anyone)
@require_safe
def discuss_stage(request: HttpRequest, pk: int) -> HttpResponse:
    """What is being debated, the most debated first."""
    stage = stage_of(pk, "discuss")
    rows = queries.entered(queries.with_counts(Matter.objects.filter(stage=stage))).select_related("area")
    shown = page_of(request, rows.order_by("-comment_count", "-filed_at", "-pk"))
    queries.with_end(shown, stage)
    context = {
        "stage": stage,
        "rows": shown,
        "forums": list(queries.forums().filter(process=stage.process)[:10]),
    }
    return render(request, "forums/discuss_stage.html", context)


@page(allow=anyone, acting=signed_in)
def matter(request: HttpRequest, pk: int) -> HttpResponse:
    """The debate on a matter: supports, comments, and the form to say something."""
    found, at, actor = matter_of(pk), clock.now(), request.actor
    stage = found.stage
    form = CommentForm(request.POST or None, stances=stage is None or bool(stage.settings.get("stances", True)))
    if request.method == "POST" and _said(request, form, matter=found):
        return redirect("forums:matter", pk)
    seeks = stage is not None and stage.kind == "support"
    own = Support.objects.filter(matter=found, person_id=actor.person_id or 0, withdrawn_at__isnull=True).first()
    until = queries.last_day(found) if stage is not None and stage.is_open else None
    context = {
        **_debate(request, matter=found),
        "matter": found,
        "form": form,
        "supports": queries.supports_of(found.pk),
        "needed": queries.threshold_on(stage, clock.day_of(at)) if stage is not None and seeks else None,
        "own": own,
        "until": until,
        "over": until is not None and until < clock.day_of(at),
        "may_support": policy.may_support_in_time(actor, found, at),
        "verdict": policy.may_comment(actor, found, None, at),
    }
    return render(request, "forums/matter.html", context)


@page(allow=signed_in)
@require_POST
def support(request: HttpRequest, pk: int) -> HttpResponse:
    """Support a matter."""
    found, at = matter_of(pk), clock.now()
    _slow_down(request, "support")
    actions.support(by=request.actor, at=at, matter=found)
    messages.success(request, _("You support this now."))
    return _back(request, found)


@page(allow=signed_in)
@require_POST
def unsupport(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the own support back."""
    found = matter_of(pk)
    actions.unsupport(by=request.actor, at=clock.now(), matter=found)
    messages.success(request, _("You took your support back."))
    return _back(request, found)


def _back(request: HttpRequest, matter: Matter) -> HttpResponse:
    """To the page of the matter if its button was pressed there, else to the debate on it."""
    if request.POST.get("pressed_on") == "matter":
        return redirect("desk:matter", matter.number)
    return redirect("forums:matter", matter.pk)


@page(allow=anyone)
@require_safe
def forums(request: HttpRequest) -> HttpResponse:
    """All forums, open ones first."""
    return render(request, "forums/forums.html", {"rows": page_of(request, queries.forums())})


@page(allow=anyone, acting=signed_in)
def forum(request: HttpRequest, pk: int) -> HttpResponse:
    """A forum: its question, what it grew from, what was said, and its result."""
    found = get_object_or_404(Forum.objects.select_related("process__department", "department"), pk=pk)
    form = CommentForm(request.POST or None)
    if request.method == "POST" and _said(request, form, forum=found):
        return redirect("forums:forum", pk)
    at, actor = clock.now(), request.actor
    context = {
        **_debate(request, forum=found),
        "forum": found,
        "form": form,
        "matters": list(found.matters.exclude(ending="hidden").order_by("pk")[:50]),
        "verdict": policy.may_comment(actor, None, found, at),
        "may_close": policy.may_close_forum(actor, found, at),
    }
    return render(request, "forums/forum.html", context)


@page(allow=anyone, acting=signed_in)
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """One comment with its replies: where it was made, why it is hidden, and what became of the objection.

    Replies and the objection are sent to it; what cannot be taken is shown again.
    """
    found = comment_of(pk)
    objects = request.POST.get("do") == "object"
    form = ReplyForm(None if objects else request.POST or None)
    appeal_form = AppealForm(request.POST if objects else None, auto_id="object_%s")
    on = {"matter": found.matter} if found.matter is not None else {"forum": found.forum}
    if request.method == "POST":
        done = _objected(request, appeal_form, found) if objects else _said(request, form, parent=found, **on)
        if done:
            return redirect("forums:comment", pk)
    at, actor = clock.now(), request.actor
    context = {
        "comment": found,
        "place": place_of(found),
        "own": actor.known and actor.person_id == found.person_id,
        "form": form,
        "appeal_form": appeal_form,
        "replies": page_of(request, queries.replies(found)),
        "may_reply": policy.may_comment(actor, found.matter, found.forum, at),
        "may_appeal": policy.may_appeal(actor, found, at),
        "may_moderate": policy.may_moderate(actor, found, at),
        "may_report": policy.may_report(actor, found, at),
        "rule": RULES.get(found.broken_rule, ""),
    }
    return render(request, "forums/comment.html", context)


def _objected(request: HttpRequest, form: AppealForm, found: Comment) -> bool:
    def act(data: dict[str, Any]) -> None:
        actions.appeal(by=request.actor, at=clock.now(), comment=found, **data)  # type: ignore[attr-defined]

    if not carried_out(form, act):
        return False
    messages.success(request, _("Your objection was received. Somebody else decides on it."))
    return True


@page(allow=signed_in)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a comment breaks a rule."""
    found, at = comment_of(pk), clock.now()
    form = ReportForm(request.POST or None)

    def act(data: dict[str, Any]) -> None:
        _slow_down(request, "report")
        report_comment(by=request.actor, at=at, comment=found, **data)

    if request.method == "POST" and carried_out(form, act):
        messages.success(request, _("Thank you. A moderator looks at it, and you are told what came of it."))
        return redirect(place_of(found))
    verdict = policy.may_report(request.actor, found, at)
    context = {"comment": found, "form": form, "verdict": verdict, "place": place_of(found)}
    return render(request, "forums/report.html", context)


@page(allow=anyone)
@require_safe
def moderation_log(request: HttpRequest) -> HttpResponse:
    """What moderators hid and why, and what became of objections; never what was said."""
    table = HIDDEN.read(request, queries.moderated())
    return table_answer(request, table, "forums/moderation.html", {"rules": RULES.values()})


@page(allow=signed_in)
@require_POST
def like(request: HttpRequest, pk: int) -> HttpResponse:
    """Like a comment, or take the like back."""
    found = comment_of(pk)
    _slow_down(request, "like")
    act = actions.unlike if request.POST.get("do") == "unlike" else actions.like
    act(by=request.actor, at=clock.now(), comment=found)
    return redirect(f"{place_of(found)}#comment-{pk}")


def _debate(request: HttpRequest, **on: Any) -> dict[str, Any]:
    rows = queries.comments(person_id=request.actor.person_id, **on)
    thing = on.get("matter") or on["forum"]
    may_hide = request.actor.holds("moderator") or policy.runs(request.actor, thing.process)
    return {"comments": page_of(request, rows), "stances": queries.stances(rows), "may_hide": may_hide}


def _said(request: HttpRequest, form: CommentForm | ReplyForm, **on: Any) -> bool:
    """Whether the comment was made; otherwise the form says why not and keeps what was typed."""
    if not form.is_valid():
        return False
    at = clock.now()
    try:
        _slow_down(request, "comment")
        actions.comment(by=request.actor, at=at, **on, **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("Your comment is published."))
    return True


def carried_out(form: Form, act: Callable[[dict[str, Any]], None]) -> bool:
    """Whether a valid form's action was done; a refusal is told in the form, which keeps what was typed."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True


def _slow_down(request: HttpRequest, what: str) -> None:
    if request.actor.known:
        who = str(request.actor.person_id)
        count_attempt(what=f"forums.{what}", who=who, at=clock.now(), most=MOST, seconds=SECONDS)
