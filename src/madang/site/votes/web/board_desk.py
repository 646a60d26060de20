"""The tally of an encrypted vote for the office in charge: which step is next, and whom it waits for."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from madang.site.kit import clock
from madang.site.kit.verdict import Refused, require
from madang.site.kit.web.access import page, roles
from madang.site.votes import policy
from madang.site.votes.board import policy as board_policy
from madang.site.votes.board import queries, tallying
from madang.site.votes.web.board import board_named

OFFICE = roles("officer", "head")
AT_ONCE = 500
"""A request works on so many ballots at most; more are work for the command or the night."""


@page(allow=OFFICE)
@require_safe
def tally(request: HttpRequest, pk: int) -> HttpResponse:
    """Every step from the close to the opened ballots."""
    by, at, board = request.actor, clock.now(), board_named(pk)  # type: ignore[attr-defined]
    require(policy.may_run(by, board.stage, at))
    may_close = board_policy.may_close(by, board, at)
    context = {
        "stage": board.stage,
        "board": board,
        "steps": queries.steps(board),
        "refused": queries.refused(board)[:5],
        "may_close": may_close,
        "can_go_on": not may_close.ok and queries.can_go_on(board, by, at),
        "at_once": board.ballots <= AT_ONCE,
    }
    return render(request, "votes/board/tally.html", context)


@page(allow=OFFICE)
@require_POST
def advance(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the board, or do what waits in a small vote."""
    by, at, board = request.actor, clock.now(), board_named(pk)  # type: ignore[attr-defined]
    if request.POST.get("do") == "close":
        tallying.close_board(by=by, at=at, board=board)
        messages.success(request, _("The board is closed. No ballot is taken any more."))
        return redirect("votes_desk:tally", pk)
    if board.ballots > AT_ONCE:
        raise Refused(_("So many ballots take minutes; the night does it, or the command on this page."))
    done = tallying.advance(by=by, at=at, board=board)
    messages.success(request, _("%(count)d steps were done.") % {"count": len(done)})
    return redirect("votes_desk:tally", pk)
