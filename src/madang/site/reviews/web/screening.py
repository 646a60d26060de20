"""The screening desk: the queue, one matter after the other with the form beside it, many at once, and undoing."""

from collections.abc import Callable, Container, Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
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
from madang.site.kit.web.tables import Shown
from madang.site.programmes.models import Stage
from madang.site.record.web.tables import table_answer
from madang.site.reviews import actions, effects, policy, queries, queue
from madang.site.reviews.models import Screening
from madang.site.reviews.settings import Screen, rules_of
from madang.site.reviews.web import forms
from madang.site.reviews.web.access import officials
from madang.site.reviews.web.tables import screenings
from madang.site.reviews.web.views import stage_of

GROUPS = 20
# So many at once can still be read before they are done.
MOST = 200


def _queue(request: HttpRequest, stage: Stage, at: datetime, chosen: Container[int] = ()) -> Shown:
    """The queue that the address asks for."""

    def choose(rows: list[Any]) -> None:
        for row in rows:
            row.chosen = row.pk in chosen

    table = screenings(stage, by=request.actor, at=at, asked=_asked(request, stage))  # type: ignore[attr-defined]
    return table.read(request, queries.screening_rows(stage), prepare=choose)


def _asked(request: HttpRequest, stage: Stage) -> str:
    return screenings(stage, by=request.actor, at=clock.now()).asked(request)  # type: ignore[attr-defined]


def _forms(request: HttpRequest, stage: Stage, held: Screening | None) -> tuple[forms.ReferForm, forms.RuleForm]:
    """Of the two only one is sent; what was typed into the other stays."""
    do, reasons, typed = request.POST.get("do"), queue.ready_reasons(stage), request.POST.dict()
    seen = held.ruled_at.isoformat() if held and held.ruled_at else ""
    ruled = {"outcome": held.outcome, "reason": held.reason} if held else {}
    rule = forms.RuleForm(
        request.POST if do == "rule" else None, reasons=reasons, initial={**ruled, "seen": seen, **typed}
    )
    department = {"department": held.department_id} if held else {}
    refer = forms.ReferForm(request.POST if do == "refer" else None, auto_id="refer_%s", initial=department | typed)
    return refer, rule


def _address(stage: Stage, matter_id: int | None, asked: str) -> str:
    """Where a matter is screened, or the queue without one; what was asked of the queue comes along."""
    page = reverse("reviews_desk:screening", args=[stage.pk, matter_id]) if matter_id else ""
    page = page or reverse("reviews_desk:screen", args=[stage.pk])
    return f"{page}?{asked}" if asked else page


@page(allow=officials)
def screen(request: HttpRequest, pk: int) -> HttpResponse:
    """The queue of a screening: choose matters, see what ruling on them or referring them would do, then do it."""
    stage = stage_of(pk, "screen")
    at, actor = clock.now(), request.actor  # type: ignore[attr-defined]
    refer_form, rule_form = _forms(request, stage, None)
    chosen = {int(key) for key in request.POST.getlist("matters") if key.isdecimal()}
    if request.method == "POST":
        if "everything" in request.POST:
            waiting = _queue(request, stage, at).rows.filter(done=False)  # type: ignore[union-attr]
            chosen = set(waiting.values_list("pk", flat=True)[:MOST])
        many = _Many(request, stage, rule_form, refer_form, sorted(chosen))
        if many.form.is_valid():
            return many.answer()
    table = _queue(request, stage, at, chosen)
    rulings = queue.rulings_of_the_day(stage, by=actor, at=at)
    waiting = table.rows.filter(done=False).count()  # type: ignore[union-attr, call-arg]
    context = {
        "stage": stage,
        "progress": queue.progress_of(rulings, waiting, at=at),
        "last": queue.last_of(stage, rulings, by=actor, at=at),
        "asked": _asked(request, stage),
        "most": MOST,
        "refer_form": refer_form,
        "rule_form": rule_form,
        "may_refer": policy.may_refer(actor, stage, at),
        "may_publish": policy.may_publish(actor, stage, at),
        "undecided": list(queries.undecided(stage)[:25]),
    }
    return table_answer(request, table, "reviews/desk_screen.html", context)


