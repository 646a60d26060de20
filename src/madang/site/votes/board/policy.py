"""What may be done with the board of an encrypted vote, and when."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from madang.site.kit.actor import Actor
from madang.site.kit.verdict import YES, Verdict, first_no, no
from madang.site.programmes.models import Stage
from madang.site.votes import policy
from madang.site.votes.board.models import Board
from madang.site.votes.settings import Encrypted


def encryption_of(stage: Stage) -> Encrypted | None:
    """How a vote is encrypted; None where it is not."""
    return getattr(stage.rules, "encrypted", None)


def may_begin(by: Actor, stage: Stage, at: datetime) -> Verdict:
    """A board is prepared before the vote opens, one at a time."""
    if encryption_of(stage) is None:
        return no(_("This vote is not encrypted, so it has no board."))
    if Board.objects.filter(stage=stage, withdrawn_at=None).exists():
        return no(_("This vote has a board already; withdraw it first."))
    return first_no(policy.may_run(by, stage, at), _not_opened(stage))


def may_prepare(by: Actor, board: Board, at: datetime) -> Verdict:
    """Trustees and credentials are settled until the board is set up."""
    if board.is_set_up:
        return no(_("The board is set up: trustees, credentials and ballot paper are fixed."))
    return may_withdraw(by, board, at)


def may_withdraw(by: Actor, board: Board, at: datetime) -> Verdict:
    """A board on which nobody can have voted may be withdrawn, as when the ballot paper has changed."""
    if board.withdrawn_at is not None:
        return no(_("This board was withdrawn."))
    return first_no(policy.may_run(by, board.stage, at), _not_opened(board.stage))


def may_open(stage: Stage, matters: Sequence[str]) -> Verdict:
    """An encrypted vote opens once its board is set up, for the very matters (by number) that then wait in it."""
    if encryption_of(stage) is None:
        return YES
    board = Board.objects.filter(stage=stage, withdrawn_at=None).first()
    if board is None or not board.is_set_up:
        return no(_("This vote is encrypted: set up its board with trustees and credentials before it opens."))
    if board.paper != list(matters):
        return no(
            _("The matters of this vote are not those for which its board was set up. Withdraw it, set up another.")
        )
    return YES


def _not_opened(stage: Stage) -> Verdict:
    return YES if stage.opened_at is None else no(_("The vote has opened; its board is fixed."))
