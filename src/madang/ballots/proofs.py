"""The proofs without knowledge: of a key, of one of several values, of equal logarithms.

A proof is a challenge and a response. Whoever checks one computes the commitments from it, and the challenge must be
the hash of them; whoever makes one knows what the commitments were drawn from.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple

from madang.ballots.groups import Ciphertext, Draw, Element, Group
from madang.ballots.printing import fields, listed


class Proof(NamedTuple):
    """A challenge and the response to it."""

    challenge: int
    response: int

    def plain(self) -> dict[str, str]:
        """As it is printed."""
        return {"challenge": str(self.challenge), "response": str(self.response)}


@dataclass(frozen=True)
class Key:
    """A group and a public key in it, with quick powers of both the generator and the key."""

    group: Group
    public: Element

    @property
    def g_power(self) -> Callable[[int], Element]:
        """The generator to a public exponent."""
        return self.group.g_power

    @cached_property
    def power(self) -> Callable[[int], Element]:
        """The key to a public exponent."""
        return self.group.table(self.public)


def read_proof(group: Group, value: Any, what: str) -> Proof:
    """A proof as it is printed, with both numbers below the order of the group."""
    challenge, response = fields(value, ("challenge", "response"), "canonical", what)
    return Proof(group.scalar(challenge, f"the challenge of {what}"), group.scalar(response, f"the response of {what}"))


def read_proofs(group: Group, value: Any, count: int, rule: str, what: str) -> list[Proof]:
    """As many proofs as there must be."""
    return [read_proof(group, one, what) for one in listed(value, count, rule, what)]


def prove_knowledge(group: Group, prefix: str, secret: int, draw: Draw) -> Proof:
    """That one knows the logarithm `secret` of a public value."""
    nonce = draw(group.q)
    challenge = group.challenge(prefix, [group.secret_power(group.g, nonce)])
    return Proof(challenge, (nonce - secret * challenge) % group.q)


def knows(key: Key, prefix: str, value: Element, proof: Proof) -> bool:
    """Whether the proof shows that its maker knows the logarithm of `value`."""
    group = key.group
    commitment = group.multiply(key.g_power(proof.response), group.power(value, proof.challenge))
    return group.challenge(prefix, [commitment]) == proof.challenge


class Branch(NamedTuple):
    """One way in which a statement may be true: this ciphertext encrypts nothing but this value."""

    ciphertext: Ciphertext
    value: int


def prove_branch(
    key: Key, prefix: str, branches: Sequence[Branch], true: int, secrets: Sequence[int], messages: Sequence[int],
    draw: Draw,
) -> list[Proof]:  # fmt: skip
    """That branch number `true` holds, without saying which one it is.

    `secrets` and `messages` are, for every branch, what its ciphertext was encrypted with and what it encrypts; with
    them all commitments are powers of the generator and the key.
    """
    group, q = key.group, key.group.q
    proofs = [Proof(0, 0) if place == true else Proof(draw(q), draw(q)) for place in range(len(branches))]
    nonce = draw(q)
    commitments = []
    for place, (proof, branch) in enumerate(zip(proofs, branches, strict=True)):
        exponent = nonce if place == true else (proof.response + secrets[place] * proof.challenge) % q
        beta = group.secret_power(key.public, exponent)
        off = (messages[place] - branch.value) * proof.challenge % q
        commitments += [group.secret_power(group.g, exponent), group.multiply(beta, group.secret_power(group.g, off))]
    challenge = (group.challenge(prefix, commitments) - sum(proof.challenge for proof in proofs)) % q
    proofs[true] = Proof(challenge, (nonce - secrets[true] * challenge) % q)
    return proofs


def holds_branch(
    key: Key, prefix: str, branches: Sequence[Branch], proofs: Sequence[Proof], *, members: bool = False
) -> bool:  # fmt: skip
    """Whether the proofs show that one of the branches holds; a refusal if a ciphertext is not in the group.

    `members` says that the ciphertexts are known to be in it.
    """
    group, q = key.group, key.group.q
    raised = group.powers if members else group.checked_powers
    commitments = []
    for (alpha, beta), together in groupby(zip(branches, proofs, strict=True), key=lambda pair: pair[0].ciphertext):
        pairs = list(together)
        challenges = [proof.challenge for _, proof in pairs]
        rows = zip(pairs, raised(alpha, challenges), raised(beta, challenges), strict=True)
        for (branch, (challenge, response)), one, two in rows:
            if branch.value:
                two = group.multiply(two, key.g_power(-branch.value * challenge % q))
            commitments.append(group.multiply(key.g_power(response), one))
            commitments.append(group.multiply(key.power(response), two))
    return group.challenge(prefix, commitments) == sum(proof.challenge for proof in proofs) % q


def prove_equal(group: Group, prefix: str, base: Element, secret: int, draw: Draw) -> Proof:
    """That one secret is the logarithm of a public key, and of a power of `base` by `base`."""
    nonce = draw(group.q)
    commitments = [group.secret_power(group.g, nonce), group.secret_power(base, nonce)]
    challenge = group.challenge(prefix, commitments)
    return Proof(challenge, (nonce - secret * challenge) % group.q)


def are_equal(key: Key, prefix: str, base: Element, raised: Element, proof: Proof) -> bool:
    """Whether the logarithm of `raised` by `base` is that of the key."""
    group = key.group
    one = group.multiply(key.g_power(proof.response), key.power(proof.challenge))
    two = group.multiply(group.power(base, proof.response), group.power(raised, proof.challenge))
    return group.challenge(prefix, [one, two]) == proof.challenge
