"""The identity check: who was checked, what follows from it, and how it ends."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of, start_of
from madang.site.kit.verdict import Refused, require
from madang.site.people import policy, vault
from madang.site.people.claims import valid_at
from madang.site.people.models import Area, Claim, Identity, Letter, Person
from madang.site.record.journal import action, write

BOOK = "people"
IDENTITY_YEARS = 2
FACTS = ("verified", "birth_year", "age_band", "sex", "lives_in", "works_in")
TOGETHER = 500


@dataclass(frozen=True)
class Verified:
    """What an identity check confirmed. `subject` never leaves the action that hashes it.

    `likeness` is the keyed hash of name, day of birth and sex, where the check knows them; `letter` is the
    letter whose code was entered, which is used up with this check.
    """

    subject: str
    method: str
    birth_year: int
    sex: str
    lives_in: str = ""
    works_in: str = ""
    likeness: str = ""
    letter: int | None = None


@action
def verify_identity(*, by: Actor, at: datetime, person: Person, verified: Verified) -> Identity:
    """Note that a verified human stands behind a person, and what follows from it as claims.

    Only keyed hashes are kept. Raises Refused if the same human already has another person here (one human,
    one person).
    """
    require(policy.may_manage_self(by, person, at))
    identity = _keep(person, verified, at)
    subject = f"person:{person.pseudonym}"
    write(book=BOOK, verb="identity.verified", subject=subject, by=by, at=at, method=verified.method)
    return identity


@action
def verify_at_counter(*, by: Actor, at: datetime, person: Person, verified: Verified, paper: str) -> Identity:
    """Note what an official saw on a paper at the counter: its kind, never its number. Raises Refused."""
    require(policy.may_check_at_counter(by, person, at))
    identity = _keep(person, verified, at)
    subject = f"person:{person.pseudonym}"
    write(book=BOOK, verb="identity.noted", subject=subject, by=by, at=at, method=verified.method, paper=paper)
    return identity


@action
def check_visitor(*, by: Actor, at: datetime, verified: Verified, purpose: str, until: datetime) -> Identity:
    """Note that a human without an account was checked, for one purpose and until a moment.

    Somebody whose identity stands behind a person already stays that human; nothing about the person
    changes. The moment is kept as a day only. Raises Refused.
    """
    require(policy.may_check_visitor(by, None, at))
    _require_area(verified)
    use_letter(verified, at)
    subject = subject_of(verified)
    kept = {"verified_at": start_of(day_of(at)), "purpose": purpose, "expires_at": until}
    identity, created = Identity.objects.get_or_create(
        subject=subject, defaults={**kept, "method": verified.method, "likeness": verified.likeness}
    )
    if not created and identity.person_id is None:
        identity.purpose, identity.expires_at = purpose, max(until, identity.expires_at or until)
        identity.save(update_fields=["purpose", "expires_at"])
    write(book=BOOK, verb="visitor.checked", subject="visitor", by=by, at=at, method=verified.method)
    return identity


def subject_of(verified: Verified) -> str:
    """The hash under which the vault knows this human, also when they were checked another way before."""
    own = vault.subject_hash(verified.subject)
    if not verified.likeness or Identity.objects.filter(subject=own).exists():
        return own
    same = Identity.objects.filter(likeness=verified.likeness).exclude(method=verified.method)
    return same.order_by("pk").values_list("subject", flat=True).first() or own


def facts_of(verified: Verified, at: datetime) -> list[tuple[str, str]]:
    """The claims that follow from a check, as (kind, value)."""
    facts = [
        ("verified", verified.method),
        ("birth_year", str(verified.birth_year)),
        ("age_band", age_band(at.year - verified.birth_year)),
        ("sex", verified.sex),
    ]
    facts += [("lives_in", verified.lives_in)] if verified.lives_in else []
    facts += [("works_in", verified.works_in)] if verified.works_in else []
    return facts


def age_band(age: int) -> str:
    """The age band of an age in years: "10s" up to 19, then "20s" … "60s+"."""
    return "10s" if age < 20 else "60s+" if age >= 60 else f"{age // 10 * 10}s"


@action
def forget_expired(*, by: Actor, at: datetime) -> int:
    """Delete identities and letters whose time is over, and make the facts that followed from them nobody's.

    The facts stay with the days they held, so that past figures stay as they were. Gives how many
    identities there were.
    """
    require(policy.may_forget_expired(by, None, at))
    count, _rows = Identity.objects.filter(expires_at__lte=at).delete()
    Letter.objects.filter(expires_at__lte=at).delete()
    Letter.objects.filter(used_at__lte=at).delete()
    facts = _loosen(at)
    write(book=BOOK, verb="identities.forgotten", subject="people", by=by, at=at, count=count, facts=facts)
    return count


def _loosen(at: datetime) -> int:
    """Cut ended facts from their people; moments become days, so that facts of one check are no longer a set."""
    rows = list(Claim.objects.filter(kind__in=FACTS, valid_until__lte=at, person__isnull=False))
    for row in rows:
        row.person_id, row.evidence = None, ""
        row.valid_from = start_of(day_of(row.valid_from))
        row.valid_until = start_of(day_of(row.valid_until)) if row.valid_until else None
    Claim.objects.bulk_update(rows, ["person", "evidence", "valid_from", "valid_until"], batch_size=TOGETHER)
    return len(rows)


def _keep(person: Person, verified: Verified, at: datetime) -> Identity:
    subject = subject_of(verified)
    if Identity.objects.filter(subject=subject, person__isnull=False).exclude(person=person).exists():
        raise Refused(_("This identity already belongs to another account. Sign in there, or ask the help desk."))
    _require_area(verified)
    use_letter(verified, at)
    # Somebody who was checked as a visitor before now has a person.
    Identity.objects.filter(subject=subject, person=None).delete()
    until = at.replace(year=at.year + IDENTITY_YEARS, day=min(at.day, 28))
    kept = {"subject": subject, "method": verified.method, "verified_at": at, "expires_at": until}
    identity, _created = Identity.objects.update_or_create(
        person=person, defaults={**kept, "likeness": verified.likeness}
    )
    Claim.objects.filter(valid_at(at), person=person, kind__in=FACTS).update(valid_until=at)
    Claim.objects.bulk_create(
        Claim(person=person, kind=kind, value=value, valid_from=at, valid_until=until, evidence=verified.method)
        for kind, value in facts_of(verified, at)
    )
    return identity


def _require_area(verified: Verified) -> None:
    if verified.lives_in and not Area.objects.filter(code=verified.lives_in).exists():
        raise Refused(_("The area %(area)s is not known in this city.") % {"area": verified.lives_in})


def use_letter(verified: Verified, at: datetime) -> None:
    """One guarded statement, so that a code is used once also when it is entered twice at the same moment."""
    if verified.letter is None:
        return
    letters = Letter.objects.filter(pk=verified.letter, used_at=None, expires_at__gt=at)
    if not letters.update(used_at=at):
        raise Refused(_("This code does not fit. Compare it and your date of birth with the letter."))
