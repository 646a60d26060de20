"""Attendance by code: wrong codes, late ones, people who are no members, and doing it twice."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from gatherings_world import AT, World

from madang.site.gatherings import actions
from madang.site.gatherings.models import Attendance
from madang.site.kit import clock
from madang.site.kit.actor import VISITOR
from madang.site.kit.verdict import Refused
from madang.site.people.actors import actor_for
from madang.site.people.models import Organisation
from madang.site.record.models import Event


@pytest.fixture
def now(monkeypatch):
    translation.activate("en")
    monkeypatch.setattr(clock, "now", lambda: AT)


@pytest.fixture
def meeting(world, now):
    """A synthetic meeting of the assembly that begins now."""
    return world.coming(held_at=AT, mode="face_to_face")


def client(world: World, name: str = "") -> Client:
    made = Client(headers={"accept-language": "en"})
    if name:
        made.force_login(world.accounts[name])
    return made


def shown(world, meeting, minutes=30):
    actions.open_code(by=world.officer, at=AT, gathering=meeting, minutes=minutes)
    return actions.code_of(meeting)


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_a_member_notes_the_own_attendance_with_the_code_and_only_once(world, meeting):
    member = actor_for(world.seated(0), AT)
    code = shown(world, meeting)
    actions.attend_by_code(by=member, at=AT, gathering=meeting, code=f" {code[:3]} {code[3:]} ")
    actions.attend_by_code(by=member, at=AT, gathering=meeting, code=code)
    assert list(Attendance.objects.values_list("person_id", "part", "heads")) == [(member.person_id, "participant", 1)]


def test_wrong_and_late_codes_and_others_than_members_are_refused_in_a_sentence(world, meeting):
    member, guest = actor_for(world.seated(0), AT), actor_for(world.people[1], AT)
    with pytest.raises(Refused, match="No code is shown in this meeting yet"):
        actions.attend_by_code(by=member, at=AT, gathering=meeting, code="000000")
    code = shown(world, meeting)
    late = AT + timedelta(minutes=30)
    for by, at, given, sentence in (
        (member, AT, wrong(code), "This is not the code that is shown in the meeting now"),
        (member, AT, "", "This is not the code"),
        (member, AT, "１２３", "This is not the code"),
        (member, late, code, "The code held until 10:30."),
        (guest, AT, code, "is a member of Assembly"),
        (VISITOR, AT, code, "Please sign in"),
    ):
        with pytest.raises(Refused, match=sentence):
            actions.attend_by_code(by=by, at=at, gathering=meeting, code=given)
    assert Attendance.objects.count() == 0


def test_a_new_code_takes_the_place_of_the_old_one_and_no_table_holds_it(world, meeting):
    member = actor_for(world.seated(0), AT)
    first = shown(world, meeting)
    later = AT + timedelta(minutes=5)
    actions.open_code(by=world.officer, at=later, gathering=meeting, minutes=10)
    second = actions.code_of(meeting)
    assert first != second
    with pytest.raises(Refused, match="This is not the code"):
        actions.attend_by_code(by=member, at=later, gathering=meeting, code=first)
    told = str(list(Event.objects.values_list("data", flat=True)))
    assert (first in told, second in told) == (False, False)
    actions.close_code(by=world.officer, at=later, gathering=meeting)
    with pytest.raises(Refused, match="The code held until"):
        actions.attend_by_code(by=member, at=later, gathering=meeting, code=second)
    with pytest.raises(Refused, match="There is no code that still holds"):
        actions.close_code(by=world.officer, at=later, gathering=meeting)


def test_a_code_is_shown_by_the_office_around_the_time_of_a_meeting_that_people_come_to(world, meeting):
    for by, at, minutes, sentence in (
        (world.stranger, AT, 30, "Only .* runs this"),
        (world.officer, AT - timedelta(hours=4), 30, "from three hours before"),
        (world.officer, AT + timedelta(hours=13), 30, "from three hours before"),
        (world.officer, AT, 0, "1 to 240 minutes"),
        (world.officer, AT, 241, "1 to 240 minutes"),
    ):
        with pytest.raises(Refused, match=sentence):
            actions.open_code(by=by, at=at, gathering=meeting, minutes=minutes)
    with pytest.raises(Refused, match="needs no code"):
        actions.open_code(by=world.officer, at=AT, gathering=world.written(), minutes=30)


def test_a_meeting_without_a_body_is_open_to_everybody_signed_in(world, now):
    meeting = world.hold(held_at=AT)
    assert meeting.body is None
    code = shown(world, meeting)
    actions.attend_by_code(by=actor_for(world.people[2], AT), at=AT, gathering=meeting, code=code)
    assert Attendance.objects.get().person_id == world.people[2].pk


def test_the_pages_keep_a_wrong_code_say_why_and_stop_guessing(world, meeting):
    world.seated(0)
    office, member = client(world, "officer"), client(world, "one")
    page = reverse("gatherings_desk:code", args=[meeting.pk])
    assert office.post(page, {"minutes": "many"}).context["form"].errors.keys() == {"minutes"}
    office.post(page, {"minutes": "20"})
    code = office.get(page).context["digits"]
    there, attend = (reverse(f"gatherings:{name}", args=[meeting.pk]) for name in ("meeting", "attend"))
    assert member.get(there, {"code": code}).content.decode().count(f'value="{code}"') == 1
    refused = member.post(attend, {"code": wrong(code)}).content.decode()
    assert (refused.count(f'value="{wrong(code)}"'), refused.count("This is not the code")) == (1, 2)
    assert client(world).post(attend, {"code": code})["Location"].startswith(reverse("account_login"))
    assert member.post(attend, {"code": code})["Location"] == there
    assert member.get(there).content.decode().count("You are noted as present.") >= 1
    assert member.post(attend, {"code": "1"}, follow=True).content.decode().count("This is not the code") == 0
    assert office.get(page).context["present"] == 1
    guest = client(world, "two")
    answers = [guest.post(attend, {"code": "000000"}).status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]
    office.post(page, {"do": "close"})
    assert office.get(page).context["digits"] == ""


def test_somebody_ticked_off_is_told_so_and_a_cancelled_meeting_asks_for_no_code(world, meeting):
    member = world.seated(0)
    code = shown(world, meeting)
    office = Organisation.objects.get(code="assembly")
    assert meeting.body == office
    actions.record_attendance(by=world.officer, at=AT, gathering=meeting, person_ids=[member.pk])
    page = reverse("gatherings:meeting", args=[meeting.pk])
    assert client(world, "one").get(page).content.decode().count("You are noted as present.") == 1
    meeting.cancelled_at = AT
    meeting.save()
    assert client(world, "two").get(page).content.decode().count("I am here") == 0
    with pytest.raises(Refused, match="This meeting was cancelled"):
        actions.attend_by_code(by=actor_for(world.people[1], AT), at=AT, gathering=meeting, code=code)
