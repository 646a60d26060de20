"""The trustees' ceremony: the desk that names them and sets the board up, and each trustee's own page."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from madang.ballots.printing import printed
from madang.site.kit import clock
from madang.site.kit.verdict import Refused, require
from madang.site.kit.web.access import anyone, page
from madang.site.programmes.models import Stage
from madang.site.votes import policy
from madang.site.votes.board import ceremony, steps
from madang.site.votes.board import policy as board_policy
from madang.site.votes.board.models import Board, Trustee
from madang.site.votes.board.queries import board_of
from madang.site.votes.board.setting_up import begin_board, withdraw_board
from madang.site.votes.board.tallying import hand_in
from madang.site.votes.board.terms import terms_of
from madang.site.votes.web.desk import OFFICE


class TrusteeForm(forms.Form):
    """A trustee to be named."""

    name = forms.CharField(label=gettext_lazy("Name of the trustee"), max_length=120)
    owner = forms.CharField(
        label=gettext_lazy("Organisation"),
        max_length=120,
        help_text=gettext_lazy("Each of another one: whoever holds all keys could open single ballots."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Needed to decrypt"),
        choices=[
            (Trustee.Kind.SINGLE, gettext_lazy("always")),
            (Trustee.Kind.MEMBER, gettext_lazy("as one of a group of whom some are")),
        ],
        widget=forms.RadioSelect,
        initial=Trustee.Kind.SINGLE,
    )


class FileForm(forms.Form):
    """A file that a command has made."""

    file = forms.FileField(label=gettext_lazy("File"))


class ListForm(FileForm):
    """The registrar's list."""

    file = forms.FileField(
        label=gettext_lazy("List of public credentials"),
        help_text=gettext_lazy(
            "UUID.credentials.json, as the registrar's command has written it. A list of more than 100,000 takes "
            "longer than a page may: set up the board on the server with the command madang board STAGE FILE."
        ),
    )


def encrypted_stage(request: HttpRequest, pk: int) -> Stage:
    """An encrypted vote, also of a draft. Raises Http404."""
    stage = get_object_or_404(Stage.objects.select_related("process__department"), pk=pk, kind="vote")
    if board_policy.encryption_of(stage) is None:
        raise Http404
    require(policy.may_run(request.actor, stage, clock.now()))  # type: ignore[attr-defined]
    return stage


