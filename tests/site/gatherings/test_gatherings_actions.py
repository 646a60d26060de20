"""Meetings, attendance, minutes, courses, completion and what it opens."""

from datetime import date, timedelta

import pytest
from django.utils import translation
from gatherings_world import AT, World, close_stage, file

from madang.site.gatherings import actions, queries
from madang.site.gatherings.models import Attendance, Cohort, Course, Enrolment, Gathering
from madang.site.kit.figures import query_named
from madang.site.kit.verdict import Refused
from madang.site.people import claims
from madang.site.people.actors import citizen
from madang.site.record.models import Event


@pytest.fixture(autouse=True)
def english():
    """Refusals are compared in English."""
    with translation.override("en"):
        yield


def verbs(world: World) -> list[str]:
    """What the process's book says since its stages were opened."""
    rows = Event.objects.filter(book__code=world.process.book).exclude(verb="stage.opened").order_by("number")
    return list(rows.values_list("verb", flat=True))


def test_a_meeting_with_attendance_and_minutes_is_recorded(world):
    gathering = world.hold()
    keys = [person.pk for person in world.people]
    assert actions.record_attendance(by=world.officer, at=AT, gathering=gathering, person_ids=[*keys, keys[0]]) == 3
    assert actions.record_attendance(by=world.officer, at=AT, gathering=gathering, heads=40, part="viewer") == 40
    actions.publish_minutes(by=world.officer, at=AT, gathering=gathering, text=" agreed \n")
    gathering.refresh_from_db()
    assert (gathering.minutes, gathering.minutes_at) == ("agreed", AT)
    assert queries.present_by_part(gathering) == {"participant": 3, "viewer": 40}
    assert verbs(world) == [
        "gathering.held",
        "gathering.attended",
        "gathering.attended",
        "gathering.minutes_published",
    ]


def test_noting_the_same_people_again_does_not_count_them_twice(world):
    gathering, keys = world.hold(), [person.pk for person in world.people]
    for _time in range(2):
        actions.record_attendance(by=world.officer, at=AT, gathering=gathering, person_ids=keys)
    assert Attendance.objects.count() == 3


def test_minutes_of_a_meeting_to_come_are_refused(world):
    gathering = world.hold(held_at=AT + timedelta(days=1))
    with pytest.raises(Refused, match=r"^This meeting has not been held yet\.$"):
        actions.publish_minutes(by=world.officer, at=AT, gathering=gathering, text="too early")
    assert Gathering.objects.get().minutes_at is None


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"mode": "telepathy"}, "A meeting is written, video, face_to_face or combined, not telepathy."),
        ({}, "Meetings is not open, so no meeting belongs to it."),
    ],
)
def test_a_wrong_mode_and_a_closed_stage_are_refused(world, more, sentence):
    if not more:
        world.hold()
        close_stage(stage=world.meet)
    before = Gathering.objects.count()
    with pytest.raises(Refused) as refusal:
        world.hold(**more)
    assert (str(refusal.value), Gathering.objects.count()) == (sentence, before)


def test_another_department_runs_nothing_here(world):
    gathering, cohort = world.hold(), world.run(world.course())
    for attempt in (
        lambda by: actions.publish_minutes(by=by, at=AT, gathering=gathering, text="x"),
        lambda by: actions.record_attendance(by=by, at=AT, gathering=gathering, heads=1),
        lambda by: actions.complete(by=by, at=AT, cohort=cohort, person_ids=[]),
        lambda by: actions.report_headcount(by=by, at=AT, cohort=cohort, headcount=1, source="letter"),
    ):
        with pytest.raises(Refused, match=r"^Only Division runs this\.$"):
            attempt(world.stranger)


def test_a_stage_of_meetings_closes_once_one_was_held(world):
    matter = file(stage=world.meet, author=world.people[0])
    with pytest.raises(Refused, match=r"^No meeting has been held in Meetings yet; hold one first\.$"):
        close_stage(stage=world.meet)
    world.hold()
    passages = close_stage(stage=world.meet)
    assert [(row.matter_id, row.outcome, row.passed) for row in passages] == [(matter.pk, "met", True)]


