"""Reading the board of an encrypted vote. Nothing here says what was voted before the result is public."""

from collections import Counter
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from madang import ballots
from madang.site.kit.actor import Actor
from madang.site.programmes.models import Stage
from madang.site.votes.board import policy
from madang.site.votes.board.models import Board, Cast, Contribution, Record

DONE, NOW, LATER = "done", "now", "later"
PARTS = ("Shuffle", "PartialDecryption")
KINDS = ("Setup", "EndBallots", "EncryptedTally", *PARTS, "Result")


class Step(NamedTuple):
    """A step of an election: the type of its event, the trustee if it is known, and how far it is.

    `handed_in` says that a trustee has done the own part, and it waits to be verified.
    """

    kind: str
    who: str
    state: str
    handed_in: bool


class Found(NamedTuple):
    """A ballot that a tracker names: the number of its event, and that of a later ballot of the same credential."""

    number: int
    replaced_by: int | None


def board_of(stage: Stage) -> Board | None:
    """The board of a vote stage that was not withdrawn, with its stage and department."""
    return board_of_stage(stage.pk)


def board_of_stage(stage: int) -> Board | None:
    """The same by the number of the stage."""
    boards = Board.objects.select_related("stage__process__department")
    return boards.filter(stage_id=stage, withdrawn_at=None).first()


def election_of(board: Board) -> ballots.Election:
    """The election of a board that is set up, as the engine knows it."""
    return ballots.read_election(bytes(board.election))


def waiting(board: Board) -> list[Contribution]:
    """What trustees handed in and nobody has verified yet, in its order."""
    rows = Contribution.objects.filter(board=board, taken_at=None, refused_at=None).order_by("pk")
    return list(rows.select_related("trustee", "board__stage__process__department").defer("body"))


def refused(board: Board) -> QuerySet[Contribution]:
    """What trustees handed in and did not verify, the latest first."""
    rows = board.contributions.exclude(refused_at=None).select_related("trustee").defer("body")
    return rows.order_by("-refused_at", "-pk")


def can_go_on(board: Board, by: Actor, at: datetime) -> bool:
    """Whether a step of the tally can be done that waits for no trustee."""
    ready = policy.may_tally(by, board, at).ok or policy.may_open_ballots(by, board, at).ok
    return ready or board.contributions.filter(taken_at=None, refused_at=None).exists()


def under_way(at: datetime) -> list[Board]:
    """Boards of open votes, for the night."""
    rows = Board.objects.filter(withdrawn_at=None, events__gt=0, stage__opened_at__lte=at, stage__closed_at=None)
    return list(rows.exclude(last="Result").select_related("stage__process__department").order_by("pk"))


def public_records(board: Board, *, public: bool) -> int:
    """How many records of the archive everybody may read: no decryption before the result is public.

    Whoever has all decryptions can work out the result.
    """
    if public:
        return board.records
    first = Record.objects.filter(board=board, kind="PartialDecryption").order_by("number").only("event").first()
    if first is None:
        return board.records
    return Record.objects.filter(board=board, event=first.event).order_by("number").values_list("number", flat=True)[0]


def steps(board: Board) -> list[Step]:
    """Every step of the election in its order: what is done, what comes next and from whom, what comes later."""
    done = Counter(Record.objects.filter(board=board, kind__in=KINDS).values_list("kind", flat=True))
    trustees = list(board.trustees.all())
    parts = list(board.contributions.filter(refused_at=None).select_related("trustee").defer("body"))
    found: list[tuple[str, str, Contribution | None]] = []
    found += [(kind, "", None) for kind in ("Setup", "Ballot", "EndBallots", "EncryptedTally")]
    found += [("Shuffle", *_whose(parts, "Shuffle", place)) for place in range(board.shuffles)]
    # Of a threshold not all decrypt; who does is seen when they have.
    given = [part for part in parts if part.kind == "PartialDecryption"]
    if done["Result"]:
        found += [("PartialDecryption", part.trustee.name, part) for part in given]
    else:
        by_trustee = {part.trustee_id: part for part in given}
        found += [("PartialDecryption", one.name, by_trustee.get(one.pk)) for one in trustees]
    found.append(("Result", "", None))
    rows: list[Step] = []
    for kind, who, part in found:
        over = part.taken_at is not None if part else bool(done[kind]) and kind not in PARTS
        over = bool(done["EndBallots"]) if kind == "Ballot" else over
        first = not over and all(row.state == DONE or row.kind == kind == "PartialDecryption" for row in rows)
        rows.append(Step(kind, who, DONE if over else NOW if first else LATER, part is not None and not over))
    return rows


def _whose(parts: list[Contribution], kind: str, place: int) -> tuple[str, Contribution | None]:
    given = [part for part in parts if part.kind == kind]
    return (given[place].trustee.name, given[place]) if place < len(given) else ("", None)


def cast_ballots(board: Board) -> QuerySet[Cast]:
    """Everything that was cast, in its order."""
    return Cast.objects.filter(board=board).order_by("number")


def find(board: Board, tracker: str) -> Found | None:
    """The ballot of a tracker; blanks do not matter."""
    wanted = "".join(tracker.split()).rstrip("=")
    cast = Cast.objects.filter(board=board, tracker=wanted).first()
    if cast is None:
        return None
    later = Cast.objects.filter(board=board, credential=cast.credential, number__gt=cast.number).order_by("-number")
    return Found(cast.number, later.values_list("number", flat=True).first())
