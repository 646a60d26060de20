"""Making a ballot: encrypting answers and proving that they are valid."""

from collections.abc import Sequence
from typing import Any

from madang.ballots.checking import (
    amounts,
    answer_prefix,
    choice_prefix,
    encryption_prefix,
    overall_prefix,
    split,
)
from madang.ballots.elections import Election, Question
from madang.ballots.groups import Ciphertext, Draw, Group, draw_secretly
from madang.ballots.printing import base64_hash, printed
from madang.ballots.proofs import Branch, Proof, prove_branch, prove_knowledge
from madang.ballots.refusals import Refusal


def make_ballot(
    election: Election, secret: int, answers: Sequence[Sequence[int]], draw: Draw = draw_secretly
) -> bytes:  # fmt: skip
    """The ballot of whoever holds the secret exponent of a credential.

    An answer to a counted question has a 0 or a 1 for every answer, with one more in front where a blank answer is
    allowed; an answer to a shuffled question has a number from 0 to 255 for every answer.
    """
    if len(answers) != len(election.questions):
        raise Refusal("ballot-shape", f"{len(election.questions)} questions must be answered, not {len(answers)}.")
    group = election.group
    credential = group.text(group.secret_power(group.g, secret))
    voter = f"{election.fingerprint}|{credential}"
    made = []
    for number, (question, answer) in enumerate(zip(election.questions, answers, strict=True), 1):
        _check_answer(question, answer, number)
        make = _shuffled if question.shuffled else _counted
        made.append(make(election, question, voter, answer, draw))
    value: dict[str, Any] = {"election_uuid": election.uuid, "election_hash": election.fingerprint}
    value |= {"credential": credential, "answers": made}
    signed = base64_hash(printed(value).encode())
    proof = prove_knowledge(group, f"sig|{signed}|", secret, draw)
    return printed(value | {"signature": {"hash": signed, "proof": proof.plain()}}).encode()


def _check_answer(question: Question, answer: Sequence[int], number: int) -> None:
    expected = len(question.answers) + question.blank
    most = 255 if question.shuffled else 1
    if len(answer) != expected or not all(type(one) is int and 0 <= one <= most for one in answer):
        raise Refusal("ballot-shape", f"answer {number} must be {expected} numbers from 0 to {most}.")
    if question.shuffled:
        return
    chosen = sum(answer[1:] if question.blank else answer)
    if question.blank and answer[0]:
        if chosen:
            raise Refusal("blank-proof", f"answer {number} is blank and yet chooses something.")
    elif not question.least <= chosen <= question.most:
        raise Refusal("overall-proof", f"answer {number} chooses {chosen}; {question.least} to {question.most} may be.")


def _encrypt(election: Election, message: Any, secret: int) -> Ciphertext:
    group = election.group
    return (
        group.secret_power(group.g, secret),
        group.multiply(group.secret_power(election.key.public, secret), message),
    )


def plain_ciphertext(group: Group, ciphertext: Ciphertext) -> dict[str, str]:
    """A ciphertext as it is printed."""
    return {"alpha": group.text(ciphertext[0]), "beta": group.text(ciphertext[1])}


def _shuffled(
    election: Election, question: Question, voter: str, answer: Sequence[int], draw: Draw
) -> dict[str, Any]:  # fmt: skip
    group = election.group
    secret = draw(group.q)
    alpha, beta = _encrypt(election, group.of_integers(answer), secret)
    prefix = encryption_prefix(group, voter, election.key.public, alpha, beta)
    proof = prove_knowledge(group, prefix, secret, draw)
    return {"choices": plain_ciphertext(group, (alpha, beta)), "proof": proof.plain()}


def _counted(
    election: Election, question: Question, voter: str, answer: Sequence[int], draw: Draw
) -> dict[str, Any]:  # fmt: skip
    key, group, q = election.key, election.group, election.group.q
    secrets = [draw(q) for _ in answer]
    choices = tuple(
        _encrypt(election, group.g if one else group.one, secret)
        for one, secret in zip(answer, secrets, strict=True)
    )  # fmt: skip
    individual = []
    for choice, one, secret in zip(choices, answer, secrets, strict=True):
        branches = [Branch(choice, 0), Branch(choice, 1)]
        prefix = choice_prefix(group, voter, choice)
        individual.append(_plain(prove_branch(key, prefix, branches, one, [secret] * 2, [one] * 2, draw)))
    whole = answer_prefix(group, voter, choices)
    blank, total = split(group, question, choices)
    value: dict[str, Any] = {"choices": [plain_ciphertext(group, one) for one in choices]}
    value["individual_proofs"] = individual
    rest, chosen = sum(secrets[question.blank :]) % q, sum(answer[question.blank :])
    ranges = amounts(question, total)
    if blank is None:
        many = len(ranges)
        prefix = overall_prefix(group, whole, total)
        overall = prove_branch(key, prefix, ranges, chosen - question.least, [rest] * many, [chosen] * many, draw)
        return value | {"overall_proof": _plain(overall)}
    is_blank = answer[0]
    own, messages = [secrets[0], *[rest] * len(ranges)], [is_blank, *[chosen] * len(ranges)]
    true = 0 if is_blank else 1 + chosen - question.least
    either = [Branch(blank, 0), Branch(total, 0)]
    proof = prove_branch(key, f"bproof0|{whole}|", either, is_blank, own[:2], messages[:2], draw)
    overall = prove_branch(key, f"bproof1|{whole}|", [Branch(blank, 1), *ranges], true, own, messages, draw)
    return value | {"overall_proof": _plain(overall), "blank_proof": _plain(proof)}


def _plain(proofs: Sequence[Proof]) -> list[dict[str, str]]:
    return [proof.plain() for proof in proofs]
