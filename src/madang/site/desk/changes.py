"""What changed from one version of a matter to the next, question by question and word by word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from madang.site.docket.answers import Said
from madang.site.docket.models import Revision

# Comparing grows with the square of the words; longer texts are shown as replaced.
MOST_WORDS = 2_000
SAME, GONE, NEW = "same", "gone", "new"
_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True)
class Piece:
    """A part of a text: the same in both versions, gone, or new."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """A question whose answer changed, with the pieces of both answers in their order."""

    question: str
    pieces: Sequence[Piece]


@dataclass(frozen=True)
class Version:
    """A version of a matter with what changed since the one before; the first one changed nothing."""

    revision: Revision
    changes: Sequence[Change]


def versions(revisions: Sequence[Revision], texts: Sequence[Sequence[Said]]) -> list[Version]:
    """Versions with their changes, for revisions from the latest to the first and what each says. No query."""
    before = [*texts[1:], None]
    return [
        Version(revision, [] if older is None else changes(older, newer))
        for revision, newer, older in zip(revisions, texts, before, strict=True)
    ]


def changes(older: Sequence[Said], newer: Sequence[Said]) -> list[Change]:
    """The questions that were answered otherwise, in the order of the newer version; what was left out comes last."""
    was = {said.question: _text(said.answer) for said in older}
    now = {said.question: _text(said.answer) for said in newer}
    questions = [*now, *(question for question in was if question not in now)]
    pairs = [(question, was.get(question, ""), now.get(question, "")) for question in questions]
    return [Change(question, pieces(old, new)) for question, old, new in pairs if old != new]


def pieces(old: str, new: str) -> list[Piece]:
    """Both texts as pieces: "same" and "gone" ones together are the old text, "same" and "new" ones the new one."""
    ours, theirs = _WORDS.findall(old), _WORDS.findall(new)
    if max(len(ours), len(theirs)) > MOST_WORDS:
        return [piece for piece in (Piece(GONE, old), Piece(NEW, new)) if piece.text]
    found = []
    for how, start, end, first, last in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        gone, come = "".join(ours[start:end]), "".join(theirs[first:last])
        found += [Piece(SAME, gone)] if how == "equal" else [Piece(GONE, gone), Piece(NEW, come)]
    return [piece for piece in found if piece.text]


def _text(answer: Any) -> str:
    return "" if answer is None else str(answer)
