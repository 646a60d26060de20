"""The encrypted tally, its decryption by the trustees, and the result."""

from collections.abc import Iterable, Sequence
from math import isqrt
from typing import Any

from madang.ballots.casting import plain_ciphertext
from madang.ballots.elections import Election, Question
from madang.ballots.groups import Ciphertext, Draw, Element, Group, draw_secretly
from madang.ballots.printing import fields, listed, parsed, printed
from madang.ballots.proofs import Key, Proof, are_equal, prove_equal, read_proof
from madang.ballots.refusals import Refusal

Tally = list[list[Ciphertext]]
"""For every question the products of the choices, or the ciphertexts of all voters for a shuffled one."""


def empty_tally(election: Election) -> Tally:
    """The tally of nobody."""
    one = election.group.one
    return [[] if question.shuffled else [(one, one)] * question.choices for question in election.questions]


def add(election: Election, tally: Tally, more: Sequence[Sequence[Ciphertext]], weight: int = 1) -> None:
    """Add a ballot (its ciphertexts for every question) or another tally."""
    group = election.group
    for place, (question, choices) in enumerate(zip(election.questions, more, strict=True)):
        if question.shuffled:
            tally[place] += choices
            continue
        for number, (alpha, beta) in enumerate(choices):
            if weight != 1:
                alpha, beta = group.power(alpha, weight), group.power(beta, weight)
            here = tally[place][number]
            tally[place][number] = (group.multiply(here[0], alpha), group.multiply(here[1], beta))


def sort_shuffled(election: Election, tally: Tally) -> None:
    """Put the ciphertexts of shuffled questions into the order in which the first shuffle takes them."""
    order = election.group.order
    for place in election.shuffled:
        tally[place].sort(key=lambda one: (order(one[0]), order(one[1])))


def tally_bytes(election: Election, tally: Tally) -> bytes:
    """The encrypted tally as it is printed."""
    group = election.group
    return printed([[plain_ciphertext(group, one) for one in choices] for choices in tally]).encode()


def read_tally(election: Election, raw: bytes) -> Tally:
    """The encrypted tally in these bytes, which were checked when they were added; elements are not checked again."""
    group, rule, what = election.group, "tally", "the encrypted tally"
    questions = listed(parsed(raw, rule, what), len(election.questions), rule, what)
    return [read_ciphertexts(group, listed(choices, None, rule, what)) for choices in questions]


def read_ciphertexts(group: Group, values: Iterable[Any]) -> list[Ciphertext]:
    """Ciphertexts as they are printed, not yet known to be in the group."""
    found = []
    for one in values:
        alpha, beta = fields(one, ("alpha", "beta"), "canonical", "a ciphertext")
        found.append((group.stated(alpha, "an alpha"), group.stated(beta, "a beta")))
    return found


def tally_statement(voters: int, weight: int, digest: str) -> bytes:
    """What stands beside the encrypted tally: of how many voters it is, what they weigh, and its hash."""
    stated = {"num_tallied": voters, "total_weight": weight if weight < 1 << 30 else str(weight)}
    return printed({**stated, "encrypted_tally": digest}).encode()


# --- decryption --------------------------------------------------------------------------------------


def decrypt_one(
    group: Group, fingerprint: str, secret: int, public: str, ciphertexts: Sequence[Ciphertext],
    draw: Draw = draw_secretly,
) -> list[tuple[Element, Proof]]:  # fmt: skip
    """A trustee's factor and proof for each of some ciphertexts."""
    prefix = f"decrypt|{fingerprint}|{public}|"
    return [
        (group.secret_power(alpha, secret), prove_equal(group, prefix, alpha, secret, draw)) for alpha, _ in ciphertexts
    ]


def decryption_bytes(group: Group, found: Sequence[Sequence[tuple[Element, Proof]]]) -> bytes:
    """A partial decryption as it is printed, from the factors and proofs for every question."""
    factors = [[group.text(factor) for factor, _ in question] for question in found]
    proofs = [[proof.plain() for _, proof in question] for question in found]
    return printed({"decryption_factors": factors, "decryption_proofs": proofs}).encode()


def read_decryption(election: Election, value: Any, tally: Tally) -> list[list[tuple[Element, Proof]]]:
    """The factors and proofs of a partial decryption, as many as there are ciphertexts."""
    group, rule, what = election.group, "decryption-shape", "a partial decryption"
    factors, proofs = fields(value, ("decryption_factors", "decryption_proofs"), rule, what)
    found = []
    columns = zip(
        tally, listed(factors, len(tally), rule, what), listed(proofs, len(tally), rule, what), strict=True
    )  # fmt: skip
    for choices, ours, theirs in columns:
        read = [group.element(one, "a factor") for one in listed(ours, len(choices), rule, what)]
        answers = [read_proof(group, one, "a factor") for one in listed(theirs, len(choices), rule, what)]
        found.append(list(zip(read, answers, strict=True)))
    return found


def check_factors(
    key: Key, fingerprint: str, ciphertexts: Sequence[Ciphertext], found: Sequence[tuple[Element, Proof]]
) -> int | None:  # fmt: skip
    """The place of the first factor that was not made with the key, or None."""
    prefix = f"decrypt|{fingerprint}|{key.group.text(key.public)}|"
    for place, ((alpha, _), (factor, proof)) in enumerate(zip(ciphertexts, found, strict=True)):
        if not are_equal(key, prefix, alpha, factor, proof):
            return place
    return None


# --- result ------------------------------------------------------------------------------------------


def opened(group: Group, ciphertexts: Sequence[Ciphertext], factors: Sequence[Element]) -> list[Element]:
    """What the ciphertexts encrypt, once the factors of the trustees are combined."""
    return [group.divide(beta, factor) for (_, beta), factor in zip(ciphertexts, factors, strict=True)]


def result_of(election: Election, question: Question, plain: Sequence[Element], weight: int) -> list[Any]:
    """The numbers of one question: totals, or what every voter wrote."""
    group = election.group
    if question.shuffled:
        return [group.to_integers(len(question.answers), one) for one in plain]
    return logarithms(group, plain, weight)


def logarithms(group: Group, elements: Iterable[Element], most: int) -> list[int]:
    """The exponents, from 0 to `most`, of elements that are powers of the generator."""
    step = isqrt(most) + 1
    small: dict[Element, int] = {}
    here = group.one
    for exponent in range(step):
        small.setdefault(here, exponent)
        here = group.multiply(here, group.g)
    back = group.inverse(here)
    found = []
    for element in elements:
        for turn in range(step + 1):
            if element in small:
                found.append(turn * step + small[element])
                break
            element = group.multiply(element, back)
        else:
            raise Refusal("result", f"a total is not between 0 and {most:,}; a ballot or a decryption must be wrong.")
    return found
