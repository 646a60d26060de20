"""Writes on appointments: seats for those who were drawn or chosen (`WORKFLOWS.md`, 1-1 step 4)."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from madang.site.docket.models import Matter, Passage
from madang.site.kit.actor import Actor
from madang.site.kit.stages import Outcome
from madang.site.kit.verdict import Refused, require
from madang.site.panels import policy
from madang.site.people import actions as people
from madang.site.people.models import Organisation, Seat
from madang.site.programmes.models import Stage
from madang.site.record.journal import action


@action
def appoint(*, by: Actor, at: datetime, stage: Stage) -> list[Seat]:
    """Seat everybody in the stage who has no seat yet; closing the stage does the same. Raises Refused."""
    require(policy.may_run(by, stage, at))
    return _seat_all(stage, by=by, at=at)


def close_appointment(stage: Stage, *, by: Actor, at: datetime) -> Iterable[Outcome]:
    """Close the stage: everybody in it is seated and goes on."""
    matters = list(Matter.objects.filter(stage=stage).values_list("pk", flat=True))
    if matters:
        _seat_all(stage, by=by, at=at)
    return [Outcome(matter, "appointed", True) for matter in matters]


def to_appoint(stage: Stage, at: datetime) -> tuple[Organisation, dict[int, people.NewSeat]]:
    """The body, and the seat that each matter of the stage would bring its author. Raises Refused without a body."""
    rules = stage.rules
    code: str = rules.body  # type: ignore[attr-defined]
    term: str = rules.term  # type: ignore[attr-defined]
    body = Organisation.objects.filter(code=code, kind=Organisation.Kind.BODY).first()
    if body is None:
        raise Refused(_("There is no body with the code %(code)s; name one of the city's list.") % {"code": code})
    lots = set(Passage.objects.filter(matter__stage=stage, outcome="drawn").values_list("matter_id", flat=True))
    seated = set(Seat.objects.filter(body=body, term=term).values_list("person_id", flat=True))
    members = Matter.objects.filter(stage=stage).order_by("pk").values_list("pk", "author_id")
    seats = {
        matter: people.NewSeat(
            person_id=person,
            role=rules.role,  # type: ignore[attr-defined]
            appointed_by="lot" if matter in lots else "selection",
            term=term,
            valid_until=months_later(at, rules.months),  # type: ignore[attr-defined]
        )
        for matter, person in members
        if person is not None and person not in seated
    }
    return body, seats


def _seat_all(stage: Stage, *, by: Actor, at: datetime) -> list[Seat]:
    body, seats = to_appoint(stage, at)
    return people.seat(by=by, at=at, body=body, rows=list(seats.values()), book=stage.process.book)


def months_later(at: datetime, months: int) -> datetime:
    """The same day some months later, or the last day of a shorter month."""
    years, month = divmod(at.month - 1 + months, 12)
    last = monthrange(at.year + years, month + 1)[1]
    return at.replace(year=at.year + years, month=month + 1, day=min(at.day, last))
