"""The ceremony with which members of a group of trustees make keys such that any T of them can decrypt.

Each step is a function from what a member has to what it sends; who carries the messages learns nothing. `newer` is the
form of version 2.5.1 of the tool and later; the older form is that of version 2.0, and the two do not mix.
"""

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESCCM, AESGCM

from madang.ballots.credentials import new_token
from madang.ballots.groups import Draw, Element, Group, draw_secretly
from madang.ballots.printing import fields, integer_hash, is_decimal, listed, parsed, printed, text
from madang.ballots.proofs import Key, knows, prove_knowledge, read_proof
from madang.ballots.refusals import Refusal
from madang.ballots.trustees import (
    RULE,
    Certificate,
    certificates_message,
    check_threshold,
    public_key,
    read_certificates,
    read_coefficients,
)


class Member(NamedTuple):
    """What a member's secret seed gives: one key to sign with, one to be written to."""

    group: Group
    signing: int
    receiving: int

    @classmethod
    def of(cls, group: Group, seed: str) -> "Member":
        """From the seed of 22 digits."""
        return cls(group, integer_hash(f"sk|{seed}") % group.q, integer_hash(f"dk|{seed}") % group.q)

    def sign(self, message: str, draw: Draw = draw_secretly) -> dict[str, str]:
        """A signature of a text."""
        return prove_knowledge(self.group, f"sigmsg|{message}|", self.signing, draw).plain()

    def signed(self, value: Any) -> dict[str, Any]:
        """A value as a signed message."""
        message = printed(value)
        return {"message": message, "signature": self.sign(message)}


def new_seed() -> str:
    """The secret from which all of a member follows."""
    return new_token(22)


def certificate(group: Group, seed: str, context: tuple[int, int, int] | None = None) -> dict[str, Any]:
    """Step 1: the member's public keys. The newer form says (number, threshold, members)."""
    member = Member.of(group, seed)
    value: dict[str, Any] = {}
    if context:
        number, threshold, members = context
        value["context"] = {"group": group.name, "size": members, "threshold": threshold, "index": number}
    value["verification"] = group.text(group.secret_power(group.g, member.signing))
    value["encryption"] = group.text(group.secret_power(group.g, member.receiving))
    return member.signed(value)


def _certificates(group: Group, certs: Sequence[Any], threshold: int | None) -> tuple[Key, list[Certificate]]:
    generator = Key(group, group.one)
    return generator, read_certificates(generator, certs, threshold)


def _own_place(group: Group, member: Member, certificates: Sequence[Certificate]) -> int:
    own = group.secret_power(group.g, member.signing)
    for place, one in enumerate(certificates):
        if one.signing == own:
            return place
    raise Refusal(RULE, "this secret belongs to none of the certificates.")


def polynomial(group: Group, seed: str, certs: Sequence[Any], threshold: int, draw: Draw = draw_secretly) -> Any:
    """Step 2: the member's polynomial, and its value at every place, each encrypted for the member there."""
    _generator, certificates = _certificates(group, certs, threshold)
    if not 1 <= threshold <= len(certificates):
        raise Refusal(RULE, f"{threshold} of {len(certificates)} members cannot be needed.")
    member = Member.of(group, seed)
    place = _own_place(group, member, certificates)
    newer = certificates[0].context is not None
    coefficients = [draw(group.q) for _ in range(threshold)]
    public = [group.secret_power(group.g, one) for one in coefficients]
    plain = {"polynomial": list(map(str, coefficients))}
    found: dict[str, Any] = {"polynomial": _send(member, certificates[place].receiving, plain, newer, draw)}
    found["secrets"] = [
        _send(member, one.receiving, {"secret": str(_value(coefficients, number, group.q))}, newer, draw)
        for number, one in enumerate(certificates, 1)
    ]
    found["coefexps"] = member.signed({"coefexps": list(map(group.text, public))})
    if newer:
        message = certificates_message(group, list(certs), public)
        found["signature"] = member.sign(message, draw)
    return found


def _value(coefficients: Sequence[int], at: int, q: int) -> int:
    total = 0
    for one in reversed(coefficients):
        total = (total * at + one) % q
    return total


def deal(polynomials: Sequence[Any], number: int) -> dict[str, Any]:
    """Step 3, by whoever carries the messages: what member `number` gets."""
    own = polynomials[number - 1]
    value = {
        "polynomial": own["polynomial"],
        "secrets": [one["secrets"][number - 1] for one in polynomials],
        "coefexps": [one["coefexps"] for one in polynomials],
    }
    return value | ({"signatures": [one["signature"] for one in polynomials]} if "signature" in own else {})