def test_completion_takes_the_hours_of_the_course(world):
    cohort, one = world.run(world.course()), world.people[0]
    actions.enrol(by=citizen(one), at=AT, cohort=cohort, person_ids=[one.pk])
    actions.attend(by=world.officer, at=AT, cohort=cohort, person_ids=[one.pk], hours=3)
    with pytest.raises(Refused, match=r"^Completion takes 4 hours; somebody on the list attended fewer\.$"):
        actions.complete(by=world.officer, at=AT, cohort=cohort, person_ids=[one.pk])
    assert not claims.check(person_id=one.pk, rules=["course_done:school"], at=AT)
    actions.attend(by=world.officer, at=AT, cohort=cohort, person_ids=[one.pk], hours=1)
    assert actions.complete(by=world.officer, at=AT, cohort=cohort, person_ids=[one.pk]) == 1
    assert Enrolment.objects.get().completed_at == AT


def test_completion_opens_what_asks_for_the_course(world):
    cohort, (one, two, _three) = world.run(world.course()), world.people
    keys = [one.pk, two.pk]
    actions.enrol(by=world.officer, at=AT, cohort=cohort, person_ids=keys)
    actions.attend(by=world.officer, at=AT, cohort=cohort, person_ids=keys, hours=4)
    before = claims.check(person_id=one.pk, rules=["course_done:school"], at=AT)
    assert (before.ok, str(before.reason)) == (
        False,
        "Open only to somebody who has completed the course School. "
        "Take the course first; its completion is noted at once.",
    )
    actions.complete(by=world.officer, at=AT, cohort=cohort, person_ids=[one.pk])
    found = [claims.check(person_id=key, rules=["course_done:school"], at=AT).ok for key in keys]
    assert found == [True, False]


def test_another_course_of_the_stage_opens_it_too(world):
    cohort, one = world.run(world.course(code="evening_school")), world.people[0]
    actions.enrol(by=world.officer, at=AT, cohort=cohort, person_ids=[one.pk])
    actions.attend(by=world.officer, at=AT, cohort=cohort, person_ids=[one.pk], hours=4)
    actions.complete(by=world.officer, at=AT, cohort=cohort, person_ids=[one.pk])
    done = {value for kind, _sep, value in (claim.partition(":") for claim in claims.claims_of(one.pk, AT))}
    assert done >= {"evening_school", world.learn.settings["course"]}


def test_a_rule_names_the_course_by_its_title(world):
    unknown = claims.sentence("course_done:school")
    world.course()
    assert (unknown, claims.sentence("course_done:school")) == (
        "has completed the course school",
        "has completed the course School",
    )


def test_a_stage_of_courses_passes_on_who_completed_one(world):
    cohort, (one, two, _three) = world.run(world.course()), world.people
    first, second = file(stage=world.learn, author=one), file(stage=world.learn, author=two)
    actions.enrol(by=world.officer, at=AT, cohort=cohort, person_ids=[one.pk, two.pk])
    actions.attend(by=world.officer, at=AT, cohort=cohort, person_ids=[one.pk], hours=4)
    actions.complete(by=world.officer, at=AT, cohort=cohort, person_ids=[one.pk])
    passages = {row.matter_id: (row.outcome, row.passed) for row in close_stage(stage=world.learn)}
    assert passages == {first.pk: ("completed", True), second.pk: ("not_completed", False)}


def test_a_full_course_takes_nobody_more(world):
    cohort = world.run(world.course(group_size=2))
    one, two, three = world.people
    with pytest.raises(Refused, match=r"^This course takes 2 people at most\.$"):
        actions.enrol(by=world.officer, at=AT, cohort=cohort, person_ids=[one.pk, two.pk, three.pk])
    assert Enrolment.objects.count() == 0
    actions.enrol(by=world.officer, at=AT, cohort=cohort, person_ids=[one.pk, two.pk])
    with pytest.raises(Refused, match=r"^This course is full: all 2 places are taken\.$"):
        actions.enrol(by=citizen(three), at=AT, cohort=cohort, person_ids=[three.pk])
    assert Enrolment.objects.count() == 2


def test_a_citizen_enrols_nobody_else(world):
    cohort, (one, two, _three) = world.run(world.course()), world.people
    with pytest.raises(Refused, match=r"^You can only enrol yourself\.$"):
        actions.enrol(by=citizen(one), at=AT, cohort=cohort, person_ids=[two.pk])


