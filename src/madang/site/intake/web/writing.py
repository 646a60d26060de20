"""Writing for a call in short steps: each is kept when it is left, and the last one shows all before it is filed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from madang.site.docket.alike import similar
from madang.site.docket.models import Matter
from madang.site.intake import actions, policy, queries
from madang.site.intake.answers import Spec, WrongAnswers, check_answers, label
from madang.site.intake.steps import ABOUT, LOOK, Step, steps_of
from madang.site.intake.web.forms import AnswerForm, page_of_specs, uploads
from madang.site.intake.web.views import call_of
from madang.site.kit import clock
from madang.site.kit.language import pick
from madang.site.kit.templatetags.madang import won
from madang.site.kit.verdict import Refused, require
from madang.site.kit.web.access import page, signed_in
from madang.site.people.models import Area
from madang.site.programmes.models import Stage


class Writing:
    """What somebody writes for a call: the steps, the one that is asked for, and what was written so far."""

    def __init__(self, request: HttpRequest, stage: Stage) -> None:
        self.request, self.stage, self.at = request, stage, clock.now()
        self.form, self.fields = queries.form_of(stage), queries.fields_of(stage)
        self.steps = steps_of(self.form, self.fields)
        told = request.GET.get("step", "")
        number = int(told) if told.isascii() and told.isdecimal() else 1
        self.step = self.steps[min(max(number, 1), len(self.steps)) - 1]
        self.draft = queries.draft_of(request.actor.person_id or 0, stage)  # type: ignore[attr-defined]
        self.data = self.draft or {}

    def page(self, *args: Any, **kwargs: Any) -> AnswerForm:
        """The fields of the step as a form."""
        return page_of_specs(self.step.specs, self.fields)(*args, **kwargs)

    def keep(self, form: AnswerForm) -> None:
        """Keep what was typed into the fields of the step."""
        form.is_valid()
        typed = form.answers()
        if self.step.part != LOOK and (typed or self.draft is not None):
            by = self.request.actor  # type: ignore[attr-defined]
            actions.save_draft(by=by, at=self.at, stage=self.stage, data=typed, page=self.step.codes)
            self.draft = self.data = queries.draft_of(by.person_id, self.stage) or {}

    def wrong(self, codes: Sequence[str] | None = None) -> dict[str, str]:
        """What is wrong with what was written, by field: all but the files, or some fields only."""
        try:
            check_answers(form=self.form, data=self.data, fields=self.fields, files=1)
        except WrongAnswers as wrong:
            return {code: text for code, text in wrong.errors.items() if codes is None or code in codes}
        return {}

    def address(self, number: int) -> str:
        """Where a step is."""
        return f"{reverse('intake:write', args=[self.stage.pk])}?step={number}"

    def similar(self) -> list[Matter]:
        """What is under way with a title like the one that was written."""
        return similar(self.stage.process, queries.title_in(self.form, self.data), limit=5)

    def shown(self, form: AnswerForm) -> HttpResponse:
        """The page of the step."""
        last = self.step.part == LOOK
        wrong = self.wrong() if last else {}
        follows_title = self.step.number > 1 and self.steps[self.step.number - 2].part == ABOUT
        context = {
            "stage": self.stage,
            "steps": self.steps,
            "step": self.step,
            "form": form,
            "last": last,
            "titled": self.step.part == ABOUT,
            "similar": self.similar() if follows_title and not last else [],
            "parts": [_Part(step, _read(step, self, wrong)) for step in self.steps[:-1]] if last else [],
            "wrong": bool(wrong),
            "kept": self.draft is not None,
        }
        return render(self.request, "intake/write.html", context)


@dataclass(frozen=True)
class _Answer:
    """An answer as the last look shows it, and what is wrong with it."""

    question: str
    text: Any
    kind: str
    personal: bool
    wrong: str


@dataclass(frozen=True)
class _Part:
    """A step that was written, with its answers."""

    step: Step
    answers: Sequence[_Answer]


def _read(step: Step, writing: Writing, wrong: Mapping[str, str]) -> list[_Answer]:
    return [
        _Answer(
            label(spec),
            _text(spec, writing.data.get(spec["code"]), writing.fields),
            spec["type"],
            bool(spec.get("personal")),
            wrong.get(spec["code"], "").removeprefix(f"{label(spec)}: "),
        )
        for spec in step.specs
    ]


def _text(spec: Spec, answer: Any, fields: Sequence[Mapping[str, str]]) -> Any:
    if spec["type"] == "consent":
        return _("yes") if answer else ""
    if answer in (None, ""):
        return ""
    if spec["type"] == "area":
        area = Area.objects.filter(code=answer).first()
        return area.name if area else answer
    if spec["type"] == "won":
        digits = str(answer).replace(",", "").removesuffix("원").strip()
        return won(int(digits)) if digits.isascii() and digits.isdecimal() else answer
    choices = fields if spec["type"] == "field" else spec.get("choices") or ()
    names = {choice["code"]: pick(choice["ko"], choice["en"]) for choice in choices}
    return names.get(answer, answer)


@page(allow=signed_in)
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Write step by step, and file in the last one."""
    stage = call_of(pk)
    verdict = policy.may_write(request.actor, stage, clock.now())
    if request.method != "POST" and not verdict.ok:
        # The page of the call says why not, and what can be done about it.
        return redirect("intake:call", stage.pk)
    require(verdict)
    writing = Writing(request, stage)
    if request.method != "POST":
        return writing.shown(writing.page(request.POST or None, initial=writing.data))
    return _sent(writing, writing.page(request.POST, request.FILES))


