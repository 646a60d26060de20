"""Synthetic people and areas."""

from datetime import UTC, datetime

from madang.site.kit.actor import SYSTEM
from madang.site.people.actions import NewPerson, Verified, open_account, register_people
from madang.site.people.models import Account, Area, Organisation, Person

AT = datetime(2021, 3, 2, 1, tzinfo=UTC)


def areas() -> None:
    """A city with a district, and another city; a body."""
    city = Area.objects.create(code="town", level="city", name_ko="마을", name_en="Town")
    Area.objects.create(code="town/east", level="district", parent=city, name_ko="동구", name_en="East")
    Area.objects.create(code="township", level="city", name_ko="다른 마을", name_en="Township")
    Organisation.objects.create(code="assembly", kind="body", name_ko="회의", name_en="Assembly")


def person(pseudonym: str, *claims: tuple[str, str]) -> Person:
    """A synthetic person with claims."""
    new = NewPerson(pseudonym, synthetic=True, claims=claims)
    return register_people(by=SYSTEM, at=AT, people=[new])[0]


def member(email: str) -> Person:
    """A synthetic person with an account."""
    account = Account.objects.create_user(email, "synthetic-password")
    return open_account(by=SYSTEM, at=AT, account=account)


def verified(subject: str = "synthetic-subject", **more) -> Verified:
    """What a synthetic agency confirms."""
    given = {"method": "mock", "birth_year": 1990, "sex": "f", "lives_in": "town/east", **more}
    return Verified(subject, **given)
