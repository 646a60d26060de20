"""What concerns one person in every room at once."""

from datetime import datetime

from madang.site.docket.actions import forget_reader
from madang.site.gatherings.actions import forget_booker
from madang.site.intake.actions import forget_author
from madang.site.kit.actor import Actor
from madang.site.people.actions import forget
from madang.site.people.models import Person
from madang.site.record.journal import action
from madang.site.votes.beginning import forget_voter


@action
def erase(*, by: Actor, at: datetime, person: Person) -> None:
    """Erase a person at their own wish: all that is personal goes, what they published stays. Raises Refused."""
    forget_author(by=by, at=at, person=person)
    forget_voter(by=by, at=at, person=person)
    forget_booker(by=by, at=at, person=person)
    forget_reader(by=by, at=at, person=person)
    forget(by=by, at=at, person=person)
