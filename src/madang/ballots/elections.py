"""An election as the archive holds it: its key and its questions."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from madang.ballots.groups import Group, group
from madang.ballots.printing import base64_hash, count, fields, is_uuid, listed, parsed, printed, text
from madang.ballots.proofs import Key
from madang.ballots.refusals import Refusal

RULE = "election"
NAMES = ("version", "description", "name", "group", "public_key", "questions", "uuid")
LATER = ("administrator", "credential_authority", "language")


@dataclass(frozen=True)
class Question:
    """A question: counted under encryption (from `least` to `most` answers), or shuffled and opened.

    A shuffled question has one number from 0 to 255 for every answer.
    """

    text: str
    answers: tuple[str, ...]
    least: int = 0
    most: int = 0
    blank: bool = False
    shuffled: bool = False

    @property
    def choices(self) -> int:
        """How many ciphertexts the answer of a voter has; a shuffled one has a single one."""
        return 1 if self.shuffled else len(self.answers) + self.blank

    def plain(self) -> dict[str, Any]:
        """As it is printed."""
        if self.shuffled:
            value = {"answers": list(self.answers), "question": self.text}
            return {"type": "NonHomomorphic", "value": value}
        blank = {"blank": True} if self.blank else {}
        return {"answers": list(self.answers), **blank, "min": self.least, "max": self.most, "question": self.text}


@dataclass(frozen=True)
class Election:
    """An election; `raw` are the bytes from which its fingerprint is made."""

    raw: bytes
    uuid: str
    name: str
    key: Key
    questions: tuple[Question, ...]

    @property
    def group(self) -> Group:
        """The group of its key."""
        return self.key.group

    @cached_property
    def fingerprint(self) -> str:
        """What every proof of the election is bound to."""
        return base64_hash(self.raw)

    @cached_property
    def shuffled(self) -> tuple[int, ...]:
        """The places of the questions that are shuffled."""
        return tuple(place for place, question in enumerate(self.questions) if question.shuffled)


def election_text(
    *, uuid: str, name: str, description: str, group: Group, public_key: Any, questions: list[Question]
) -> bytes:
    """The bytes of an election."""
    values = {"version": 1, "description": description, "name": name, "group": group.name}
    values |= {"public_key": group.text(public_key), "questions": [one.plain() for one in questions], "uuid": uuid}
    return printed(values).encode()


@lru_cache(maxsize=8)
def read_election(raw: bytes) -> Election:
    """The election in these bytes."""
    value = parsed(raw, RULE, "the election")
    version, _description, name, group_name, key, questions, uuid, *_rest = fields(
        value, NAMES + LATER, RULE, "the election", optional=LATER
    )
    if version != 1:
        raise Refusal(RULE, f"the version of the protocol is {version!r}; this program knows version 1.")
    if not is_uuid(text(uuid, RULE, "the uuid")):
        raise Refusal(RULE, "the uuid is not one of 14 or more digits.")
    found = group(text(group_name, RULE, "the group"))
    public = found.parsed(key) if isinstance(key, str) else None
    if public is None or not found.is_member(public) or public == found.one:
        raise Refusal("election-key", "the public key of the election is not an element that can encrypt.")
    read = tuple(read_question(one, found) for one in listed(questions, None, RULE, "the questions"))
    if not read:
        raise Refusal(RULE, "the election has no question.")
    return Election(raw, uuid, text(name, RULE, "the name"), Key(found, public), read)


def read_question(value: Any, group: Group) -> Question:
    """A question as it is printed."""
    if isinstance(value, dict) and "type" in value:
        kind, inner, _extra = fields(value, ("type", "value", "extra"), RULE, "a question", optional=("extra",))
        if kind != "NonHomomorphic":
            raise Refusal(RULE, f"questions of the kind {kind!r} are not known to this program.")
        answers, asked = fields(inner, ("answers", "question"), RULE, "a question")
        question = Question(text(asked, RULE, "a question"), _answers(answers), shuffled=True)
        if len(question.answers) > group.most_integers:
            raise Refusal(RULE, f"an element of {group.name} holds {group.most_integers} numbers at most.")
        return question
    names = ("answers", "blank", "min", "max", "question")
    answers, blank, least, most, asked = fields(value, names, RULE, "a question", optional=("blank",))
    if blank not in (None, True, False):
        raise Refusal(RULE, "whether a blank answer is allowed is neither true nor false.")
    question = Question(
        text(asked, RULE, "a question"), _answers(answers), count(least, RULE, "min"), count(most, RULE, "max"),
        bool(blank),
    )  # fmt: skip
    if not question.least <= question.most <= len(question.answers):
        raise Refusal(RULE, "a question must have min <= max <= the number of its answers.")
    return question


def _answers(value: Any) -> tuple[str, ...]:
    answers = tuple(text(one, RULE, "an answer") for one in listed(value, None, RULE, "the answers"))
    if not answers:
        raise Refusal(RULE, "a question has no answers.")
    return answers
