"""From the close to the opened ballots, step by step; each is verified before it is added to the archive.

What a city's tally needs takes minutes: it is worked out before the transaction that stores it. Nothing that was
verified when it was added is verified again; everybody else verifies the whole archive.
"""

from collections.abc import Iterator
from concurrent.futures import Executor
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from madang import ballots
from madang.ballots.opening import picks_of
from madang.ballots.outcomes import Outcome, Part, owned
from madang.ballots.printing import parsed, printed
from madang.ballots.summing import sum_ballots
from madang.ballots.tallying import tally_bytes, tally_statement
from madang.ballots.verifying import Tell, silent
from madang.site.kit.actor import Actor
from madang.site.kit.bulk import insert_rows
from madang.site.kit.verdict import Refused, require
from madang.site.record.journal import action
from madang.site.votes import policy as votes_policy
from madang.site.votes.board import policy
from madang.site.votes.board.appending import DATA, append, locked
from madang.site.votes.board.models import Board, Contribution, Record, Trustee
from madang.site.votes.board.queries import election_of, waiting
from madang.site.votes.board.setting_up import record_of_board
from madang.site.votes.models import Ballot, Election, random_key

STEP = 500


@action
def close_board(*, by: Actor, at: datetime, board: Board) -> Board:
    """Take no more ballots: the event EndBallots. Raises Refused before the time to vote is over."""
    require(policy.may_close(by, board, at))
    board = locked(board)
    require(policy.may_close(by, board, at))
    append(board, "EndBallots")
    record_of_board(
        board, verb="board.closed", by=by, at=at, ballots=board.ballots, voters=board.voters, head=board.head
    )
    return board


def add_tally(*, by: Actor, at: datetime, board: Board, executor: Executor | None = None, tell: Tell = silent) -> Board:
    """Check every ballot once more, and add the encrypted tally of the last ones. Raises Refused.

    Takes minutes for a city: it is no work for a request.
    """
    require(policy.may_tally(by, board, at))
    election = election_of(board)
    found, faults = sum_ballots(election, _numbered(board), total=board.ballots, executor=executor, tell=tell)
    if faults:
        raise Refused(
            _("Ballot %(number)d in the archive breaks the rule %(rule)s; the record must be examined.")
            % {"number": faults[0][0], "rule": faults[0][1]}
        )
    raw = tally_bytes(election, found)
    return _add_tally(by=by, at=at, board=board, raw=raw)


@action
def _add_tally(*, by: Actor, at: datetime, board: Board, raw: bytes) -> Board:
    board = locked(board)
    require(policy.may_tally(by, board, at))
    append(board, "EncryptedTally", [raw, tally_statement(board.voters, board.voters, sha256(raw).hexdigest())])
    record_of_board(board, verb="board.tallied", by=by, at=at, voters=board.voters, head=board.head)
    return board


def _numbered(board: Board) -> Iterator[tuple[int, int, bytes]]:
    """Every ballot with its number, 1 if it is the last of its credential, and its bytes."""
    last: dict[str, int] = {}
    for credential, number in board.cast.order_by("number").values_list("credential", "number").iterator():
        last[credential] = number
    counting = set(last.values())
    for start in range(1, board.ballots + 1, STEP):
        stop = min(start + STEP, board.ballots + 1)
        rows = Record.objects.filter(board=board, kind=DATA, event__gte=start, event__lt=stop).order_by("event")
        for event, body in rows.values_list("event", "body"):
            yield event, int(event in counting), bytes(body)


@action
def hand_in(*, by: Actor, at: datetime, trustee: Trustee, kind: str, body: bytes) -> Contribution:
    """Take in a trustee's shuffle (`Shuffle`) or partial decryption (`PartialDecryption`), to be verified later.

    Raises Refused when it is not this trustee's turn.
    """
    board = locked(trustee.board)
    require(policy.may_hand_in(trustee, board, kind))
    found = Contribution.objects.create(
        board=board,
        trustee=trustee,
        kind=kind,
        body=body,
        hash=sha256(body).hexdigest(),
        size=len(body),
        handed_in_at=at,
    )
    record_of_board(
        board, verb="contribution.handed_in", by=by, at=at, trustee=trustee.number, kind=kind, hash=found.hash
    )
    return found


def take_contribution(
    *, by: Actor, at: datetime, contribution: Contribution, executor: Executor | None = None, tell: Tell = silent
) -> Contribution:
    """Verify what a trustee handed in, and add it to the archive, or refuse it; both are recorded.

    With the last shuffle that is needed the shuffles end. Takes minutes for a city. Raises Refused.
    """
    board = contribution.board
    board.refresh_from_db(fields=["head", "last", "events", "records"])
    require(policy.may_take(by, contribution, at))
    outcome, body = _outcome(board, executor, tell), bytes(contribution.body or b"")
    stated = owned(contribution.trustee.number, body)
    take = outcome.shuffle if contribution.kind == "Shuffle" else outcome.decryption
    try:
        take(body, stated, contribution.hash)
    except ballots.Refusal as refusal:
        return _refuse(by=by, at=at, contribution=contribution, refusal=str(refusal))
    return _take(by=by, at=at, contribution=contribution, head=board.head)


