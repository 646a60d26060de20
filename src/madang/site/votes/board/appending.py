"""Adding events to the archive in the database, and reading it as the file that everybody verifies.

The database is the truth of the archive: an event and its records are stored in the transaction that did what it says.
The bytes of the file follow from the rows alone, so that every download begins with the bytes of every earlier one.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256

from django.db import transaction

from madang.ballots.archives import BLOCK, event_bytes, first_record, header
from madang.site.kit.bulk import insert_rows
from madang.site.votes.board.models import Board, Record

COLUMNS = ("board_id", "number", "event", "kind", "hash", "body")
DATA = "data"
PIECE = 1 << 20


def locked(board: Board) -> Board:
    """The row of the board as it is now; nobody else adds to the archive before the transaction ends.

    On SQLite the transaction itself has that lock from its first statement.
    """
    found = Board.objects.select_for_update().get(pk=board.pk)
    found.stage = board.stage
    return found


def append(board: Board, kind: str, payloads: Sequence[bytes] = ()) -> int:
    """Add an event with the records before it to a board that is `locked`; the number of the event.

    The caller saves nothing: the row of the board is brought up to date here.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An archive is only added to within a transaction.")
    names = [sha256(payload).hexdigest() for payload in payloads]
    event = event_bytes(kind, board.events, board.head or None, names[-1] if names else None)
    labels = [*((DATA, name) for name in names), (kind, sha256(event).hexdigest())]
    rows = [
        (board.pk, number, board.events, label, name, content)
        for number, ((label, name), content) in enumerate(zip(labels, [*payloads, event], strict=True), board.records)
    ]
    insert_rows(Record, COLUMNS, rows)
    if not board.size:
        board.size = BLOCK + _padded(len(first_record(board.timestamp)))
    board.size += sum(BLOCK + _padded(len(content)) for content in [*payloads, event])
    board.records += len(rows)
    board.events += 1
    board.head, board.last = labels[-1][1], kind
    board.save(update_fields=["size", "records", "events", "head", "last", "ballots", "voters"])
    return board.events - 1


def archive(board: Board, *, records: int | None = None) -> Iterator[bytes]:
    """The archive as a file, in pieces; with `records` only its first so many.

    It is read in short steps, so that a slow download holds no transaction open.
    """
    end = board.records if records is None else records
    body = first_record(board.timestamp)
    waiting = [header("BELENIOS", len(body), board.timestamp), body, bytes(_padded(len(body)) - len(body))]
    size, place = 0, 0
    while place < end:
        rows = _next(board, place, end)
        for kind, name, content in rows:
            ending = "data" if kind == DATA else "event"
            waiting.append(header(f"{name}.{ending}.json", len(content), board.timestamp))
            waiting += [content, bytes(_padded(len(content)) - len(content))]
            size += len(content)
        place += len(rows)
        if size >= PIECE:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)


def _next(board: Board, place: int, end: int) -> list[tuple[str, str, bytes]]:
    rows = Record.objects.filter(board=board, number__gte=place, number__lt=min(place + _step(board, place), end))
    found = rows.order_by("number").values_list("kind", "hash", "body")
    return [(kind, name, bytes(body)) for kind, name, body in found]


def _step(board: Board, place: int) -> int:
    """Many ballots at a time, but of the large records of set-up and tally only one."""
    inside = 5 <= place < 5 + 2 * board.ballots
    return min(512, 5 + 2 * board.ballots - place) if inside else 1


def _padded(size: int) -> int:
    return -(-size // BLOCK) * BLOCK
