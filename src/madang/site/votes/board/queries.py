"""Reading the board of an encrypted vote. Nothing here says what was voted before the result is public."""

from typing import NamedTuple

from django.db.models import QuerySet

from madang import ballots
from madang.site.programmes.models import Stage
from madang.site.votes.board.models import Board, Cast


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
