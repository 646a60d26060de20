"""Preparing the board of an encrypted vote, and fixing it before the vote opens: paper, trustees, credentials."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from madang import ballots
from madang.ballots.credentials import check_credentials, read_credentials
from madang.ballots.elections import election_text
from madang.ballots.printing import printed
from madang.site.docket.models import Matter
from madang.site.kit.actor import Actor
from madang.site.kit.bulk import insert_rows
from madang.site.kit.verdict import Refused, require
from madang.site.programmes.models import Stage
from madang.site.record.journal import action, write
from madang.site.votes.board import policy
from madang.site.votes.board.appending import append, locked
from madang.site.votes.board.models import Board, Credential

MOST_OPTIONS = 255
"""A slot of a shuffled ballot holds one number from 0, which is nothing, to 255."""


@action
def begin_board(*, by: Actor, at: datetime, stage: Stage) -> Board:
    """Begin to prepare the board of a vote: its UUID, for which registrar and trustees make their keys.

    Raises Refused for a vote that is not encrypted, has opened or has a board.
    """
    require(policy.may_begin(by, stage, at))
    rules = policy.encryption_of(stage)
    assert rules is not None  # noqa: S101 - may_begin says so
    board = Board.objects.create(
        stage=stage, uuid=ballots.new_token(), group=rules.group, shuffles=rules.shuffles, begun_at=at
    )
    record_of_board(board, verb="board.begun", by=by, at=at, uuid=board.uuid, group=board.group)
    return board


@action
def withdraw_board(*, by: Actor, at: datetime, board: Board, reason: str) -> Board:
    """Withdraw a board before the vote opens; another can be begun. Raises Refused."""
    require(policy.may_withdraw(by, board, at))
    if not reason.strip():
        raise Refused(_("Please say why the board is withdrawn."))
    board.withdrawn_at = at
    board.save(update_fields=["withdrawn_at"])
    record_of_board(board, verb="board.withdrawn", by=by, at=at, uuid=board.uuid, reason=reason.strip())
    return board


def set_up_board(*, by: Actor, at: datetime, board: Board, trustees: Sequence[Any], credentials: bytes) -> Board:
    """Fix the board: the ballot paper as it is now, the trustees' public items, the list of public credentials.

    `credentials` are the bytes of the registrar's list. All proofs and keys are checked; the archive begins with the
    event Setup. Raises Refused, and then nothing is changed.
    """
    require(policy.may_prepare(by, board, at))
    paper = paper_of(board.stage)
    try:
        contents = _contents(board, paper, trustees, credentials)
    except ballots.Refusal as refusal:
        raise Refused(_("The board cannot be set up: %(reason)s") % {"reason": refusal}) from refusal
    # A city's list takes seconds to check, so that is done before anybody has to wait for the transaction.
    return _fix_board(by=by, at=at, board=board, paper=paper, contents=contents)


@action
def _fix_board(*, by: Actor, at: datetime, board: Board, paper: Sequence[Matter], contents: Sequence[bytes]) -> Board:
    board = locked(board)
    require(policy.may_prepare(by, board, at))
    hashes = [sha256(content).hexdigest() for content in contents]
    data = printed(dict(zip(("election", "trustees", "credentials"), hashes, strict=True))).encode()
    publics = [one.public for one in read_credentials(contents[2])]
    board.paper, board.election, board.timestamp = [matter.number for matter in paper], contents[0], int(at.timestamp())
    board.credentials, board.credentials_sha256 = len(publics), hashes[2]
    board.save(update_fields=["paper", "election", "timestamp", "credentials", "credentials_sha256"])
    insert_rows(Credential, ("board_id", "digest"), [(board.pk, digest_of(public)) for public in publics])
    append(board, "Setup", [*contents, data])
    record_of_board(
        board,
        verb="board.set_up",
        by=by,
        at=at,
        uuid=board.uuid,
        fingerprint=ballots.read_election(contents[0]).fingerprint,
        credentials=len(publics),
        credentials_sha256=hashes[2],
        head=board.head,
    )
    return board


def paper_of(stage: Stage) -> list[Matter]:
    """The matters that stand on the ballot paper of a vote, in the order of their numbers there."""
    return list(Matter.objects.filter(stage=stage).order_by("number"))


def digest_of(public: str) -> str:
    """By what a public credential is looked up."""
    return sha256(public.encode()).hexdigest()


def _contents(board: Board, paper: Sequence[Matter], trustees: Sequence[Any], credentials: bytes) -> list[bytes]:
    """Election, trustees and credentials as they stand in the archive. Raises Refused and Refusal."""
    own = ballots.group(board.group)
    listed = printed(list(trustees)).encode()
    found = ballots.read_trustees(own, listed)
    if len(found.keys) < board.shuffles:
        raise Refused(
            _("At least %(count)d trustees are needed, each of another organisation.") % {"count": board.shuffles}
        )
    voters = read_credentials(credentials)
    if not voters or any(one.weight != 1 for one in voters):
        raise Refused(_("The list must have public credentials, each with the weight 1."))
    if [one.public for one in voters] != sorted(one.public for one in voters):
        raise Refused(_("The list of public credentials must be sorted, so that its order says nothing."))
    check_credentials(own, [one.public for one in voters])
    return [_election(board, paper, own, found.public), listed, credentials]


def _election(board: Board, paper: Sequence[Matter], own: Any, public: Any) -> bytes:
    """The election: one question with a slot for each pick; what each number stands for is in the description."""
    if not 0 < len(paper) <= MOST_OPTIONS:
        raise Refused(
            _("An encrypted ballot paper has 1 to %(most)d options; there are %(count)d.")
            % {"most": MOST_OPTIONS, "count": len(paper)}
        )
    stage = board.stage
    most = stage.rules.choose.max  # type: ignore[attr-defined]
    slots = tuple(f"선택 {place}" for place in range(1, most + 1))
    question = ballots.Question("안건 번호 오름차순, 빈칸은 0", slots, shuffled=True)
    lines = [f"{order} = {matter.number} {' '.join(matter.title.split())}" for order, matter in enumerate(paper, 1)]
    raw = election_text(
        uuid=board.uuid, name=f"{stage.process.title_ko}, {stage.title_ko}", description="\n".join(lines), group=own,
        public_key=public, questions=[question],
    )  # fmt: skip
    return ballots.read_election(raw).raw


def record_of_board(board: Board, *, verb: str, by: Actor, at: datetime, **data: object) -> None:
    """Record what happened to a board, in the book of its process."""
    stage = board.stage
    write(book=stage.process.book, verb=verb, subject=f"stage:{stage.pk}", by=by, at=at, **data)
