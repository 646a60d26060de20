"""Writes on bookings by those who book, and what the night forgets of them."""

from datetime import datetime

from django.utils.translation import gettext as _

from madang.site.docket.conductor import tell
from madang.site.gatherings import policy
from madang.site.gatherings.models import Booking, Slot
from madang.site.kit.actor import Actor
from madang.site.kit.clock import zone
from madang.site.kit.verdict import Refused, require
from madang.site.people.actors import citizen
from madang.site.people.models import Person
from madang.site.people.policy import may_act_for, may_manage_self
from madang.site.record.journal import action, write

BOOK = "gatherings"
State = Booking.State


@action
def book(*, by: Actor, at: datetime, slot: Slot, purpose: str, size: int, group: str = "") -> Booking:
    """Book a slot, or ask for it where its stage draws. Raises Refused as the policy does, or for too many people."""
    slot = _locked(slot, by.person_id)
    require(policy.may_book(by, slot, at))
    booking = _booked(slot, who=by, at=at, purpose=purpose, size=size, group=group)
    _note(booking, f"booking.{booking.state}", by, at)
    return booking


@action
def wait_for(*, by: Actor, at: datetime, slot: Slot, purpose: str, size: int, group: str = "") -> Booking:
    """Wait for a slot that somebody has; a slot that nobody has is booked. Raises Refused as `book` does."""
    slot = _locked(slot, by.person_id)
    require(policy.may_wait(by, slot, at))
    booking = _booked(slot, who=by, at=at, purpose=purpose, size=size, group=group)
    _note(booking, f"booking.{booking.state}", by, at)
    return booking


@action
def book_for(*, by: Actor, at: datetime, slot: Slot, purpose: str, size: int, person: Person, consent: str) -> Booking:
    """Book a slot at the counter for a citizen, who agreed to it in writing ("signed") or in words ("spoken").

    The citizen's own conditions hold. The booking says who entered it, the record how the citizen agreed, and the
    citizen is told. Raises Refused as `book` does, and without consent.
    """
    slot = _locked(slot, person.pk)
    require(policy.may_help(by, slot.space.stage.process, at))
    require(may_act_for(by, person, consent, at))
    who = citizen(person)
    require(policy.may_book(who, slot, at))
    booking = _booked(slot, who=who, at=at, purpose=purpose, size=size, entered_by=by.pseudonym)
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


def _locked(slot: Slot, person_id: int | None) -> Slot:
    # Locked in this order by everybody: the slot, so that two do not both get it, then the person, so that
    # somebody who books in two windows gets no more than one may have.
    slot = Slot.objects.select_for_update(of=("self",)).select_related("space__stage__process__department").get(
        pk=slot.pk
    )  # fmt: skip
    if person_id is not None:
        Person.objects.select_for_update().get(pk=person_id)
    return slot


def _require_fits(slot: Slot, purpose: str, size: int) -> None:
    if not 1 <= size <= slot.space.capacity:
        raise Refused(_("This space has room for %(count)s people at most.") % {"count": slot.space.capacity})
    if not purpose.strip():
        raise Refused(_("Say in a few words what you want to use the space for."))


def _booked(
    slot: Slot, *, who: Actor, at: datetime, purpose: str, size: int, group: str = "", entered_by: str = ""
) -> Booking:
    _require_fits(slot, purpose, size)
    taken = slot.bookings.filter(state__in=policy.TAKEN).exists()
    state = State.REQUESTED if policy.is_drawn(slot) else State.WAITING if taken else State.GIVEN
    return Booking.objects.create(
        slot=slot, person_id=who.person_id or 0, purpose=purpose.strip(), group=group.strip(), size=size, state=state,
        asked_at=at, changed_at=at, entered_by=entered_by,
    )  # fmt: skip


def _note(booking: Booking, verb: str, by: Actor, at: datetime, **data: object) -> None:
    write(
        book=booking.slot.space.stage.process.book, verb=verb, subject=f"booking:{booking.pk}", by=by,
        at=at, slot=booking.slot_id, people=booking.size, **data,
    )  # fmt: skip


