"""The answers of a revision under the questions of its form.

Forms belong to a room above; it brings the reader, so that every room's page can show what a matter says.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from madang.site.docket.models import Revision


@dataclass(frozen=True)
class Said:
    """One answer to a form: the question in the reader's language, and the answer."""

    question: str
    answer: Any
    money: bool = False
    prose: bool = False


Reader = Callable[[Sequence[Revision], Mapping[str, Any]], Sequence[Sequence[Said]]]
_readers: list[Reader] = []


def read_with(reader: Reader) -> None:
    """Bring the reader: revisions and their process's recipe to what each says. The last one counts."""
    _readers[:] = [reader]


def said(revision: Revision | None, recipe: Mapping[str, Any]) -> Sequence[Said]:
    """What a revision says; nothing while no room reads forms."""
    return said_by([revision], recipe)[0] if revision is not None else ()


def said_by(revisions: Sequence[Revision], recipe: Mapping[str, Any]) -> Sequence[Sequence[Said]]:
    """What each of some revisions says, like `said`, for as many queries as one costs."""
    return _readers[0](revisions, recipe) if _readers else [()] * len(revisions)
