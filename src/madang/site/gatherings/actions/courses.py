"""Writes on courses: offering, runs, enrolment, hours, completion and the claim it gives."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import F, Q
from django.utils.translation import gettext as _

from madang.site.docket.conductor import tell
from madang.site.gatherings import policy, queries
from madang.site.gatherings.models import Cohort, Course, Enrolment
from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.kit.verdict import Refused, require
from madang.site.people.actions import grant_claims
from madang.site.people.actors import citizen
from madang.site.people.models import Person
from madang.site.people.policy import may_act_for
from madang.site.programmes.models import Process
from madang.site.record.journal import action, write


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
    """Enrol people. A citizen enrols only themselves. Raises Refused when the group would be too large.

    Who is enrolled already keeps the place and takes no second one.
    """
    require(policy.may_enrol(by, cohort, at))
    runs = bool(policy.may_run(by, cohort.course.process, at))
    if not runs and list(person_ids) != [by.person_id]:
        raise Refused(_("You can only enrol yourself."))
    # The row is locked, so that two who want the last place do not both get it.
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    held = set(cohort.enrolments.values_list("person_id", flat=True))
    fresh = [person for person in dict.fromkeys(person_ids) if person not in held]
    size = cohort.course.group_size
    if size is not None and fresh and len(held) + len(fresh) > size:
        raise Refused(_("This course takes %(size)s people at most.") % {"size": size})
    Enrolment.objects.bulk_create(
        [Enrolment(cohort=cohort, person_id=person, enrolled_at=at) for person in fresh], batch_size=500
    )
    write(
        book=cohort.course.process.book,
        verb="cohort.enrolled",
        subject=f"cohort:{cohort.pk}",
        by=by,
        at=at,
        people=len(fresh),
    )
    return len(fresh)


@action
def enrol_for(*, by: Actor, at: datetime, cohort: Cohort, person: Person, consent: str) -> Enrolment:
    """Enrol a citizen at the counter, who agreed to it in writing ("signed") or in words ("spoken").

    The citizen's own conditions hold. The place says who entered it, the record how the citizen agreed, and the
    citizen is told. Raises Refused as `enrol` does, without consent, and for who is enrolled already.
    """
    require(policy.may_help(by, cohort.course.process, at))
    require(may_act_for(by, person, consent, at))
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    if cohort.enrolments.filter(person=person).exists():
        raise Refused(_("This person is enrolled already."))
    require(policy.may_enrol(citizen(person), cohort, at))
    made = Enrolment.objects.create(cohort=cohort, person=person, enrolled_at=at, entered_by=by.pseudonym)
    write(
        book=cohort.course.process.book,
        verb="cohort.enrolled_for",
        subject=f"cohort:{cohort.pk}",
        by=by,
        at=at,
        consent=consent,
    )
    tell(
        people=[person.pk],
        matter=None,
        at=at,
        ko=f"창구에서 담당자가 대신 신청했습니다: {cohort.title_ko}",
        en=f"An official enrolled you at the counter: {cohort.title_en or cohort.title_ko}",
        url=f"/processes/{cohort.course.process.code}/",
    )
    return made


@action
def leave(*, by: Actor, at: datetime, enrolment: Enrolment) -> None:
    """Give up a place before the run begins, so that somebody else can have it. Raises Refused afterwards."""
    require(policy.may_leave(by, enrolment, at))
    cohort = enrolment.cohort
    enrolment.delete()
    write(book=cohort.course.process.book, verb="cohort.left", subject=f"cohort:{cohort.pk}", by=by, at=at)


@action
def attend(*, by: Actor, at: datetime, cohort: Cohort, person_ids: Sequence[int], hours: int) -> None:
    """Note hours attended by enrolled people; a negative number takes hours back that were noted by mistake.

    Raises Refused if one of them is not enrolled, has completed the course or would have fewer than no hours.
    """
    require(policy.may_run(by, cohort.course.process, at))
    if cohort.starts_on > day_of(at):
        raise Refused(_("This course has not begun yet."))
    enrolled = Enrolment.objects.filter(cohort=cohort, person_id__in=person_ids)
    if enrolled.count() != len(set(person_ids)):
        raise Refused(_("Somebody on the list is not enrolled in this course."))
    if hours < 0 and enrolled.filter(Q(hours__lt=-hours) | Q(completed_at__isnull=False)).exists():
        raise Refused(_("Hours can only be taken back that were noted, and not from somebody who has completed it."))
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

    A course that its process offers beside the one its stage names counts as that one too, so that whoever did
    any Budget School may stand. Raises Refused if somebody has attended fewer hours than the course takes.
    """
    course = cohort.course
    require(policy.may_run(by, course.process, at))
    enrolments = Enrolment.objects.filter(cohort=cohort, person_id__in=person_ids)
    if enrolments.filter(hours__gte=course.hours).count() != len(set(person_ids)):
        raise Refused(
            _("Completion takes %(hours)s hours; somebody on the list attended fewer.") % {"hours": course.hours}
        )
    enrolments.filter(completed_at=None).update(completed_at=at)
    grant_claims(
        by=by,
        at=at,
        rows=[(person, "course_done", code) for code in queries.counts_as(course) for person in person_ids],
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
