"""Voters and receipts as values; where a voter's key comes from."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.kit.verdict import Refused, Verdict
from madang.site.people import claims, vault
from madang.site.people.models import Identity
from madang.site.votes.models import Election

# Without I, L, O and U: read aloud and copied by hand without mistakes.
_LETTERS = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_AS_LETTERS = _LETTERS * 8


@dataclass(frozen=True)
class Voter:
    """Somebody who votes: `key` a keyed hash for this election only, claims "kind:value", the electorate's code."""

    key: str
    claims: frozenset[str]
    electorate: str


@dataclass(frozen=True)
class Receipt:
    """A code by which a voter finds that the ballot is in the box; it says nothing about the choice."""

    code: str


class NeedsIdentity(Refused):
    """Refused only because the identity was not checked, or too long ago; the page shows the way there."""


def new_receipt() -> str:
    """A random receipt of 60 bits: "K7QF-2MXD-9PAT"."""
    text = secrets.token_bytes(12).translate(_AS_LETTERS).decode()
    return f"{text[:4]}-{text[4:8]}-{text[8:]}"


def voter_of(*, by: Actor, election: Election, at: datetime) -> Voter:
    """The voter behind a person whose identity was checked, in the first electorate whose rules they meet.

    Raises Refused without a valid identity check, or if no electorate is open to them.
    """
    if not by.known:
        raise NeedsIdentity(_("Please check your identity first; your name is not kept with the ballot."))
    identity = Identity.objects.filter(person_id=by.person_id or 0).first()
    if identity is None or (identity.expires_at is not None and identity.expires_at <= at):
        raise NeedsIdentity(_("Please check your identity on My page first; your name is not kept with the ballot."))
    return _voter(election, identity.subject, claims.claims_of(by.person_id or 0, at), at)


def visiting_voter(*, subject: str, held: frozenset[str], election: Election, at: datetime) -> Voter:
    """The voter behind a human who was checked without an account; `subject` is the hash that the vault keeps.

    Raises Refused if no electorate is open to them.
    """
    return _voter(election, subject, held, at)


def _voter(election: Election, subject: str, held: frozenset[str], at: datetime) -> Voter:
    verdict = Verdict(False)
    for electorate in election.rules.electorates:
        verdict = claims.check_set(claims=held, rules=electorate.who, at=at)
        if verdict.ok:
            return Voter(vault.voter_key(election.code, subject), held, electorate.code)
    raise Refused(str(verdict.reason))


def on_roll(election: Election, keys: Sequence[str]) -> set[str]:
    """Which of some voter keys have voted."""
    known: set[str] = set()
    for start in range(0, len(keys), 500):
        rows = election.roll.filter(voter_key__in=keys[start : start + 500])
        known.update(rows.values_list("voter_key", flat=True))
    return known


def paper_voter(*, election: Election, roll_number: str, electorate: str, at: datetime) -> Voter:
    """A voter at a polling station, whose identity and right to vote two officials have checked there.

    `roll_number` is the subject that the identity agency gives for the same human, so that nobody votes
    on paper and online. The officials vouch for what the electorate asks. Raises Refused.
    """
    rules = election.electorates.get(electorate)
    if rules is None:
        raise Refused(_("There is no electorate %(code)s in this vote.") % {"code": electorate})
    if not roll_number.strip():
        raise Refused(_("A paper ballot needs the number of its voter on the roll."))
    key = vault.voter_key(election.code, vault.subject_hash(roll_number.strip()))
    return Voter(key, _vouched(rules.who, at), electorate)


def _vouched(rules: Sequence[str], at: datetime) -> frozenset[str]:
    vouched = set()
    for rule in rules:
        kind, _sep, value = rule.split("|")[0].partition(":")
        vouched.add(f"birth_year:{day_of(at).year - int(value)}" if kind == "age_at_least" else f"{kind}:{value}")
    return frozenset(vouched)
