"""Credentials of voters: a short secret text, from which a key to sign ballots follows."""

import secrets
from collections.abc import Callable, Sequence
from hashlib import pbkdf2_hmac, sha256
from typing import NamedTuple

from madang.ballots.groups import Element, Group
from madang.ballots.printing import DIGITS, canonical, is_decimal, listed, text
from madang.ballots.refusals import Refusal

RULE = "public-credentials"
GROUPINGS = {15: (3, 3, 3, 3, 3), 22: (5, 6, 5, 6)}
CHECK = 53


def new_token(length: int = 14) -> str:
    """A random text of digits that cannot be mistaken for one another, as an election's uuid is."""
    return "".join(secrets.choice(DIGITS) for _ in range(length))


def new_credential() -> str:
    """A secret of 128 random bits, for every tool but the oldest (2.0)."""
    return _grouped(new_token(22))


def new_old_credential() -> str:
    """A secret of the style that version 2.0 of the tool derives its keys from; 82 random bits and a check digit."""
    drawn = new_token(14)
    return _grouped(drawn + DIGITS[CHECK - _value(drawn) % CHECK])


def _grouped(digits: str) -> str:
    parts, rest = [], digits
    for length in GROUPINGS[len(digits)]:
        parts.append(rest[:length])
        rest = rest[length:]
    return "-".join(parts)


def _value(digits: str) -> int:
    number = 0
    for digit in digits:
        number = number * len(DIGITS) + DIGITS.index(digit)
    return number


def is_credential(credential: str) -> bool:
    """Whether the text has the form of a credential, and the check digit of the old style is right."""
    digits = credential.replace("-", "")
    if len(digits) not in GROUPINGS or not set(digits) <= set(DIGITS) or _grouped(digits) != credential:
        return False
    return len(digits) == 22 or (_value(digits[:14]) + DIGITS.index(digits[14])) % CHECK == 0


def secret_of(group: Group, uuid: str, credential: str) -> int:
    """The secret exponent of a credential in one election."""
    if not is_credential(credential):
        raise Refusal("ballot-credential", "this is not a credential; a letter may be missing or mistyped.")
    if len(credential.replace("-", "")) == 15:
        derived = pbkdf2_hmac("sha256", credential.encode(), uuid.encode(), 1000, 32)
        return int.from_bytes(derived, "big") % group.q
    halves = (sha256(f"derive_credential|{uuid}|{half}|{credential}".encode()).digest() for half in (0, 1))
    return int.from_bytes(b"".join(halves), "big") % group.q


def public_of(group: Group, secret: int) -> Element:
    """The public credential to a secret exponent."""
    return group.secret_power(group.g, secret)


class Credential(NamedTuple):
    """A public credential as text, and what a ballot with it weighs."""

    public: str
    weight: int


def read_credentials(raw: bytes) -> list[Credential]:
    """The list of public credentials; all must be distinct. Whether they are in the group is not seen here.

    What lists made by the tool say after the weight is passed over: it is the voter's number or login.
    """
    found = []
    for value in listed(canonical(raw, RULE, "the list of public credentials"), None, RULE, "the list of credentials"):
        public, *rest = text(value, RULE, "a public credential").split(",")
        weight = rest[0] if rest and rest[0] else "1"
        if len(rest) > 2 or not is_decimal(weight) or len(weight) > 9 or weight == "0":
            raise Refusal(RULE, f"the weight of the credential {public[:20]}… is not a whole number from 1.")
        found.append(Credential(public, int(weight)))
    if len({one.public for one in found}) < len(found):
        raise Refusal(RULE, "a public credential stands twice in the list.")
    return found


def check_credentials(group: Group, publics: Sequence[str]) -> None:
    """Refuse credentials that are not in the group, or the identity."""
    for public in publics:
        found = group.parsed(public)
        if found is None or not group.is_member(found) or found == group.one:
            raise Refusal(RULE, f"the public credential {public[:20]}… is not an element that can sign.")


def draw_credential(group: Group, uuid: str, make: Callable[[], str] = new_credential) -> tuple[str, str]:
    """A new credential, and its public side as text."""
    credential = make()
    return credential, group.text(public_of(group, secret_of(group, uuid, credential)))