class _Many:
    """One thing done to many matters: first shown, then done, both from the same answers."""

    def __init__(
        self, request: HttpRequest, stage: Stage, rule: forms.RuleForm, refer: forms.ReferForm, chosen: Sequence[int]
    ) -> None:
        self.request, self.stage, self.at = request, stage, clock.now()
        self.actor = request.actor  # type: ignore[attr-defined]
        self.rules = request.POST.get("do") == "rule"
        self.form = rule if self.rules else refer
        self.matters = Matter.objects.filter(process=stage.process).order_by("number").in_bulk(chosen)
        if self.form.is_valid() and not self.matters:
            self.form.add_error(None, _("Choose at least one matter."))

    def answer(self) -> HttpResponse:
        """What would happen; or that it happened, on the way back to the queue."""
        if "confirm" in self.request.POST and forms.carried_out(self.form, self._do):
            done = ngettext("%(count)s matter done.", "%(count)s matters done.", len(self.matters))
            messages.success(self.request, done % {"count": len(self.matters)})
            return redirect(self.request.get_full_path())
        shown = self._effects()
        context = {
            "stage": self.stage,
            "form": self.form,
            "effects": shown,
            "doable": [effect.matter for effect in shown if not effect.why_not],
            "hidden": [*self._answers(), *self._seen_now([row.matter.pk for row in shown if not row.why_not])],
            "do": "rule" if self.rules else "refer",
            "back": self.request.get_full_path(),
        }
        return render(self.request, "docket/desk_effects.html", context)

    def _rulings(self) -> list[actions.Ruled]:
        data = self.form.cleaned_data
        return [
            actions.Ruled(key, data["outcome"] == "suitable", data["reason"], data["outcome"]) for key in self.matters
        ]

    def _effects(self) -> list[effects.Effect]:
        if self.rules:
            return effects.of_rulings(
                by=self.actor, at=self.at, stage=self.stage, matters=self.matters, rulings=self._rulings()
            )
        require(policy.may_refer(self.actor, self.stage, self.at))
        data = self.form.cleaned_data
        return effects.of_referrals(at=self.at, stage=self.stage, matters=list(self.matters.values()), **data)

    def _answers(self) -> list[tuple[str, str]]:
        return [(field.html_name, field.value() or "") for field in self.form]

    def _seen_now(self, keys: Sequence[int]) -> list[tuple[str, str]]:
        ruled = dict(Screening.objects.filter(stage=self.stage, matter__in=keys).values_list("matter", "ruled_at"))
        return [("seen_each", f"{key} {ruled[key].isoformat()}") for key in keys if ruled.get(key)]

    def _do(self, data: dict[str, Any]) -> object:
        if not self.rules:
            matters = list(self.matters.values())
            return actions.refer(by=self.actor, at=self.at, stage=self.stage, matters=matters, **data)
        pairs = (text.partition(" ") for text in self.request.POST.getlist("seen_each"))
        seen = {int(key): forms.moment_in(text) for key, _space, text in pairs if key.isdecimal()}
        rulings = self._rulings()
        return actions.screen(by=self.actor, at=self.at, stage=self.stage, rulings=rulings, seen=seen)


@page(allow=officials)
def screening(request: HttpRequest, pk: int, matter: int) -> HttpResponse:
    """One matter of the queue with the form beside it; a decision leads on to the next that waits."""
    row = get_object_or_404(Matter.objects.select_related("author", "stage__process__department"), pk=matter)
    here = row.stage
    if here is None or (here.pk, here.kind, here.process.draft) != (pk, "screen", False):
        here = stage_of(pk, "screen")
    stage: Stage = here
    if row.process_id != stage.process_id:
        raise Http404
    row.process = stage.process
    held = Screening.objects.filter(stage=stage, matter=row).select_related("department", "matter").first()
    if held is not None:
        held.stage = stage
    at, actor = clock.now(), request.actor  # type: ignore[attr-defined]
    table = _queue(request, stage, at)
    place, asked = queue.place_of(table.rows, row.pk), _asked(request, stage)  # type: ignore[arg-type]
    one = _One(request, stage, row, held)
    if request.method == "POST" and (moves := one.done()):
        return redirect(_address(stage, place.onward, asked) if moves == "on" else request.get_full_path())
    rulings = queue.rulings_of_the_day(stage, by=actor, at=at)
    context = {
        **_matter(stage, row, held),
        **one.context(),
        "asked": asked,
        "place": place,
        "queued": next((other for other in place.rows if other.pk == row.pk), None),
        "previous": _address(stage, place.before, asked) if place.before else "",
        "following": _address(stage, place.after, asked) if place.after else "",
        "queue": _address(stage, None, asked),
        "progress": queue.progress_of(rulings, place.waiting, at=at),
        "last": queue.last_of(stage, rulings, by=actor, at=at),
        "alike": queue.alike_in(stage, row) if row.stage_id == stage.pk else [],
    }
    return render(request, "reviews/desk_screening.html", context)


