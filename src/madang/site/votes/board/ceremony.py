"""The trustees' ceremony before an encrypted vote: who they are, and the public files that each hands in.

A trustee makes keys on a machine of their own with `madang ballots trustee`; what comes here is public. Whoever holds
the personal link acts for that trustee; the checksum of the key, read aloud, shows whether it was really them.
"""

import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from madang import ballots
from madang.ballots import receiving
from madang.ballots.printing import printed
from madang.ballots.thresholds import deal, threshold_trustees
from madang.site.kit.actor import Actor
from madang.site.kit.verdict import Refused, require
from madang.site.record.journal import action
from madang.site.votes import policy as votes_policy
from madang.site.votes.board import policy
from madang.site.votes.board.models import Board, Trustee
from madang.site.votes.board.setting_up import record_of_board, set_up_board
from madang.site.votes.board.steps import CERTIFICATE, KEY, POLYNOMIAL, may_give, members_of, step_of, trustees_of

TRUSTEE = Actor(pseudonym="trustee")
LARGEST = 200_000


@action
def add_trustee(*, by: Actor, at: datetime, board: Board, name: str, owner: str, kind: str) -> tuple[Trustee, str]:
    """Name a trustee, and make the secret of their personal link, of which only a hash is kept. Raises Refused.

    Those who are always needed come before the members of a group, so that numbers follow the order in the archive.
    """
    require(policy.may_prepare(by, board, at))
    known = trustees_of(board)
    if any(one.material for one in members_of(known)):
        raise Refused(_("The members of the group have begun to make their keys; nobody can join it any more."))
    if kind == Trustee.Kind.SINGLE and members_of(known):
        raise Refused(_("Name those who are always needed before the members of the group."))
    token = secrets.token_urlsafe(24)
    trustee = Trustee.objects.create(
        board=board, number=len(known) + 1, name=name.strip(), owner=owner.strip(), kind=kind, token_hash=hash_of(token)
    )
    _write(board, "trustee.named", by, at, number=trustee.number, name=trustee.name, owner=trustee.owner, kind=kind)
    return trustee, token


@action
def renew_link(*, by: Actor, at: datetime, trustee: Trustee) -> str:
    """Make a new personal link, as when one was lost or read by others; the old one leads nowhere. Raises Refused."""
    require(votes_policy.may_run(by, trustee.board.stage, at))
    token = secrets.token_urlsafe(24)
    trustee.token_hash = hash_of(token)
    trustee.save(update_fields=["token_hash"])
    _write(trustee.board, "trustee.link_renewed", by, at, number=trustee.number)
    return token


@action
def clear_trustees(*, by: Actor, at: datetime, board: Board) -> None:
    """Begin the ceremony anew: nobody is named, no key was handed in. Raises Refused once the board is set up."""
    require(policy.may_prepare(by, board, at))
    count, _rows = board.trustees.all().delete()
    board.threshold = None
    board.save(update_fields=["threshold"])
    _write(board, "trustees.cleared", by, at, count=count)


@action
def choose_threshold(*, by: Actor, at: datetime, board: Board, threshold: int) -> Board:
    """Fix how many of the group must decrypt; from then on its members make keys. Raises Refused."""
    require(policy.may_prepare(by, board, at))
    members = members_of(trustees_of(board))
    if any(one.material for one in members):
        raise Refused(_("The members of the group have begun to make their keys; nobody can join it any more."))
    if not 1 <= threshold < len(members):
        raise Refused(
            _("Of %(members)d members at least one and at most %(most)d can be needed; name the members first.")
            % {"members": len(members), "most": max(len(members) - 1, 0)}
        )
    board.threshold = threshold
    board.save(update_fields=["threshold"])
    _write(board, "trustees.threshold", by, at, threshold=threshold, members=len(members))
    return board


