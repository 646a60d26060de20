"""Who may hold meetings, run courses and note attendance."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from madang.site.gatherings.models import Cohort, Enrolment, Gathering
from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of, zone
from madang.site.kit.verdict import YES, Verdict, first_no, no
from madang.site.people import claims
from madang.site.programmes.models import Process, Stage

CODE_EARLY, CODE_LATE = timedelta(hours=3), timedelta(hours=12)


def may_run(by: Actor, process: Process, at: datetime) -> Verdict:
    """Meetings and courses are run by the department in charge, its operator, or the system."""
    if by.holds("system") or by.holds("officer", "head", "operator", organisation=process.department.code):
        return YES
    return no(_("Only %(department)s runs this.") % {"department": process.department.name})


def may_note(by: Actor, gathering: Gathering, at: datetime) -> Verdict:
    """Attendance and minutes are noted by those who run the meeting, unless it was cancelled."""
    return first_no(may_run(by, gathering.process, at), _stands(gathering))


def may_change(by: Actor, gathering: Gathering, at: datetime) -> Verdict:
    """A meeting is changed or cancelled by those who run it, before it is held."""
    held = no(_("This meeting has been held; what happened is written in its minutes."))
    return first_no(may_run(by, gathering.process, at), _stands(gathering), YES if gathering.held_at > at else held)


def may_contribute(by: Actor, gathering: Gathering, at: datetime) -> Verdict:
    """Members of the body write in a meeting that is held in writing, until its end."""
    if gathering.mode != Gathering.Mode.WRITTEN or gathering.body is None:
        return no(_("This meeting is not held in writing."))
    if gathering.held_at <= at:
        return no(_("The time to write in this meeting is over."))
    stands = _stands(gathering)
    rules = [f"member_of:{gathering.body.code}"]
    return claims.check(person_id=by.person_id, rules=rules, at=at) if stands.ok else stands


def may_open_code(by: Actor, gathering: Gathering, at: datetime) -> Verdict:
    """A code for attendance is shown by those who run a meeting face to face or by video, around its time."""
    noted = may_note(by, gathering, at)
    if not noted:
        return noted
    if gathering.mode == Gathering.Mode.WRITTEN:
        return no(_("A meeting in writing needs no code: whoever writes has attended."))
    if not gathering.held_at - CODE_EARLY <= at <= gathering.held_at + CODE_LATE:
        return no(_("A code can be shown from three hours before the meeting begins to twelve hours after."))
    return YES


def may_close_code(by: Actor, gathering: Gathering, at: datetime) -> Verdict:
    """A code that still holds is ended by those who run the meeting."""
    holds = gathering.code_until is not None and at < gathering.code_until
    return first_no(may_note(by, gathering, at), YES if holds else no(_("There is no code that still holds.")))


def may_attend_by_code(by: Actor, gathering: Gathering, at: datetime) -> Verdict:
    """Members of the body, or anybody signed in where there is none, note their attendance while the code holds."""
    stands = _stands(gathering)
    if not stands:
        return stands
    if gathering.code_until is None:
        return no(_("No code is shown in this meeting yet."))
    if at >= gathering.code_until:
        until = gathering.code_until.astimezone(zone()).strftime("%H:%M")
        return no(
            _("The code held until %(time)s. If you are here, please tell those who run the meeting.") % {"time": until}
        )
    if not by.known:
        return no(_("Please sign in to note that you are here."))
    rules = [f"member_of:{gathering.body.code}"] if gathering.body else []
    return claims.check(person_id=by.person_id, rules=rules, at=at)


def may_have_calendar(by: Actor, at: datetime) -> Verdict:
    """Everybody signed in may have a calendar of their own."""
    return YES if by.known else no(_("Please sign in to get a calendar of your own."))


def may_help(by: Actor, cohort: Cohort, at: datetime) -> Verdict:
    """Officials at a counter enrol others: those who run the course, and officials of districts."""
    if by.holds("district_officer") or may_run(by, cohort.course.process, at).ok:
        return YES
    return no(_("Only an official at a counter may enrol somebody else."))


def may_enrol(
    by: Actor, cohort: Cohort, at: datetime, enrolled: int | None = None, offered: bool | None = None
) -> Verdict:
    """Anybody signed in may enrol until the day the run begins while places are left; those who run it enrol others.

    `enrolled` is how many are, `offered` whether the process has an open stage of courses, where the caller knows.
    """
    if may_run(by, cohort.course.process, at):
        return YES
    if cohort.institution:
        return no(_("Enrol at the institution."))
    if cohort.starts_on < day_of(at):
        return no(_("This run has begun, so nobody can enrol any more."))
    if not (is_offered(cohort.course.process) if offered is None else offered):
        return no(_("Enrolment is not open."))
    if not by.known:
        return no(_("Please sign in to enrol."))
    size = cohort.course.group_size
    if size is not None and (cohort.enrolments.count() if enrolled is None else enrolled) >= size:
        return no(_("This course is full: all %(size)s places are taken.") % {"size": size})
    return YES


def may_leave(by: Actor, enrolment: Enrolment, at: datetime) -> Verdict:
    """Learners give up their place until the day the run begins; those who run the course take them off."""
    if may_run(by, enrolment.cohort.course.process, at):
        return (
            YES if enrolment.completed_at is None else no(_("Somebody who has completed the course stays on its list."))
        )
    if not by.known or enrolment.person_id != by.person_id:
        return no(_("You can only give up your own place."))
    if enrolment.cohort.starts_on < day_of(at):
        return no(_("This run has begun; please tell the office if you cannot come."))
    return YES


def is_offered(process: Process) -> bool:
    """Whether the process has an open stage of courses."""
    return Stage.objects.filter(process=process, kind="learn", opened_at__isnull=False, closed_at=None).exists()


def _stands(gathering: Gathering) -> Verdict:
    return YES if gathering.cancelled_at is None else no(_("This meeting was cancelled."))
