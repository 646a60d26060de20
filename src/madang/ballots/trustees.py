"""Trustees: who can open the tally, alone or some of several, and how their keys are checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import prod
from typing import Any, NamedTuple

from madang.ballots.groups import Draw, Element, Group, draw_secretly
from madang.ballots.printing import count, fields, listed, parsed, printed, text
from madang.ballots.proofs import Key, knows, prove_knowledge, read_proof
from madang.ballots.refusals import Refusal

RULE = "trustees"


class Part(NamedTuple):
    """A trustee who is always needed (`needed` 1 of 1), or a group of which `needed` members are."""

    first: int
    members: int
    needed: int


@dataclass(frozen=True)
class Trustees:
    """All keys in the order of their owners' numbers, which begin at 1, and how they make the key of the election."""

    keys: tuple[Element, ...]
    parts: tuple[Part, ...]
    public: Element

    @property
    def needed(self) -> int:
        """How many must decrypt."""
        return sum(part.needed for part in self.parts)


def read_trustees(group: Group, raw: bytes) -> Trustees:
    """The trustees in these bytes, with all their proofs checked."""
    keys: list[Element] = []
    parts, publics = [], []
    generator = Key(group, group.one)
    for item in listed(parsed(raw, RULE, "the list of trustees"), None, RULE, "the list of trustees"):
        kind, value = listed(item, 2, RULE, "a trustee")
        if kind == "Single":
            own = [check_public(generator, value, f"trustee {len(keys) + 1}")]
            parts.append(Part(len(keys), 1, 1))
            publics.append(own[0])
        elif kind == "Pedersen":
            threshold, own, public = check_threshold(generator, value)
            parts.append(Part(len(keys), len(own), threshold))
            publics.append(public)
        else:
            raise Refusal(RULE, f"trustees of the kind {kind!r} are not known to this program.")
        keys += own
    if not keys:
        raise Refusal(RULE, "the election has no trustee.")
    return Trustees(tuple(keys), tuple(parts), group.total(publics))


def member_element(group: Group, value: Any, what: str) -> Element:
    """An element that can be a key."""
    found = group.parsed(value) if isinstance(value, str) else None
    if found is None or not group.is_member(found) or found == group.one:
        raise Refusal(RULE, f"{what} is not an element that can be a key.")
    return found


def check_public(generator: Key, value: Any, what: str, signer: Element | None = None) -> Element:
    """A public key that its owner proves to know, signed in newer thresholds with the key of the member."""
    group = generator.group
    names = ("pok", "public_key", "signature") if signer is not None else ("pok", "public_key", "name")
    proof, public, *more = fields(value, names, RULE, what, optional=("name",))
    key = member_element(group, public, f"the public key of {what}")
    if not knows(generator, f"pok|{group.name}|{public}|", key, read_proof(group, proof, what)):
        raise Refusal(RULE, f"{what} does not prove to know the own key.")
    if signer is not None:
        signature = read_proof(group, more[0], what)
        if not knows(generator, f"sigmsg|{public}|", signer, signature):
            raise Refusal(RULE, f"the key of {what} is not signed by that member.")
    return key


def public_key(group: Group, secret: int, draw: Draw = draw_secretly) -> dict[str, Any]:
    """The public key to a secret, with the proof that its owner knows it."""
    public = group.text(group.secret_power(group.g, secret))
    return {"pok": prove_knowledge(group, f"pok|{group.name}|{public}|", secret, draw).plain(), "public_key": public}


def signed_message(generator: Key, value: Any, signer: Element | None, what: str) -> tuple[Any, str, Element | None]:
    """What a signed message says, and its text. Without a `signer` the message must bring its own key."""
    message, signature = fields(value, ("message", "signature"), RULE, what)
    content = parsed(text(message, RULE, what), RULE, what)
    if signer is None:
        named = content.get("verification") if isinstance(content, dict) else None
        signer = member_element(generator.group, named, f"the key of {what}")
    if not knows(generator, f"sigmsg|{message}|", signer, read_proof(generator.group, signature, what)):
        raise Refusal(RULE, f"{what} is not signed with the key it names.")
    return content, message, signer


class Certificate(NamedTuple):
    """The keys with which a member of a threshold signs and is written to."""

    signing: Element
    receiving: Element
    context: Any


