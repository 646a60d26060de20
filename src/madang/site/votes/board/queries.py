"""Reading the board of an encrypted vote. Nothing here says what was voted before the result is public."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from madang import ballots
from madang.site.programmes.models import Stage
from madang.site.votes.board.models import Board, Cast, Contribution, Record


class Found(NamedTuple):
    """A ballot that a tracker names: the number of its event, and that of a later ballot of the same credential."""

    number: int
    replaced_by: int | None


def board_of(stage: Stage) -> Board | None:
    """The board of a vote stage that was not withdrawn, with its stage and department."""
    boards = Board.objects.select_related("stage__process__department")
    return boards.filter(stage=stage, withdrawn_at=None).first()


def election_of(board: Board) -> ballots.Election:
    """The election of a board that is set up, as the engine knows it."""
    return ballots.read_election(bytes(board.election))


def waiting(board: Board) -> list[Contribution]:
    """What trustees handed in and nobody has verified yet, in its order."""
    rows = Contribution.objects.filter(board=board, taken_at=None, refused_at=None).order_by("pk")
    return list(rows.select_related("trustee", "board__stage__process__department"))


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
    first = Record.objects.filter(board=board, kind="PartialDecryption").order_by("number").first()
    if first is None:
        return board.records
    return Record.objects.filter(board=board, event__lt=first.event).count()


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