class _One:
    """What can be done to one matter under screening, each with its form."""

    def __init__(self, request: HttpRequest, stage: Stage, row: Matter, held: Screening | None) -> None:
        self.request, self.stage, self.row, self.held, self.at = request, stage, row, held, clock.now()
        self.actor, self.do = request.actor, request.POST.get("do")  # type: ignore[attr-defined]
        self.refer_form, self.rule_form = _forms(request, stage, held)
        self.cost_form = forms.CostForm(request.POST if self.do == "cost" else None, auto_id="cost_%s")
        self.pause_form = forms.PauseForm(request.POST if self.do == "pause" else None, auto_id="pause_%s")

    def done(self) -> str:
        """Do what was asked: "on" where the work on this matter is over for now, "here" otherwise, "" if refused."""
        ways: dict[str, tuple[Any, Callable[[dict[str, Any]], object], str]] = {
            "rule": (self.rule_form, self._rule, "on"),
            "refer": (self.refer_form, self._refer, "on"),
            "cost": (self.cost_form, self._cost, "here"),
        }
        if self.held is not None:
            ways["pause"] = (self.pause_form, self._pause, "on")
        if self.do == "resume" and self.held is not None:
            actions.end_pause(by=self.actor, at=self.at, screening=self.held)
            messages.success(self.request, _("Noted."))
            return "here"
        form, act, moves = ways.get(self.do or "", (None, None, ""))
        if form is None or act is None or not forms.carried_out(form, act):
            return ""
        if self.do != "rule":
            messages.success(self.request, _("%(number)s: noted.") % {"number": self.row.number})
        return moves

    def _rule(self, data: dict[str, Any]) -> object:
        ruled = actions.Ruled(self.row.pk, data["outcome"] == "suitable", data["reason"], data["outcome"])
        seen = {self.row.pk: forms.moment_in(data["seen"])}
        try:
            return actions.screen(by=self.actor, at=self.at, stage=self.stage, rulings=[ruled], seen=seen)
        except Refused:
            # Whoever sends it again has read what a colleague ruled meanwhile.
            latest = Screening.objects.filter(stage=self.stage, matter=self.row).first()
            answers = self.rule_form.data.copy()
            answers["seen"] = latest.ruled_at.isoformat() if latest and latest.ruled_at else ""
            self.rule_form.data = answers
            raise

    def _refer(self, data: dict[str, Any]) -> object:
        return actions.refer(by=self.actor, at=self.at, stage=self.stage, matters=[self.row], **data)

    def _cost(self, data: dict[str, Any]) -> object:
        return actions.estimate_cost(by=self.actor, at=self.at, matter=self.row, **data)

    def _pause(self, data: dict[str, Any]) -> object:
        return actions.pause(by=self.actor, at=self.at, screening=self.held, **data)

    def context(self) -> dict[str, Any]:
        """The forms, and who may send them."""
        actor, stage, at, held = self.actor, self.stage, self.at, self.held
        return {
            "rule_form": self.rule_form,
            "refer_form": self.refer_form,
            "cost_form": self.cost_form,
            "pause_form": self.pause_form,
            "may_refer": policy.may_refer(actor, stage, at),
            "may_rule": policy.may_rule_on(actor, held, at) if held else policy.may_rule(actor, stage, at),
            "may_cost": policy.may_estimate_cost(actor, self.row, at),
        }


def _matter(stage: Stage, row: Matter, held: Screening | None) -> dict[str, Any]:
    pauses = list(held.pauses.order_by("started_at")) if held else []
    return {
        "stage": stage,
        "matter": row,
        "screening": held,
        "rules": rules_of(stage, Screen),
        "here": row.stage_id == stage.pk,
        "revision": row.revisions.order_by("-number").first(),
        "files": list(row.attachments.order_by("pk")),
        "pauses": pauses,
        "paused": any(pause.ended_at is None for pause in pauses),
    }


@page(allow=officials)
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back the own last ruling, and go to what it was about."""
    stage = stage_of(pk, "screen")
    keys = [int(key) for key in request.POST.getlist("screenings") if key.isdecimal()]
    screenings = list(Screening.objects.filter(stage=stage, pk__in=keys))
    matters = actions.undo(by=request.actor, at=clock.now(), stage=stage, screenings=screenings)  # type: ignore[attr-defined]
    done = ngettext("Undone: %(count)s ruling.", "Undone: %(count)s rulings.", len(matters)) % {"count": len(matters)}
    messages.success(request, done)
    asked = _asked(request, stage)
    return redirect(_address(stage, matters[0].pk if len(matters) == 1 else None, asked))


@page(allow=officials)
@require_safe
def alike(request: HttpRequest, pk: int) -> HttpResponse:
    """Matters of the queue that resemble each other, in groups, each with the way to merge it."""
    stage = stage_of(pk, "screen")
    groups = queue.alike_groups(queries.screening_rows(stage))
    context = {"stage": stage, "groups": page_of(request, groups, GROUPS), "back": request.get_full_path()}
    return render(request, "reviews/desk_alike.html", context)
