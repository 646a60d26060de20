"""The pages of meetings and courses, for citizens and for the office."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse
from gatherings_world import AT, World
from icalendar import Calendar

from madang.site.gatherings import actions
from madang.site.gatherings.models import Attendance, Cohort, Course, Enrolment, Gathering

LATER = datetime(2100, 1, 5, 5, tzinfo=UTC)


def client(world: World, name: str = "") -> Client:
    """A client that is signed in as somebody, or a visitor's."""
    made = Client(headers={"accept-language": "en"})
    if name:
        made.force_login(world.accounts[name])
    return made


def citizen_pages(world: World) -> list[str]:
    """The addresses that anybody may open."""
    meeting = world.hold(held_at=LATER)
    return [
        reverse("gatherings:meetings", args=[world.meet.pk]),
        reverse("gatherings:courses", args=[world.learn.pk]),
        reverse("gatherings:meeting", args=[meeting.pk]),
        reverse("gatherings:calendar"),
        reverse("gatherings:feed"),
    ]


def desk_pages(world: World) -> list[str]:
    """The addresses of the office."""
    course = world.course()
    return [
        reverse("gatherings_desk:meetings", args=[world.meet.pk]),
        reverse("gatherings_desk:courses", args=[world.learn.pk]),
        reverse("gatherings_desk:meeting", args=[world.hold().pk]),
        reverse("gatherings_desk:open_run", args=[course.pk]),
        reverse("gatherings_desk:run", args=[world.run(course).pk]),
    ]


@pytest.mark.parametrize("name", ["", "one", "officer"])
def test_citizen_pages_are_open_to_all(world, name):
    assert [client(world, name).get(path).status_code for path in citizen_pages(world)] == [200] * 5


@pytest.mark.parametrize(("name", "status"), [("", 302), ("one", 403), ("stranger", 403), ("officer", 200)])
def test_desk_pages_are_for_the_office(world, name, status):
    assert [client(world, name).get(path).status_code for path in desk_pages(world)] == [status] * 5


def test_a_page_of_another_kind_of_stage_is_not_found(world):
    assert client(world).get(reverse("gatherings:meetings", args=[world.learn.pk])).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("name", "most"), [("meetings", 5), ("courses", 6), ("calendar", 3)])
def test_the_number_of_queries_does_not_grow_with_the_rows(world, django_assert_max_num_queries, name, most, rows):
    course = world.course()
    for number in range(rows):
        world.hold(number=number + 1, held_at=LATER)
        world.run(course)
        if number:
            world.course(code=f"course-{number}")
    keys = {"meetings": [world.meet.pk], "courses": [world.learn.pk], "calendar": []}[name]
    visitor = client(world)
    with django_assert_max_num_queries(most):
        assert visitor.get(reverse(f"gatherings:{name}", args=keys)).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_a_signed_in_learner_and_of_the_office_do_not_grow(world, django_assert_num_queries, rows):
    course = world.course()
    for number in range(rows):
        world.run(course)
        world.hold(number=number + 1)
    learner, office = client(world, "one"), client(world, "officer")
    with django_assert_num_queries(9):
        learner.get(reverse("gatherings:courses", args=[world.learn.pk]))
    with django_assert_num_queries(8):
        office.get(reverse("gatherings_desk:meetings", args=[world.meet.pk]))


def test_the_feed_can_be_read_by_a_calendar(world):
    meeting = world.hold(held_at=LATER, agenda="first; second")
    world.hold(number=2)
    answer = client(world).get("/calendar.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    found = [(str(e["summary"]), e["dtstart"].dt, str(e["description"]), str(e["url"])) for e in events]
    assert found == [("Meeting", LATER, "first; second", f"http://testserver/gatherings/{meeting.pk}/")]


def test_a_citizen_enrols_with_a_button_and_sees_why_not(world):
    course = world.course(group_size=1)
    cohort, page = world.run(course), reverse("gatherings:courses", args=[world.learn.pk])
    one, two = client(world, "one"), client(world, "two")
    answer = one.post(reverse("gatherings:enrol", args=[cohort.pk]))
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert [row.person_id for row in Enrolment.objects.all()] == [world.people[0].pk]
    assert one.get(page).content.decode().count("You are enrolled<") == 1
    assert two.get(page).content.decode().count("This course is full: all 1 places are taken.") == 1
    two.post(reverse("gatherings:enrol", args=[cohort.pk]))
    assert Enrolment.objects.count() == 1


def test_a_visitor_who_enrols_is_sent_to_sign_in(world):
    cohort = world.run(world.course())
    answer = client(world).post(reverse("gatherings:enrol", args=[cohort.pk]))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))
    assert Enrolment.objects.count() == 0