@action
def cancel_booking(*, by: Actor, at: datetime, booking: Booking) -> Booking:
    """Give up a booking in time, or take a request back; a slot that falls free goes to who waits longest."""
    slot = _slot_of(booking)
    booking.refresh_from_db(fields=["state"])
    require(policy.may_cancel_booking(by, booking, at))
    had = booking.state == State.GIVEN
    booking.state, booking.changed_at = State.CANCELLED, at
    booking.save(update_fields=["state", "changed_at"])
    stage = slot.space.stage
    write(book=stage.process.book, verb="booking.cancelled", subject=f"booking:{booking.pk}", by=by, at=at)
    if had:
        _move_up(slot, by, at)
    return booking


@action
def change_booking(*, by: Actor, at: datetime, booking: Booking, purpose: str, size: int, group: str = "") -> Booking:
    """Change what the own booking is for, who comes and how many; place and turn stay. Raises Refused."""
    slot = _slot_of(booking)
    booking.refresh_from_db(fields=["state"])
    require(policy.may_change_booking(by, booking, at))
    _require_fits(slot, purpose, size)
    booking.purpose, booking.group, booking.size, booking.changed_at = purpose.strip(), group.strip(), size, at
    booking.save(update_fields=["purpose", "group", "size", "changed_at"])
    write(
        book=slot.space.stage.process.book, verb="booking.changed", subject=f"booking:{booking.pk}", by=by, at=at,
        people=size,
    )  # fmt: skip
    return booking


def _slot_of(booking: Booking) -> Slot:
    rows = Slot.objects.select_for_update(of=("self",)).select_related("space__stage__process__department")
    return rows.get(pk=booking.slot_id)


def _move_up(slot: Slot, by: Actor, at: datetime) -> None:
    """Give a slot that has fallen free to who waits longest and may still have it, and tell them."""
    if slot.closed_at is not None or slot.begins <= at:
        return
    stage = slot.space.stage
    for row in slot.bookings.filter(state=State.WAITING).order_by("asked_at", "pk"):
        if policy.standing(row.person_id, stage, at).barred_until is None:
            row.state, row.changed_at = State.GIVEN, at
            row.save(update_fields=["state", "changed_at"])
            write(book=stage.process.book, verb="booking.moved_up", subject=f"booking:{row.pk}", by=by, at=at)
            when = slot.begins.astimezone(zone())
            tell(
                people=[row.person_id], matter=None, at=at, url=f"/gatherings/booking/{stage.pk}/",
                ko=f"대기하시던 공간이 예약되었습니다: {slot.space.name_ko} {when:%m/%d %H:%M}. "
                "오실 수 없으면 취소해 주세요.",
                en=f"You waited for {slot.space.name_en or slot.space.name_ko} on {when:%d %b %H:%M}: it is yours now. "
                "If you cannot come, please cancel it.",
            )  # fmt: skip
            return


@action
def forget_purposes(*, by: Actor, at: datetime) -> int:
    """Forget what ended bookings were for: nobody needs it any more. Gives how many."""
    require(policy.may_forget(by, at))
    count = Booking.objects.filter(slot__ends__lte=at).exclude(purpose="", group="").update(purpose="", group="")
    write(book=BOOK, verb="booking.forgotten", subject="bookings", by=by, at=at, bookings=count)
    return count


@action
def forget_booker(*, by: Actor, at: datetime, person: Person) -> int:
    """Give up all open bookings of somebody who leaves, and forget what any was for. Gives how many were open."""
    require(may_manage_self(by, person, at))
    rows = Booking.objects.filter(person=person)
    left = rows.filter(state__in=policy.OPEN, slot__begins__gt=at)
    had = [_slot_of(booking) for booking in left.filter(state=State.GIVEN)]
    count = left.update(state=State.CANCELLED, changed_at=at)
    rows.exclude(purpose="", group="").update(purpose="", group="")
    for slot in had:
        _move_up(slot, by, at)
    write(book=BOOK, verb="booker.forgotten", subject=f"person:{person.pseudonym}", by=by, at=at, bookings=count)
    return count
