"""Spaces, slots and bookings: who gets a slot, what is refused and why, the draw, no-shows, what is forgotten."""

from datetime import date, time, timedelta
from functools import partial

import pytest
from django.utils import translation
from gatherings_world import AT, World, build, close_stage, file
from hypothesis import given
from hypothesis import strategies as st

from madang.site.docket.models import Notice
from madang.site.gatherings import actions, policy
from madang.site.gatherings.models import Booking, Slot, Space
from madang.site.gatherings.settings import NoShows
from madang.site.kit.actor import SYSTEM, VISITOR
from madang.site.kit.verdict import Refused
from madang.site.people.actors import citizen
from madang.site.record.models import Event
from madang.sortition import below, hash_of, mixed_seed

State = Booking.State


@pytest.fixture(autouse=True)
def english():
    """Refusals are compared in English."""
    with translation.override("en"):
        yield


def told(attempt) -> str:
    """The sentence of a refusal."""
    with pytest.raises(Refused) as refusal:
        attempt()
    return str(refusal.value)


def states() -> list[str]:
    """The states of all bookings, in the order in which they were made."""
    return list(Booking.objects.order_by("pk").values_list("state", flat=True))


def last_event() -> tuple[str, dict]:
    """What was recorded last, and its data."""
    event = Event.objects.latest("pk")
    return event.verb, event.data


def test_slots_follow_a_weekly_pattern_in_the_citys_own_time(world):
    slots = world.slots(
        world.space(), first_day=date(2021, 3, 8), last_day=date(2021, 3, 21), weekdays=[0, 2], closes=time(12, 30)
    )
    assert [slot.begins.strftime("%m-%d %H:%M") for slot in slots] == [
        "03-08 10:00", "03-08 11:00", "03-10 10:00", "03-10 11:00",
        "03-15 10:00", "03-15 11:00", "03-17 10:00", "03-17 11:00",
    ]  # fmt: skip
    first = Slot.objects.earliest("begins")
    assert (first.begins.isoformat(), first.ends.isoformat()) == (
        "2021-03-08T01:00:00+00:00",
        "2021-03-08T02:00:00+00:00",
    )
    assert last_event() == ("slots.made", {"slots": 8})


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"first_day": date(2021, 3, 2)}, "Slots begin tomorrow at the earliest and lie within 500 days."),
        ({"last_day": date(2023, 3, 2)}, "Slots begin tomorrow at the earliest and lie within 500 days."),
        ({"minutes": 0}, "Slots begin tomorrow at the earliest and lie within 500 days."),
        ({"weekdays": [6]}, "No slot fits between these days and times; look at the weekdays and the length."),
        ({"minutes": 121}, "No slot fits between these days and times; look at the weekdays and the length."),
        (
            {"last_day": date(2022, 3, 2)},
            "These would be 730 slots; make 500 at most at once.",
        ),
        (
            {"opens": time(11, 30), "closes": time(13)},
            "This space has a slot on 2021-03-03 11:00 already; choose other days or times.",
        ),
    ],
)
def test_wrong_patterns_and_overlapping_slots_are_refused_and_change_nothing(world, more, sentence):
    space = world.space()
    world.slots(space)
    assert told(lambda: world.slots(space, **more)) == sentence
    assert Slot.objects.count() == 6


def test_slots_may_follow_each_other_without_a_gap(world):
    space = world.space()
    world.slots(space)
    world.slots(space, opens=time(12), closes=time(13))
    assert Slot.objects.count() == 9


def test_a_space_has_a_name_of_its_own_and_room_for_somebody(world):
    world.space()
    assert told(world.space) == "There is a space called 모임방 already."
    assert told(lambda: world.space(name_ko="방", capacity=0)) == "A space has room for at least one person."
    assert Space.objects.count() == 1


