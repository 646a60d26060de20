"""Who may hold meetings, run courses and note attendance."""

from datetime import datetime

from django.utils.translation import gettext as _

from madang.site.gatherings.models import Cohort
from madang.site.kit.actor import Actor
from madang.site.kit.verdict import YES, Verdict, no
from madang.site.people import claims
from madang.site.programmes.models import Process


def may_run(by: Actor, process: Process, at: datetime) -> Verdict:
    """Meetings and courses are run by the department in charge, its operator, or the system."""
    if by.holds("system") or by.holds("officer", "head", "operator", organisation=process.department.code):
        return YES
    return no(_("Only %(department)s runs this.") % {"department": process.department.name})


def may_enrol(by: Actor, cohort: Cohort, at: datetime, enrolled: int | None = None) -> Verdict:
    """Anybody signed in may enrol while places are left; those who run the course enrol others.

    `enrolled` is how many are, where the caller has counted them already.
    """
    if may_run(by, cohort.course.process, at):
        return YES
    if not by.known:
        return no(_("Please sign in to enrol."))
    size = cohort.course.group_size
    if size is not None and (cohort.enrolments.count() if enrolled is None else enrolled) >= size:
        return no(_("This course is full: all %(size)s places are taken.") % {"size": size})
    return YES


def may_read_minutes(by: Actor, body_code: str | None, at: datetime) -> Verdict:
    """Published minutes are open; before that the body's members may read them."""
    if body_code is None or by.holds("system", "officer", "head", "auditor"):
        return YES
    return claims.check(person_id=by.person_id, rules=[f"member_of:{body_code}"], at=at)
