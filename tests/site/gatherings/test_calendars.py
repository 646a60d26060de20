"""The calendar by month and its feeds: what a calendar program needs to move, cancel and never double an entry."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from gatherings_world import AT, World
from icalendar import Calendar

from madang.site.gatherings import actions
from madang.site.gatherings.models import CalendarLink
from madang.site.kit import clock
from madang.site.kit.actor import VISITOR
from madang.site.kit.verdict import Refused
from madang.site.people.actions import forget
from madang.site.people.actors import actor_for
from madang.site.people.models import Organisation

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
LATER = AT + timedelta(days=3)


@pytest.fixture
def now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)


def client(world: World, name: str = "") -> Client:
    made = Client(headers={"accept-language": "en"})
    if name:
        made.force_login(world.accounts[name])
    return made


def events(content: bytes) -> list:
    return Calendar.from_ical(content).walk("VEVENT")


def strict(content: bytes) -> list[str]:
    """What RFC 5545 forbids in a file, by its own words and not by the library that wrote it."""
    faults = []
    if not content.endswith(b"\r\n") or re.search(rb"(?<!\r)\n", content):
        faults.append("3.1: lines end with CRLF")
    faults += ["3.1: a line has at most 75 octets" for line in content.split(b"\r\n") if len(line) > 75]
    unfolded = content.replace(b"\r\n ", b"").decode()
    for entry in unfolded.split("BEGIN:VEVENT\r\n")[1:]:
        names = [re.split("[:;]", line)[0] for line in entry.split("END:VEVENT")[0].splitlines()]
        for name in ("UID", "DTSTAMP", "DTSTART", "SEQUENCE", "STATUS", "SUMMARY"):
            if names.count(name) != 1:
                faults.append(f"3.6.1: {name} stands {names.count(name)} times")
        if not re.search(r"^DTSTAMP:\d{8}T\d{6}Z\r$", entry, re.MULTILINE):
            faults.append("3.8.7.2: DTSTAMP is in UTC")
        if not re.search(r"^DTSTART(:\d{8}T\d{6}Z|;VALUE=DATE:\d{8})\r$", entry, re.MULTILINE):
            faults.append("3.3.5: a time is in UTC, or a date is called one")
    for line in ("VERSION:2.0", "METHOD:PUBLISH", "PRODID:-//Madang//meetings//"):
        if unfolded.count(f"\r\n{line}\r\n") != 1:
            faults.append(f"3.7: {line}")
    return faults


def test_a_feed_keeps_to_the_standard_and_reads_back_what_was_written(world, now):
    long = "합성 안건; 첫째, 둘째\n" + "가" * 200
    meeting = world.hold(held_at=LATER, agenda=long)
    answer = client(world).get("/calendar.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert strict(answer.content) == []
    (event,) = events(answer.content)
    found = (str(event["uid"]), str(event["summary"]), event["dtstart"].dt, event["dtend"].dt, str(event["url"]))
    hours = timedelta(hours=2)
    assert found == (
        f"gathering-{meeting.pk}@seoul.madang", "Meeting", LATER, LATER + hours,
        f"http://testserver/gatherings/{meeting.pk}/",
    )  # fmt: skip
    assert str(event["description"]) == long
    assert (event["sequence"], str(event["status"]), event["dtstamp"].dt) == (0, "CONFIRMED", AT)


def test_a_change_counts_up_and_a_cancelled_meeting_stays_as_cancelled_under_the_same_name(world, now):
    meeting = world.hold(held_at=LATER)
    first = events(client(world).get("/calendar.ics").content)[0]
    moved, later = AT + timedelta(hours=1), AT + timedelta(hours=2)
    new = {"title_ko": "회의", "title_en": "Meeting", "mode": "video", "held_at": LATER + timedelta(days=1)}
    actions.change(by=world.officer, at=moved, gathering=meeting, **new)
    second = events(client(world).get("/calendar.ics").content)[0]
    actions.cancel(by=world.officer, at=later, gathering=meeting, reason="합성 폭풍")
    content = client(world).get("/calendar.ics").content
    (third,) = events(content)
    assert strict(content) == []
    assert {str(event["uid"]) for event in (first, second, third)} == {str(first["uid"])}
    assert [(e["sequence"], e["dtstamp"].dt, str(e["status"])) for e in (first, second, third)] == [
        (0, AT, "CONFIRMED"),
        (1, moved, "CONFIRMED"),
        (2, later, "CANCELLED"),
    ]
    assert str(third["description"]) == "합성 폭풍"


def test_a_meeting_in_writing_takes_up_no_time(world, now):
    world.written()
    (event,) = events(client(world).get("/calendar.ics").content)
    assert ("dtend" in event, str(event["transp"])) == (False, "TRANSPARENT")


def test_a_feed_of_a_programme_or_a_body_has_its_meetings_only(world, now):
    world.hold(held_at=LATER)
    assembly = world.coming(title_en="Of the assembly")
    visitor = client(world)
    feed = {"programme": "1-1"}
    assert len(events(visitor.get("/calendar.ics", feed).content)) == 2
    (event,) = events(visitor.get("/calendar.ics", {"body": "assembly"}).content)
    assert str(event["uid"]) == f"gathering-{assembly.pk}@seoul.madang"
    assert visitor.get("/calendar.ics", {"body": "dept"}).status_code == 404
    assert visitor.get("/calendar.ics", {"programme": "x" * 500}).status_code == 404


def test_a_month_shows_its_days_and_leads_to_the_months_with_meetings(world, now):
    world.hold(held_at=datetime(2020, 12, 31, 15, 30, tzinfo=UTC), title_en="First of January")
    world.hold(number=2, held_at=LATER, title_en="In March")
    world.run(world.course(), starts_on=date(2021, 3, 9))
    visitor = client(world)
    page = visitor.get("/calendar/").context
    days = [(day, len(entries)) for day, entries in page["days"]]
    assert days == [(date(2021, 3, 5), 1), (date(2021, 3, 9), 1)]
    assert (page["before"], page["after"]) == ("/calendar/?month=2021-01", "")
    assert page["coming"].title_en == "In March"
    earlier = visitor.get(page["before"]).context
    assert [(day, entries[0][0].title_en) for day, entries in earlier["days"]] == [
        (date(2021, 1, 1), "First of January")
    ]
    assert earlier["after"] == "/calendar/?month=2021-03"


@pytest.mark.parametrize("month", ["2021-13", "0000-01", "9999-12", "x", "", "2021-3", "٢٠٢١-٠٣"])
def test_a_month_that_is_none_breaks_nothing(world, now, month):
    assert client(world).get("/calendar/", {"month": month}).status_code == 200


def test_an_own_calendar_has_the_meetings_of_own_bodies_and_own_courses(world, now):
    member = world.seated(0)
    mine, _other = world.coming(), world.hold(number=2, held_at=LATER)
    run = world.run(world.course(), starts_on=date(2021, 3, 9))
    actions.enrol(by=actor_for(member, AT), at=AT, cohort=run, person_ids=[member.pk])
    own = client(world, "one")
    page = reverse("gatherings:own_calendar")
    assert own.get(page).context["address"] == ""
    own.post(page, {"do": "make"})
    address = own.get(page).context["address"]
    content = client(world).get(address.removeprefix("http://testserver"))
    assert strict(content.content) == []
    assert [str(event["uid"]) for event in events(content.content)] == [
        f"gathering-{mine.pk}@seoul.madang",
        f"run-{run.pk}@seoul.madang",
    ]
    assert content["Cache-Control"] == "private, max-age=600"


def test_a_secret_address_cannot_be_guessed_and_ends_with_a_new_one_or_its_person(world, now):
    own, page = client(world, "one"), reverse("gatherings:own_calendar")
    own.post(page, {"do": "make"})
    first = own.get(page).context["address"].removeprefix("http://testserver")
    key = CalendarLink.objects.get().key
    wrong = [reverse("gatherings:own_feed", args=[token]) for token in (key, f"{key}.x", "x", f"{key}.")]
    assert [client(world).get(address).status_code for address in [first, *wrong]] == [200, 404, 404, 404, 404]
    own.post(page, {"do": "make"})
    second = own.get(page).context["address"].removeprefix("http://testserver")
    assert [client(world).get(address).status_code for address in (first, second)] == [404, 200]
    person = world.people[0]
    forget(by=actor_for(person, AT), at=AT, person=person)
    assert client(world).get(second).status_code == 404


def test_an_address_is_ended_once_and_is_for_people_who_are_signed_in(world, now):
    own, page = client(world, "one"), reverse("gatherings:own_calendar")
    own.post(page, {"do": "make"})
    own.post(page, {"do": "end"})
    assert CalendarLink.objects.count() == 0
    again = own.post(page, {"do": "end"}, follow=True)
    assert again.content.decode().count("Your calendar has no address, so there is none to end.") == 1
    assert client(world).get(page).status_code == 302
    with pytest.raises(Refused, match="Please sign in"):
        actions.make_calendar_link(by=VISITOR, at=AT)
    assert Organisation.objects.get(code="assembly").gatherings.count() == 0