@action
def _take(*, by: Actor, at: datetime, contribution: Contribution, head: str) -> Contribution:
    board = locked(contribution.board)
    if board.head != head:
        raise Refused(_("The archive has gone on meanwhile; what was handed in is verified again."))
    body, number = bytes(contribution.body or b""), contribution.trustee.number
    append(board, contribution.kind, [body, owned(number, body)])
    verb = "shuffle.taken" if contribution.kind == "Shuffle" else "decryption.taken"
    record_of_board(board, verb=verb, by=by, at=at, trustee=number, hash=contribution.hash, head=board.head)
    shuffles = Record.objects.filter(board=board, kind="Shuffle").count()
    if board.last == "Shuffle" and shuffles >= board.shuffles:
        append(board, "EndShuffles")
        record_of_board(board, verb="shuffles.ended", by=by, at=at, shuffles=shuffles, head=board.head)
    contribution.taken_at, contribution.body = at, None
    contribution.save(update_fields=["taken_at", "body"])
    return contribution


@action
def _refuse(*, by: Actor, at: datetime, contribution: Contribution, refusal: str) -> Contribution:
    contribution.refused_at, contribution.refusal, contribution.body = at, refusal[:300], None
    contribution.save(update_fields=["refused_at", "refusal", "body"])
    board, number = contribution.board, contribution.trustee.number
    record_of_board(
        board, verb="contribution.refused", by=by, at=at, trustee=number, hash=contribution.hash, reason=refusal
    )
    return contribution


def open_ballots(
    *, by: Actor, at: datetime, board: Board, executor: Executor | None = None, tell: Tell = silent
) -> Board:
    """Add the result, and put the opened ballots into the box beside the papers; spoilt ones are only counted.

    What they say is under embargo until the stage is closed. Raises Refused while decryptions are missing.
    """
    require(policy.may_open_ballots(by, board, at))
    try:
        found = _outcome(board, executor, tell).results()
    except ballots.Refusal as refusal:
        raise Refused(_("The ballots cannot be opened yet: %(reason)s") % {"reason": refusal}) from refusal
    return _open(by=by, at=at, board=board, found=found)


@action
def _open(*, by: Actor, at: datetime, board: Board, found: list[Any]) -> Board:
    board = locked(board)
    require(policy.may_open_ballots(by, board, at))
    election = Election.objects.select_related("stage").get(stage_id=board.stage_id)
    append(board, "Result", [printed({"result": found}).encode()])
    valid = _valid(election, found[0], len(board.paper))
    code = election.rules.electorates[0].code
    # The place in the published result is the receipt: anybody can compare the box with the archive.
    rows = [(random_key(), election.pk, code, picks, f"R-{place:08d}") for place, picks in valid]
    insert_rows(Ballot, ("id", "election_id", "electorate", "choices", "receipt"), sorted(rows))
    board.spoilt = len(found[0]) - len(rows)
    board.save(update_fields=["spoilt"])
    record_of_board(board, verb="board.opened", by=by, at=at, ballots=len(rows), spoilt=board.spoilt, head=board.head)
    return board


def _valid(election: Election, rows: list[list[int]], options: int) -> Iterator[tuple[int, str]]:
    """The places of valid ballots in the result, with what they say; the others are spoilt."""
    numbers, known = range(1, options + 1), dict[tuple[int, ...], str | None]()
    for place, row in enumerate(rows, 1):
        key = tuple(row)
        if key not in known:
            picks = picks_of(key, numbers)
            fits = picks is not None and votes_policy.is_valid(picks, election).ok
            known[key] = ",".join(map(str, picks or ())) if fits else None
        said = known[key]
        if said is not None:
            yield place, said


def _outcome(board: Board, executor: Executor | None, tell: Tell) -> Outcome:
    """The tally as far as it is, from what was verified when it was added."""
    election = election_of(board)
    trustees = ballots.read_trustees(election.group, _body(board, "Setup", 1))
    return Outcome.resumed(
        election, trustees, _body(board, "EncryptedTally", 0), board.voters, _parts(board), executor, tell
    )


def _body(board: Board, kind: str, place: int) -> bytes:
    """A record of the only event of its kind, counted from 0."""
    event = Record.objects.get(board=board, kind=kind)
    return bytes(Record.objects.filter(board=board, event=event.event).order_by("number")[place].body)


def _parts(board: Board) -> Iterator[Part]:
    """What the trustees did so far; of the shuffles all owners, but only the last one's ciphertexts matter."""
    events = Record.objects.filter(board=board, kind__in=("Shuffle", "PartialDecryption")).order_by("event")
    for event, kind in events.values_list("event", "kind"):
        content, stated = Record.objects.filter(board=board, event=event, kind=DATA).order_by("number")
        yield kind, parsed(bytes(stated.body), "event-payload", "a part")["owner"], bytes(content.body)


def advance(
    *, by: Actor, at: datetime, board: Board, executor: Executor | None = None, tell: Tell = silent
) -> list[str]:
    """Do every step of the tally that can be done now; the names of those that were. Calling it again does no harm."""
    done: list[str] = []
    more: dict[str, Any] = {"executor": executor, "tell": tell}
    if policy.may_close(by, board, at).ok:
        board = close_board(by=by, at=at, board=board)
        done.append("EndBallots")
    if policy.may_tally(by, board, at).ok:
        board = add_tally(by=by, at=at, board=board, **more)
        done.append("EncryptedTally")
    for contribution in waiting(board):
        contribution = take_contribution(by=by, at=at, contribution=contribution, **more)
        done.append(contribution.kind if contribution.taken_at else f"{contribution.kind}: {contribution.refusal}")
    board.refresh_from_db()
    if policy.may_open_ballots(by, board, at).ok:
        open_ballots(by=by, at=at, board=board, **more)
        done.append("Result")
    return done
