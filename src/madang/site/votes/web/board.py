"""The public board of an encrypted vote: the election, casting, trackers, the archive."""

from typing import Any

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from madang import ballots
from madang.site.kit import clock
from madang.site.kit.verdict import Refused
from madang.site.kit.web.access import anyone, page
from madang.site.kit.web.paging import page_of
from madang.site.votes.board import appending, casting, queries
from madang.site.votes.board.models import Board
from madang.site.votes.models import Election
from madang.site.votes.policy import is_public
from madang.site.votes.voters import NeedsIdentity
from madang.site.votes.web.booth import booth_files
from madang.site.votes.web.views import as_file, election_named, stage_named
from madang.site.votes.web.visiting import end, voter_for

STATUS = {casting.CLOSED: 409, casting.ROLL: 409, casting.ELIGIBLE: 403, "ballot-size": 413, "ballot-replayed": 409}
SECONDS = 5
TRACKERS = 20
_BUSY = gettext_lazy("Too many ballots come at once. Your ballot is not on the board yet; send it again in a moment.")


def board_named(pk: int) -> Board:
    """The board of that vote once it is set up. Raises Http404."""
    board = queries.board_of(stage_named(pk, "vote"))
    if board is None or not board.is_set_up:
        raise Http404
    return board


@page(allow=anyone)
@never_cache
@require_safe
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """What everybody may see of an encrypted vote: how many ballots, every tracker, the archive, how to verify it."""
    found = board_named(pk)
    tracker = request.GET.get("tracker", "")[:80]
    numbers = page_of(request, range(found.ballots, 0, -1), size=TRACKERS)
    rows = queries.cast_ballots(found).filter(number__in=numbers.rows).order_by("-number")
    context = {
        "stage": found.stage,
        "board": found,
        "fingerprint": queries.election_of(found).fingerprint,
        "tracker": tracker,
        "found": queries.find(found, tracker) if tracker.strip() else None,
        "pager": numbers,
        "trackers": list(rows),
        "steps": queries.steps(found),
        "trustees": list(found.trustees.all()),
        "whole": _public(found) == found.records,
        "booth": booth_files(),
    }
    return render(request, "votes/board/board.html", context)


@page(allow=anyone)
@require_safe
def archive(request: HttpRequest, pk: int, uuid: str) -> Any:
    """The archive as a file, with nothing that tells the result before that is public."""
    found = board_named(pk)
    if uuid != found.uuid:
        raise Http404
    records = _public(found)
    pieces = appending.archive(found, records=records)
    answer = StreamingHttpResponse(pieces, content_type="application/octet-stream")
    # As it is: to pack a city's archive for every reader would take the site a core.
    answer["Content-Encoding"] = "identity"
    if records == found.records:
        answer["Content-Length"] = str(found.size)
    return as_file(answer, f"{uuid}.bel")


def _public(board: Board) -> int:
    vote = Election.objects.filter(stage_id=board.stage_id).select_related("stage").first()
    public = vote is not None and is_public(vote, clock.now()).ok
    return queries.public_records(board, public=public)


@page(allow=anyone)
@require_safe
def election(request: HttpRequest, pk: int) -> HttpResponse:
    """The election, byte for byte as its fingerprint is made of it."""
    return HttpResponse(bytes(board_named(pk).election), content_type="application/json")


@page(allow=anyone, repeats=True)
@never_cache
@require_POST
def cast(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an encrypted ballot, or say which rule it breaks."""
    try:
        return _cast(request, pk)
    except (casting.Busy, OperationalError):
        answer = _refused("busy", _BUSY, status=503)
        answer["Retry-After"] = str(SECONDS)
        return answer


def _cast(request: HttpRequest, pk: int) -> HttpResponse:
    at, board, vote = clock.now(), board_named(pk), election_named(pk)
    most = ballots.largest(queries.election_of(board))
    # What is too large is not even read.
    stated = request.headers.get("Content-Length", "")
    size = int(stated) if stated.isdecimal() else 0
    if size > most:
        return _refused("ballot-size", casting.SENTENCES["ballot-size"])
    try:
        voter = voter_for(request, vote, at)
        done = casting.cast_encrypted(by_voter=voter, at=at, election=vote, board=board, raw=request.read(size))
    except casting.BallotRefused as refused:
        return _refused(refused.rule, refused)
    except Refused as refused:
        return _refused(casting.ELIGIBLE, refused, identity=isinstance(refused, NeedsIdentity))
    end(request)
    told = {"tracker": done.tracker, "height": done.height, "event": done.event, "replaces": done.replaces}
    return JsonResponse({**told, "at": done.at.isoformat()}, status=201)


def _refused(rule: str, reason: object, *, status: int = 0, **more: Any) -> JsonResponse:
    body = {"rule": rule, "reason": str(reason), **{name: value for name, value in more.items() if value}}
    return JsonResponse(body, status=status or STATUS.get(rule, 422), json_dumps_params={"ensure_ascii": False})
