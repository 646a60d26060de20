"""The booth of an encrypted vote: the browser encrypts, and nothing that was picked ever comes here in clear."""

import re
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from madang.site.kit import clock
from madang.site.kit.verdict import YES, Refused, Verdict, no
from madang.site.kit.web.access import anyone, page
from madang.site.votes import paper, policy, queries
from madang.site.votes.board import queries as boards
from madang.site.votes.board.models import Board
from madang.site.votes.models import Election
from madang.site.votes.voters import NeedsIdentity
from madang.site.votes.web.keeping import order_of, remember_order
from madang.site.votes.web.views import election_named, rules_of
from madang.site.votes.web.visiting import visiting, voter_for

FILES = ("booth.js", "credentials.js", "paper.js", "sealing.js", "noble-ed25519-3.2.0.js", "test.js")
LATER = ("sealing.js", "noble-ed25519-3.2.0.js")
"""Loaded when somebody encrypts."""
_is_tracker = re.compile(r"[A-Za-z0-9+/]{43}").fullmatch


@page(allow=anyone)
@never_cache
@require_safe
def booth(request: HttpRequest, pk: int) -> HttpResponse:
    """The ballot from eligibility to receipt. Which step comes next is known to the browser only."""
    election, board = _encrypted(pk)
    at = clock.now()
    if not policy.may_cast_now(election, at).ok:
        return redirect("votes:vote", pk)
    seed = order_of(request)
    lines = paper.lines(election, seed)
    standing = _standing(request, election, at)
    context = {
        "stage": election.stage,
        **rules_of(election.stage),
        "lines": lines,
        "purse": paper.purse(election, [line.option for line in lines], []),
        "standing": standing,
        "visiting": visiting(request, election, at),
        "registrar": _registrar(request, board, pk),
        "board": reverse("votes:public_board", args=[pk]),
        "test": request.build_absolute_uri(reverse("votes:test", args=[pk])),
        "integrity": {name.partition(".")[0]: integrity(name) for name in ("booth.js", "credentials.js", "paper.js")},
        "told": _told(election, board, standing),
    }
    return remember_order(render(request, "votes/booth.html", context), seed)


@page(allow=anyone)
@require_safe
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """Where another device reads a ballot that tested the first one."""
    election, _board = _encrypted(pk)
    told = {
        "election": reverse("votes:board_election", args=[pk]),
        "options": {option.order: option.matter.title for option in election.options.select_related("matter")},
        "words": _words_of_test(),
    }
    return render(request, "votes/booth_test.html", {"stage": election.stage, "told": told})


@page(allow=anyone, repeats=True)
@never_cache
@require_POST
def drawing(request: HttpRequest, pk: int) -> HttpResponse:
    """The QR code of a receipt. The tracker, which the board shows to everybody, stands in no address and no log."""
    _encrypted(pk)
    tracker = request.body[:60].decode("ascii", "replace")
    if not _is_tracker(tracker):
        raise Http404
    board = request.build_absolute_uri(reverse("votes:public_board", args=[pk]))
    address = f"{board}?{urlencode({'tracker': tracker})}"
    drawn = segno.make(address, error="m").svg_inline(scale=5, border=4, light="#fff")
    return HttpResponse(drawn.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1), "image/svg+xml")


@cache
def booth_files() -> tuple[tuple[str, str], ...]:
    """What of the booth runs in browsers, by name and SHA-256, so that anybody can see whether they got the same."""
    found = ((name, finders.find(f"votes/{name}")) for name in FILES)
    return tuple((name, sha256(Path(str(place)).read_bytes()).hexdigest()) for name, place in found)


def integrity(name: str) -> str:
    """What a browser compares a program with before it runs: the hash that the board shows."""
    return f"sha256-{b64encode(bytes.fromhex(dict(booth_files())[name])).decode()}"


def _encrypted(pk: int) -> tuple[Election, Board]:
    """An encrypted vote that has opened, and its board. Raises Http404."""
    election = election_named(pk)
    board = boards.board_of(election.stage)
    if board is None or not board.is_set_up:
        raise Http404
    return election, board


@dataclass(frozen=True)
class Standing:
    """Whether a visitor may vote, has voted here, and whether only the identity check is missing."""

    verdict: Verdict
    voted: bool = False
    needs_identity: bool = False