def member_key(
    group: Group, seed: str, certs: Sequence[Any], dealt: Any, threshold: int, draw: Draw = draw_secretly
) -> dict[str, Any]:  # fmt: skip
    """Step 4: the member's own key, from the values of all polynomials; refused if one of them is not right."""
    generator, certificates = _certificates(group, certs, threshold)
    member = Member.of(group, seed)
    place = _own_place(group, member, certificates)
    names = ("polynomial", "secrets", "coefexps", "signatures")
    what = "what the member was dealt"
    _own, secrets, coefexps, signatures = fields(dealt, names, RULE, what, optional=("signatures",))
    many = len(certificates)
    total = 0
    for number, (sender, secret, signed) in enumerate(
        zip(certificates, listed(secrets, many, RULE, what), listed(coefexps, many, RULE, what), strict=True)
    ):  # fmt: skip
        public = read_coefficients(
            generator, signed, sender.signing, threshold, f"the coefficients of member {number + 1}"
        )
        if sender.context is not None:
            message = certificates_message(group, list(certs), public)
            one = read_proof(group, listed(signatures, many, RULE, what)[number], what)
            if not knows(generator, f"sigmsg|{message}|", sender.signing, one):
                raise Refusal(RULE, f"member {number + 1} did not sign what all members began with.")
        value = _received(member, sender.signing, secret, "secret")
        expected = group.total(group.power(one, pow(place + 1, degree, group.q)) for degree, one in enumerate(public))
        if group.secret_power(group.g, value) != expected:
            raise Refusal(RULE, f"the value from member {number + 1} does not follow from its coefficients.")
        total += value
    total %= group.q
    newer = certificates[0].context is not None
    key = public_key(group, total, draw)
    if newer:
        key["signature"] = member.sign(key["public_key"], draw)
    plain = {"decryption_key": str(total)}
    return {"private_key": _send(member, certificates[place].receiving, plain, newer, draw), "public_key": key}


def threshold_trustees(
    group: Group, certs: Sequence[Any], polynomials: Sequence[Any], keys: Sequence[Any], threshold: int
) -> dict[str, Any]:  # fmt: skip
    """Step 5, by whoever carries the messages: the group of trustees as elections state it, checked."""
    value: dict[str, Any] = {
        "threshold": threshold,
        "certs": list(certs),
        "coefexps": [one["coefexps"] for one in polynomials],
    }
    if all("signature" in one for one in polynomials):
        value["signatures"] = [one["signature"] for one in polynomials]
    value["verification_keys"] = [one["public_key"] for one in keys]
    check_threshold(Key(group, group.one), value)
    return value


def decryption_key(group: Group, seed: str, private: str) -> int:
    """The secret exponent with which a member decrypts, from the encrypted part of its key (`private_key`)."""
    member = Member.of(group, seed)
    return _received(member, group.secret_power(group.g, member.signing), private, "decryption_key")


# --- messages between members ------------------------------------------------------------------------


def _send(member: Member, recipient: Element, value: Any, newer: bool, draw: Draw) -> str:
    group = member.group
    message = printed(member.signed({"recipient": group.text(recipient), "message": printed(value)})).encode()
    secret, carried = draw(group.q), group.secret_power(group.g, draw(group.q))
    alpha = group.secret_power(group.g, secret)
    beta = group.multiply(group.secret_power(recipient, secret), carried)
    key, start = _key_and_start(group, carried, alpha)
    data = AESGCM(key).encrypt(start, message, None) if newer else AESCCM(key, 8).encrypt(start[:13], message, None)
    sent = {"algorithm": "AES-GCM"} if newer else {}
    return printed(sent | {"alpha": group.text(alpha), "beta": group.text(beta), "data": data.hex()})


def _key_and_start(group: Group, carried: Element, alpha: Element) -> tuple[bytes, bytes]:
    return (
        sha256(f"key|{group.text(carried)}".encode()).digest(),
        sha256(f"iv|{group.text(alpha)}".encode()).digest(),
    )


def _received(member: Member, sender: Element, sent: Any, name: str) -> int:
    group, what = member.group, "a message between trustees"
    names = ("algorithm", "alpha", "beta", "data")
    algorithm, alpha, beta, data = fields(
        parsed(text(sent, RULE, what), RULE, what), names, RULE, what, optional=("algorithm",)
    )
    one, two = group.element(alpha, what), group.element(beta, what)
    carried = group.divide(two, group.secret_power(one, member.receiving))
    key, start = _key_and_start(group, carried, one)
    try:
        raw = bytes.fromhex(text(data, RULE, what))
        opened = AESGCM(key).decrypt(start, raw, None) if algorithm else AESCCM(key, 8).decrypt(start[:13], raw, None)
    except (InvalidTag, ValueError):
        raise Refusal(RULE, f"{what} cannot be opened with this secret.") from None
    message, signature = fields(parsed(opened, RULE, what), ("message", "signature"), RULE, what)
    if not knows(Key(group, group.one), f"sigmsg|{message}|", sender, read_proof(group, signature, what)):
        raise Refusal(RULE, f"{what} is not signed by the member from whom it comes.")
    recipient, inner = fields(json.loads(message), ("recipient", "message"), RULE, what)
    if recipient != group.text(group.secret_power(group.g, member.receiving)):
        raise Refusal(RULE, f"{what} is for another member.")
    (number,) = fields(parsed(text(inner, RULE, what), RULE, what), (name,), RULE, what)
    if not isinstance(number, str) or not is_decimal(number):
        raise Refusal(RULE, f"{what} does not hold a number.")
    return int(number) % group.q
