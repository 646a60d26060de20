"""What a ballot says that was made only to test a device, by the secrets with which that device encrypted it.

Whoever knows those secrets can read the ballot. A device gives them away for a ballot that is never cast.
"""

from typing import Any, NamedTuple

from madang.ballots.checking import check_ballot, read_ciphertext
from madang.ballots.elections import Election
from madang.ballots.printing import fields, listed, parsed, text
from madang.ballots.refusals import Refusal

RULE = "ballot-content"


class Revealed(NamedTuple):
    """The numbers that a ballot answers to each question, and its tracker."""

    answers: list[list[int]]
    tracker: str


def reveal(election: Election, file: bytes) -> Revealed:
    """Read the file of a test: `ballot` as text and its `secrets`. Every ciphertext is made again from what it says.

    A refusal if the ballot would not be accepted, or says something else than what it was made from.
    """
    raw, secrets = _read(election, file)
    value = parsed(raw, "canonical", "the ballot")
    credential = value.get("credential") if isinstance(value, dict) else None
    ballot = check_ballot(election, raw, credentials=[credential] if isinstance(credential, str) else [])
    answers = [
        _numbers(election, len(question.answers), answer["choices"], secret)
        for question, answer, secret in zip(election.questions, value["answers"], secrets, strict=True)
    ]
    return Revealed(answers, ballot.tracker)


def _read(election: Election, file: bytes) -> tuple[bytes, list[int]]:
    what = "the file of the test"
    ballot, given = fields(parsed(file, RULE, what), ("ballot", "secrets"), RULE, what)
    if not all(question.shuffled for question in election.questions):
        raise Refusal(RULE, "only ballots whose answers are shuffled can be tested.")
    secrets = listed(given, len(election.questions), RULE, "the list of secrets")
    return text(ballot, RULE, "the ballot").encode(), [election.group.scalar(one, "a secret") for one in secrets]


def _numbers(election: Election, count: int, printed: Any, secret: int) -> list[int]:
    group, key = election.group, election.key
    alpha, beta = read_ciphertext(group, printed)
    mask = group.power(key.public, secret)
    numbers = group.to_integers(count, group.divide(beta, mask))
    if alpha != group.power(group.g, secret) or beta != group.multiply(mask, group.of_integers(numbers)):
        raise Refusal(RULE, "the ballot was not made from these secrets.")
    return numbers
