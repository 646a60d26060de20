"""At the counter: an official files and enrols for a citizen who agreed, and never votes for anybody."""

from datetime import date, time, timedelta

import pytest
from django.test import Client
from django.utils import translation
from factories import AT, IDEA_DATA, OPEN_CALL, as_actor, file_matter, make_form, make_process, opened

from madang.site.docket.models import Matter, Notice
from madang.site.forums.models import Support
from madang.site.gatherings import actions as gatherings
from madang.site.gatherings.models import Booking, Cohort, Enrolment
from madang.site.intake import actions
from madang.site.kit.actor import SYSTEM
from madang.site.kit.verdict import Refused
from madang.site.people.actions import give_role, open_account
from madang.site.people.models import Account, Claim
from madang.site.record.models import Event

pytestmark = pytest.mark.django_db
LEARN = {"course": "school", "hours": 2}


@pytest.fixture(autouse=True)
def _clock(settings):
    settings.CLOCK_STARTS_AT = AT
    with translation.override("en"):
        yield


@pytest.fixture
def call():
    make_form()
    [stage, *_rest] = opened(("call", {**OPEN_CALL, "who": ["lives_in:town"], "limit_per_person": 1}), code="counter")
    return stage


def member(name, role=None, organisation=None):
    account = Account.objects.create_user(f"{name}@example.invalid", "synthetic-password")
    person = open_account(by=SYSTEM, at=AT, account=account)
    if role:
        give_role(by=SYSTEM, at=AT - timedelta(days=1), person=person, role=role, organisation=organisation)
    return person


def browser(person):
    client = Client(headers={"accept-language": "en"})
    client.force_login(person.account)
    return client


def resident(name="resident"):
    person = member(name)
    Claim.objects.create(person=person, kind="lives_in", value="town", valid_from=AT)
    return person


def asked(person="", consent="spoken"):
    return {**IDEA_DATA, "whose-person": person, "whose-consent": consent}


def test_what_is_filed_for_a_citizen_says_so_and_belongs_to_the_citizen(call):
    clerk, who = member("clerk", "district_officer"), resident()
    address = f"/desk/intake/calls/{call.pk}/for/"
    assert f'href="{address}"' in browser(clerk).get("/desk/help/").content.decode()
    assert browser(clerk).post(address, asked(who.account.email)).url == address
    matter = Matter.objects.get()
    assert (matter.channel, matter.author) == ("counter", who)
    event = Event.objects.get(verb="matter.entered_for")
    assert (event.actor, event.subject, event.data) == (
        clerk.pseudonym,
        f"matter:{matter.pk}",
        {"number": matter.number, "consent": "spoken", "account": True},
    )
    assert Notice.objects.get(person=who).text_en == f"An official entered this for you at the counter: {matter.title}"
    page = browser(who).get(f"/matters/{matter.number}/").content.decode()
    assert "entered at the counter by an official" in page


def test_a_citizen_without_an_account_is_helped_too(call):
    clerk = member("clerk", "officer", call.process.department)
    browser(clerk).post(f"/desk/intake/calls/{call.pk}/for/", asked(consent="signed"))
    assert list(Matter.objects.values_list("channel", "author")) == [("counter", None)]
    assert Event.objects.get(verb="matter.entered_for").data["account"] is False


def test_without_consent_nothing_is_filed_and_what_was_typed_stays(call):
    clerk = member("clerk", "district_officer")
    page = browser(clerk).post(f"/desk/intake/calls/{call.pk}/for/", asked(consent=""))
    assert page.context["whose"].errors == {"consent": ["This field is required."]}
    assert IDEA_DATA["title"] in page.content.decode()
    page = browser(clerk).post(f"/desk/intake/calls/{call.pk}/for/", {**asked(consent=""), "title": ""})
    assert (list(page.context["form"].errors), list(page.context["whose"].errors)) == (["title"], ["consent"])
    with pytest.raises(Refused) as refused:
        actions.submit_for(by=as_actor(clerk, "officer"), at=AT, stage=call, data=IDEA_DATA, author_id=None, consent="")
    assert str(refused.value) == "Note how the citizen agreed that you enter this."
    assert Matter.objects.count() == 0


def test_the_rules_of_the_call_hold_for_the_citizen(call):
    clerk, who, stranger = member("clerk", "district_officer"), resident(), member("stranger")
    client, address = browser(clerk), f"/desk/intake/calls/{call.pk}/for/"
    client.post(address, asked(who.pseudonym))
    for person in (who, stranger, clerk):
        page = client.post(address, asked(person.pseudonym))
        assert (page.status_code, len(page.context["form"].non_field_errors())) == (200, 1), person
    assert Matter.objects.count() == 1


def test_others_do_not_act_for_citizens(call):
    other = make_process(("call", OPEN_CALL)).department
    for person in (member("officer", "officer", other), member("citizen"), member("auditor", "auditor")):
        assert browser(person).get(f"/desk/intake/calls/{call.pk}/for/").status_code == 403


