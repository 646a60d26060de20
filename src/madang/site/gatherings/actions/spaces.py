"""Writes on spaces by the office: spaces, slots, the draw of requests, and whether a booking was used."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import Max
from django.utils.translation import gettext as _

from madang.site.docket.conductor import tell
from madang.site.gatherings import policy
from madang.site.gatherings.models import Booking, Slot, Space
from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of, end_of, start_of, zone
from madang.site.kit.verdict import Refused, require
from madang.site.programmes.models import Stage
from madang.site.record.journal import action, write
from madang.sortition import below, hash_of, mixed_seed

MOST_SLOTS = 500
State = Booking.State


@action
def open_space(
    *,
    by: Actor,
    at: datetime,
    stage: Stage,
    name_ko: str,
    place: str,
    capacity: int,
    name_en: str = "",
    about: str = "",
    rules: str = "",
) -> Space:
    """Offer a space for booking. Raises Refused if the stage has one of that name or is over."""
    require(policy.may_run(by, stage.process, at))
    if stage.closed_at is not None:
        raise Refused(_("%(stage)s is closed, so it takes no more spaces.") % {"stage": stage.title})
    if capacity < 1:
        raise Refused(_("A space has room for at least one person."))
    if Space.objects.filter(stage=stage, name_ko=name_ko).exists():
        raise Refused(_("There is a space called %(name)s already.") % {"name": name_ko})
    space = Space.objects.create(
        stage=stage, name_ko=name_ko, name_en=name_en, place=place, capacity=capacity, about=about, rules=rules
    )
    write(book=stage.process.book, verb="space.opened", subject=f"space:{space.pk}", by=by, at=at, capacity=capacity)
    return space


@action
def change_space(*, by: Actor, at: datetime, space: Space, **fields: str | int) -> Space:
    """Change what is said of a space. Who has a slot of it to come is told; the record has what was and what is.

    Raises Refused if nothing changes, for a name that another space has, and for less room than a booking needs.
    """
    require(policy.may_run(by, space.stage.process, at))
    row = Space.objects.select_for_update().get(pk=space.pk)
    told = {name: [getattr(row, name), value] for name, value in fields.items() if getattr(row, name) != value}
    if not told:
        raise Refused(_("Nothing was changed."))
    name = fields.get("name_ko", row.name_ko)
    if Space.objects.filter(stage=space.stage, name_ko=name).exclude(pk=row.pk).exists():
        raise Refused(_("There is a space called %(name)s already.") % {"name": name})
    coming = Booking.objects.filter(slot__space=row, state__in=policy.OPEN, slot__begins__gt=at)
    most = coming.aggregate(most=Max("size"))["most"] or 1
    if int(fields.get("capacity", row.capacity)) < most:
        raise Refused(
            _("A booking to come is for %(count)s people, so the space needs room for them.") % {"count": most}
        )
    for field, (_was, value) in told.items():
        setattr(row, field, value)
    row.save(update_fields=list(told))
    stage = space.stage
    write(book=stage.process.book, verb="space.changed", subject=f"space:{row.pk}", by=by, at=at, changed=told)
    tell(
        people=set(coming.values_list("person_id", flat=True)), matter=None, at=at, url=f"/gatherings/spaces/{row.pk}/",
        ko=f"예약하신 공간의 안내가 바뀌었습니다: {row.name_ko}. 확인해 주세요.",
        en=f"What is said of a space that you booked has changed: {row.name_en or row.name_ko}. Please look at it.",
    )  # fmt: skip
    return row


@action
def clear_slots(*, by: Actor, at: datetime, space: Space, first_day: date, last_day: date) -> int:
    """Take away the slots to come that nobody ever asked for, so that others can be made; gives how many.

    Slots that somebody has or asked for stay: they are closed one by one, with a reason. Raises Refused for none.
    """
    require(policy.may_run(by, space.stage.process, at))
    Space.objects.select_for_update().get(pk=space.pk)
    rows = space.slots.filter(begins__gt=at, begins__gte=start_of(first_day), begins__lt=end_of(last_day))
    keys = list(rows.filter(closed_at=None, bookings=None).values_list("pk", flat=True))
    if not keys:
        raise Refused(_("There is no slot in these days that nobody has asked for."))
    Slot.objects.filter(pk__in=keys).delete()
    write(
        book=space.stage.process.book, verb="slots.cleared", subject=f"space:{space.pk}", by=by, at=at,
        slots=len(keys), first_day=first_day.isoformat(), last_day=last_day.isoformat(),
    )  # fmt: skip
    return len(keys)


@action
def make_slots(
    *,
    by: Actor,
    at: datetime,
    space: Space,
    first_day: date,
    last_day: date,
    weekdays: Collection[int],
    opens: time,
    closes: time,
    minutes: int,
) -> list[Slot]:
    """Make slots of so many minutes on some weekdays (Monday is 0) from one day to another, both included.

    Raises Refused for times in the past, none or too many of them, and for any that would overlap another slot.
    """
    require(policy.may_run(by, space.stage.process, at))
    Space.objects.select_for_update().get(pk=space.pk)
    if minutes < 1 or first_day <= day_of(at) or (last_day - first_day).days > MOST_SLOTS:
        raise Refused(_("Slots begin tomorrow at the earliest and lie within %(most)s days.") % {"most": MOST_SLOTS})
    days = [first_day + timedelta(days=number) for number in range((last_day - first_day).days + 1)]
    times = [span for day in days if day.weekday() in weekdays for span in _of_day(day, opens, closes, minutes)]
    if not times:
        raise Refused(_("No slot fits between these days and times; look at the weekdays and the length."))
    if len(times) > MOST_SLOTS:
        raise Refused(_("These would be %(count)s slots; make %(most)s at most at once.") % {
            "count": len(times), "most": MOST_SLOTS,
        })  # fmt: skip
    held = space.slots.filter(begins__lt=times[-1][1], ends__gt=times[0][0]).values_list("begins", "ends")
    for begins, ends in held:
        if any(start < ends and begins < end for start, end in times):
            moment = begins.astimezone(zone()).strftime("%Y-%m-%d %H:%M")
            raise Refused(_("This space has a slot on %(moment)s already; choose other days or times.") % {
                "moment": moment,
            })  # fmt: skip
    slots = Slot.objects.bulk_create([Slot(space=space, begins=start, ends=end) for start, end in times])
    write(book=space.stage.process.book, verb="slots.made", subject=f"space:{space.pk}", by=by, at=at, slots=len(slots))
    return slots


def _of_day(day: date, opens: time, closes: time, minutes: int) -> list[tuple[datetime, datetime]]:
    begins, end = (datetime.combine(day, moment, zone()) for moment in (opens, closes))
    length, spans = timedelta(minutes=minutes), []
    while begins + length <= end:
        spans.append((begins, begins + length))
        begins += length
    return spans


@action
def close_slot(*, by: Actor, at: datetime, slot: Slot, reason: str) -> Slot:
    """Close a slot that is still to come: its bookings and requests are cancelled and their people told."""
    require(policy.may_close_slot(by, slot, at))
    row = Slot.objects.select_for_update().get(pk=slot.pk)
    bookings = list(row.bookings.filter(state__in=policy.OPEN))
    row.bookings.filter(state__in=policy.OPEN).update(state=State.CANCELLED, changed_at=at)
    row.closed_at, row.closed_because = at, reason
    row.save(update_fields=["closed_at", "closed_because"])
    stage, when = slot.space.stage, slot.begins.astimezone(zone())
    write(book=stage.process.book, verb="slot.closed", subject=f"slot:{slot.pk}", by=by, at=at, people=len(bookings))
    tell(
        people=[booking.person_id for booking in bookings],
        matter=None,
        at=at,
        ko=f"예약하신 시간에 공간을 쓸 수 없게 되었습니다: {slot.space.name_ko} {when:%m/%d %H:%M}. 사유: {reason}",
        en=f"A slot of yours was closed: {slot.space.name_en or slot.space.name_ko}, {when:%d %b %H:%M}. {reason}",
        url=f"/gatherings/spaces/{slot.space_id}/",
    )
    return row


@action
def draw_slots(*, by: Actor, at: datetime, stage: Stage, until: date, seed: str) -> int:
    """Draw by lot who gets each slot that begins up to a day and has requests; gives how many slots.

    The record holds the seed and the requests of each slot by number, so that anybody can repeat the draw: the
    winner is the request at the place that `below(mixed_seed(hash_of(requests), slot, seed), requests)` gives.
    What nobody asked for, or is given up later, goes to whoever comes first.
    """
    require(policy.may_draw_slots(by, stage, at))
    wanted = Slot.objects.filter(space__stage=stage, drawn_at=None, closed_at=None, begins__gt=at)
    slots = list(wanted.select_for_update().select_related("space").order_by("begins", "pk"))
    slots = [slot for slot in slots if day_of(slot.begins) <= until]
    asked = _asked(slots)
    if not asked:
        raise Refused(_("Nobody has asked for a slot up to that day, so there is nothing to draw."))
    given = {slot: keys[below(mixed_seed(hash_of(keys), str(slot), seed), len(keys))] for slot, keys in asked.items()}
    rows = Booking.objects.filter(slot__in=slots, state=State.REQUESTED)
    people = dict(rows.values_list("pk", "person_id"))
    rows.filter(pk__in=given.values()).update(state=State.GIVEN, changed_at=at)
    rows.update(state=State.NOT_DRAWN, changed_at=at)
    Slot.objects.filter(pk__in=[slot.pk for slot in slots]).update(drawn_at=at)
    write(
        book=stage.process.book,
        verb="slots.drawn",
        subject=f"stage:{stage.pk}",
        by=by,
        at=at,
        seed=seed,
        requests={str(slot): keys for slot, keys in asked.items()},
        given={str(slot): key for slot, key in given.items()},
    )
    winners = {people[key] for key in given.values()}
    _tell_drawn(stage, winners, set(people.values()) - winners, at)
    return len(given)


def _asked(slots: Sequence[Slot]) -> dict[int, list[int]]:
    """The requests of each slot, by number; slots that nobody asked for are left out."""
    found: dict[int, list[int]] = {}
    rows = Booking.objects.filter(slot__in=slots, state=State.REQUESTED).order_by("slot_id", "pk")
    for slot, key in rows.values_list("slot_id", "pk"):
        found.setdefault(slot, []).append(key)
    return found


def _tell_drawn(stage: Stage, winners: Collection[int], others: Collection[int], at: datetime) -> None:
    url = f"/gatherings/booking/{stage.pk}/"
    tell(
        people=winners, matter=None, at=at, url=url,
        ko="추첨에서 당첨되어 공간 예약이 확정되었습니다.", en="You were drawn: your slot is booked.",
    )  # fmt: skip
    tell(
        people=others, matter=None, at=at, url=url,
        ko="공간 예약 추첨에서 당첨되지 않았습니다. 남은 시간은 선착순으로 예약할 수 있습니다.",
        en="You were not drawn for a slot. What is still free goes to whoever comes first.",
    )  # fmt: skip


@action
def note_use(*, by: Actor, at: datetime, booking: Booking, came: bool) -> Booking:
    """Note that a booking was used or that nobody came; a wrong note is put right the same way."""
    require(policy.may_note_use(by, booking, at))
    booking.state, booking.changed_at = State.USED if came else State.NO_SHOW, at
    booking.save(update_fields=["state", "changed_at"])
    stage = booking.slot.space.stage
    verb = "booking.used" if came else "booking.missed"
    write(book=stage.process.book, verb=verb, subject=f"booking:{booking.pk}", by=by, at=at)
    if not came:
        when = booking.slot.begins.astimezone(zone())
        tell(
            people=[booking.person_id], matter=None, at=at, url=f"/gatherings/booking/{stage.pk}/",
            ko=f"예약한 공간을 이용하지 않으신 것으로 기록되었습니다: {booking.slot.space.name_ko} {when:%m/%d %H:%M}. "
            "사실과 다르면 담당 부서에 알려 주세요.",
            en=f"It is noted that you did not come to {booking.slot.space.name_en or booking.slot.space.name_ko} on "
            f"{when:%d %b %H:%M}. If that is wrong, please tell the office.",
        )  # fmt: skip
    return booking
