"""The archive of an election, `UUID.bel`: records one after another, of which the events form a chain.

Every record is a header of 512 bytes in the old form of tar, then its content, filled up with zeros to 512.
"""

import os
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from madang.ballots.printing import count, fields, is_decimal, parsed, printed, text
from madang.ballots.refusals import Refusal

BLOCK = 512
LARGEST = 1 << 33
PAYLOADS = {
    "Setup": 4,
    "Ballot": 1,
    "EndBallots": 0,
    "EncryptedTally": 2,
    "Shuffle": 2,
    "EndShuffles": 0,
    "PartialDecryption": 2,
    "Result": 1,
}
"""How many records come before an event of each type; the last of them is the one that the event names."""

FORMAT = "archive-format"
CHAIN = "event-chain"


class Unfinished(Refusal):
    """The archive is right as far as it goes, and ends in the middle of something."""

    def __init__(self, rule: str = FORMAT, sentence: str = "the archive ends in the middle; it was cut off.") -> None:
        super().__init__(rule, sentence)


class Record(NamedTuple):
    """Where the content of a record is in the file."""

    hash: str
    start: int
    size: int


class Event(NamedTuple):
    """An event, and the records that belong to it."""

    number: int
    type: str
    hash: str
    records: tuple[Record, ...]


def header(name: str, size: int, timestamp: int) -> bytes:
    """The 512 bytes before the content of a record."""
    block = bytearray(BLOCK)
    fixed = {0: name.encode(), 100: b"0000644", 108: b"0000000", 116: b"0000000"}
    fixed |= {124: b"%011o" % size, 136: b"%011o" % timestamp, 148: b" " * 8, 156: b"0"}
    for place, content in fixed.items():
        block[place : place + len(content)] = content
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def first_record(timestamp: int) -> bytes:
    """The content of the first record."""
    return printed({"version": 1, "timestamp": str(timestamp)}).encode()


def event_bytes(type: str, number: int, parent: str | None, payload: str | None) -> bytes:
    """The content of an event's record."""
    value: dict[str, Any] = {"parent": parent} if parent else {}
    value |= {"height": number, "type": type}
    return printed(value | ({"payload": payload} if payload else {})).encode()