def test_the_office_holds_a_meeting_notes_attendance_and_publishes_minutes(world):
    office = client(world, "officer")
    held = {"number": 1, "title_ko": "첫 회의", "mode": "video", "held_at": "2021-03-02T14:00", "agenda": ""}
    assert office.post(reverse("gatherings_desk:meetings", args=[world.meet.pk]), held).status_code == 302
    gathering = Gathering.objects.get()
    assert (gathering.held_at, gathering.body.code) == (datetime(2021, 3, 2, 5, tzinfo=UTC), "assembly")
    names = "\n".join(person.pseudonym for person in world.people[:2])
    there = reverse("gatherings_desk:attendance", args=[gathering.pk])
    assert office.post(there, {"part": "participant", "person_ids": names, "heads": "5"}).status_code == 302
    assert sorted(Attendance.objects.values_list("heads", flat=True)) == [1, 1, 5]
    minutes = reverse("gatherings_desk:minutes", args=[gathering.pk])
    assert office.post(minutes, {"text": "Synthetic minutes"}).status_code == 302
    shown = client(world).get(reverse("gatherings:meeting", args=[gathering.pk])).content.decode()
    assert shown.count("Synthetic minutes") == 1


def test_an_unknown_pseudonym_is_named_and_nothing_is_noted(world):
    gathering = world.hold()
    there = reverse("gatherings_desk:attendance", args=[gathering.pk])
    names = f"{world.people[0].pseudonym}, p-nobody"
    answer = client(world, "officer").post(there, {"part": "participant", "person_ids": names})
    assert answer.status_code == 200
    assert answer.context["attendance_form"].errors == {"person_ids": ["Nobody has the pseudonym p-nobody."]}
    assert Attendance.objects.count() == 0


def test_the_office_runs_a_course_from_its_offer_to_completion(world):
    office, name = client(world, "officer"), world.people[0].pseudonym
    offer = {"code": "school", "title_ko": "학교", "audience": "시민", "hours": 2}
    office.post(reverse("gatherings_desk:courses", args=[world.learn.pk]), offer)
    run = {"title_ko": "1기", "mode": "video", "starts_on": "2021-03-02"}
    office.post(reverse("gatherings_desk:open_run", args=[Course.objects.get().pk]), run)
    page = reverse("gatherings_desk:run", args=[Cohort.objects.get().pk])
    early = office.post(page, {"do": "complete", "person_ids": name})
    assert early.context["forms"]["complete"].non_field_errors() == [
        "Completion takes 2 hours; somebody on the list attended fewer."
    ]
    for step in ({"do": "enrol"}, {"do": "attend", "hours": 2}, {"do": "complete"}):
        assert office.post(page, {**step, "person_ids": name}).status_code == 302
    assert Enrolment.objects.get().completed_at is not None
    office.post(page, {"do": "headcount", "headcount": 30, "source": "letter 3"})
    assert Cohort.objects.get().headcount == 30


def test_an_institutions_head_count_is_shown_instead_of_names(world):
    cohort = world.run(world.course(), institution="Synthetic school")
    actions.report_headcount(by=world.officer, at=AT, cohort=cohort, headcount=1234, source="letter")
    shown = client(world).get(reverse("gatherings:courses", args=[world.learn.pk])).content.decode()
    assert (shown.count("1,234"), shown.count("Enrol at the institution.")) == (1, 1)