@pytest.fixture
def run():
    [stage] = opened(("learn", LEARN))
    course = gatherings.open_course(
        by=SYSTEM,
        at=AT,
        process=stage.process,
        code="school",
        title_ko="합성 교육",
        audience="citizens",
        hours=2,
        group_size=2,
    )
    return Cohort.objects.create(course=course, title_ko="1기", mode="in_person", starts_on=date(2021, 6, 10))


def test_a_citizen_is_enrolled_at_the_counter(run):
    clerk, who, second, third = member("clerk", "district_officer"), *(resident(f"r{n}") for n in range(3))
    client, address = browser(clerk), f"/desk/gatherings/runs/{run.pk}/for/"
    assert f'href="{address}"' in client.get("/desk/help/").content.decode()
    assert client.post(address, {"person": who.pseudonym, "consent": "spoken"}).url == address
    place = Enrolment.objects.get()
    assert (place.person, place.entered_by) == (who, clerk.pseudonym)
    event = Event.objects.get(verb="cohort.enrolled_for")
    assert (event.actor, event.subject, event.data) == (clerk.pseudonym, f"cohort:{run.pk}", {"consent": "spoken"})
    assert Notice.objects.filter(person=who).count() == 1
    told = []
    for person in (who, clerk, second, third):
        page = client.post(address, {"person": person.pseudonym, "consent": "signed"})
        told.append(page.context["form"].non_field_errors() if page.status_code == 200 else "done")
    assert told == [
        ["This person is enrolled already."],
        ["Do your own things like everybody else; the counter is for others."],
        "done",
        ["This course is full: all 2 places are taken."],
    ]


def test_a_space_is_booked_at_the_counter():
    [stage] = opened(("book", {"most_open": 1}))
    space = gatherings.open_space(by=SYSTEM, at=AT, stage=stage, name_ko="합성 공간", place="1", capacity=4)
    slots = gatherings.make_slots(
        by=SYSTEM, at=AT, space=space, first_day=date(2021, 6, 3), last_day=date(2021, 6, 4), weekdays=range(7),
        opens=time(10), closes=time(11), minutes=60,
    )  # fmt: skip
    clerk, who, second = member("clerk", "district_officer"), resident(), resident("second")
    client, address = browser(clerk), f"/desk/gatherings/spaces/{space.pk}/for/"
    assert f'href="{address}"' in client.get("/desk/help/").content.decode()
    typed = {"slot": slots[0].pk, "purpose": "합성 모임", "size": 3, "person": who.pseudonym, "consent": "spoken"}
    assert client.post(address, {**typed, "size": 5}).context["form"].non_field_errors() == [
        "This space has room for 4 people at most."
    ]
    assert client.post(address, typed).url == address
    booking = Booking.objects.get()
    assert (booking.person, booking.entered_by, booking.state) == (who, clerk.pseudonym, "given")
    event = Event.objects.get(verb="booking.entered_for")
    assert (event.actor, event.data["consent"], Notice.objects.filter(person=who).count()) == (
        clerk.pseudonym,
        "spoken",
        1,
    )
    # The citizen's own limits hold, and a slot that is taken is offered to nobody.
    again = client.post(address, {**typed, "slot": slots[1].pk})
    assert len(again.context["form"].non_field_errors()) == 1
    taken = client.post(address, {**typed, "person": second.pseudonym})
    assert list(taken.context["form"].errors) == ["slot"]
    assert browser(who).get(address).status_code == 403


def test_support_is_noted_at_the_counter():
    [stage] = opened(("support", {"thresholds": [{"since": "2021-01-01", "supports": 2}], "rolling": True}))
    matter = file_matter(stage=stage)
    clerk, who = member("clerk", "officer", stage.process.department), resident()
    client, address = browser(clerk), f"/desk/forums/support/{stage.pk}/for/"
    assert f'href="{address}"' in client.get("/desk/help/").content.decode()
    typed = {"number": matter.number, "person": who.pseudonym, "consent": "signed"}
    assert client.post(address, typed).url == address
    row = Support.objects.get()
    assert (row.person, row.matter, row.entered_by) == (who, matter, clerk.pseudonym)
    event = Event.objects.get(verb="matter.supported_for")
    assert (event.actor, event.data) == (clerk.pseudonym, {"consent": "signed"})
    assert Notice.objects.get(person=who).text_en.startswith("An official noted your support at the counter")
    assert "entered at the counter by an official" in browser(who).get(f"/forums/matters/{matter.pk}/").text
    told = [
        client.post(address, {**typed, **more}).context["form"].non_field_errors()
        for more in ({}, {"number": "none"}, {"person": clerk.pseudonym})
    ]
    assert told == [
        ["This person supports it already."],
        ["No proposal with this receipt number seeks support here."],
        ["Do your own things like everybody else; the counter is for others."],
    ]
    stranger = member("stranger", "officer", make_process(("call", OPEN_CALL)).department)
    assert browser(stranger).get(address).status_code == 403
