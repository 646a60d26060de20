"""Running an election from its archive: setting up, casting, closing, and each trustee's part.

What is in the archive is verified before anything is added, and what is added is verified or taken back. A trustee who
shuffles or decrypts has therefore verified what the archive holds so far.
"""

import os
from base64 import b64decode
from collections.abc import Sequence
from concurrent.futures import Executor
from hashlib import sha256
from pathlib import Path
from typing import Any

from madang.ballots.archives import Writer
from madang.ballots.checking import Ballot, check_ballot
from madang.ballots.elections import Election, Question, election_text, read_election
from madang.ballots.groups import Ciphertext, Element, group
from madang.ballots.outcomes import owned
from madang.ballots.printing import printed
from madang.ballots.proofs import Proof
from madang.ballots.refusals import Refusal
from madang.ballots.shuffling import shuffle, shuffle_bytes
from madang.ballots.spreading import pieces, spread
from madang.ballots.tallying import decrypt_one, decryption_bytes, tally_bytes, tally_statement
from madang.ballots.trustees import read_trustees
from madang.ballots.verifying import Tell, Verifier, silent


def set_up(
    path: Path, *, group_name: str, uuid: str, name: str, description: str, questions: Sequence[Question],
    trustees: Sequence[Any], credentials: Sequence[str], timestamp: int, sync: bool = True,
) -> Election:  # fmt: skip
    """Begin the archive of an election. `trustees` are its items as printed, `credentials` the public ones."""
    own = group(group_name)
    listed = printed(list(trustees)).encode()
    public = read_trustees(own, listed).public
    election = read_election(
        election_text(
            uuid=uuid, name=name, description=description, group=own, public_key=public, questions=list(questions)
        )
    )
    contents = [election.raw, listed, printed(sorted(credentials)).encode()]
    hashes = [sha256(content).hexdigest() for content in contents]
    data = printed(dict(zip(("election", "trustees", "credentials"), hashes, strict=True))).encode()
    Writer.create(path, timestamp, sync=sync).add("Setup", [*contents, data])
    return election


class Running:
    """An election in an archive that goes on. After a refusal the archive is as before, and this object is spent."""

    def __init__(
        self, path: Path, *, executor: Executor | None = None, shuffles: int = 2, tell: Tell = silent,
        sync: bool = True,
    ) -> None:  # fmt: skip
        self.path, self.executor, self.tell = path, executor, tell
        self.stream = path.open("rb")
        self.verifier = Verifier(self.stream, executor=executor, shuffles=shuffles, tell=tell)
        self.verifier.read()
        if not self.verifier.type:
            raise Refusal("event-order", "the archive has no election yet.")
        self.writer = Writer(path, self.verifier.reader, sync=sync)

    def __enter__(self) -> "Running":
        return self

    def __exit__(self, *_error: object) -> None:
        self.stream.close()

    @property
    def election(self) -> Election:
        """The election."""
        return self.verifier.election

    def _add(self, type: str, payloads: Sequence[bytes] = ()) -> None:
        size = self.path.stat().st_size
        try:
            self.writer.add(type, payloads)
            self.verifier.read()
            if self.verifier.faults:
                raise Refusal(*self.verifier.faults[0].split(": ", 1))
        except (Refusal, OSError):
            os.truncate(self.path, size)
            raise

    def cast(self, raw: bytes) -> Ballot:
        """Add a ballot, if it may be accepted."""
        if self.verifier.type not in ("Setup", "Ballot"):
            raise Refusal("event-order", "no more ballots are accepted; the vote is closed.")
        ballot = check_ballot(self.election, raw, credentials=_Listed(self.verifier), cast=_Cast(self.verifier))
        self.put(raw)
        return ballot

    def put(self, raw: bytes) -> None:
        """Add a ballot whose proofs were checked elsewhere or will be by `close`."""
        self._add("Ballot", [raw])

    def close(self) -> None:
        """Accept no more ballots, and add the encrypted tally; every ballot is verified."""
        self.verifier.run(unfinished=True)
        if self.verifier.type != "EndBallots":
            self._add("EndBallots")
        tally = tally_bytes(self.election, self.verifier.tally)
        statement = tally_statement(len(self.verifier.last), self.verifier.weight, sha256(tally).hexdigest())
        self._add("EncryptedTally", [tally, statement])

    def shuffle(self) -> bytes:
        """A shuffle of all shuffled questions, to be added with `take`."""
        self._must_be("EncryptedTally", "Shuffle")
        tally = self.verifier.outcome.tally
        found = [
            shuffle(self.election, tally[place], executor=self.executor, tell=self.tell)
            for place in self.election.shuffled
        ]
        return shuffle_bytes(self.election.group, found)

    def end_shuffles(self) -> None:
        """No more shuffles."""
        self._add("EndShuffles")

    def decrypt(self, secret: int) -> tuple[int, bytes]:
        """The number of the trustee with this secret exponent, and its partial decryption, to be added with `take`."""
        self._must_be("PartialDecryption", "EndShuffles" if self.election.shuffled else "EncryptedTally")
        own = self.election.group
        public = own.secret_power(own.g, secret)
        if public not in self.verifier.trustees.keys:
            raise Refusal("decryption-owner", "this key belongs to none of the trustees of the election.")
        found: list[list[tuple[Element, Proof]]] = []
        for choices in self.verifier.outcome.tally:
            jobs = (
                (own.name, self.election.fingerprint, secret, own.text(public), choices[start:stop])
                for start, stop in pieces(len(choices))
            )
            found.append([])
            for part in spread(_decrypt, jobs, self.executor):
                found[-1] += part
                self.tell(f"{len(found[-1]):,} of {len(choices):,} ciphertexts decrypted")
        return self.verifier.trustees.keys.index(public) + 1, decryption_bytes(own, found)

    def take(self, type: str, owner: int, content: bytes) -> None:
        """Add a trustee's shuffle (`Shuffle`) or partial decryption (`PartialDecryption`), if it holds."""
        self._add(type, [content, owned(owner, content)])

    def finish(self) -> list[list[Any]]:
        """Add the result, question by question; refused if too few trustees have decrypted."""
        self._must_be("PartialDecryption")
        found = self.verifier.outcome.results()
        self._add("Result", [printed({"result": found}).encode()])
        return found

    def _must_be(self, *types: str) -> None:
        if self.verifier.type not in types:
            raise Refusal(
                "event-order", f"the last event is {self.verifier.type}; this comes after {' or '.join(types)}."
            )


class _Listed:
    def __init__(self, verifier: Verifier) -> None:
        self.verifier = verifier

    def __contains__(self, credential: object) -> bool:
        return sha256(str(credential).encode()).digest() in self.verifier.weights


class _Cast:
    def __init__(self, verifier: Verifier) -> None:
        self.verifier = verifier

    def __contains__(self, tracker: object) -> bool:
        return tracker_digest(str(tracker)) in self.verifier.seen


def tracker_digest(tracker: str) -> bytes:
    """The hash of a ballot that a tracker shows."""
    return b64decode(tracker + "=")


def _decrypt(
    name: str, fingerprint: str, secret: int, public: str, ciphertexts: Sequence[Ciphertext]
) -> list[tuple[Element, Proof]]:  # fmt: skip
    return decrypt_one(group(name), fingerprint, secret, public, ciphertexts)
