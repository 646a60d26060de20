"""Checking one ballot, before it is accepted and again by everybody who verifies the election."""

from collections.abc import Container
from dataclasses import dataclass
from typing import Any, NamedTuple

from madang.ballots.elections import Election, Question
from madang.ballots.groups import Ciphertext, Group
from madang.ballots.printing import base64_hash, canonical, fields, listed, printed, text
from madang.ballots.proofs import Branch, Proof, holds_branch, knows, read_proof, read_proofs
from madang.ballots.refusals import Refusal

SHAPE = "ballot-shape"
NAMES = ("election_uuid", "election_hash", "credential", "answers", "signature")


@dataclass(frozen=True)
class Answer:
    """What a ballot says to one question. A shuffled question has one ciphertext and one proof in `overall`."""

    choices: tuple[Ciphertext, ...]
    individual: tuple[list[Proof], ...]
    overall: list[Proof]
    blank: list[Proof]


@dataclass(frozen=True)
class Ballot:
    """A ballot: who signed it, and what it answers under encryption."""

    credential: str
    answers: tuple[Answer, ...]
    tracker: str


def largest(election: Election) -> int:
    """How many bytes a ballot of this election can have at most."""
    group = election.group
    proof = len(printed(Proof(group.q - 1, group.q - 1).plain())) + 1
    ciphertext = 2 * group.longest + len('{"alpha":"","beta":""},')
    size = 400 + len(election.uuid) + group.longest + proof
    for question in election.questions:
        size += 100 + question.choices * (ciphertext + 2 * proof + 3) + (question.most + 4) * proof
    return size


def tracker(raw: bytes) -> str:
    """What a voter finds the own ballot by."""
    return base64_hash(raw)


class Envelope(NamedTuple):
    """A ballot of which only the outside has been read: what is cheap to check."""

    credential: str
    tracker: str
    signed: str
    answers: list[Any]
    proof: Any


def check_ballot(
    election: Election, raw: bytes, *, credentials: Container[str], cast: Container[str] = ()
) -> Ballot:  # fmt: skip
    """The ballot in these bytes; a refusal if it may not be accepted. Cheap rules come first.

    `credentials` are the public credentials that may vote, `cast` the trackers of the ballots accepted so far.
    """
    envelope = read_envelope(election, raw)
    if envelope.credential not in credentials:
        raise Refusal("ballot-credential", "the ballot's credential is not on the list of this election.")
    if envelope.tracker in cast:
        raise Refusal("ballot-replayed", "exactly this ballot has been cast before.")
    return open_envelope(election, envelope)


def read_envelope(election: Election, raw: bytes) -> Envelope:
    """The outside of a ballot: size, form, election and what was signed are checked."""
    if len(raw) > largest(election):
        raise Refusal("ballot-size", f"the ballot has {len(raw):,} bytes; {largest(election):,} are the most.")
    value = canonical(raw, "canonical", "the ballot")
    uuid, fingerprint, credential, answers, signature = fields(value, NAMES, "canonical", "the ballot")
    if uuid != election.uuid or fingerprint != election.fingerprint:
        raise Refusal("ballot-election", "the ballot is for another election.")
    listed(answers, len(election.questions), SHAPE, "the list of answers")
    signed, proof = fields(signature, ("hash", "proof"), "canonical", "the signature")
    if signed != base64_hash(printed({name: value[name] for name in NAMES[:-1]}).encode()):
        raise Refusal("signature", "the signature is of another ballot.")
    return Envelope(text(credential, "canonical", "the credential"), tracker(raw), signed, answers, proof)


def open_envelope(election: Election, envelope: Envelope) -> Ballot:
    """The ballot in an envelope, with every element in the group and every proof checked."""
    group = election.group
    pairs = zip(election.questions, envelope.answers, strict=True)
    ballot = Ballot(envelope.credential, tuple(_answer(group, *pair) for pair in pairs), envelope.tracker)
    _check_proofs(election, ballot, read_proof(group, envelope.proof, "the signature"), envelope.signed)
    return ballot


def _answer(group: Group, question: Question, value: Any) -> Answer:
    if question.shuffled:
        choices, proof = fields(value, ("choices", "proof"), SHAPE, "an answer to a shuffled question")
        return Answer((read_ciphertext(group, choices),), (), [read_proof(group, proof, "a shuffled answer")], [])
    names = ["choices", "individual_proofs", "overall_proof"] + ["blank_proof"] * question.blank
    choices, individual, overall, *blank = fields(value, names, SHAPE, "an answer")
    each = [
        read_proofs(group, one, 2, SHAPE, "the proofs of a choice")
        for one in listed(individual, question.choices, SHAPE, "the list of proofs of choices")
    ]
    most = question.most - question.least + 1 + question.blank
    return Answer(
        tuple(_stated(group, one) for one in listed(choices, question.choices, SHAPE, "the list of choices")),
        tuple(each),
        read_proofs(group, overall, most, SHAPE, "the proofs of the number of choices"),
        read_proofs(group, blank[0], 2, SHAPE, "the proofs of a blank answer") if question.blank else [],
    )


