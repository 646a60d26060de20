"""The pages of meetings and courses, for citizens and for the office."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from gatherings_world import AT, World, close_stage

from madang.site.docket.models import Notice
from madang.site.gatherings import actions
from madang.site.gatherings.models import Attendance, Cohort, Contribution, Course, Enrolment, Gathering
from madang.site.kit import clock
from madang.site.people import claims
from madang.site.people.models import Organisation
from madang.site.programmes.models import Stage

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
@pytest.mark.parametrize(("name", "most"), [("meetings", 5), ("courses", 6), ("calendar", 6)])
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
    with django_assert_num_queries(10):
        learner.get(reverse("gatherings:courses", args=[world.learn.pk]))
    with django_assert_num_queries(7):
        office.get(reverse("gatherings_desk:meetings", args=[world.meet.pk]))


def test_a_citizen_enrols_with_a_button_and_sees_why_not(world):
    course = world.course(group_size=1)
    cohort = world.run(course, starts_on=date(2100, 1, 5))
    page = reverse("gatherings:courses", args=[world.learn.pk])
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
    offer = {"code": "school", "title_ko": "학교", "audience": "citizens", "hours": 2}
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
    world.run(cohort.course, institution="Synthetic school", starts_on=date(2100, 1, 5))
    actions.report_headcount(by=world.officer, at=AT, cohort=cohort, headcount=1234, source="letter")
    shown = client(world).get(reverse("gatherings:courses", args=[world.learn.pk])).content.decode()
    assert (shown.count("1,234"), shown.count("Enrol at the institution.")) == (1, 1)


def test_members_write_in_a_meeting_in_writing_and_read_each_other_afterwards(world, monkeypatch):
    member, meeting = world.seated(0), world.written()
    page, send = (reverse(f"gatherings:{name}", args=[meeting.pk]) for name in ("meeting", "contribute"))
    monkeypatch.setattr(clock, "now", lambda: AT)
    one, two = client(world, "one"), client(world, "two")
    assert one.get(page).content.decode().count("Send my contribution") == 1
    refused = two.get(page).content.decode()
    assert refused.count("Open only to somebody who is a member of Assembly.") == 1
    two.post(send, {"text": "not a member"})
    empty = one.post(send, {"text": ""})
    assert empty.status_code == 200
    one.post(send, {"text": "first thought"})
    one.post(send, {"text": "second thought"})
    assert list(Contribution.objects.values_list("person_id", "text")) == [(member.pk, "second thought")]
    assert list(Attendance.objects.values_list("person_id", "part")) == [(member.pk, "participant")]
    assert two.get(page).content.decode().count("second thought") == 0
    monkeypatch.setattr(clock, "now", lambda: LATER)
    late = one.post(send, {"text": "too late"}).content.decode()
    assert late.count("The time to write in this meeting is over.") == 1
    assert two.get(page).content.decode().count("<p>second thought</p>") == 1


def test_the_office_changes_and_cancels_a_meeting_to_come_and_its_members_are_told(world, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)
    member, meeting, office = world.seated(0), world.coming(), client(world, "officer")
    there = reverse("gatherings_desk:change", args=[meeting.pk])
    assert office.get(there).status_code == 200
    new = {
        "do": "change",
        "title_ko": "새 이름",
        "mode": "face_to_face",
        "held_at": "2021-03-09T10:00",
        "agenda": "new",
    }
    assert office.post(there, new).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.title_ko, meeting.mode, meeting.held_at) == (
        "새 이름", "face_to_face", datetime(2021, 3, 9, 1, tzinfo=UTC),
    )  # fmt: skip
    assert office.post(there, {**new, "mode": "combined"}).context["form"].errors.keys() == {"mode"}
    assert office.post(there, {"do": "cancel", "reason": " "}).status_code == 200
    office.post(there, {"do": "cancel", "reason": "storm"})
    month = client(world).get(reverse("gatherings:calendar"), {"month": "2021-03"}).content.decode()
    assert (month.count("cancelled<"), month.count("Next meeting")) == (1, 0)
    shown = client(world).get(reverse("gatherings:meeting", args=[meeting.pk])).content.decode()
    assert (shown.count("This meeting was cancelled."), shown.count("<p>storm</p>")) == (1, 1)
    told = list(Notice.objects.filter(person=member).order_by("pk").values_list("text_ko", flat=True))
    assert told == [
        "회의가 열립니다: 회의",
        "회의가 변경되었습니다: 새 이름",
        "회의가 취소되었습니다: 새 이름 (storm)",
    ]
    minutes = reverse("gatherings_desk:minutes", args=[meeting.pk])
    assert office.post(minutes, {"text": "x"}).context["minutes_form"].non_field_errors() == [
        "This meeting was cancelled."
    ]


def test_only_the_ways_of_the_stage_are_offered(world):
    form = client(world, "officer").get(reverse("gatherings_desk:meetings", args=[world.meet.pk])).context["form"]
    assert [way for way, _name in form.fields["mode"].choices] == ["face_to_face", "video", "written"]


def test_members_are_ticked_off_and_a_mistake_is_taken_back(world):
    first, second = world.seated(0), world.seated(1)
    meeting = world.hold(body=Organisation.objects.get(code="assembly"))
    there, office = reverse("gatherings_desk:roster", args=[meeting.pk]), client(world, "officer")
    page = office.get(there).content.decode()
    assert [page.count(person.pseudonym) for person in world.people] == [1, 1, 0]
    shown = [first.pk, second.pk]
    stranger = world.people[2].pk
    office.post(there, {"shown": [*shown, stranger], "present": [*shown, stranger]})
    assert sorted(Attendance.objects.values_list("person_id", flat=True)) == shown
    office.post(there, {"shown": shown, "present": [second.pk]})
    assert list(Attendance.objects.values_list("person_id", flat=True)) == [second.pk]
    office.post(there, {"shown": [first.pk], "present": [first.pk]})
    assert sorted(Attendance.objects.values_list("person_id", flat=True)) == shown
    assert client(world, "one").get(there).status_code == 403
    assert office.get(reverse("gatherings_desk:roster", args=[world.hold().pk])).status_code == 404


def test_a_course_is_left_before_it_begins_and_nobody_enrols_afterwards(world, monkeypatch):
    course = world.course(group_size=1)
    cohort = world.run(course, starts_on=date(2021, 3, 10))
    one, two = client(world, "one"), client(world, "two")
    page, enrol = reverse("gatherings:courses", args=[world.learn.pk]), reverse("gatherings:enrol", args=[cohort.pk])
    monkeypatch.setattr(clock, "now", lambda: AT)
    one.post(enrol)
    one.post(enrol)
    leave = reverse("gatherings:leave", args=[Enrolment.objects.get().pk])
    assert two.post(leave).status_code == 404
    assert one.get(page).content.decode().count("Give up my place") == 1
    one.post(leave)
    assert Enrolment.objects.count() == 0
    two.post(enrol)
    assert [row.person_id for row in Enrolment.objects.all()] == [world.people[1].pk]
    monkeypatch.setattr(clock, "now", lambda: datetime(2021, 3, 10, 16, tzinfo=UTC))
    two.post(reverse("gatherings:leave", args=[Enrolment.objects.get().pk]))
    assert Enrolment.objects.count() == 1
    late = world.run(world.course(code="other"))
    one.post(reverse("gatherings:enrol", args=[late.pk]))
    assert Enrolment.objects.count() == 1
    assert one.get(page).content.decode().count("has begun<") == 2


@pytest.mark.parametrize("closed", [True, False])
def test_nobody_enrols_at_an_institution_or_while_no_course_stage_is_open(world, closed, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)
    cohort = world.run(world.course(), institution="" if closed else "Synthetic school")
    if closed:
        close_stage(stage=world.learn)
    answer = client(world, "one").post(reverse("gatherings:enrol", args=[cohort.pk]))
    assert (answer.status_code, Enrolment.objects.count()) == (403, 0)


def test_without_pseudonyms_hours_and_completion_are_for_everybody(world):
    cohort, office = world.run(world.course()), client(world, "officer")
    page, keys = reverse("gatherings_desk:run", args=[cohort.pk]), [person.pk for person in world.people]
    assert office.post(page, {"do": "complete"}).context["forms"]["complete"].non_field_errors() == [
        "There is nobody in this run to whom this could apply."
    ]
    actions.enrol(by=world.officer, at=AT, cohort=cohort, person_ids=keys)
    office.post(page, {"do": "attend", "hours": 4})
    office.post(page, {"do": "attend", "hours": -1, "person_ids": world.people[2].pseudonym})
    office.post(page, {"do": "complete"})
    found = Enrolment.objects.order_by("person_id").values_list("hours", "completed_at")
    assert [(hours, done is not None) for hours, done in found] == [(4, True), (4, True), (3, False)]


def test_each_stage_of_courses_shows_its_own(world):
    other = Stage.objects.create(
        process=world.process, order=4, kind="learn", title_ko="다른 교육", title_en="Other courses",
        settings={"course": "second", "hours": 2},
    )  # fmt: skip
    world.run(world.course(title_en="First course"), title_en="Run A")
    world.run(world.course(code="second", title_en="Second course"), title_en="Run B")
    pages = [client(world).get(reverse("gatherings:courses", args=[key])).content.decode() for key in
             (world.learn.pk, other.pk)]  # fmt: skip
    assert [[page.count(text) for text in ("First course", "Run A", "Second course", "Run B")] for page in pages] == [
        [1, 1, 0, 0], [1, 1, 1, 1],
    ]  # fmt: skip


def test_a_condition_names_the_course_by_its_title(world):
    world.course(title_en="School of budgets")
    with translation.override("en"):
        found = claims.check(person_id=world.people[0].pk, rules=["course_done:school"], at=AT)
    assert str(found.reason).startswith("Open only to somebody who has completed the course School of budgets.")