def test_who_comes_first_gets_the_slot_and_the_next_one_a_reason(world):
    slot = world.slots(world.space())[0]
    booking = world.books(0, slot)
    assert (booking.state, last_event()) == ("given", ("booking.given", {"slot": slot.pk, "people": 2}))
    assert told(lambda: world.books(0, slot)) == "You have asked for this slot already."
    assert (
        told(lambda: world.books(1, slot))
        == "This slot has just been taken; you can wait for it or choose another one."
    )
    assert states() == ["given"]


def test_what_is_cancelled_in_time_can_be_booked_by_somebody_else(world):
    slot = world.slots(world.space())[0]
    booking = world.books(0, slot)
    late = slot.begins - timedelta(hours=24)
    assert (
        told(lambda: actions.cancel_booking(by=citizen(world.people[0]), at=late, booking=booking))
        == "Bookings are cancelled up to 24 hours before they begin; please tell the office."
    )
    assert (
        told(lambda: actions.cancel_booking(by=citizen(world.people[1]), at=AT, booking=booking))
        == "You can only cancel your own booking."
    )
    actions.cancel_booking(by=citizen(world.people[0]), at=late - timedelta(seconds=1), booking=booking)
    world.books(1, slot)
    world.books(0, world.slots(world.space(name_ko="방"))[0])
    assert states() == ["cancelled", "given", "given"]
    assert (
        told(lambda: actions.cancel_booking(by=citizen(world.people[0]), at=AT, booking=booking))
        == "This booking is over or was cancelled already."
    )


def test_nobody_holds_more_open_bookings_than_the_rules_allow(world):
    slots = world.slots(world.space())
    first = world.books(0, slots[0])
    world.books(0, slots[1])
    refused = "You have as many open bookings as one may have (2); cancel one first."
    assert told(lambda: world.books(0, slots[2])) == refused
    # Bookings that have begun are open no more.
    world.books(0, slots[2], at=slots[0].begins)
    actions.cancel_booking(by=citizen(world.people[0]), at=AT, booking=Booking.objects.latest("pk"))
    assert (
        told(lambda: actions.cancel_booking(by=VISITOR, at=AT, booking=first))
        == "You can only cancel your own booking."
    )
    assert states() == ["given", "given", "cancelled"]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"size": 11}, "This space has room for 10 people at most."),
        ({"size": 0}, "This space has room for 10 people at most."),
        ({"purpose": "  "}, "Say in a few words what you want to use the space for."),
    ],
)
def test_too_many_people_and_no_purpose_are_refused(world, more, sentence):
    slot = world.slots(world.space())[0]
    assert (told(lambda: world.books(0, slot, **more)), Booking.objects.count()) == (sentence, 0)


def test_slots_are_booked_from_so_many_days_ahead_until_they_begin_and_by_people_who_are_signed_in(world):
    world.gives(days_ahead=2)
    slots = world.slots(world.space())
    assert told(lambda: world.books(0, slots[-1])) == "This slot can be booked from 2021-03-03 on."
    assert (
        told(lambda: world.books(0, slots[0], at=slots[0].begins))
        == "This slot has begun, so it can no longer be booked."
    )
    visits = lambda: actions.book(by=VISITOR, at=AT, slot=slots[0], purpose="x", size=1)  # noqa: E731
    assert told(visits) == "Please sign in to book."
    assert world.books(0, slots[-1], at=AT + timedelta(days=1)).state == "given"


def test_a_closed_slot_tells_who_had_it_and_takes_nobody_more(world):
    slot = world.slots(world.space())[0]
    world.books(0, slot)
    actions.close_slot(by=world.officer, at=AT, slot=slot, reason="Repairs")
    assert (states(), last_event()) == (["cancelled"], ("slot.closed", {"people": 1}))
    assert list(Notice.objects.values_list("person_id", "text_en")) == [
        (world.people[0].pk, "A slot of yours was closed: Room, 03 Mar 10:00. Repairs")
    ]
    assert told(lambda: world.books(1, slot)) == "This slot is closed: Repairs"
    slot.refresh_from_db()
    again = lambda: actions.close_slot(by=world.officer, at=AT, slot=slot, reason="x")  # noqa: E731
    assert told(again) == "This slot is closed already."


