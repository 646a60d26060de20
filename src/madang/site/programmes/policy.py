"""Who may make, plan, see and publish the drafts of processes."""

from datetime import datetime

from django.utils.translation import gettext as _

from madang.site.kit.actor import Actor
from madang.site.kit.verdict import YES, Verdict, first_no, no
from madang.site.people.models import Organisation
from madang.site.programmes.models import Process

OFFICE = ("officer", "head")


def may_make(by: Actor, department: Organisation, at: datetime) -> Verdict:
    """A process is made by officers and heads of the department that its recipe names."""
    if by.holds(*OFFICE, organisation=department.code):
        return YES
    return no(
        _("Only an officer or the head of %(department)s may make a process from this card.")
        % {"department": department.name}
    )


def may_see(by: Actor, process: Process, at: datetime) -> Verdict:
    """A process is public; a draft is for officers and heads of its department."""
    if not process.draft or by.holds(*OFFICE, organisation=process.department.code):
        return YES
    return no(_("This draft is for officers and the head of %(department)s.") % {"department": process.department.name})


def may_plan(by: Actor, process: Process, at: datetime) -> Verdict:
    """A draft is changed, published and thrown away by officers and heads of its department."""
    return first_no(
        may_see(by, process, at),
        YES if process.draft else no(_("This process is published already; its days are changed with a reason.")),
    )
