"""Writes on people: registering, claims, seats, roles and being forgotten."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from madang.site.kit.actor import Actor
from madang.site.kit.bulk import insert_rows
from madang.site.kit.verdict import Refused, require
from madang.site.people import policy
from madang.site.people.actors import ROLES
from madang.site.people.claims import valid_at
from madang.site.people.models import Account, Claim, Identity, Organisation, Person, RoleGrant, Seat
from madang.site.people.queries import SEAT_ROLES, WAYS_BY_HAND
from madang.site.record.journal import action, write

BOOK = "people"


@dataclass(frozen=True)
class NewPerson:
    """A person to register: pseudonym, and claims as (kind, value)."""

    pseudonym: str
    nickname: str = ""
    synthetic: bool = False
    claims: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class NewSeat:
    """A seat to fill; `person_id` None where only the seat is known."""

    person_id: int | None
    role: str
    appointed_by: str
    term: str
    valid_until: datetime | None = None
    extra: dict[str, str] = field(default_factory=dict)


def new_pseudonym() -> str:
    """A fresh pseudonym."""
    return f"p-{secrets.token_hex(6)}"


@action
def register_people(*, by: Actor, at: datetime, people: Sequence[NewPerson]) -> list[Person]:
    """Register people with their claims. Raises Refused unless an administrator or the system asks."""
    require(policy.may_register_people(by, None, at))
    rows = Person.objects.bulk_create(
        [
            Person(pseudonym=new.pseudonym, nickname=new.nickname, synthetic=new.synthetic, created_at=at)
            for new in people
        ],
        batch_size=500,
    )
    insert_rows(
        Claim,
        ("person_id", "kind", "value", "valid_from", "evidence"),
        [
            (row.pk, kind, value, at, "registration")
            for row, new in zip(rows, people, strict=True)
            for kind, value in new.claims
        ],
    )
    write(book=BOOK, verb="people.registered", subject="people", by=by, at=at, count=len(rows))
    return rows


@action
def open_account(*, by: Actor, at: datetime, account: Account) -> Person:
    """Give a new account its person. Raises Refused if it has one."""
    if Person.objects.filter(account=account).exists():
        raise Refused(_("This account already has a person."))
    person = Person.objects.create(pseudonym=new_pseudonym(), account=account, created_at=at)
    write(book=BOOK, verb="person.opened", subject=f"person:{person.pseudonym}", by=by, at=at)
    return person


@action
def grant_claims(*, by: Actor, at: datetime, rows: Iterable[tuple[int, str, str]], evidence: str) -> int:
    """Note facts (person, kind, value) that the city checked; those that already hold are left alone."""
    require(policy.may_grant_claims(by, None, at))
    wanted = list(rows)
    held = set(
        Claim.objects.filter(valid_at(at), kind__in={kind for _person, kind, _value in wanted}).values_list(
            "person_id", "kind", "value"
        )
    )
    fresh = [row for row in dict.fromkeys(wanted) if row not in held]
    Claim.objects.bulk_create(
        [Claim(person_id=p, kind=k, value=v, valid_from=at, evidence=evidence) for p, k, v in fresh], batch_size=500
    )
    write(book=BOOK, verb="claims.granted", subject="people", by=by, at=at, count=len(fresh), evidence=evidence)
    return len(fresh)


@action
def seat(*, by: Actor, at: datetime, body: Organisation, rows: Sequence[NewSeat], book: str = BOOK) -> list[Seat]:
    """Appoint people to a body: each gets a seat, and with it the claim member_of:<body> for the same time."""
    require(policy.may_seat(by, body, at))
    seats = Seat.objects.bulk_create(
        [
            Seat(
                body=body,
                person_id=row.person_id,
                role=row.role,
                appointed_by=row.appointed_by,
                term=row.term,
                valid_from=at,
                valid_until=row.valid_until,
            )
            for row in rows
        ],
        batch_size=500,
    )
    Claim.objects.bulk_create(
        [
            Claim(
                person_id=row.person_id,
                kind="member_of",
                value=body.code,
                valid_from=at,
                valid_until=row.valid_until,
                evidence=f"seat in {body.code}",
            )
            for row in rows
            if row.person_id is not None
        ],
        batch_size=500,
        ignore_conflicts=True,
    )
    write(book=book, verb="body.appointed", subject=f"body:{body.code}", by=by, at=at, seats=len(seats))
    return seats


@action
def add_seat(*, by: Actor, at: datetime, body: Organisation, new: NewSeat) -> Seat:
    """Seat one person by office or by nomination. Raises Refused, also for somebody who sits there already."""
    # Locked, so that two officials do not seat the same person twice.
    body = Organisation.objects.select_for_update(of=("self",)).get(pk=body.pk)
    require(policy.may_keep_seats(by, body, at))
    if new.role not in SEAT_ROLES or new.appointed_by not in WAYS_BY_HAND:
        raise Refused(_("Choose a role, and whether the seat comes by office or by nomination."))
    if new.valid_until is not None and new.valid_until <= at:
        raise Refused(_("The seat would end before it begins; choose a later last day."))
    if new.person_id is not None and Seat.objects.filter(valid_at(at), body=body, person_id=new.person_id).exists():
        raise Refused(_("This person sits in %(body)s already.") % {"body": body.name})
    return seat(by=by, at=at, body=body, rows=[new])[0]


@action
def end_seat(*, by: Actor, at: datetime, seat: Seat, reason: str) -> Seat:
    """End a seat now, with a reason for the office; the claim that came with it ends too. Raises Refused."""
    seat = Seat.objects.select_for_update(of=("self",)).select_related("body", "person").get(pk=seat.pk)
    require(policy.may_end_seat(by, seat, at))
    if not reason.strip():
        raise Refused(_("Give the reason; the office keeps it."))
    seat.valid_until, seat.ended_because = at, reason.strip()[:200]
    seat.save(update_fields=["valid_until", "ended_because"])
    if (
        seat.person_id is not None
        and not Seat.objects.filter(valid_at(at), body=seat.body, person_id=seat.person_id).exists()
    ):
        held = Claim.objects.filter(valid_at(at), person_id=seat.person_id, kind="member_of", value=seat.body.code)
        held.update(valid_until=at)
    write(book=BOOK, verb="seat.ended", subject=f"body:{seat.body.code}", by=by, at=at, role=seat.role, term=seat.term)
    return seat


@action
def give_role(
    *,
    by: Actor,
    at: datetime,
    person: Person,
    role: str,
    organisation: Organisation | None = None,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
) -> RoleGrant:
    """Give a role in an organisation, or in the whole city without one, from now on unless `valid_from` is later.

    Raises Refused for an unknown role, a time that is over, or a role that is held then already.
    """
    require(policy.may_give_role(by, person, at))
    start = max(valid_from or at, at)
    if role not in ROLES:
        raise Refused(_("%(role)s is no role; there are: %(roles)s.") % {"role": role, "roles": ", ".join(ROLES)})
    if valid_until is not None and valid_until <= start:
        raise Refused(_("The role would end before it begins; choose a later last day."))
    if _overlapping(person, role, organisation, start, valid_until).exists():
        raise Refused(_("This person holds that role in this time already; end it first."))
    grant = RoleGrant.objects.create(
        person=person, role=role, organisation=organisation, valid_from=start, valid_until=valid_until
    )
    _record("role.given", grant, by, at)
    return grant


def _overlapping(
    person: Person, role: str, organisation: Organisation | None, start: datetime, end: datetime | None
) -> QuerySet[RoleGrant]:
    rows = RoleGrant.objects.filter(Q(valid_until=None) | Q(valid_until__gt=start), person=person, role=role)
    rows = rows.filter(organisation=organisation)
    return rows if end is None else rows.filter(valid_from__lt=end)


@action
def end_role(*, by: Actor, at: datetime, grant: RoleGrant) -> RoleGrant:
    """End a role now; one that has not begun never begins. Raises Refused."""
    require(policy.may_end_role(by, grant, at))
    _record("role.ended", grant, by, at)
    if grant.valid_from >= at:
        grant.delete()
    else:
        grant.valid_until = at
        grant.save(update_fields=["valid_until"])
    return grant


def _record(verb: str, grant: RoleGrant, by: Actor, at: datetime) -> None:
    write(
        book=BOOK,
        verb=verb,
        subject=f"person:{grant.person.pseudonym}",
        by=by,
        at=at,
        role=grant.role,
        organisation=grant.organisation.code if grant.organisation else None,
        valid_from=grant.valid_from.isoformat(),
        valid_until=grant.valid_until.isoformat() if grant.valid_until else None,
    )


@action
def rename(*, by: Actor, at: datetime, person: Person, nickname: str) -> Person:
    """Choose the public nickname. Raises Refused if somebody else uses it."""
    require(policy.may_manage_self(by, person, at))
    nickname = nickname.strip()[:40]
    if nickname and Person.objects.filter(nickname=nickname).exclude(pk=person.pk).exists():
        raise Refused(_("Somebody else uses the name %(name)s; please choose another.") % {"name": nickname})
    person.nickname = nickname
    person.save(update_fields=["nickname"])
    write(book=BOOK, verb="person.renamed", subject=f"person:{person.pseudonym}", by=by, at=at)
    return person


@action
def forget(*, by: Actor, at: datetime, person: Person) -> None:
    """Forget a person: identity, claims, nickname and account go, roles end; the pseudonymous record stays."""
    require(policy.may_manage_self(by, person, at))
    Identity.objects.filter(person=person).delete()
    person.claims.all().delete()
    person.consents.all().delete()
    person.role_grants.filter(valid_from__gte=at).delete()
    person.role_grants.filter(valid_at(at)).update(valid_until=at)
    account, person.account, person.nickname = person.account, None, ""
    person.save(update_fields=["account", "nickname"])
    if account is not None:
        account.delete()
    write(book=BOOK, verb="person.forgotten", subject=f"person:{person.pseudonym}", by=by, at=at)
