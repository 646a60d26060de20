"""The pages of spaces and bookings, for citizens and for the office, and the own calendar with bookings."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from gatherings_world import AT, World
from icalendar import Calendar

from madang.site.gatherings import actions
from madang.site.gatherings.models import Booking, Slot, Space
from madang.site.kit import clock
from madang.site.people.actors import citizen
from madang.site.record.models import Event


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """The day of the synthetic city."""
    monkeypatch.setattr(clock, "now", lambda: AT)


def client(world: World, name: str = "") -> Client:
    """A client that is signed in as somebody, or a visitor's."""
    made = Client(headers={"accept-language": "en"})
    if name:
        made.force_login(world.accounts[name])
    return made


def rows(answer) -> list[str]:
    """The items of the lists of a page, as plain text."""
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    found = re.findall(r"<li>(.*?)</li>", main, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", item).split()) for item in found]


def test_a_week_shows_each_slot_as_it_is_for_the_reader(world):
    space = world.space()
    slots = world.slots(space)
    world.books(0, slots[0])
    actions.close_slot(by=world.officer, at=AT, slot=slots[1], reason="Repairs")
    world.gives(given="draw")
    world.books(1, slots[2])
    world.books(2, slots[2])
    path = reverse("gatherings:space", args=[space.pk])
    common = ["11:00–12:00 closed Repairs"]
    assert rows(client(world).get(path))[:4] == [
        "10:00–11:00 taken",
        *common,
        "10:00–11:00 2 requests",
        "11:00–12:00 free",
    ]
    assert rows(client(world, "one").get(path))[:4] == [
        "10:00–11:00 yours", *common, "10:00–11:00 Ask for it 2 requests", "11:00–12:00 Ask for it free",
    ]  # fmt: skip
    assert rows(client(world, "two").get(path))[2] == "10:00–11:00 you asked for it"


def test_weeks_without_slots_lead_to_the_next_one_that_has_some(world):
    space = world.space()
    world.slots(space)
    world.slots(space, first_day=date(2021, 3, 25), last_day=date(2021, 3, 25))
    pages = {
        week: re.findall(
            r'href="\?week=([\d-]+)"', client(world).get(f"/gatherings/spaces/{space.pk}/?week={week}").text
        )
        for week in ("", "2021-03-25", "2021-03-11", "9999-12-31", "0001-01-01", "x")
    }
    assert pages == {
        "": ["2021-03-25"],
        "2021-03-25": ["2021-03-05"],
        "2021-03-11": ["2021-03-05", "2021-03-25"],
        "9999-12-31": ["2021-03-25"],
        "0001-01-01": ["2021-03-03"],
        "x": ["2021-03-25"],
    }


def test_a_slot_is_booked_with_the_rules_before_the_button_and_cancelled_on_the_own_list(world):
    space = world.space()
    slot = world.slots(space)[2]
    own, path = client(world, "one"), reverse("gatherings:book", args=[slot.pk])
    page = own.get(path).text
    rule = "If you do not come 2 times within 30 days without cancelling, you cannot make a new booking for 14 days"
    assert 0 < page.index(rule) < page.index("Book this slot")
    wrong = own.post(path, {"purpose": "Reading", "size": "11"})
    assert ('value="Reading"' in wrong.text, Booking.objects.count()) == (True, 0)
    assert own.post(path, {"purpose": "Reading", "size": "3"}).url == f"/gatherings/booking/{world.book.pk}/"
    stage = own.get(f"/gatherings/booking/{world.book.pk}/")
    assert rows(stage)[0] == (
        "Room booked Thu 4 Mar 2021 10:00 – 11:00 · 3 people · Reading "
        "Change Room, Thu 4 Mar 2021 10:00 Cancel the booking Room, Thu 4 Mar 2021 10:00"
    )
    booking = Booking.objects.get()
    cancel = reverse("gatherings:cancel_booking", args=[booking.pk])
    assert [client(world, "two").post(cancel).status_code, client(world).post(cancel).status_code] == [404, 302]
    own.post(cancel)
    booking.refresh_from_db()
    assert booking.state == "cancelled"


def test_what_cannot_be_booked_says_why_and_keeps_nothing(world):
    slots = world.slots(world.space())
    own, path = client(world, "one"), reverse("gatherings:book", args=[slots[0].pk])
    world.books(1, slots[0])
    answer = own.post(path, {"purpose": "Reading", "size": "3"})
    assert (answer.status_code, Booking.objects.count()) == (200, 1)
    told = "This slot has just been taken; you can wait for it or choose another one."
    assert [answer.text.count(part) for part in (told, 'value="Reading"', "Wait for this slot")] == [1, 1, 1]
    assert client(world).get(path).status_code == 302


def test_a_bar_is_shown_before_anything_is_tried(world):
    slots = world.slots(world.space())
    for slot in slots[:2]:
        actions.note_use(by=world.officer, at=slot.ends, booking=world.books(0, slot), came=False)
    page = client(world, "one").get(f"/gatherings/booking/{world.book.pk}/").text
    assert re.findall(r"so you can book again from (\S+) on", page) == ["2021-03-17"]


@pytest.mark.parametrize(("name", "status"), [("", 302), ("one", 403), ("stranger", 403), ("officer", 200)])
def test_the_desk_of_spaces_is_for_the_office(world, name, status):
    space = world.space()
    slot = world.slots(space)[0]
    paths = [f"/desk/gatherings/{part}/" for part in
             (f"booking/{world.book.pk}", f"spaces/{space.pk}", f"slots/{slot.pk}")]  # fmt: skip
    found = [client(world, name).get(path).status_code for path in paths]
    assert found == [status] * 3


def test_the_office_opens_a_space_makes_its_slots_closes_one_and_notes_who_came(world, monkeypatch):
    desk = client(world, "officer")
    stage = f"/desk/gatherings/booking/{world.book.pk}/"
    wrong = desk.post(stage, {"name_ko": "방", "place": "", "capacity": "3"})
    assert (wrong.status_code, Space.objects.count()) == (200, 0)
    made = desk.post(stage, {"name_ko": "방", "place": "1층", "capacity": "3"})
    space = Space.objects.get()
    assert made.url == f"/desk/gatherings/spaces/{space.pk}/"
    pattern = {
        "first_day": "2021-03-03", "last_day": "2021-03-04", "weekdays": ["2", "3"], "opens": "10:00",
        "closes": "12:00", "minutes": "60",
    }  # fmt: skip
    for more in ({"last_day": "2021-03-01"}, {"closes": "09:00"}, {"last_day": "2024-01-01"}):
        assert (desk.post(made.url, {**pattern, **more}).status_code, Slot.objects.count()) == (200, 0)
    desk.post(made.url, pattern)
    first, second = Slot.objects.order_by("pk")[:2]
    booking = world.books(0, first)
    desk.post(f"/desk/gatherings/slots/{second.pk}/", {"reason": "Repairs"})
    second.refresh_from_db()
    assert (Slot.objects.count(), second.closed_because) == (4, "Repairs")
    monkeypatch.setattr(clock, "now", lambda: first.ends)
    desk.post(f"/desk/gatherings/bookings/{booking.pk}/use/", {"came": "no"})
    booking.refresh_from_db()
    assert booking.state == "no_show"
    table = desk.get(f"{made.url}?file=csv")
    assert b"".join(table).decode().splitlines()[1].split(",")[2:5] == ["", "2", "nobody came"]


def test_a_press_draws_with_a_seed_that_is_recorded(world):
    world.gives(given="draw")
    slot = world.slots(world.space())[0]
    for index in range(2):
        world.books(index, slot)
    desk, path = client(world, "officer"), f"/desk/gatherings/booking/{world.book.pk}/"
    refused = desk.post(path, {"do": "draw", "until": "2021-03-01"})
    assert "there is nothing to draw" in refused.text
    assert desk.post(path, {"do": "draw", "until": "2021-03-03"}).status_code == 302
    assert sorted(Booking.objects.values_list("state", flat=True)) == ["given", "not_drawn"]
    assert re.fullmatch(r"[0-9a-f]{32}", Event.objects.get(verb="slots.drawn").data["seed"])


def test_the_own_calendar_has_the_own_bookings_and_its_feed_follows_them(world):
    slots = world.slots(world.space())
    world.gives(given="draw")
    booking = world.books(0, slots[2])
    world.books(1, slots[3])
    own, path = client(world, "one"), reverse("gatherings:own_calendar")
    own.post(path, {"do": "make"})
    page = own.get(path).text
    address = re.search(r'<code class="hash">(.*?)</code>', page).group(1)

    def entries() -> list[tuple[str, int, str, timedelta]]:
        found = Calendar.from_ical(client(world).get(address).content).walk("VEVENT")
        return [(str(e["STATUS"]), int(e["SEQUENCE"]), str(e["LOCATION"]), e.end - e.start) for e in found]

    hour = timedelta(hours=1)
    assert (page.count("asked for"), entries()) == (1, [("TENTATIVE", 0, "1", hour)])
    actions.draw_slots(by=world.officer, at=AT, stage=world.book, until=date(2021, 3, 4), seed="s")
    assert entries() == [("CONFIRMED", 1, "1", hour)]
    booking.refresh_from_db()
    actions.cancel_booking(by=citizen(world.people[0]), at=AT, booking=booking)
    assert entries() == [("CANCELLED", 2, "1", hour)]


def test_pages_ask_the_database_no_more_however_much_they_show(world, django_assert_max_num_queries):
    spaces = [world.space(name_ko=f"방 {number}") for number in range(8)]
    for space in spaces:
        world.slots(space)
    world.gives(most_open=8)
    for slot in Slot.objects.filter(space=spaces[0]).select_related("space__stage__process__department"):
        world.books(0, slot)
    own = client(world, "one")
    for path in (f"booking/{world.book.pk}", f"spaces/{spaces[0].pk}", f"slots/{Slot.objects.latest('pk').pk}"):
        with django_assert_max_num_queries(15):
            assert own.get(f"/gatherings/{path}/").status_code == 200
    desk = client(world, "officer")
    for path in (f"booking/{world.book.pk}", f"spaces/{spaces[0].pk}", f"slots/{Slot.objects.earliest('pk').pk}"):
        with django_assert_max_num_queries(15):
            assert desk.get(f"/desk/gatherings/{path}/").status_code == 200


def test_the_own_data_have_the_own_bookings(world):
    slots = world.slots(world.space())
    world.books(0, slots[0])
    world.books(1, slots[1])
    assert client(world, "one").get("/my/data.json").json()["bookings"] == [
        {
            "slot__space__name_ko": "모임방",
            "slot__begins": "2021-03-03T01:00:00Z",
            "purpose": "모임",
            "group": "",
            "size": 2,
            "state": "given",
        }
    ]