@page(allow=OFFICE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ceremony_desk(request: HttpRequest, pk: int) -> HttpResponse:
    """Who the trustees are, who waits for whom, and the list with which the board is set up."""
    stage = encrypted_stage(request, pk)
    board = board_of(stage)
    if request.method == "POST" and board is not None and request.POST.get("do") == "name":
        form = TrusteeForm(request.POST)
        if form.is_valid():
            trustee, token = ceremony.add_trustee(**_by(request), board=board, **form.cleaned_data)
            return _tell_link(request, pk, trustee, token)
        return _show_desk(request, stage, board, form, ListForm())
    if request.method == "POST" and board is not None and request.POST.get("do") == "set_up":
        return _set_up(request, stage, board)
    if request.method == "POST":
        _do(request, stage, board)
        return redirect("votes_desk:ceremony", pk)
    return _show_desk(request, stage, board, TrusteeForm(), ListForm())


def _do(request: HttpRequest, stage: Stage, board: Board | None) -> None:
    """The buttons of the desk. Raises Refused."""
    what = request.POST.get("do", "")
    if what == "begin":
        begin_board(**_by(request), stage=stage)
        messages.success(request, _("The preparation has begun. Give the registrar its file, and name the trustees."))
    elif board is not None and what == "threshold":
        asked = request.POST.get("threshold", "")
        needed = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 0
        ceremony.choose_threshold(**_by(request), board=board, threshold=needed)
    elif board is not None and what == "clear":
        ceremony.clear_trustees(**_by(request), board=board)
    elif board is not None and what == "withdraw":
        withdraw_board(**_by(request), board=board, reason=request.POST.get("reason", ""))
        messages.success(request, _("The board is withdrawn. Its keys and its list are good for nothing any more."))


def _set_up(request: HttpRequest, stage: Stage, board: Board) -> HttpResponse:
    form = ListForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            board = ceremony.set_up(**_by(request), board=board, credentials=form.cleaned_data["file"].read())
        except Refused as refused:
            form.add_error("file", str(refused))
        else:
            messages.success(
                request,
                _("The board is set up with %(count)d credentials. The vote can open.") % {"count": board.credentials},
            )
            return redirect("votes_desk:ceremony", stage.pk)
    return _show_desk(request, stage, board, TrusteeForm(), form)


def _by(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.actor, "at": clock.now()}  # type: ignore[attr-defined]


def _tell_link(request: HttpRequest, pk: int, trustee: Trustee, token: str) -> HttpResponse:
    address = request.build_absolute_uri(reverse("votes:trustee", args=[token]))
    messages.success(
        request,
        _("The personal link of %(name)s is shown only now; send it so that nobody else reads it: %(address)s")
        % {"name": trustee.name, "address": address},
    )
    return redirect("votes_desk:ceremony", pk)


def _show_desk(
    request: HttpRequest, stage: Stage, board: Board | None, form: TrusteeForm, listing: ListForm
) -> HttpResponse:
    known = steps.trustees_of(board) if board else []
    group = steps.members_of(known)
    context = {
        "stage": stage,
        "board": board,
        "rows": [(one, steps.step_of(one, board, known)) for one in known] if board else [],
        "members": len(group),
        "asks_threshold": bool(group) and not any(one.material for one in group),
        "all_ready": bool(known) and all(one.checksum for one in known),
        "form": form,
        "listing": listing,
        "may_begin": board_policy.may_begin(request.actor, stage, clock.now()),  # type: ignore[attr-defined]
        "registrar": settings.REGISTRAR,
    }
    return render(request, "votes/board/ceremony.html", context)


@page(allow=OFFICE)
@require_http_methods(["POST"])
def renew(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A new personal link for a trustee."""
    board = board_of(encrypted_stage(request, pk))
    trustee = get_object_or_404(
        Trustee.objects.select_related("board__stage__process__department"), board=board, number=number
    )
    token = ceremony.renew_link(**_by(request), trustee=trustee)
    return _tell_link(request, pk, trustee, token)


@page(allow=OFFICE)
@require_safe
def terms(request: HttpRequest, pk: int) -> HttpResponse:
    """The file for the registrar: which election, who may have a credential, until when, where the booth is."""
    stage = encrypted_stage(request, pk)
    board = board_of(stage)
    if board is None or stage.closes_on is None:
        raise Refused(_("Begin the preparation first, and give the vote a last day."))
    answer = JsonResponse(terms_of(board), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="{board.uuid}.terms.json"'
    return answer


# --- the trustee's own page -----------------------------------------------------------------------------


def _trustee(token: str) -> Trustee:
    """The trustee whose personal link this is. Raises Http404."""
    found = Trustee.objects.select_related("board__stage__process__department")
    return get_object_or_404(found, token_hash=ceremony.hash_of(token), board__withdrawn_at=None)


@page(allow=anyone)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def trustee(request: HttpRequest, token: str) -> HttpResponse:
    """What this trustee does now: the command, the file, and what to do when something goes wrong."""
    found = _trustee(token)
    form = FileForm(request.POST or None, request.FILES or None)
    board = found.board
    known = steps.trustees_of(board)
    part, step = steps.part_of(found), steps.step_of(found, board, known)
    shows_form = bool(part) or step.asks_for_a_file
    if request.method == "POST" and form.is_valid():
        at, file = clock.now(), form.cleaned_data["file"]
        try:
            if part:
                hand_in(by=ceremony.TRUSTEE, at=at, trustee=found, kind=part, body=file.read())
            else:
                ceremony.give_file(at=at, trustee=found, raw=file.read(ceremony.LARGEST + 1))
        except Refused as refused:
            if not shows_form:
                messages.error(request, str(refused))
                return redirect("votes:trustee", token)
            form.add_error("file", str(refused))
        else:
            messages.success(
                request,
                _("The file is stored and will be verified. You may close this page and come back.")
                if part
                else _("The file is right, and stored. You may close this page and come back."),
            )
            return redirect("votes:trustee", token)
    group = steps.members_of(known)
    context = {
        "trustee": found,
        "board": board,
        "stage": board.stage,
        "token": token,
        "step": step,
        "part": part,
        "parts": found.contributions.order_by("pk"),
        "checksum": " ".join(found.checksum[start : start + 4] for start in range(0, 64, 4)),
        "known": known,
        "place": ceremony.place_of(group, found) if found.kind == Trustee.Kind.MEMBER else 0,
        "members": len(group),
        "form": form,
        "archive": f"/votes/{board.stage_id}/board/{board.uuid}.bel",
        "file": f"{board.uuid}-{found.number}",
    }
    return render(request, "votes/board/trustee.html", context)


@page(allow=anyone)
@require_safe
def trustee_file(request: HttpRequest, token: str, name: str) -> HttpResponse:
    """What a member needs for the next step: the certificates of all, or what all others dealt them."""
    found = _trustee(token)
    group = steps.members_of(steps.trustees_of(found.board))
    needed = {"certificates.jsonl": steps.CERTIFICATE, "dealt.json": steps.POLYNOMIAL}.get(name)
    if needed is None or found.kind != Trustee.Kind.MEMBER or any(needed not in one.material for one in group):
        raise Http404
    if needed == steps.CERTIFICATE:
        content = "".join(f"{printed(one)}\n" for one in ceremony.certificates(group))
    else:
        content = printed(ceremony.dealt(group, found))
    answer = HttpResponse(content, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