def _standing(request: HttpRequest, election: Election, at: datetime) -> Standing:
    try:
        voter = voter_for(request, election, at)
    except NeedsIdentity as refused:
        return Standing(no(str(refused)), needs_identity=True)
    except Refused as refused:
        return Standing(no(str(refused)))
    channel = queries.voted_by(election, voter)
    if channel == "paper":
        return Standing(no(_("You have voted on paper; every person has one vote.")))
    return Standing(YES, voted=channel is not None)


def _registrar(request: HttpRequest, board: Board, pk: int) -> str:
    """Where a voter gets a credential and is led back from; "" where nobody runs a registrar for us."""
    if not settings.REGISTRAR:
        return ""
    back = request.build_absolute_uri(reverse("votes:booth", args=[pk]))
    return f"{settings.REGISTRAR}/elections/{board.uuid}/?{urlencode({'back': back})}"


def _told(election: Election, board: Board, standing: Standing) -> dict[str, Any]:
    """What the script of the booth is told."""
    pk = election.stage_id
    return {
        "key": f"booth:{board.uuid}",
        "uuid": board.uuid,
        "fingerprint": boards.election_of(board).fingerprint,
        "title": election.stage.title,
        "election": reverse("votes:board_election", args=[pk]),
        "cast": reverse("votes:board_cast", args=[pk]),
        "board": reverse("votes:public_board", args=[pk]),
        "drawing": reverse("votes:drawing", args=[pk]),
        "may": standing.verdict.ok,
        "programs": {name: integrity(name) for name in LATER if board.group == "Ed25519" or "noble" not in name},
        "words": {**_words(), **_words_of_refusals()},
    }


def _words() -> dict[str, str]:
    """What the booth says on its way; the script puts the values in."""
    return {
        "credential": _("Your credential is here and signs your ballot. Now choose."),
        "no_credential": _(
            "This is no credential. It has 22 letters and digits, none of them 0, I, O or l; compare it digit by digit."
        ),
        "found": _("%(count)d of %(all)d options are shown."),
        "wrong_count": _("Choose %(min)d to %(max)d options; you chose %(count)d."),
        "picked": _("Picked: %(picks)s of %(most)s."),
        "cost": _("Cost of all picks:"),
        "progress": _("Encrypting, step %(done)d of %(all)d."),
        "sealed": _("Your ballot is encrypted. It is not cast yet."),
        "copied": _("The text is copied."),
        "casting": _("Your ballot is on its way."),
        "taken": _("Taken at %(when)s, as number %(height)d of the board."),
        "taken_before": _("It was taken already; it counts once."),
        "fingerprint": _("Fingerprint of the election"),
        "receipt": _("Receipt of an encrypted ballot. It does not show what was chosen."),
        "again": _("Try again"),
        "reload": _("Load this page again"),
        "identity": _("Check my identity"),
        "other_credential": _("Use another credential"),
        "new_ballot": _("Make a new ballot"),
    }


def _words_of_refusals() -> dict[str, str]:
    return {
        "insecure": _(
            "This browser cannot encrypt here. Open this page under an address that begins with https, or update the "
            "browser; or vote on another device."
        ),
        "not_loaded": _(
            "What is needed to encrypt could not be loaded. Check your connection and try again; your picks are kept."
        ),
        "not_sealed": _("The ballot could not be encrypted: %(reason)s Nothing was sent; your picks are kept."),
        "other_election": _("The board names another election than this page. Please tell the office."),
        "not_testable": _(
            "After the page was loaded again this ballot can only be cast. Make a new one to test the device."
        ),
        "lost": _(
            "The connection was lost. Your encrypted ballot is kept in this tab. Try again as often as you like: it "
            "counts once."
        ),
        "busy": _(
            "Very many people are voting just now. Try again in %(seconds)d seconds; your encrypted ballot is kept in "
            "this tab."
        ),
        "broken": _(
            "The server did not answer as it should. Your encrypted ballot is kept in this tab: try again, or load "
            "this page again first."
        ),
    }


def _words_of_test() -> dict[str, str]:
    return {
        "unreadable": _('This is no file of a test. It begins with {"ballot": and ends with }.'),
        "nothing": _("nothing was picked"),
        "unknown": _("number %(number)d, which is not on the ballot paper"),
        "not_loaded": _("The election could not be loaded. Check your connection and try again."),
        "other": _("This ballot is of another election."),
        "wrong": _(
            "The ballot was NOT made from these numbers: the device that made it is faulty or lies. Do not vote on it; "
            "use another one, and tell the office."
        ),
    }
