"""Verifying a whole archive, reading it once from its beginning to its end.

What grows with the number of voters is a few numbers and hashes for each; ballots are never held together. Shuffled
answers are held, as a shuffle needs all of them at once.
"""

import re
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from madang.ballots.archives import Event, Reader, Record
from madang.ballots.checking import largest
from madang.ballots.credentials import check_credentials, read_credentials
from madang.ballots.elections import Election, read_election
from madang.ballots.groups import group
from madang.ballots.outcomes import Outcome
from madang.ballots.printing import canonical, fields, listed, parsed
from madang.ballots.refusals import Refusal
from madang.ballots.spreading import pieces, spread
from madang.ballots.summing import Numbered, sum_ballots
from madang.ballots.tallying import Tally, tally_bytes, tally_statement
from madang.ballots.trustees import Trustees, read_trustees
from madang.chain import Verification

Tell = Callable[[str], None]
MOST_FAULTS = 20
AFTER = {
    "": {"Setup"},
    "Setup": {"Ballot", "EndBallots"},
    "Ballot": {"Ballot", "EndBallots"},
    "EndBallots": {"EncryptedTally"},
    "EncryptedTally": {"Shuffle", "PartialDecryption"},
    "Shuffle": {"Shuffle", "EndShuffles"},
    "EndShuffles": {"PartialDecryption"},
    "PartialDecryption": {"PartialDecryption", "Result"},
    "Result": set[str](),
}
"""Which events may follow one of each type."""

signer = re.compile(rb'\{"election_uuid":"[^"]*","election_hash":"[^"]*","credential":"([^"]*)"').match


def silent(_sentence: str) -> None:
    """Tell nobody."""


def verify(
    path: Path, *, executor: Executor | None = None, shuffles: int = 2, unfinished: bool = False, tell: Tell = silent
) -> Verification:  # fmt: skip
    """Check everything that an archive can show. Every fault begins with the name of the rule that failed.

    `shuffles` is by how many different trustees shuffled questions must have been shuffled; `unfinished` allows an
    archive to end before the result, as trustees must check it before they decrypt. Never raises for what is in the
    file, only OSError.
    """
    with path.open("rb") as stream:
        verifier = Verifier(stream, executor=executor, shuffles=shuffles, tell=tell)
        try:
            verifier.run(unfinished=unfinished)
        except Refusal as refusal:
            verifier.faults.append(str(refusal))
    told = verifier.faults[:MOST_FAULTS]
    if len(verifier.faults) > MOST_FAULTS:
        told.append(f"There are {len(verifier.faults) - MOST_FAULTS:,} more faults.")
    counts = {"events": verifier.reader.number, "ballots": len(verifier.ballots), "voters": len(verifier.last)}
    return Verification(ok=not told, faults=tuple(told), counts=counts)


def first_election(stream: BinaryIO) -> Election:
    """The election of an archive, of which nothing else is read."""
    reader = Reader(stream)
    setup = next(reader.events(), None)
    if setup is None or setup.type != "Setup":
        raise Refusal("event-order", "the archive does not begin with an election.")
    return read_election(reader.content(setup.records[0]))


def stated_result(path: Path) -> tuple[Election, list[Any]]:
    """The election and the result that an archive states; only `verify` says whether it is true."""
    with path.open("rb") as stream:
        election = first_election(stream)
        stream.seek(0)
        reader = Reader(stream)
        last = deque(reader.events(), maxlen=1).pop()
        if last.type != "Result":
            raise Refusal("event-order", "the archive has no result yet.")
        value = parsed(reader.content(last.records[0]), "result", "the result")
    (result,) = fields(value, ("result",), "result", "the result")
    return election, listed(result, len(election.questions), "result", "the result")