def _stated(group: Group, value: Any) -> Ciphertext:
    """A ciphertext as it is printed; whether it is in the group is seen when its proofs are checked."""
    alpha, beta = fields(value, ("alpha", "beta"), "canonical", "a ciphertext")
    return group.stated(alpha, "an alpha"), group.stated(beta, "a beta")


def read_ciphertext(group: Group, value: Any) -> Ciphertext:
    """A ciphertext as it is printed, with both elements in the group."""
    alpha, beta = fields(value, ("alpha", "beta"), "canonical", "a ciphertext")
    return group.element(alpha, "an alpha"), group.element(beta, "a beta")


def _check_proofs(election: Election, ballot: Ballot, signature: Proof, signed: str) -> None:
    key, group = election.key, election.group
    holder = group.parsed(ballot.credential)
    if holder is None:
        raise Refusal("ballot-credential", f"the credential is not an element of {group.name}.")
    if not knows(key, f"sig|{signed}|", holder, signature):
        raise Refusal("signature", "the signature does not hold.")
    voter = f"{election.fingerprint}|{ballot.credential}"
    for number, (question, answer) in enumerate(zip(election.questions, ballot.answers, strict=True), 1):
        if question.shuffled:
            _check_shuffled(election, answer, voter, number)
        else:
            _check_counted(election, question, answer, voter, number)


def _check_shuffled(election: Election, answer: Answer, voter: str, number: int) -> None:
    key, group = election.key, election.group
    alpha, beta = answer.choices[0]
    if not knows(key, encryption_prefix(key.group, voter, key.public, alpha, beta), alpha, answer.overall[0]):
        raise Refusal("encryption-proof", f"the proof of answer {number} does not hold in {group.name}.")


def encryption_prefix(group: Group, voter: str, public: Any, alpha: Any, beta: Any) -> str:
    """What the proof of a shuffled answer is bound to."""
    return f"raweg|{voter}|{group.text(public)},{group.text(alpha)},{group.text(beta)}|"


def _check_counted(election: Election, question: Question, answer: Answer, voter: str, number: int) -> None:
    key, group = election.key, election.group
    for place, (choice, proofs) in enumerate(zip(answer.choices, answer.individual, strict=True), 1):
        branches = [Branch(choice, 0), Branch(choice, 1)]
        if not holds_branch(key, choice_prefix(group, voter, choice), branches, proofs):
            raise Refusal("individual-proof", f"choice {place} of answer {number} is not proved to be 0 or 1.")
    whole = answer_prefix(group, voter, answer.choices)
    blank, total = split(group, question, answer.choices)
    if blank is not None:
        if not holds_branch(key, f"bproof0|{whole}|", [Branch(blank, 0), Branch(total, 0)], answer.blank, members=True):
            raise Refusal("blank-proof", f"answer {number} is not proved to be either blank or not.")
        prefix, branches = f"bproof1|{whole}|", [Branch(blank, 1), *amounts(question, total)]
    else:
        prefix, branches = overall_prefix(group, whole, total), amounts(question, total)
    if not holds_branch(key, prefix, branches, answer.overall, members=True):
        raise Refusal("overall-proof", f"answer {number} is not proved to have {question.least} to {question.most}.")


def _pair(group: Group, ciphertext: Ciphertext) -> str:
    return f"{group.text(ciphertext[0])},{group.text(ciphertext[1])}"


def choice_prefix(group: Group, voter: str, choice: Ciphertext) -> str:
    """What the proof of one choice is bound to."""
    return f"prove|{voter}|{_pair(group, choice)}|"


def overall_prefix(group: Group, whole: str, total: Ciphertext) -> str:
    """What the proof of the number of choices is bound to where no blank answer is allowed."""
    return f"prove|{whole}|{_pair(group, total)}|"


def answer_prefix(group: Group, voter: str, choices: tuple[Ciphertext, ...]) -> str:
    """What the proofs of a whole answer are bound to."""
    return f"{voter}|" + ",".join(_pair(group, choice) for choice in choices)


def amounts(question: Question, total: Ciphertext) -> list[Branch]:
    """The numbers of choices that are allowed."""
    return [Branch(total, value) for value in range(question.least, question.most + 1)]


def split(
    group: Group, question: Question, choices: tuple[Ciphertext, ...]
) -> tuple[Ciphertext | None, Ciphertext]:  # fmt: skip
    """The ciphertext of "blank" where there is one, and the product of all other choices."""
    counted = choices[1:] if question.blank else choices
    total = (group.total(alpha for alpha, _ in counted), group.total(beta for _, beta in counted))
    return (choices[0] if question.blank else None), total
