"""Who may enter observed figures and hand in reports."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from madang.site.kit.actor import Actor
from madang.site.kit.verdict import YES, Verdict, no

OFFICIALS = ("officer", "head", "finance", "auditor", "administrator")


def may_observe(by: Actor, at: datetime) -> Verdict:
    """Officers and heads of department enter what no record shows."""
    if by.holds("officer", "head", "system"):
        return YES
    return no(_("Only an officer or head of department enters figures."))


def may_freeze(by: Actor, at: datetime) -> Verdict:
    """Officers and heads of department hand in a report."""
    if by.holds("officer", "head", "system"):
        return YES
    return no(_("Only an officer or head of department hands in a report."))


def may_reword(by: Actor, at: datetime) -> Verdict:
    """Officers and heads of department write the texts of a report."""
    if by.holds("officer", "head", "system"):
        return YES
    return no(_("Only an officer or head of department writes texts of a report."))
