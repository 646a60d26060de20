"""Answers of policies: yes, or no with the reason that the page shows."""

from dataclasses import dataclass

from django.utils.functional import Promise


class Refused(Exception):
    """An action was refused; the message is a sentence for the person who asked."""


@dataclass(frozen=True)
class Verdict:
    """`ok`, or a reason in the language of the reader (a lazy translation)."""

    ok: bool
    reason: str | Promise = ""

    def __bool__(self) -> bool:
        return self.ok


YES = Verdict(True)


def no(reason: str | Promise) -> Verdict:
    """A refusal with its reason."""
    return Verdict(False, reason)


def first_no(*verdicts: Verdict) -> Verdict:
    """The first refusal among verdicts, or yes."""
    return next((verdict for verdict in verdicts if not verdict.ok), YES)


def require(verdict: Verdict) -> None:
    """Go on only if the verdict is yes. Raises Refused with its reason."""
    if not verdict.ok:
        raise Refused(str(verdict.reason))
