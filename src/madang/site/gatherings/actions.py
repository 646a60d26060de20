"""Writes on meetings and courses."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import F
from django.utils.translation import gettext as _

from madang.site.gatherings import policy
from madang.site.gatherings.models import Attendance, Cohort, Course, Enrolment, Gathering
from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.kit.verdict import Refused, require
from madang.site.people.actions import grant_claims
from madang.site.people.models import Organisation
from madang.site.programmes.models import Process, Stage
from madang.site.record.journal import action, write


@action
def hold(
    *,
    by: Actor,
    at: datetime,
    process: Process,
    number: int,
    mode: str,
    title_ko: str,
    held_at: datetime,
    title_en: str = "",
    stage: Stage | None = None,
    body: Organisation | None = None,
    kind: str = "meeting",
    agenda: str = "",
) -> Gathering:
    """Call or note a meeting of a process. Raises Refused for an unknown mode or a closed stage."""
    require(policy.may_run(by, process, at))
    if mode not in Gathering.Mode.values:
        raise Refused(_("A meeting is written, video, face_to_face or combined, not %(mode)s.") % {"mode": mode})
    if stage is not None and not stage.is_open:
        raise Refused(_("%(stage)s is not open, so no meeting belongs to it.") % {"stage": stage.title})
    gathering = Gathering.objects.create(
        process=process,
        stage=stage,
        body=body,
        kind=kind,
        number=number,
        mode=mode,
        title_ko=title_ko,
        title_en=title_en,
        agenda=agenda,
        held_at=held_at,
    )
    write(
        book=process.book,
        verb="gathering.held",
        subject=f"gathering:{gathering.pk}",
        by=by,
        at=at,
        kind=kind,
        mode=mode,
        number=number,
    )
    return gathering


@action
def record_attendance(
    *,
    by: Actor,
    at: datetime,
    gathering: Gathering,
    person_ids: Sequence[int] = (),
    heads: int = 0,
    part: str = "participant",
) -> int:
    """Note who attended: people by key (once each), and a head count of those without a name."""
    require(policy.may_run(by, gathering.process, at))
    if heads < 0:
        raise Refused(_("A head count cannot be below zero."))
    rows = [Attendance(gathering=gathering, person_id=person, part=part) for person in dict.fromkeys(person_ids)]
    if heads:
        rows.append(Attendance(gathering=gathering, person=None, part=part, heads=heads))
    Attendance.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    total = len(set(person_ids)) + heads
    write(
        book=gathering.process.book,
        verb="gathering.attended",
        subject=f"gathering:{gathering.pk}",
        by=by,
        at=at,
        part=part,
        heads=total,
    )
    return total


@action
def publish_minutes(*, by: Actor, at: datetime, gathering: Gathering, text: str) -> Gathering:
    """Publish the minutes of a meeting that has been held."""
    require(policy.may_run(by, gathering.process, at))
    if not text.strip():
        raise Refused(_("The minutes are empty; write what was discussed and decided."))
    if gathering.held_at > at:
        raise Refused(_("This meeting has not been held yet."))
    gathering.minutes, gathering.minutes_at = text.strip(), at
    gathering.save(update_fields=["minutes", "minutes_at"])
    write(
        book=gathering.process.book,
        verb="gathering.minutes_published",
        subject=f"gathering:{gathering.pk}",
        by=by,
        at=at,
    )
    return gathering


@action
def open_course(
    *,
    by: Actor,
    at: datetime,
    process: Process,
    code: str,
    title_ko: str,
    audience: str,
    hours: int,
    title_en: str = "",
    lectures: int | None = None,
    group_size: int | None = None,
) -> Course:
    """Offer a course. Raises Refused if the process has one of that code."""
    require(policy.may_run(by, process, at))
    if Course.objects.filter(process=process, code=code).exists():
        raise Refused(_("The course %(code)s exists already.") % {"code": code})
    if hours < 1:
        raise Refused(_("A course takes at least one hour."))
    course = Course.objects.create(
        process=process,
        code=code,
        title_ko=title_ko,
        title_en=title_en,
        audience=audience,
        hours=hours,
        lectures=lectures,
        group_size=group_size,
    )
    write(book=process.book, verb="course.opened", subject=f"course:{course.pk}", by=by, at=at, code=code)
    return course


@action
def open_cohort(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    title_ko: str,
    mode: str,
    starts_on: date,
    title_en: str = "",
    institution: str = "",
) -> Cohort:
    """Open one run of a course."""
    require(policy.may_run(by, course.process, at))
    cohort = Cohort.objects.create(
        course=course,
        title_ko=title_ko,
        title_en=title_en,
        mode=mode,
        institution=institution,
        starts_on=starts_on,
    )
    write(book=course.process.book, verb="cohort.opened", subject=f"cohort:{cohort.pk}", by=by, at=at)
    return cohort


@action
def enrol(*, by: Actor, at: datetime, cohort: Cohort, person_ids: Sequence[int]) -> int:
    """Enrol people. A citizen enrols only themselves. Raises Refused when the group would be too large."""
    require(policy.may_enrol(by, cohort, at))
    runs = bool(policy.may_run(by, cohort.course.process, at))
    if not runs and list(person_ids) != [by.person_id]:
        raise Refused(_("You can only enrol yourself."))
    size = cohort.course.group_size
    if size is not None and cohort.enrolments.count() + len(set(person_ids)) > size:
        raise Refused(_("This course takes %(size)s people at most.") % {"size": size})
    Enrolment.objects.bulk_create(
        [Enrolment(cohort=cohort, person_id=person, enrolled_at=at) for person in dict.fromkeys(person_ids)],
        batch_size=500,
        ignore_conflicts=True,
    )
    write(
        book=cohort.course.process.book,
        verb="cohort.enrolled",
        subject=f"cohort:{cohort.pk}",
        by=by,
        at=at,
        people=len(set(person_ids)),
    )
    return len(set(person_ids))


@action
def attend(*, by: Actor, at: datetime, cohort: Cohort, person_ids: Sequence[int], hours: int) -> None:
    """Note hours attended by enrolled people. Raises Refused if one of them is not enrolled."""
    require(policy.may_run(by, cohort.course.process, at))
    enrolled = Enrolment.objects.filter(cohort=cohort, person_id__in=person_ids)
    if enrolled.count() != len(set(person_ids)):
        raise Refused(_("Somebody on the list is not enrolled in this course."))
    enrolled.update(hours=F("hours") + hours)
    write(
        book=cohort.course.process.book,
        verb="cohort.attended",
        subject=f"cohort:{cohort.pk}",
        by=by,
        at=at,
        people=len(set(person_ids)),
        hours=hours,
    )


@action
def complete(*, by: Actor, at: datetime, cohort: Cohort, person_ids: Sequence[int]) -> int:
    """Note completion, which gives the claim course_done:<course>.

    Raises Refused if somebody has attended fewer hours than the course takes.
    """
    course = cohort.course
    require(policy.may_run(by, course.process, at))
    enrolments = Enrolment.objects.filter(cohort=cohort, person_id__in=person_ids)
    if enrolments.filter(hours__gte=course.hours).count() != len(set(person_ids)):
        raise Refused(
            _("Completion takes %(hours)s hours; somebody on the list attended fewer.") % {"hours": course.hours}
        )
    enrolments.update(completed_at=at)
    grant_claims(
        by=by,
        at=at,
        rows=[(person, "course_done", course.code) for person in person_ids],
        evidence=f"cohort {cohort.pk}",
    )
    write(
        book=course.process.book,
        verb="cohort.completed",
        subject=f"cohort:{cohort.pk}",
        by=by,
        at=at,
        people=len(set(person_ids)),
    )
    return len(set(person_ids))


@action
def report_headcount(*, by: Actor, at: datetime, cohort: Cohort, headcount: int, source: str) -> Cohort:
    """Note how many took part as the institution reports it. Raises Refused for a future run or no source."""
    require(policy.may_run(by, cohort.course.process, at))
    if headcount < 0 or not source.strip():
        raise Refused(_("Give a number that is not below zero, and the letter or message it comes from."))
    if cohort.starts_on > day_of(at):
        raise Refused(_("This course has not begun yet."))
    cohort.headcount, cohort.headcount_source, cohort.headcount_at = headcount, source.strip(), at
    cohort.save(update_fields=["headcount", "headcount_source", "headcount_at"])
    write(
        book=cohort.course.process.book,
        verb="cohort.headcount_reported",
        subject=f"cohort:{cohort.pk}",
        by=by,
        at=at,
        headcount=headcount,
    )
    return cohort
