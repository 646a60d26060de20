"""What may be done with the board of an encrypted vote, and when."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from madang.ballots import group, read_trustees
from madang.site.kit.actor import Actor
from madang.site.kit.clock import end_of
from madang.site.kit.verdict import YES, Verdict, first_no, no
from madang.site.programmes.models import Stage
from madang.site.votes import policy
from madang.site.votes.board.models import Board, Contribution, Trustee
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


def may_rehearse(by: Actor, stage: Stage, at: datetime) -> Verdict:
    """Whoever runs an encrypted vote rehearses it, before and while it is open."""
    if encryption_of(stage) is None:
        return no(_("This vote is not encrypted, so it has no board."))
    return policy.may_run(by, stage, at)


def may_close(by: Actor, board: Board, at: datetime) -> Verdict:
    """No more ballots are taken once the time that voters were promised is over."""
    stage = board.stage
    if not board.takes_ballots:
        return no(_("The board is closed already, or not set up."))
    if not stage.is_open:
        return no(_("This stage is not open."))
    if stage.closes_on is not None and at < end_of(stage.closes_on):
        return no(_("Voters have until the end of %(day)s.") % {"day": stage.closes_on.isoformat()})
    return policy.may_run(by, stage, at)


def may_tally(by: Actor, board: Board, at: datetime) -> Verdict:
    """The encrypted tally follows the close, once."""
    if board.last != "EndBallots":
        return no(_("The encrypted tally is made once, after the board is closed."))
    return policy.may_run(by, board.stage, at)


def may_hand_in(trustee: Trustee, board: Board, kind: str) -> Verdict:
    """Trustees shuffle one after the other, then all who are needed decrypt; each does each once."""
    turn = {"Shuffle": ("EncryptedTally", "Shuffle"), "PartialDecryption": ("EndShuffles", "PartialDecryption")}
    if board.last not in turn.get(kind, ()):
        return no(_("This is not what comes next. Look at the page again."))
    open_ones = board.contributions.filter(kind=kind, refused_at=None)
    if open_ones.filter(trustee=trustee).exists():
        return no(_("You have handed this in already."))
    if kind == "Shuffle" and open_ones.filter(taken_at=None).exists():
        return no(_("Another shuffle waits to be verified. Yours must be made of the archive as it is after that."))
    if kind == "Shuffle" and open_ones.filter(trustee__owner=trustee.owner).exists():
        return no(_("Somebody of your organisation has shuffled; another organisation must."))
    return YES


def may_take(by: Actor, contribution: Contribution, at: datetime) -> Verdict:
    """What was handed in is verified once."""
    if contribution.taken_at is not None or contribution.refused_at is not None:
        return no(_("This was verified already."))
    return policy.may_run(by, contribution.board.stage, at)


def may_open_ballots(by: Actor, board: Board, at: datetime) -> Verdict:
    """The ballots are opened once, when as many trustees as are needed have decrypted."""
    if board.last != "PartialDecryption":
        return no(_("The ballots are opened once, after the trustees have decrypted."))
    missing = _missing(board)
    if missing:
        return no(_("%(count)d decryptions of trustees are missing.") % {"count": missing})
    return policy.may_run(by, board.stage, at)


def _missing(board: Board) -> int:
    """How many more trustees must decrypt: every single one, and as many members of a threshold as it needs."""
    setup = board.archive.get(number=1)
    trustees = read_trustees(group(board.group), bytes(setup.body))
    taken = board.contributions.filter(kind="PartialDecryption").exclude(taken_at=None)
    numbers = set(taken.values_list("trustee__number", flat=True))
    return sum(
        max(0, part.needed - len(numbers & set(range(part.first + 1, part.first + part.members + 1))))
        for part in trustees.parts
    )


def _not_opened(stage: Stage) -> Verdict:
    return YES if stage.opened_at is None else no(_("The vote has opened; its board is fixed."))