class Reader:
    """Reads the events of an archive one after another, and checks all that is not cryptography."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.place = 0
        self.timestamp = 0
        self.last: str | None = None
        self.number = 0

    def events(self) -> Iterator[Event]:
        """Every event that was not read before, with its records; a refusal where the archive is not one."""
        if not self.place:
            self._first()
        waiting: list[Record] = []
        while (found := self._record()) is not None:
            name, record, digest = found
            if name == f"{record.hash}.data.json":
                self._fits(digest, record)
                waiting.append(record)
            elif name == f"{record.hash}.event.json":
                self._fits(digest, record)
                yield self._event(record, waiting)
                waiting = []
            else:
                raise Refusal(FORMAT, f"the record at byte {record.start - BLOCK:,} has the name {name[:80]!r}.")
        if waiting:
            raise Unfinished(FORMAT, "the archive ends with records that no event names.")

    def _fits(self, digest: str, record: Record) -> None:
        if digest != record.hash:
            raise Refusal(
                "record-hash", f"the record at byte {record.start - BLOCK:,} does not have the hash it names."
            )

    def content(self, record: Record) -> bytes:
        """The content of a record; reading goes on where it was."""
        self.stream.seek(record.start)
        found = self.stream.read(record.size)
        self.stream.seek(self.place)
        return found

    def _first(self) -> None:
        block = self.stream.read(BLOCK)
        size = _octal(block[124:135])
        if block[:9] != b"BELENIOS\0" or size is None or size > 1000:
            raise Refusal(FORMAT, "the file does not begin with the record BELENIOS, so it is no archive.")
        body = self.stream.read(size)
        value = parsed(body, FORMAT, "the first record")
        version, timestamp = fields(value, ("version", "timestamp"), FORMAT, "the first record")
        if version != 1 or type(timestamp) is not str or not is_decimal(timestamp) or len(timestamp) > 10:
            raise Refusal(FORMAT, "the first record must state version 1 and a timestamp as a text.")
        self.timestamp = int(timestamp)
        if body != first_record(self.timestamp) or block != header("BELENIOS", size, self.timestamp):
            raise Refusal(FORMAT, "the first record is not printed as the protocol prints it.")
        self._filling(size)
        self.place = BLOCK + _padded(size)

    def _record(self) -> tuple[str, Record, str] | None:
        block = self.stream.read(BLOCK)
        if not block:
            return None
        if len(block) < BLOCK:
            raise Unfinished
        size = _octal(block[124:135])
        name = block[:100].rstrip(b"\0").decode("ascii", "replace")
        if size is None or size > LARGEST or block != header(name, size, self.timestamp):
            raise Refusal(FORMAT, f"what stands at byte {self.place:,} is not the header of a record.")
        start, digest, left = self.place + BLOCK, sha256(), size
        while left:
            piece = self.stream.read(min(left, 1 << 20))
            if not piece:
                raise Unfinished
            digest.update(piece)
            left -= len(piece)
        self._filling(size)
        self.place = start + _padded(size)
        return name, Record(name[:64], start, size), digest.hexdigest()

    def _filling(self, size: int) -> None:
        left = _padded(size) - size
        filling = self.stream.read(left)
        if len(filling) < left:
            raise Unfinished
        if filling != bytes(left):
            raise Refusal(FORMAT, f"the record before byte {self.stream.tell():,} is not filled up with zeros.")

    def _event(self, record: Record, waiting: list[Record]) -> Event:
        what = f"event {self.number}"
        names = ("parent", "height", "type", "payload")
        raw = self.content(record)
        value = parsed(raw, CHAIN, what)
        parent, number, type, payload = fields(value, names, CHAIN, what, optional=("parent", "payload"))
        if parent != self.last or count(number, CHAIN, what) != self.number:
            raise Refusal(CHAIN, f"{what} is not chained to the event before it.")
        if text(type, CHAIN, what) not in PAYLOADS:
            raise Refusal("event-order", f"{what} is of the unknown type {type[:40]!r}.")
        if raw != event_bytes(type, self.number, parent, payload):
            raise Refusal(CHAIN, f"{what} is not printed as the protocol prints it.")
        if len(waiting) != PAYLOADS[type] or payload != (waiting[-1].hash if waiting else None):
            raise Refusal("event-payload", f"{what} ({type}) does not name the records before it.")
        self.last, self.number = record.hash, self.number + 1
        return Event(self.number - 1, type, record.hash, tuple(waiting))


def _octal(digits: bytes) -> int | None:
    try:
        return int(digits, 8) if digits.isdigit() else None
    except ValueError:
        return None


def _padded(size: int) -> int:
    return -(-size // BLOCK) * BLOCK


class Writer:
    """Adds events to an archive; what was added is on the disk when `add` returns."""

    def __init__(self, path: Path, reader: Reader, *, sync: bool = True) -> None:
        """Continue the archive at `path`, which `reader` has read to its end (see `mend`)."""
        self.path, self.sync = path, sync
        self.timestamp, self.last, self.number = reader.timestamp, reader.last, reader.number

    @classmethod
    def create(cls, path: Path, timestamp: int, *, sync: bool = True) -> "Writer":
        """Begin an archive; there must be no file yet."""
        body = first_record(timestamp)
        with path.open("xb") as stream:
            stream.write(header("BELENIOS", len(body), timestamp) + body.ljust(_padded(len(body)), b"\0"))
            stream.flush()
            os.fsync(stream.fileno())
        with path.open("rb") as stream:
            reader = Reader(stream)
            list(reader.events())
        return cls(path, reader, sync=sync)

    def add(self, type: str, payloads: Sequence[bytes] = ()) -> Event:
        """Add the records and then the event that names the last of them."""
        records, pieces, place = [], [], self.path.stat().st_size
        names = [sha256(payload).hexdigest() for payload in payloads]
        event = event_bytes(type, self.number, self.last, names[-1] if names else None)
        name = sha256(event).hexdigest()
        labels = [f"{one}.data.json" for one in names] + [f"{name}.event.json"]
        for label, content in zip(labels, [*payloads, event], strict=True):
            pieces += [header(label, len(content), self.timestamp), content.ljust(_padded(len(content)), b"\0")]
            records.append(Record(label[:64], place + BLOCK, len(content)))
            place += BLOCK + _padded(len(content))
        with self.path.open("ab") as stream:
            stream.write(b"".join(pieces))
            stream.flush()
            if self.sync:
                os.fsync(stream.fileno())
        self.last, self.number = name, self.number + 1
        return Event(self.number - 1, type, name, tuple(records[:-1]))


def require_extension(path: Path, earlier: Path) -> None:
    """Refuse an archive that does not begin with the copy of it that was made earlier."""
    with path.open("rb") as stream, earlier.open("rb") as copy:
        while piece := copy.read(1 << 20):
            if stream.read(len(piece)) != piece:
                raise Refusal("earlier-copy", f"the archive is not a continuation of {earlier.name}.")


def mend(path: Path) -> int:
    """Cut off what a crash left after the last complete event; how many bytes that were.

    Only an unfinished end is cut off: an archive that is wrong before its end is refused as it is.
    """
    size, whole = path.stat().st_size, 0
    with path.open("rb") as stream:
        reader = Reader(stream)
        try:
            for _ in reader.events():
                whole = reader.place
        except Unfinished:
            if not whole:
                raise
    if whole < size:
        with path.open("r+b") as stream:
            stream.truncate(whole)
            os.fsync(stream.fileno())
    return size - whole
