"""The registrar has settings of its own, so its tests run by themselves: ./madang test tests/site/registrar."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

import pytest

from madang import ballots
from madang.ballots.printing import printed
from madang.site.kit import clock
from madang.site.kit.actor import SYSTEM
from madang.site.people.actions import Verified
from madang.site.registrar import actions
from madang.site.registrar.models import Election
from madang.site.registrar.terms import Terms

AT = datetime(2031, 5, 3, 1, tzinfo=UTC)
UUID = "3vxBzRLDpPZ7oH"
TERMS = {
    "election": UUID,
    "group": "Ed25519",
    "name": {"ko": "합성 투표", "en": "Synthetic vote"},
    "who": ["lives_in:town", "age_at_least:15"],
    "last_day": date(2031, 5, 20),
    "booth": "/votes/7/booth/",
    "places": [
        {"code": "town", "level": "city", "ko": "합성시", "en": "Synthetic Town"},
        {"code": "town/north", "level": "district", "ko": "북구", "en": "North"},
    ],
}


class Office:
    """An election at the registrar's, with what its database is not supposed to hold."""

    def __init__(self, election: Election, drawn: list[tuple[str, str]]) -> None:
        self.election, self.at = election, AT
        self.public = dict(drawn)

    def give(self, name: str, **more: Any) -> str:
        """The credential that somebody is given."""
        return actions.give_credential(by=SYSTEM, at=self.at, election=self.election, verified=person(name, **more))


def person(name: str, **more: Any) -> Verified:
    """A made-up human whose identity an agency has checked."""
    facts = {"subject": f"CI-{name}", "method": "phone", "birth_year": 1990, "sex": "f", "lives_in": "town/north"}
    return Verified(**{**facts, **more})


@pytest.fixture
def office(db: None, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Office]:
    """Makes an election with a pool."""

    def make(count: int = 5, **changed: Any) -> Office:
        terms = Terms.model_validate({**TERMS, **changed})
        drawn = ballots.draw_credentials(terms.group, terms.election, count)
        listing = sha256(printed(sorted(public for _, public in drawn)).encode()).hexdigest()
        election = actions.open_election(
            by=SYSTEM, at=AT, terms=terms, credentials=[secret for secret, _ in drawn], listing=listing
        )
        made = Office(election, drawn)
        monkeypatch.setattr(clock, "now", lambda: made.at)
        return made

    return make