def test_no_shows_bar_from_booking_until_a_day_that_is_named(world):
    slots = world.slots(world.space())
    for slot in slots[:2]:
        booking = world.books(0, slot)
        assert (
            told(lambda booking=booking: actions.note_use(by=world.officer, at=AT, booking=booking, came=False))
            == "This slot has not begun yet."
        )
        actions.note_use(by=world.officer, at=slot.ends, booking=booking, came=False)
    later = slots[1].ends
    assert told(lambda: world.books(0, slots[4], at=later)) == (
        "You missed bookings without cancelling them, so you can book again from 2021-03-17 on."
    )
    # A note that was wrong is put right, and the bar is gone.
    actions.note_use(by=world.officer, at=later, booking=booking, came=True)
    assert world.books(0, slots[4], at=later).state == "given"
    assert last_event()[0] == "booking.given"
    assert states() == ["no_show", "used", "given"]


@given(st.lists(st.integers(0, 400), max_size=8), st.integers(1, 4), st.integers(1, 90), st.integers(1, 60))
def test_whoever_is_barred_missed_enough_bookings_within_the_days(days, count, within, bars):
    missed = [AT + timedelta(days=day) for day in sorted(days)]
    rule = NoShows(count=count, within_days=within, bars_days=bars)
    groups = [
        group[-1]
        for end in range(len(missed))
        if len(group := [one for one in missed[: end + 1] if missed[end] - one <= timedelta(days=within)]) >= count
    ]
    expected = max(groups) + timedelta(days=bars) if groups else None
    assert policy.barred_until(missed, rule) == expected
    assert policy.barred_until(missed, None) is None


def test_requests_wait_for_a_draw_that_anybody_can_repeat(world):
    world.gives(given="draw")
    slots = world.slots(world.space())
    asked = [world.books(index, slots[0]).pk for index in range(3)]
    alone = world.books(0, slots[3]).pk
    assert last_event()[0] == "booking.requested"
    late = world.books(1, slots[4]).pk
    drawn = {"by": world.officer, "at": AT, "stage": world.book, "seed": "synthetic"}
    assert actions.draw_slots(**drawn, until=date(2021, 3, 4)) == 2
    winner = asked[below(mixed_seed(hash_of(asked), str(slots[0].pk), "synthetic"), 3)]
    expected = {key: "given" if key in (winner, alone) else "not_drawn" for key in [*asked, alone]}
    assert dict(Booking.objects.values_list("pk", "state")) == {**expected, late: "requested"}
    first, second = str(slots[0].pk), str(slots[3].pk)
    assert last_event() == (
        "slots.drawn",
        {
            "seed": "synthetic",
            "requests": {first: asked, second: [alone]},
            "given": {first: winner, second: alone},
        },
    )
    winners = set(Booking.objects.filter(state="given").values_list("person_id", flat=True))
    texts = {person: text[:14] for person, text in Notice.objects.values_list("person_id", "text_en")}
    assert texts == {
        person.pk: "You were drawn" if person.pk in winners else "You were not d" for person in world.people
    }
    # What is free after the draw goes to whoever comes first.
    assert world.books(2, slots[2]).state == "given"
    assert told(lambda: actions.draw_slots(**drawn, until=date(2021, 3, 4))) == (
        "Nobody has asked for a slot up to that day, so there is nothing to draw."
    )


def test_where_nothing_is_drawn_a_draw_is_refused(world):
    world.books(0, world.slots(world.space())[0])
    assert (
        told(lambda: actions.draw_slots(by=world.officer, at=AT, stage=world.book, until=date(2021, 3, 9), seed="s"))
        == "Nothing is drawn here: this stage is not open or gives slots to whoever comes first."
    )


