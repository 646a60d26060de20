"""The people of the made-up town: who they are and what they may do before the journey begins."""

from datetime import UTC, date, datetime
from pathlib import Path

from madang.site.city.load import load
from madang.site.kit.actor import SYSTEM, Actor, Grant
from madang.site.ledger.actions import appropriate
from madang.site.ledger.models import Line
from madang.site.people.actions import NewSeat, Verified, give_role, open_account, rename, seat, verify_identity
from madang.site.people.actors import citizen
from madang.site.people.models import Account, Organisation, Person

TOWN = Path(__file__).parents[1] / "data" / "journey"
AT = datetime(2031, 5, 12, 1, 0, tzinfo=UTC)
PASSWORD = "synthetic words for a test"
ADMINISTRATOR = Actor(pseudonym="administrator-1", grants=frozenset({Grant("administrator")}))
RESIDENTS = {"ara": "합성아라", "bom": "합성보미", "cho": "합성초롱", "dan": "합성단비"}
JURY = ("cho", "dan")
OFFICIALS = {"officer": "합성주무관", "head": "합성과장", "finance": "합성회계"}


def settle() -> None:
    """Load the town and let its residents and officials move in. All of them are synthetic."""
    load(folder=TOWN, by=ADMINISTRATOR, at=AT)
    line = Line.objects.get(fiscal_year=2031, code="B-01")
    appropriate(by=SYSTEM, at=AT, line=line, amount_won=60_000_000, kind="original", on=date(2031, 1, 1))
    department = Organisation.objects.get(code="budget_division")
    jury = Organisation.objects.get(code="budget_jury")
    for name, nickname in RESIDENTS.items():
        person = _person(name, nickname, "dalbit/agol")
        if name in JURY:
            seat(by=SYSTEM, at=AT, body=jury, rows=[NewSeat(person.pk, "citizen", "lot", "2031")])
    for role, nickname in OFFICIALS.items():
        person = _person(role, nickname, "")
        give_role(by=ADMINISTRATOR, at=AT, person=person, role=role, organisation=department)


def _person(name: str, nickname: str, area: str) -> Person:
    account = Account.objects.create_user(address(name), PASSWORD)
    person = open_account(by=SYSTEM, at=AT, account=account)
    own = citizen(person)
    rename(by=own, at=AT, person=person, nickname=nickname)
    facts = Verified(subject=f"synthetic:{name}", method="mock", birth_year=1988, sex="f", lives_in=area)
    verify_identity(by=own, at=AT, person=person, verified=facts)
    return person


def address(name: str) -> str:
    """Somebody's address; the domain can never exist."""
    return f"{name}@dalbit.invalid"