def read_certificates(generator: Key, values: Sequence[Any], threshold: int | None) -> list[Certificate]:
    """The certificates of all members; those of the newer form say which place of how many they are for."""
    found = []
    for number, value in enumerate(values, 1):
        what = f"the certificate of member {number}"
        content, _message, signing = signed_message(generator, value, None, what)
        names = ("context", "verification", "encryption")
        context, _signing, receiving = fields(content, names, RULE, what, optional=("context",))
        if context is not None:
            told = fields(context, ("group", "size", "threshold", "index"), RULE, what)
            if told != [generator.group.name, len(values), threshold or told[2], number]:
                raise Refusal(RULE, f"{what} is for another place, another threshold or another group.")
        found.append(Certificate(signing, member_element(generator.group, receiving, what), context))
    if len({one.context is None for one in found}) != 1:
        raise Refusal(RULE, "some certificates say for which place they are, and some do not.")
    return found


def read_coefficients(generator: Key, value: Any, signer: Element, threshold: int, what: str) -> list[Element]:
    """The coefficients of a member's polynomial, each as a power of the generator."""
    content, _message, _signer = signed_message(generator, value, signer, what)
    (listing,) = fields(content, ("coefexps",), RULE, what)
    return [member_element(generator.group, one, what) for one in listed(listing, threshold, RULE, what)]


def verification_key(group: Group, coefficients: Sequence[Sequence[Element]], number: int) -> Element:
    """The public key that member `number` must have, from the coefficients of all."""
    powers = [
        group.power(one, pow(number, degree, group.q))
        for polynomial in coefficients
        for degree, one in enumerate(polynomial)
    ]
    return group.total(powers)


def check_threshold(generator: Key, value: Any) -> tuple[int, list[Element], Element]:
    """The threshold, the keys of all members, and what they add to the key of the election."""
    group = generator.group
    names = ("threshold", "certs", "coefexps", "signatures", "verification_keys")
    what = "a group of trustees"
    needed, certs, signed, signatures, keys = fields(value, names, RULE, what, optional=("signatures",))
    threshold, members = count(needed, RULE, "the threshold", 1), len(listed(certs, None, RULE, what))
    if threshold > members:
        raise Refusal(RULE, f"{threshold} of {members} trustees cannot be needed.")
    certificates = read_certificates(generator, certs, threshold)
    newer = certificates[0].context is not None
    coefficients = [
        read_coefficients(generator, one, certificate.signing, threshold, "the coefficients of a member")
        for one, certificate in zip(listed(signed, members, RULE, what), certificates, strict=True)
    ]
    if newer != (signatures is not None):
        raise Refusal(RULE, f"{what} has the form of two different versions of the tool.")
    for place, one in enumerate(listed(signatures, members, RULE, what) if newer else []):
        message = certificates_message(group, certs, coefficients[place])
        if not knows(generator, f"sigmsg|{message}|", certificates[place].signing, read_proof(group, one, what)):
            raise Refusal(RULE, f"member {place + 1} did not sign what all members began with.")
    found = []
    for number, one in enumerate(listed(keys, members, RULE, what), 1):
        signer = certificates[number - 1].signing if newer else None
        key = check_public(generator, one, f"member {number}", signer)
        if key != verification_key(group, coefficients, number):
            raise Refusal(RULE, f"the key of member {number} does not follow from the coefficients of all.")
        found.append(key)
    return threshold, found, group.total(polynomial[0] for polynomial in coefficients)


def certificates_message(group: Group, certs: Any, coefficients: Sequence[Element]) -> str:
    """What every member of a newer threshold signs: all certificates, and the own coefficients."""
    return f"certs_sig|{printed({'certs': certs, 'coefexps': list(map(group.text, coefficients))})}"


def combine(group: Group, trustees: Trustees, factors: Mapping[int, Sequence[Element]]) -> list[Element]:
    """For every ciphertext the product of the factors, by owner (from 1), weighted as thresholds ask for.

    Refused if too few have decrypted.
    """
    terms: list[tuple[Sequence[Element], int]] = []
    for part in trustees.parts:
        inside = [number for number in range(1, part.members + 1) if part.first + number in factors][: part.needed]
        if len(inside) < part.needed:
            raise Refusal("decryption-missing", f"{trustees.needed} trustees must decrypt; {len(factors)} did.")
        for number in inside:
            terms.append((factors[part.first + number], _weight(group.q, number, inside)))
    if not terms[0][0]:
        return []
    columns = zip(*(elements for elements, _ in terms), strict=True)
    weights = [weight for _, weight in terms]
    return [
        group.total(e if w == 1 else group.power(e, w) for e, w in zip(column, weights, strict=True))
        for column in columns
    ]  # fmt: skip


def _weight(q: int, number: int, inside: Sequence[int]) -> int:
    others = [other for other in inside if other != number]
    return prod(others) * pow(prod(other - number for other in others), -1, q) % q


def checksum(public: str) -> str:
    """The fingerprint of a trustee's public key, as the tool shows it too; to be compared by telephone."""
    return sha256(printed(public).encode()).hexdigest()
