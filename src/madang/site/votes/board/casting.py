"""Casting an encrypted ballot: cheap rules, proofs, then one short transaction that is durable when it is answered.

The first ballot of a credential puts its voter on the roll, in the same transaction; a later one replaces it and stores
nothing about the voter. Which credential somebody used is nowhere.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from madang import ballots
from madang.site.kit.verdict import Refused, Verdict
from madang.site.votes import policy
from madang.site.votes.board.appending import append, locked
from madang.site.votes.board.models import Board, Cast, Credential
from madang.site.votes.board.queries import election_of
from madang.site.votes.board.setting_up import digest_of
from madang.site.votes.models import Election, RollEntry, random_key
from madang.site.votes.voters import Voter

CHANNEL = "online"
CLOSED, ELIGIBLE, ROLL = "closed", "eligible", "roll"
_FORM = gettext_lazy("The ballot does not have the form of a ballot of this vote. Load the booth again and cast anew.")
_PROOF = gettext_lazy("A proof in the ballot does not hold. Load the booth again and encrypt your choice anew.")
SENTENCES = {
    "ballot-size": gettext_lazy("The ballot is too large to be one of this vote. Load the booth again and cast anew."),
    "ballot-election": gettext_lazy("The ballot is for another vote. Open the booth of this vote and cast anew."),
    "ballot-credential": gettext_lazy(
        "The voting key is not one of this vote. Get your key again from the office that hands them out."
    ),
    "ballot-replayed": gettext_lazy("Exactly this ballot has been cast before; it is on the board."),
    "canonical": _FORM,
    "ballot-shape": _FORM,
    "number-range": _FORM,
    "membership": _PROOF,
    "signature": _PROOF,
    "encryption-proof": _PROOF,
}
"""What a voter is told about each rule that a ballot can break."""


class BallotRefused(Refused):
    """A ballot was not taken; `rule` names why. Nothing is stored."""

    def __init__(self, rule: str, sentence: object) -> None:
        super().__init__(str(sentence))
        self.rule = rule


class Busy(Exception):
    """The board cannot take a ballot just now; nothing is stored, and the same ballot may be sent again."""


@dataclass(frozen=True)
class Accepted:
    """What is told of a ballot that is on the board: its tracker, the number and hash of its event."""

    tracker: str
    height: int
    event: str
    at: datetime
    replaces: bool


def cast_encrypted(*, by_voter: Voter, at: datetime, election: Election, board: Board, raw: bytes) -> Accepted:
    """Take an encrypted ballot; once this returns, it is in the archive for good.

    Raises BallotRefused for a vote that is closed, somebody who may not vote or has voted with another credential or on
    paper, and a ballot that breaks a rule; Busy if the database does not answer in time or has no room.
    """
    _require(CLOSED, policy.may_cast_now(election, at))
    if not board.takes_ballots:
        raise BallotRefused(CLOSED, _("The vote is closed; no ballot is taken any more."))
    _require(ELIGIBLE, policy.may_vote(by_voter, election, at))
    try:
        with _answering():
            found = ballots.check_ballot(election_of(board), raw, credentials=_Listed(board), cast=_Cast(board))
            return _stored(by_voter, at, election, board, found, raw)
    except ballots.Refusal as refusal:
        raise BallotRefused(refusal.rule, SENTENCES[refusal.rule]) from refusal


def _require(rule: str, verdict: Verdict) -> None:
    if not verdict.ok:
        raise BallotRefused(rule, verdict.reason)


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise Busy(str(error)) from error


class _Listed:
    """The public credentials of a board, of which only the one that is asked for is looked up."""

    def __init__(self, board: Board) -> None:
        self.board = board

    def __contains__(self, public: object) -> bool:
        return Credential.objects.filter(board=self.board, digest=digest_of(str(public))).exists()


class _Cast:
    """The trackers on a board, likewise."""

    def __init__(self, board: Board) -> None:
        self.board = board

    def __contains__(self, tracker: object) -> bool:
        return Cast.objects.filter(board=self.board, tracker=str(tracker)).exists()


def _stored(
    voter: Voter, at: datetime, election: Election, board: Board, ballot: ballots.Ballot, raw: bytes
) -> Accepted:
    credential = digest_of(ballot.credential)
    try:
        with transaction.atomic():
            _wait_shortly()
            board = locked(board)
            if not board.takes_ballots:
                raise BallotRefused(CLOSED, _("The vote is closed; no ballot is taken any more."))
            if ballot.tracker in _Cast(board):
                raise BallotRefused("ballot-replayed", SENTENCES["ballot-replayed"])
            replaces = Cast.objects.filter(board=board, credential=credential).exists()
            _enter(voter, election, replaces=replaces)
            board.ballots += 1
            board.voters += not replaces
            number = append(board, "Ballot", [raw])
            Cast.objects.create(board=board, credential=credential, tracker=ballot.tracker, number=number)
    except IntegrityError:
        # Papers go onto the same roll without the lock of the board.
        raise BallotRefused(ROLL, _("You have already voted; every person has one vote.")) from None
    return Accepted(ballot.tracker, number, board.head, at, replaces)


def _wait_shortly() -> None:
    """Do not let voters wait without end behind one another. SQLite's patience is that of its connection."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '10s'")


def _enter(voter: Voter, election: Election, *, replaces: bool) -> None:
    """Put the voter of a first ballot on the roll, on which the voter of a later one must be. Raises BallotRefused."""
    entry = RollEntry.objects.filter(election=election, voter_key=voter.key).values_list("channel", flat=True).first()
    if replaces and entry != CHANNEL:
        raise BallotRefused(
            ROLL, _("Somebody has voted with this voting key who is not you. Please tell the office at once.")
        )
    if replaces:
        return
    if entry is not None:
        raise BallotRefused(
            ROLL, _("You have already voted on paper or with another voting key; every person has one vote.")
        )
    RollEntry(
        id=random_key(),
        election_id=election.pk,
        electorate=voter.electorate,
        voter_key=voter.key,
        channel=CHANNEL,
    ).save(force_insert=True)