def _sent(writing: Writing, form: AnswerForm) -> HttpResponse:
    request, step, stage = writing.request, writing.step, writing.stage
    do = request.POST.get("do")
    if do == "discard":
        actions.discard_draft(by=request.actor, at=writing.at, stage=stage)  # type: ignore[attr-defined]
        messages.success(request, _("Your draft was thrown away."))
        return redirect("intake:call", stage.pk)
    writing.keep(form)
    if request.FILES and do in ("save", "back"):
        messages.warning(request, _("Files are not kept in a draft; choose them again when you file."))
    if do == "save":
        messages.success(request, _("Saved. You can go on whenever you like, on any device; only you can see it."))
        return redirect("intake:call", stage.pk)
    if do == "back":
        return redirect(writing.address(step.number - 1))
    if step.part == LOOK:
        return _filed(writing, form)
    wrong = writing.wrong(step.codes)
    if wrong:
        form.told(WrongAnswers(wrong))
        return writing.shown(form)
    return redirect(writing.address(step.number + 1))


def _filed(writing: Writing, form: AnswerForm) -> HttpResponse:
    request, by = writing.request, writing.request.actor  # type: ignore[attr-defined]
    if writing.draft is None:
        # Whoever pressed the button twice has no draft any more, but a receipt.
        return _filed_before(writing, by.person_id, writing.at)
    try:
        files = uploads(request)
        filed = actions.submit(by=by, at=writing.at, stage=writing.stage, data=writing.data, attachments=files)
    except actions.FiledAlready as already:
        messages.info(request, str(already))
        return redirect("intake:receipt", already.number)
    except Refused as refused:
        form.told(_here(refused, writing.step), files_lost=bool(request.FILES))
        return writing.shown(form)
    return redirect("intake:receipt", filed.number)


def _filed_before(writing: Writing, person_id: int, at: datetime) -> HttpResponse:
    number = queries.just_filed(person_id, writing.stage, since=at - actions.TWICE)
    return redirect("intake:receipt", number) if number else redirect(writing.address(1))


def _here(refused: Refused, step: Step) -> Refused:
    """What is wrong with the files of the last step; what is wrong elsewhere the page tells beside the answers."""
    if not isinstance(refused, WrongAnswers):
        return refused
    return WrongAnswers({code: text for code, text in refused.errors.items() if code in step.codes})


@page(allow=signed_in, repeats=True)
@require_POST
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a step while somebody writes; answers with what is under way under a title like the one typed."""
    writing = Writing(request, call_of(pk))
    writing.keep(writing.page(request.POST))
    rows = writing.similar() if writing.step.part == ABOUT else []
    found = [{"title": row.title, "url": reverse("desk:matter", args=[row.number]), "meta": row.number} for row in rows]
    return JsonResponse({"similar": found})
