"""What each trustee has to do now, and for whom they wait."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from madang.site.kit.verdict import YES, Verdict, no
from madang.site.votes.board import policy
from madang.site.votes.board.models import Board, Trustee

CERTIFICATE, POLYNOMIAL, KEY = "certificate", "polynomial", "key"
NOT_YET, WAIT, READY = "not_yet", "wait", "ready"


class Step(NamedTuple):
    """A step of a trustee: its code, or that they wait (for those who are named) or are ready for the vote."""

    code: str
    waits_for: tuple[str, ...] = ()

    @property
    def asks_for_a_file(self) -> bool:
        """Whether the trustee hands something in now."""
        return self.code in (CERTIFICATE, POLYNOMIAL, KEY)


def trustees_of(board: Board) -> list[Trustee]:
    """All trustees in the order of their numbers."""
    return list(Trustee.objects.filter(board=board).order_by("number"))


def members_of(known: Sequence[Trustee]) -> list[Trustee]:
    """Those of them who are members of the group of whom some are needed."""
    return [one for one in known if one.kind == Trustee.Kind.MEMBER]


def step_of(trustee: Trustee, board: Board, known: Sequence[Trustee]) -> Step:
    """What a trustee has to do before the vote. Needs no query."""
    if board.is_set_up or trustee.checksum:
        return Step(READY)
    if trustee.kind == Trustee.Kind.SINGLE:
        return Step(KEY)
    group = members_of(known)
    if board.threshold is None:
        return Step(NOT_YET)
    for code in (CERTIFICATE, POLYNOMIAL, KEY):
        if code not in trustee.material:
            return Step(code)
        behind = tuple(one.name for one in group if code not in one.material)
        if behind:
            return Step(WAIT, behind)
    return Step(READY)


def part_of(trustee: Trustee) -> str:
    """What a trustee can hand in now for the tally: "Shuffle", "PartialDecryption", or nothing."""
    kinds = ("Shuffle", "PartialDecryption")
    return next((kind for kind in kinds if policy.may_hand_in(trustee, trustee.board, kind).ok), "")


def may_give(board: Board, step: Step) -> Verdict:
    """A trustee hands in what the present step asks for, and nothing once the board is set up or withdrawn."""
    if board.is_set_up or board.withdrawn_at is not None:
        return no(_("The keys of this vote are fixed; nothing is taken any more."))
    if step.asks_for_a_file:
        return YES
    return no(_("Nothing is asked of you now. Look at the page again: it says what comes next."))
