"""What whoever carries the messages of a threshold's ceremony checks of each message, before the next step begins."""

from collections.abc import Sequence
from typing import Any

from madang.ballots.groups import Element, Group
from madang.ballots.printing import fields, listed
from madang.ballots.proofs import Key, knows, read_proof
from madang.ballots.refusals import Refusal
from madang.ballots.trustees import (
    RULE,
    certificates_message,
    check_public,
    member_element,
    read_certificates,
    read_coefficients,
    signed_message,
    verification_key,
)


def check_single(group: Group, value: Any) -> None:
    """The key of a trustee who is always needed."""
    check_public(Key(group, group.one), value, "this key")


def check_certificate(group: Group, value: Any, *, place: int, threshold: int, members: int) -> None:
    """The certificate of the member at a place, in the newer form."""
    what = "this certificate"
    content, _message, _signing = signed_message(Key(group, group.one), value, None, what)
    context, _signing, receiving = fields(content, ("context", "verification", "encryption"), RULE, what)
    told = fields(context, ("group", "size", "threshold", "index"), RULE, what)
    if told != [group.name, members, threshold, place]:
        raise Refusal(RULE, f"{what} is not for place {place}/{threshold}/{members} in {group.name}.")
    member_element(group, receiving, what)


def check_polynomial(group: Group, certs: Sequence[Any], value: Any, *, place: int, threshold: int) -> list[Element]:
    """The polynomial of the member at a place; its coefficients as powers of the generator."""
    generator, what = Key(group, group.one), "this polynomial"
    signer = read_certificates(generator, certs, threshold)[place - 1].signing
    names = ("polynomial", "secrets", "coefexps", "signature")
    _own, secrets, signed, signature = fields(value, names, RULE, what)
    listed(secrets, len(certs), RULE, what)
    coefficients = read_coefficients(generator, signed, signer, threshold, what)
    message = certificates_message(group, list(certs), coefficients)
    if not knows(generator, f"sigmsg|{message}|", signer, read_proof(group, signature, what)):
        raise Refusal(RULE, f"{what} was made for other certificates; download them again and repeat the step.")
    return coefficients


def check_member(
    group: Group, certs: Sequence[Any], polynomials: Sequence[Any], value: Any, *, place: int, threshold: int
) -> None:
    """The public key of the member at a place, which must follow from the polynomials of all."""
    generator, what = Key(group, group.one), "this key"
    signer = read_certificates(generator, certs, threshold)[place - 1].signing
    coefficients = [
        check_polynomial(group, certs, one, place=number, threshold=threshold)
        for number, one in enumerate(polynomials, 1)
    ]
    if check_public(generator, value, what, signer) != verification_key(group, coefficients, place):
        raise Refusal(RULE, f"{what} does not follow from the polynomials of all members.")
