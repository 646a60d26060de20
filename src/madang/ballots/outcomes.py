"""From the encrypted tally to the result: what each shuffle, each partial decryption and the result must be."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from functools import lru_cache
from hashlib import sha256
from typing import Any

from madang.ballots.elections import Election
from madang.ballots.groups import Ciphertext, Element, group
from madang.ballots.printing import canonical, count, fields, listed, parsed, printed
from madang.ballots.proofs import Key, Proof
from madang.ballots.refusals import Refusal
from madang.ballots.spreading import pieces, spread
from madang.ballots.tallying import Tally, check_factors, opened, read_decryption, read_tally, result_of
from madang.ballots.trustees import Trustees, combine
from madang.ballots.unshuffling import check_shuffle, read_shuffled

Part = tuple[str, int, bytes]
"""What a trustee did (`Shuffle` or `PartialDecryption`), the trustee's number, and the bytes."""


def owned(owner: int, content: bytes) -> bytes:
    """What stands beside a trustee's part: whose it is, and its hash."""
    return printed({"owner": owner, "payload": sha256(content).hexdigest()}).encode()


class Outcome:
    """What has been done with the tally so far, every step checked before it is taken."""

    def __init__(
        self, election: Election, trustees: Trustees, tally: Tally, weight: int, executor: Executor | None = None,
        tell: Callable[[str], None] = lambda _sentence: None,
    ) -> None:  # fmt: skip
        self.election, self.trustees, self.tally, self.weight = election, trustees, tally, weight
        self.executor, self.tell = executor, tell
        self.shufflers: list[int] = []
        self.factors: dict[int, list[Element]] = {}

    @classmethod
    def resumed(
        cls, election: Election, trustees: Trustees, tally: bytes, weight: int, parts: Iterable[Part],
        executor: Executor | None = None, tell: Callable[[str], None] = lambda _sentence: None,
    ) -> "Outcome":  # fmt: skip
        """Go on after steps whose proofs were checked when they were taken: the tally, and every trustee's part.

        Only for an archive that its keeper alone adds to; everybody else verifies it from its beginning.
        """
        found = cls(election, trustees, read_tally(election, tally), weight, executor, tell)
        for type, owner, content in parts:
            who = f"the part of trustee {owner}"
            value = parsed(content, "canonical", who)
            if type == "Shuffle":
                found.tally = read_shuffled(election, found.tally, value, who)
                found.shufflers.append(owner)
            else:
                found.factors[owner] = [
                    factor for question in read_decryption(election, value, found.tally) for factor, _ in question
                ]
        return found

    def _owner(self, stated: bytes, hash: str, rule: str) -> int:
        value = canonical(stated, "event-payload", "a trustee's part")
        owner, payload = fields(value, ("owner", "payload"), "event-payload", "a trustee's part")
        if payload != hash:
            raise Refusal("event-payload", "a trustee's part does not name the record before it.")
        if not 1 <= count(owner, rule, "the number of a trustee", 1) <= len(self.trustees.keys):
            raise Refusal(rule, f"there is no trustee {owner}.")
        return int(owner)

    def shuffle(self, content: bytes, stated: bytes, hash: str) -> None:
        """Take a shuffle of all shuffled questions."""
        owner = self._owner(stated, hash, "shuffle-owner")
        who = f"the shuffle of trustee {owner}"
        self.tell(f"checking {who}")
        value = parsed(content, "canonical", who)
        self.tally = check_shuffle(self.election, self.tally, value, executor=self.executor, who=who, tell=self.tell)
        self.shufflers.append(owner)

    def end_shuffles(self, needed: int) -> None:
        """No more shuffles; so many different trustees must have shuffled."""
        if len(set(self.shufflers)) < needed:
            raise Refusal("shuffle-owner", f"{len(set(self.shufflers))} trustees shuffled; {needed} must.")

    def decryption(self, content: bytes, stated: bytes, hash: str) -> None:
        """Take a partial decryption."""
        owner = self._owner(stated, hash, "decryption-owner")
        if owner in self.factors:
            raise Refusal("decryption-owner", f"trustee {owner} decrypted twice.")
        who = f"the partial decryption of trustee {owner}"
        self.tell(f"checking {who}")
        found = read_decryption(self.election, parsed(content, "canonical", who), self.tally)
        public = self.trustees.keys[owner - 1]
        for wrong in spread(_check_factors, self._factor_jobs(public, found), self.executor):
            if wrong:
                raise Refusal("decryption-proof", f"a factor in {who} was not made with the key of that trustee.")
        self.factors[owner] = [factor for question in found for factor, _ in question]

    def _factor_jobs(
        self, public: Element, found: Sequence[Sequence[tuple[Element, Proof]]]
    ) -> Iterator[tuple[Any, ...]]:
        name, fingerprint = self.election.group.name, self.election.fingerprint
        for choices, answers in zip(self.tally, found, strict=True):
            for start, stop in pieces(len(choices)):
                yield name, fingerprint, public, choices[start:stop], answers[start:stop]

    def results(self) -> list[list[Any]]:
        """The result, question by question; refused if too few trustees have decrypted."""
        factors = combine(self.election.group, self.trustees, self.factors)
        found, place = [], 0
        for question, choices in zip(self.election.questions, self.tally, strict=True):
            plain = opened(self.election.group, choices, factors[place : place + len(choices)])
            place += len(choices)
            found.append(result_of(self.election, question, plain, self.weight))
        return found

    def result(self, content: bytes) -> None:
        """Take the published result."""
        (stated,) = fields(parsed(content, "result", "the result"), ("result",), "result", "the result")
        found = self.results()
        listed(stated, len(found), "result", "the result")
        for number, (one, two) in enumerate(zip(found, stated, strict=True), 1):
            if canonical_form(one) != canonical_form(two):
                raise Refusal("result", f"question {number} has another result than the trustees' decryptions give.")


def canonical_form(value: Any) -> str:
    """A value as text in which 1, 1.0 and true differ."""
    return repr(value)


@lru_cache(maxsize=4)
def _key(name: str, public: Element) -> Key:
    return Key(group(name), public)


def _check_factors(
    name: str, fingerprint: str, public: Element, ciphertexts: Sequence[Ciphertext],
    found: Sequence[tuple[Element, Proof]],
) -> bool:  # fmt: skip
    """Whether a factor is wrong."""
    return check_factors(_key(name, public), fingerprint, ciphertexts, found) is not None
