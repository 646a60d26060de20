"""Writes on bookings by those who book, and what the night forgets of them."""

from datetime import datetime

from django.utils.translation import gettext as _

from madang.site.docket.conductor import tell
from madang.site.gatherings import policy
from madang.site.gatherings.models import Booking, Slot
from madang.site.kit.actor import Actor
from madang.site.kit.verdict import Refused, require
from madang.site.people.actors import citizen
from madang.site.people.models import Person
from madang.site.people.policy import may_act_for, may_manage_self
from madang.site.record.journal import action, write

BOOK = "gatherings"
State = Booking.State


@action
def book(*, by: Actor, at: datetime, slot: Slot, purpose: str, size: int) -> Booking:
    """Book a slot, or ask for it where its stage draws. Raises Refused as the policy does, or for too many people."""
    # Locked in this order by everybody: the slot, so that two do not both get it, then the person, so that
    # somebody who books in two windows gets no more than one may have.
    slot = Slot.objects.select_for_update(of=("self",)).select_related("space__stage__process__department").get(
        pk=slot.pk
    )  # fmt: skip
    if by.person_id is not None:
        Person.objects.select_for_update().get(pk=by.person_id)
    booking = _booked(slot, who=by, at=at, purpose=purpose, size=size)
    _note(booking, "booking.requested" if booking.state == State.REQUESTED else "booking.given", by, at)
    return booking


@action
def book_for(*, by: Actor, at: datetime, slot: Slot, purpose: str, size: int, person: Person, consent: str) -> Booking:
    """Book a slot at the counter for a citizen, who agreed to it in writing ("signed") or in words ("spoken").

    The citizen's own conditions hold. The booking says who entered it, the record how the citizen agreed, and the
    citizen is told. Raises Refused as `book` does, and without consent.
    """
    slot = Slot.objects.select_for_update(of=("self",)).select_related("space__stage__process__department").get(
        pk=slot.pk
    )  # fmt: skip
    Person.objects.select_for_update().get(pk=person.pk)
    require(policy.may_help(by, slot.space.stage.process, at))
    require(may_act_for(by, person, consent, at))
    booking = _booked(slot, who=citizen(person), at=at, purpose=purpose, size=size, entered_by=by.pseudonym)
    _note(booking, "booking.entered_for", by, at, consent=consent)
    space = slot.space
    tell(
        people=[person.pk],
        matter=None,
        at=at,
        ko=f"창구에서 담당자가 대신 예약했습니다: {space.name_ko}",
        en=f"An official booked for you at the counter: {space.name_en or space.name_ko}",
        url=f"/gatherings/spaces/{space.pk}/",
    )
    return booking


def _booked(slot: Slot, *, who: Actor, at: datetime, purpose: str, size: int, entered_by: str = "") -> Booking:
    require(policy.may_book(who, slot, at))
    if not 1 <= size <= slot.space.capacity:
        raise Refused(_("This space has room for %(count)s people at most.") % {"count": slot.space.capacity})
    if not purpose.strip():
        raise Refused(_("Say in a few words what you want to use the space for."))
    return Booking.objects.create(
        slot=slot, person_id=who.person_id or 0, purpose=purpose.strip(), size=size, asked_at=at, changed_at=at,
        state=State.REQUESTED if policy.is_drawn(slot) else State.GIVEN, entered_by=entered_by,
    )  # fmt: skip


def _note(booking: Booking, verb: str, by: Actor, at: datetime, **data: object) -> None:
    write(
        book=booking.slot.space.stage.process.book, verb=verb, subject=f"booking:{booking.pk}", by=by,
        at=at, slot=booking.slot_id, people=booking.size, **data,
    )  # fmt: skip


@action
def cancel_booking(*, by: Actor, at: datetime, booking: Booking) -> Booking:
    """Give up a booking in time, or take a request back, so that somebody else can have the slot."""
    Slot.objects.select_for_update().get(pk=booking.slot_id)
    booking.refresh_from_db(fields=["state"])
    require(policy.may_cancel_booking(by, booking, at))
    booking.state, booking.changed_at = State.CANCELLED, at
    booking.save(update_fields=["state", "changed_at"])
    stage = booking.slot.space.stage
    write(book=stage.process.book, verb="booking.cancelled", subject=f"booking:{booking.pk}", by=by, at=at)
    return booking


@action
def forget_purposes(*, by: Actor, at: datetime) -> int:
    """Forget what ended bookings were for: nobody needs it any more. Gives how many."""
    require(policy.may_forget(by, at))
    count = Booking.objects.filter(slot__ends__lte=at).exclude(purpose="").update(purpose="")
    write(book=BOOK, verb="booking.forgotten", subject="bookings", by=by, at=at, bookings=count)
    return count


@action
def forget_booker(*, by: Actor, at: datetime, person: Person) -> int:
    """Give up all open bookings of somebody who leaves, and forget what any was for. Gives how many were open."""
    require(may_manage_self(by, person, at))
    rows = Booking.objects.filter(person=person)
    count = rows.filter(state__in=policy.OPEN, slot__begins__gt=at).update(state=State.CANCELLED, changed_at=at)
    rows.exclude(purpose="").update(purpose="")
    write(book=BOOK, verb="booker.forgotten", subject=f"person:{person.pseudonym}", by=by, at=at, bookings=count)
    return count
