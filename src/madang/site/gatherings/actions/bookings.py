"""Writes on bookings by those who book, and what the night forgets of them."""

from datetime import datetime

from django.utils.translation import gettext as _

from madang.site.gatherings import policy
from madang.site.gatherings.models import Booking, Slot
from madang.site.kit.actor import Actor
from madang.site.kit.verdict import Refused, require
from madang.site.people.models import Person
from madang.site.people.policy import may_manage_self
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
    require(policy.may_book(by, slot, at))
    assert by.person_id is not None  # the policy has checked it  # noqa: S101
    if not 1 <= size <= slot.space.capacity:
        raise Refused(_("This space has room for %(count)s people at most.") % {"count": slot.space.capacity})
    if not purpose.strip():
        raise Refused(_("Say in a few words what you want to use the space for."))
    drawn = policy.is_drawn(slot)
    booking = Booking.objects.create(
        slot=slot, person_id=by.person_id, purpose=purpose.strip(), size=size, asked_at=at, changed_at=at,
        state=State.REQUESTED if drawn else State.GIVEN,
    )  # fmt: skip
    verb = "booking.requested" if drawn else "booking.given"
    write(
        book=slot.space.stage.process.book, verb=verb, subject=f"booking:{booking.pk}", by=by, at=at,
        slot=slot.pk, people=size,
    )  # fmt: skip
    return booking


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
