"""Waiting for a slot, changing a booking, and changing a space."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import translation
from gatherings_world import AT, World, file
from icalendar import Calendar

from madang.site.docket.models import Notice
from madang.site.gatherings import actions
from madang.site.gatherings.models import Booking, Slot
from madang.site.kit import clock
from madang.site.kit.actor import SYSTEM
from madang.site.kit.verdict import Refused
from madang.site.people.actors import citizen
from madang.site.programmes.models import Stage
from madang.site.record.models import Event

State = Booking.State


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """The day of the synthetic city, told in English."""
    monkeypatch.setattr(clock, "now", lambda: AT)
    with translation.override("en"):
        yield


def waits(world: World, index: int, slot: Slot, minutes: int = 0) -> Booking:
    """One of the synthetic people waits for a slot."""
    by, at = citizen(world.people[index]), AT + timedelta(minutes=minutes)
    return actions.wait_for(by=by, at=at, slot=slot, purpose="모임", size=2, group="합성 모임")


def states(slot: Slot) -> list[str]:
    return list(slot.bookings.order_by("pk").values_list("state", flat=True))


def test_a_slot_that_falls_free_goes_to_who_waits_longest_and_they_are_told(world):
    slot = world.slots(world.space())[-1]
    first = world.books(0, slot)
    waits(world, 1, slot, 1)
    waits(world, 2, slot, 2)
    actions.cancel_booking(by=citizen(world.people[0]), at=AT, booking=first)
    assert states(slot) == [State.CANCELLED, State.GIVEN, State.WAITING]
    told = Notice.objects.filter(person=world.people[1]).get()
    assert told.text_en.startswith("You waited for Room on 05 Mar 11:00: it is yours now.")
    assert Event.objects.filter(verb="booking.moved_up").count() == 1


def test_who_is_barred_by_then_is_passed_over(world):
    space = world.space()
    slots = world.slots(space)
    world.gives(most_open=5)
    first = world.books(0, slots[-1])
    waits(world, 1, slots[-1], 1)
    waits(world, 2, slots[-1], 2)
    for slot in slots[:2]:
        world.books(1, slot)
    Booking.objects.filter(person=world.people[1], state=State.GIVEN).update(state=State.NO_SHOW)
    at = AT + timedelta(days=1, hours=4)
    actions.cancel_booking(by=citizen(world.people[0]), at=at, booking=first)
    assert states(slots[-1]) == [State.CANCELLED, State.WAITING, State.GIVEN]


def test_taking_a_place_on_the_list_back_moves_nobody_up(world):
    slot = world.slots(world.space())[-1]
    world.books(0, slot)
    waiting = waits(world, 1, slot)
    waits(world, 2, slot)
    actions.cancel_booking(by=citizen(world.people[1]), at=AT, booking=waiting)
    assert states(slot) == [State.GIVEN, State.CANCELLED, State.WAITING]


def test_who_leaves_the_city_hands_their_slot_on(world):
    slot = world.slots(world.space())[-1]
    world.books(0, slot)
    waits(world, 1, slot)
    actions.forget_booker(by=citizen(world.people[0]), at=AT, person=world.people[0])
    assert states(slot) == [State.CANCELLED, State.GIVEN]


def test_waiting_counts_as_an_open_booking_and_nobody_waits_twice_or_before_a_draw(world):
    slots = world.slots(world.space())
    for slot in slots[:3]:
        world.gives(most_open=3)
        world.books(0, slot)
    world.gives(most_open=2)
    waits(world, 1, slots[0])
    waits(world, 1, slots[1])
    with pytest.raises(Refused, match=r"^You have as many open bookings as one may have \(2\); cancel one first\.$"):
        waits(world, 1, slots[2])
    with pytest.raises(Refused, match=r"^You have asked for this slot already\.$"):
        waits(world, 1, slots[0])
    world.gives(given="draw")
    with pytest.raises(Refused, match=r"^This slot is drawn by lot; there is a waiting list only after the draw\.$"):
        waits(world, 2, slots[0])


def test_the_pages_offer_the_list_and_put_nobody_on_it_unasked(world):
    slot = world.slots(world.space())[-1]
    world.books(0, slot)
    two = Client(headers={"accept-language": "en"})
    two.force_login(world.accounts["two"])
    week = two.get(f"/gatherings/spaces/{slot.space_id}/?week=2021-03-05").text
    assert week.count("Wait for it") == 1
    address, typed = f"/gatherings/slots/{slot.pk}/", {"purpose": "모임", "size": "3", "group": "합성 모임"}
    refused = two.post(address, typed)
    assert (refused.status_code, slot.bookings.count()) == (200, 1)
    assert refused.text.count('value="합성 모임"') == 1
    assert two.post(address, {**typed, "do": "wait"}).status_code == 302
    assert states(slot) == [State.GIVEN, State.WAITING]
    assert "you wait for it" in two.get(f"/gatherings/spaces/{slot.space_id}/?week=2021-03-05").text


def test_a_booking_is_changed_by_its_owner_until_it_begins(world):
    slot = world.slots(world.space())[-1]
    booking = world.books(0, slot)
    one, address = Client(headers={"accept-language": "en"}), f"/gatherings/bookings/{booking.pk}/"
    one.force_login(world.accounts["one"])
    assert one.post(address, {"purpose": "연습", "size": "11"}).status_code == 200
    booking.refresh_from_db()
    assert (booking.purpose, booking.size) == ("모임", 2)
    assert one.post(address, {"purpose": "연습", "size": "4", "group": "합창단"}).status_code == 302
    booking.refresh_from_db()
    assert (booking.purpose, booking.size, booking.group, booking.state) == ("연습", 4, "합창단", State.GIVEN)
    assert "합창단" not in str(Event.objects.get(verb="booking.changed").data)
    other = Client()
    other.force_login(world.accounts["two"])
    assert other.post(address, {"purpose": "x", "size": "1"}).status_code == 404
    with translation.override("en"), pytest.raises(Refused, match=r"^This slot has begun\.$"):
        actions.change_booking(by=citizen(world.people[0]), at=slot.begins, booking=booking, purpose="연습", size=4)


def test_the_own_calendar_has_the_last_days_of_what_one_filed(world):
    file(stage=world.book, author=world.people[0])
    Stage.objects.filter(pk=world.book.pk).update(closes_on=date(2021, 3, 20))
    own, path = Client(headers={"accept-language": "en"}), "/calendar/own/"
    own.force_login(world.accounts["one"])
    assert own.get("/my/").text.count(f'href="{path}"') == 1
    own.post(path, {"do": "make"})
    page = own.get(path).text
    address = re.search(r'<code class="hash">(.*?)</code>', page).group(1)
    entries = Calendar.from_ical(Client(headers={"accept-language": "en"}).get(address).content).walk("VEVENT")
    assert [(str(one["SUMMARY"]), one.start) for one in entries] == [("Booking ends", date(2021, 3, 20))]
    assert page.count("Booking ends") == 1


def test_group_and_purpose_are_forgotten_together(world):
    slot = world.slots(world.space())[0]
    world.books(0, slot, group="합창단")
    actions.forget_purposes(by=SYSTEM, at=slot.ends)
    assert list(slot.bookings.values_list("purpose", "group")) == [("", "")]


def test_a_space_is_changed_with_what_was_in_the_record_and_bookers_told(world):
    space = world.space()
    slot = world.slots(space)[-1]
    world.books(0, slot, size=6)
    officer, address = Client(headers={"accept-language": "en"}), f"/desk/gatherings/spaces/{space.pk}/change/"
    officer.force_login(world.accounts["officer"])
    typed = {
        "do": "change",
        "name_ko": "모임방",
        "name_en": "Room",
        "place": "2층",
        "capacity": "5",
        "about": "창가",
        "rules": "",
    }
    refused = officer.post(address, typed)
    assert "A booking to come is for 6 people, so the space needs room for them." in refused.text
    assert officer.post(address, {**typed, "capacity": "8"}).status_code == 302
    space.refresh_from_db()
    assert (space.place, space.capacity, space.about) == ("2층", 8, "창가")
    event = Event.objects.get(verb="space.changed")
    assert event.data["changed"] == {"place": ["1", "2층"], "capacity": [10, 8], "about": ["", "창가"]}
    assert Notice.objects.filter(person=world.people[0]).count() == 1
    assert "창가" in Client().get(f"/gatherings/spaces/{space.pk}/").text
    assert "What is said of a space was changed" in officer.get(address).text


def test_free_slots_are_taken_away_and_asked_ones_stay(world):
    space = world.space()
    slots = world.slots(space)
    world.books(0, slots[0])
    count = actions.clear_slots(
        by=world.officer, at=AT, space=space, first_day=date(2021, 3, 3), last_day=date(2021, 3, 4)
    )
    assert (count, list(space.slots.order_by("pk"))) == (3, [slots[0], *slots[4:]])
    with pytest.raises(Refused, match=r"^There is no slot in these days that nobody has asked for\.$"):
        actions.clear_slots(by=world.officer, at=AT, space=space, first_day=date(2021, 3, 3), last_day=date(2021, 3, 4))