def test_hours_are_noted_for_enrolled_people_only(world):
    cohort = world.run(world.course())
    with pytest.raises(Refused, match=r"^Somebody on the list is not enrolled in this course\.$"):
        actions.attend(by=world.officer, at=AT, cohort=cohort, person_ids=[world.people[0].pk], hours=1)


def test_a_second_course_of_a_code_is_refused(world):
    world.course()
    with pytest.raises(Refused, match=r"^The course school exists already\.$"):
        world.course()
    assert Course.objects.count() == 1


def test_a_head_count_needs_its_source_and_a_run_that_has_begun(world):
    course = world.course()
    begun, later = world.run(course), world.run(course, starts_on=date(2021, 3, 3))
    actions.report_headcount(by=world.officer, at=AT, cohort=begun, headcount=120, source="letter 7")
    for cohort, source in ((begun, " "), (later, "letter 8")):
        with pytest.raises(Refused):
            actions.report_headcount(by=world.officer, at=AT, cohort=cohort, headcount=5, source=source)
    assert list(Cohort.objects.values_list("headcount", "headcount_source")) == [(120, "letter 7"), (None, "")]


def test_hours_are_noted_once_the_run_has_begun_and_taken_back_only_as_far_as_they_go(world):
    cohort, one = world.run(world.course(), starts_on=date(2021, 3, 3)), world.people[0]
    actions.enrol(by=world.officer, at=AT, cohort=cohort, person_ids=[one.pk])
    given = {"by": world.officer, "cohort": cohort, "person_ids": [one.pk]}
    with pytest.raises(Refused, match=r"^This course has not begun yet\.$"):
        actions.attend(**given, at=AT, hours=4)
    begun = AT + timedelta(days=1)
    actions.attend(**given, at=begun, hours=4)
    with pytest.raises(Refused, match=r"^Hours can only be taken back"):
        actions.attend(**given, at=begun, hours=-5)
    actions.attend(**given, at=begun, hours=-1)
    actions.attend(**given, at=begun, hours=1)
    actions.complete(**given, at=begun)
    actions.complete(**given, at=begun + timedelta(days=1))
    with pytest.raises(Refused, match=r"^Hours can only be taken back"):
        actions.attend(**given, at=begun, hours=-1)
    row = Enrolment.objects.get()
    assert (row.hours, row.completed_at) == (4, begun)


def test_a_head_count_takes_the_place_of_the_one_before(world):
    gathering, keys = world.hold(), [person.pk for person in world.people[:2]]
    actions.record_attendance(by=world.officer, at=AT, gathering=gathering, person_ids=keys, heads=400)
    actions.record_attendance(by=world.officer, at=AT, gathering=gathering, heads=40)
    assert queries.present_by_part(gathering) == {"participant": 42}
    actions.record_attendance(by=world.officer, at=AT, gathering=gathering, person_ids=keys)
    assert queries.present_by_part(gathering) == {"participant": 42}
    actions.record_attendance(by=world.officer, at=AT, gathering=gathering, heads=0)
    assert queries.present_by_part(gathering) == {"participant": 2}


def test_a_cancelled_meeting_is_no_meeting_held_and_no_figure(world):
    gathering = world.hold(held_at=AT + timedelta(days=1))
    actions.cancel(by=world.officer, at=AT, gathering=gathering, reason="storm")
    with pytest.raises(Refused, match=r"^No meeting has been held"):
        close_stage(stage=world.meet, at=AT + timedelta(days=2))
    query = query_named("gatherings.gatherings")
    counted = query.records(query.Arguments(process=world.process.code), date(2021, 3, 31)).value()
    assert counted == 0
    with pytest.raises(Refused, match=r"^This meeting was cancelled\.$"):
        actions.record_attendance(by=world.officer, at=AT + timedelta(days=2), gathering=gathering, heads=1)


def test_a_meeting_that_was_held_is_neither_changed_nor_cancelled(world):
    gathering = world.hold()
    for attempt in (
        lambda: actions.cancel(by=world.officer, at=AT, gathering=gathering, reason="x"),
        lambda: actions.change(
            by=world.officer, at=AT, gathering=gathering, title_ko="x", mode="video", held_at=AT + timedelta(days=1)
        ),
    ):
        with pytest.raises(Refused, match=r"^This meeting has been held; what happened is written in its minutes\.$"):
            attempt()