class Verifier:
    """Goes through an archive; afterwards holds what was found there."""

    election: Election
    trustees: Trustees
    outcome: Outcome
    tally: Tally

    def __init__(self, stream: BinaryIO, *, executor: Executor | None, shuffles: int, tell: Tell) -> None:
        self.stream, self.reader = stream, Reader(stream)
        self.executor, self.shuffles, self.tell = executor, shuffles, tell
        self.faults: list[str] = []
        self.type, self.counted = "", -1
        self.weights: dict[bytes, int] = {}
        self.ballots: list[Record] = []
        self.refused: set[int] = set()
        self.seen: set[bytes] = set()
        self.last: dict[bytes, int] = {}

    def run(self, *, unfinished: bool) -> None:
        """Check everything that was not checked before; a refusal at the first event that is wrong."""
        self.read()
        if self.type in ("Setup", "Ballot"):
            self._count()
        if not unfinished and self.type != "Result":
            raise Refusal("event-order", "the archive ends before the result.")

    def read(self) -> None:
        """Check all new events, but the proofs of ballots only once no more may come."""
        for event in self.reader.events():
            if event.type not in AFTER[self.type]:
                after = f"after {self.type}" if self.type else "at the beginning"
                raise Refusal("event-order", f"event {event.number} ({event.type}) may not come {after}.")
            self.type = event.type
            getattr(self, f"_{event.type}")(event)

    def _content(self, record: Record) -> bytes:
        return self.reader.content(record)

    def _Setup(self, event: Event) -> None:
        election, trustees, credentials, data = event.records
        names = ("election", "trustees", "credentials")
        stated = fields(
            canonical(self._content(data), "event-payload", "the setup"), names, "event-payload", "the setup"
        )
        if stated != [election.hash, trustees.hash, credentials.hash]:
            raise Refusal("event-payload", "the setup does not name election, trustees and credentials before it.")
        self.election = read_election(self._content(election))
        own = self.election.group
        self.trustees = read_trustees(own, self._content(trustees))
        if self.trustees.public != self.election.key.public:
            raise Refusal("election-key", "the key of the election is not made of the keys of its trustees.")
        voters = read_credentials(self._content(credentials))
        publics = [one.public for one in voters]
        jobs = ((own.name, publics[start:stop]) for start, stop in pieces(len(publics)))
        for _ in spread(_check_credentials, jobs, self.executor):
            self.tell(f"checking {len(publics):,} credentials")
        if self.election.shuffled and any(one.weight != 1 for one in voters):
            raise Refusal("public-credentials", "credentials with a weight cannot answer shuffled questions.")
        self.weights = {_digest(one.public.encode()): one.weight for one in voters}

    def _Ballot(self, event: Event) -> None:
        (record,) = event.records
        self.ballots.append(record)
        number = len(self.ballots)
        digest = bytes.fromhex(record.hash)
        if digest in self.seen:
            self._fault(number, "ballot-replayed", "exactly this ballot stands in the archive before.")
        self.seen.add(digest)
        if record.size > largest(self.election):
            self._fault(number, "ballot-size", f"it has {record.size:,} bytes.")
            return
        found = signer(self._content(record))
        credential = _digest(found[1]) if found else b""
        if found is None:
            self._fault(number, "canonical", "the ballot is not printed as the protocol prints it.")
        elif credential not in self.weights:
            self._fault(number, "ballot-credential", "its credential is not on the list of this election.")
        else:
            self.last[credential] = number

    @property
    def weight(self) -> int:
        """What all voters who voted weigh together."""
        return sum(self.weights[credential] for credential in self.last)

    def _fault(self, number: int, rule: str, sentence: str) -> None:
        self.faults.append(f"{rule}: ballot {number:,}: {sentence}")
        self.refused.add(number)

    def _count(self) -> None:
        """The tally of the last ballots of all voters, after every ballot has been checked."""
        if self.counted == len(self.ballots):
            return
        tally, faults = sum_ballots(
            self.election, self._numbered(), total=len(self.ballots), executor=self.executor, tell=self.tell
        )
        for fault in faults:
            self._fault(*fault)
        if self.faults:
            first, *more = self.faults
            self.faults = more
            raise Refusal(*first.split(": ", 1))
        self.tally, self.counted = tally, len(self.ballots)

    def _numbered(self) -> Iterator[Numbered]:
        counts = {number: self.weights[credential] for credential, number in self.last.items()}
        for number, record in enumerate(self.ballots, 1):
            if number not in self.refused:
                yield number, counts.get(number, 0), self._content(record)

    def _EndBallots(self, _event: Event) -> None:
        self._count()

    def _EncryptedTally(self, event: Event) -> None:
        tally, data = event.records
        weight = self.weight
        if self._content(data) != tally_statement(len(self.last), weight, tally.hash):
            raise Refusal("tally", "what is said of the tally (voters, weight, hash) is not so.")
        if sha256(tally_bytes(self.election, self.tally)).hexdigest() != tally.hash:
            raise Refusal("tally", "the encrypted tally is not that of the last ballots of all voters.")
        self.outcome = Outcome(self.election, self.trustees, self.tally, weight, self.executor, self.tell)

    def _Shuffle(self, event: Event) -> None:
        if not self.election.shuffled:
            raise Refusal("event-order", "there is a shuffle, but no question is shuffled.")
        content, stated = event.records
        self.outcome.shuffle(self._content(content), self._content(stated), content.hash)

    def _EndShuffles(self, _event: Event) -> None:
        self.outcome.end_shuffles(self.shuffles)

    def _PartialDecryption(self, event: Event) -> None:
        if self.election.shuffled and not self.outcome.shufflers:
            raise Refusal("event-order", "a shuffled question was not shuffled before it was decrypted.")
        content, stated = event.records
        self.outcome.decryption(self._content(content), self._content(stated), content.hash)

    def _Result(self, event: Event) -> None:
        self.outcome.result(self._content(event.records[0]))


def _digest(credential: bytes) -> bytes:
    return sha256(credential).digest()


def _check_credentials(name: str, publics: list[str]) -> None:
    check_credentials(group(name), publics)