def test_another_department_runs_no_spaces_here(world):
    space = world.space()
    slot = world.slots(space)[0]
    booking = world.books(0, slot)
    world.gives(given="draw")
    by = {"by": world.stranger, "at": AT}
    for attempt in (
        lambda: actions.open_space(**by, stage=world.book, name_ko="방", place="1", capacity=1),
        lambda: actions.make_slots(
            **by,
            space=space,
            first_day=date(2021, 4, 1),
            last_day=date(2021, 4, 1),
            weekdays=[3],
            opens=time(10),
            closes=time(11),
            minutes=60,
        ),
        lambda: actions.close_slot(**by, slot=slot, reason="x"),
        lambda: actions.draw_slots(**by, stage=world.book, until=date(2021, 3, 9), seed="s"),
        lambda: actions.note_use(**by, booking=booking, came=False),
    ):
        assert told(attempt) == "Only Division runs this."


def test_the_night_forgets_what_ended_bookings_were_for(world):
    slots = world.slots(world.space())
    world.books(0, slots[0])
    world.books(1, slots[2])
    forget = lambda at: actions.forget_purposes(by=SYSTEM, at=at)  # noqa: E731
    assert (forget(slots[0].ends - timedelta(seconds=1)), forget(slots[0].ends), forget(slots[0].ends)) == (0, 1, 0)
    assert list(Booking.objects.order_by("pk").values_list("purpose", flat=True)) == ["", "모임"]
    assert told(lambda: actions.forget_purposes(by=world.officer, at=AT)) == (
        "Only the system forgets what bookings were for."
    )


def test_who_leaves_gives_up_their_bookings_and_what_they_were_for(world):
    one, slots = world.people[0], world.slots(world.space())
    world.books(0, slots[0])
    world.books(1, slots[1])
    assert actions.forget_booker(by=citizen(one), at=AT, person=one) == 1
    assert list(Booking.objects.order_by("pk").values_list("state", "purpose")) == [
        ("cancelled", ""),
        ("given", "모임"),
    ]


def test_a_stage_closes_once_no_booking_is_to_come(world):
    matter = file(stage=world.book, author=world.people[0])
    slot = world.slots(world.space())[0]
    world.books(0, slot)
    refused = "Bookings are still to come: 1. Close their slots first."
    assert told(lambda: close_stage(stage=world.book)) == refused
    passages = close_stage(stage=world.book, at=slot.begins)
    assert [(row.matter_id, row.outcome, row.passed) for row in passages] == [(matter.pk, "in_use", True)]
    assert told(lambda: world.books(1, world.slots(world.space(name_ko="x"))[0])) == (
        "Booking is closed, so it takes no more spaces."
    )


def _prepared(**rules) -> tuple[World, list[Slot]]:
    """A synthetic city with slots; built in a thread, because the threads have a database of their own."""
    world = build()
    world.gives(**rules)
    return world, world.slots(world.space())


def test_of_two_who_book_at_once_one_gets_the_slot_and_the_other_a_sentence(in_threads):
    ((world, slots),) = in_threads(_prepared)
    answers = in_threads(*(partial(world.books, index, slots[0]) for index in range(3)))
    assert sorted(type(answer).__name__ for answer in answers) == ["Booking", "Refused", "Refused"]
    assert {str(answer) for answer in answers if isinstance(answer, Refused)} == {
        "This slot has just been taken; you can wait for it or choose another one."
    }
    assert in_threads(states) == [["given"]]


def test_who_books_in_two_windows_at_once_gets_no_more_than_the_rules_allow(in_threads):
    ((world, slots),) = in_threads(partial(_prepared, most_open=1))
    answers = in_threads(*(partial(world.books, 0, slot) for slot in slots[:3]))
    assert sorted(type(answer).__name__ for answer in answers) == ["Booking", "Refused", "Refused"]
    assert in_threads(states) == [["given"]]