@action
def give_file(*, at: datetime, trustee: Trustee, raw: bytes) -> Trustee:
    """Take the file of the trustee's present step, if it is what it has to be. Raises Refused; then nothing changes."""
    board = Board.objects.select_for_update().get(pk=trustee.board_id)
    known = trustees_of(board)
    trustee = next(one for one in known if one.pk == trustee.pk)
    step = step_of(trustee, board, known)
    require(may_give(board, step))
    value = _read(raw)
    try:
        _check(board, trustee, known, step.code, value)
    except ballots.Refusal as refusal:
        raise Refused(_("This file is not what is asked for here: %(reason)s") % {"reason": refusal.args[0]}) from None
    trustee.material = {**trustee.material, step.code: printed(value)}
    if step.code == KEY:
        trustee.checksum, trustee.given_at = ballots.checksum(value["public_key"]), at
    trustee.save(update_fields=["material", "checksum", "given_at"])
    data = {"number": trustee.number, "step": step.code, "sha256": sha256(raw).hexdigest()}
    _write(board, "trustee.handed_in", TRUSTEE, at, **data)
    return trustee


def set_up(*, by: Actor, at: datetime, board: Board, credentials: bytes) -> Board:
    """Fix the board with the keys of all trustees and the registrar's list of public credentials. Raises Refused."""
    require(policy.may_prepare(by, board, at))
    known = trustees_of(board)
    missing = [one.name for one in known if not one.checksum]
    if missing:
        raise Refused(_("These trustees have not made their keys yet: %(names)s.") % {"names": ", ".join(missing)})
    owners = {one.owner.casefold() for one in known}
    if len(owners) < board.shuffles:
        raise Refused(
            _("At least %(count)d trustees are needed, each of another organisation.") % {"count": board.shuffles}
        )
    try:
        items = items_of(board, known)
    except ballots.Refusal as refusal:
        raise Refused(_("The board cannot be set up: %(reason)s") % {"reason": refusal}) from refusal
    return set_up_board(by=by, at=at, board=board, trustees=items, credentials=credentials.strip())


def items_of(board: Board, known: Sequence[Trustee]) -> list[Any]:
    """The trustees as the archive states them: those who are always needed, then the group."""
    items: list[Any] = [["Single", one.given(KEY)] for one in known if one.kind == Trustee.Kind.SINGLE]
    group = members_of(known)
    if group:
        certs, polynomials = certificates(group), [one.given(POLYNOMIAL) for one in group]
        keys = [{"public_key": one.given(KEY)} for one in group]
        own = ballots.group(board.group)
        items.append(["Pedersen", threshold_trustees(own, certs, polynomials, keys, board.threshold or 0)])
    return items


def certificates(group: Sequence[Trustee]) -> list[Any]:
    """The certificates of all members, in their order."""
    return [one.given(CERTIFICATE) for one in group]


def dealt(group: Sequence[Trustee], trustee: Trustee) -> dict[str, Any]:
    """What all polynomials say to one member, encrypted for them."""
    return deal([one.given(POLYNOMIAL) for one in group], place_of(group, trustee))


def place_of(group: Sequence[Trustee], trustee: Trustee) -> int:
    """The place of a member in the group, from 1."""
    return [one.pk for one in group].index(trustee.pk) + 1


def hash_of(token: str) -> str:
    """How the secret of a personal link is kept."""
    return sha256(token.encode()).hexdigest()


def _read(raw: bytes) -> Any:
    if len(raw) > LARGEST:
        raise Refused(_("This file is too large to be a key. Choose the file that the command above has made."))
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        value = None
    if isinstance(value, str) and value.isdecimal():
        raise Refused(
            _("This is the secret file! It was not stored, but it has left your machine: make a new key, and use that.")
        )
    if not isinstance(value, dict):
        raise Refused(_("This file is not one that the command makes. Choose the file that is named above."))
    return value


def _check(board: Board, trustee: Trustee, known: Sequence[Trustee], code: str, value: Any) -> None:
    own, group = ballots.group(board.group), members_of(known)
    if trustee.kind == Trustee.Kind.SINGLE:
        receiving.check_single(own, value)
        return
    place, needed = place_of(group, trustee), board.threshold or 0
    if code == CERTIFICATE:
        receiving.check_certificate(own, value, place=place, threshold=needed, members=len(group))
    elif code == POLYNOMIAL:
        receiving.check_polynomial(own, certificates(group), value, place=place, threshold=needed)
    else:
        polynomials = [one.given(POLYNOMIAL) for one in group]
        receiving.check_member(own, certificates(group), polynomials, value, place=place, threshold=needed)


def _write(board: Board, verb: str, by: Actor, at: datetime, **data: object) -> None:
    record_of_board(board, verb=verb, by=by, at=at, uuid=board.uuid, **data)
