"""The pages of people and seats: who sees them, adding, ending, and the masked file."""

from collections.abc import Callable
from datetime import date

import pytest
from desk_world import AT, World, file, person
from django.test import Client

from madang.site.docket.actions import start
from madang.site.kit.actor import SYSTEM
from madang.site.people.actions import NewSeat, seat
from madang.site.people.models import Claim, Organisation, Person, Seat
from madang.site.programmes.models import Stage
from madang.site.reviews.models import Assignment

PAGE = "/desk/bodies/jury/"


@pytest.fixture(autouse=True)
def june(settings):
    settings.CLOCK_STARTS_AT = AT


@pytest.fixture
def jury(world: World) -> Organisation:
    """A body of the department in which one synthetic woman sits by lot."""
    body = Organisation.objects.create(
        code="jury", kind="body", parent=world.department, name_ko="심사단", name_en="Jury"
    )
    member = Person.objects.create(pseudonym="synthetic-1", nickname="합성아라", synthetic=True, created_at=AT)
    Claim.objects.create(person=member, kind="sex", value="f", valid_from=AT)
    seat(by=SYSTEM, at=AT, body=body, rows=[NewSeat(member.pk, "citizen", "lot", "2021")])
    return body


@pytest.fixture
def officer(world: World, jury: Organisation, enter: Callable[..., Client]) -> Client:
    """An officer of the body's department."""
    return enter(person("officer", "officer", organisation=world.department))


def test_the_page_shows_who_sits_the_ratio_the_vacancies_and_recusals(world, officer, jury):
    draw = {"seats": 3, "strata": [], "reserves": 0}
    appoint = {"body": "jury", "term": "2021", "role": "citizen", "months": 12}
    for order, (kind, settings) in enumerate((("draw", draw), ("appoint", appoint), ("review", {"bodies": "jury"})), 4):
        last = Stage.objects.create(
            process=world.process, order=order, kind=kind, title_ko=kind, title_en=kind, settings=settings
        )
    member = Person.objects.get(pseudonym="synthetic-1")
    start(by=SYSTEM, at=AT, stage=world.call)
    matter = file(stage=world.call, title="합성")
    Assignment.objects.create(stage=last, matter=matter, person=member, recused=True, recused_at=AT)
    shown = officer.get(PAGE)
    assert shown.context["counts"] == {"total": 1, "women": 1, "men": 0, "unknown": 0}
    assert shown.context["vacancies"] == ("2021", 3, 2)
    assert [(str(row.person), row.recusals) for row in shown.context["table"].page] == [("합성아라", 1)]
    assert "Jury" in officer.get("/desk/bodies/").content.decode()


def test_a_seat_is_added_by_address_and_ended_with_a_reason(officer, jury):
    expert = person("expert")
    told = {"person": expert.email, "role": "expert", "appointed_by": "nomination", "term": "2021"}
    assert officer.post(PAGE, {**told, "last_day": "2021-12-31"}).url == PAGE
    made = Seat.objects.get(role="expert")
    assert (made.person.account, made.valid_until.date()) == (expert, date(2021, 12, 31))
    ending = f"/desk/seats/{made.pk}/end/"
    assert officer.post(ending, {"reason": ""}).context["form"].errors == {"reason": ["This field is required."]}
    assert officer.post(ending, {"reason": "합성 사유"}).url == PAGE
    assert "합성 사유" in officer.get(f"{PAGE}?ended=1").content.decode()


def test_somebody_unknown_or_seated_already_is_told_on_the_form(officer, jury):
    told = {"role": "expert", "appointed_by": "office", "term": "2021"}
    unknown = officer.post(PAGE, {**told, "person": "nobody@example.invalid"})
    assert unknown.context["form"].errors == {
        "person": ["Nobody is known by that, or several are. They must sign up first."]
    }
    twice = officer.post(PAGE, {**told, "person": "synthetic-1"})
    assert twice.context["form"].non_field_errors() == ["This person sits in Jury already."]
    assert Seat.objects.count() == 1


def test_the_file_masks_names(officer, jury):
    body = b"".join(officer.get(f"{PAGE}?file=csv").streaming_content).decode("utf-8-sig")
    assert body.splitlines() == [
        "Who,Sits as,Appointed,Term,Term begins,Term ends,Recusals",
        "합**,citizen,by lot,2021,2021-06-01,,0",
    ]


def test_auditors_see_and_do_not_change(officer, jury, enter):
    auditor = enter(person("auditor", "auditor"))
    assert (auditor.get(PAGE).status_code, auditor.get(f"{PAGE}?file=csv").status_code) == (200, 200)
    told = {"person": "synthetic-1", "role": "expert", "appointed_by": "office", "term": "2022"}
    auditor.post(PAGE, told)
    held = Seat.objects.get()
    assert auditor.post(f"/desk/seats/{held.pk}/end/", {"reason": "합성"}).status_code == 403
    assert Seat.objects.get().valid_until is None


def test_others_see_nothing(world, jury, enter):
    stranger = enter(person("stranger", "officer", "head", organisation=world.other))
    assert stranger.get("/desk/bodies/").context["table"].rows == []
    held, citizen = Seat.objects.get(), enter(person("citizen"))
    for path in (PAGE, f"{PAGE}?file=csv", f"/desk/seats/{held.pk}/end/"):
        assert "합성아라" not in stranger.get(path, follow=True).content.decode()
        assert citizen.get(path).status_code == 403
    stranger.post(f"/desk/seats/{held.pk}/end/", {"reason": "합성"})
    assert Seat.objects.get().valid_until is None
