"""Who may do what with money. Separation of duties: WORKFLOWS.md B, "Privacy/security"."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from madang.site.kit.actor import Actor
from madang.site.kit.verdict import YES, Verdict, first_no, no
from madang.site.ledger.models import Entry, EntryKind, Line, Request, RevenueItem, Upload
from madang.site.people.models import Organisation

OFFICIALS = ("officer", "head", "finance", "auditor", "administrator")


def stands_for(by: Actor, *roles: str, department: Organisation) -> bool:
    """Whether a role is held in a department, in the bureau above it, or in the whole city."""
    if by.holds(*roles, organisation=department.code):
        return True
    if not by.holds(*roles) or department.parent is None:
        return False
    return by.holds(*roles, organisation=department.parent.code)


def lines_of(by: Actor, *roles: str, path: str = "") -> Q:
    """The condition that a line (or what reaches one by `path`, such as "line__") is in the actor's charge."""
    codes = {grant.organisation for grant in by.grants if grant.role in roles}
    if not codes:
        return Q(pk__in=())
    if None in codes:
        return Q()
    return Q(**{f"{path}department__code__in": codes}) | Q(**{f"{path}department__parent__code__in": codes})


def may_manage_budget(by: Actor, thing: None, at: datetime) -> Verdict:
    """Lines, appropriations and revenue are kept by finance and the system."""
    return YES if by.holds("system", "finance") else no(_("Only finance may keep the budget."))


def may_appropriate(by: Actor, line: Line, at: datetime) -> Verdict:
    """The finance official in charge books what the council appropriated."""
    if by.holds("system") or stands_for(by, "finance", department=line.department):
        return YES
    return no(_("Only finance may book appropriations."))


def may_request(by: Actor, line: Line, at: datetime) -> Verdict:
    """Officers of the department ask for obligations and payments."""
    if by.holds("system") or stands_for(by, "officer", department=line.department):
        return YES
    return no(_("Only an officer of the department may request this."))


def may_forecast(by: Actor, line: Line, at: datetime) -> Verdict:
    """Officers and heads of the department say what the year will bring."""
    if by.holds("system") or stands_for(by, "officer", "head", department=line.department):
        return YES
    return no(_("Only the department may forecast its budget lines."))


def may_approve(by: Actor, request: Request, at: datetime) -> Verdict:
    """The head of department first, then finance; three people in all. What takes money back: a second of finance."""
    return first_no(_still_pending(request), _another_person(by, request), _right_role(by, request))


def may_refuse(by: Actor, request: Request, at: datetime) -> Verdict:
    """Whoever may approve may also say no."""
    return may_approve(by, request, at)


def may_withdraw(by: Actor, request: Request, at: datetime) -> Verdict:
    """The requester may take a pending request back."""
    if by.pseudonym != request.requested_by:
        return no(_("Only the requester may take a request back."))
    return _still_pending(request)


def _still_pending(request: Request) -> Verdict:
    if request.state != Request.State.PENDING:
        return no(_("This request has already been decided."))
    return YES


def _another_person(by: Actor, request: Request) -> Verdict:
    if by.pseudonym == request.requested_by:
        if request.within_finance:
            return no(_("You asked for this yourself; a second person of finance must confirm it."))
        return no(_("You requested this yourself; somebody else must approve it."))
    if by.pseudonym == request.head_by:
        return no(_("You approved this already as head; finance must be another person."))
    return YES


def _right_role(by: Actor, request: Request) -> Verdict:
    department = request.line.department
    if not request.head_by and not request.within_finance:
        if stands_for(by, "head", department=department):
            return YES
        return no(_("The head of department must approve this first."))
    if stands_for(by, "finance", department=department):
        return YES
    return no(_("Finance must approve this now."))


def may_correct(by: Actor, entry: Entry, at: datetime) -> Verdict:
    """Finance asks for a correction, but never of what the same person requested."""
    if not stands_for(by, "finance", department=entry.line.department):
        return no(_("Only finance may correct entries."))
    if entry.corrects_id is not None:
        return no(_("This is itself a correction; book the right amount with a new entry."))
    if by.pseudonym == entry.requested_by:
        return no(_("You requested this entry yourself; somebody else must correct it."))
    return YES


def may_release(by: Actor, obligation: Entry, at: datetime) -> Verdict:
    """Finance asks to release what is no longer needed of an obligation, and to book refunds."""
    if obligation.kind != EntryKind.OBLIGATION or obligation.corrects_id is not None:
        return no(_("Only an obligation can be released or paid."))
    if stands_for(by, "finance", department=obligation.line.department):
        return YES
    return no(_("Only finance may release obligations and book refunds."))


def may_collect(by: Actor, item: RevenueItem, at: datetime) -> Verdict:
    """Revenue is booked by finance, on the items that have none below them."""
    return may_manage_budget(by, None, at)


def may_post_upload(by: Actor, upload: Upload, at: datetime) -> Verdict:
    """A second person of finance confirms what the first one read in."""
    if by.pseudonym == upload.read_by:
        return no(_("You read this file in; somebody else of finance must confirm it."))
    if upload.state != Upload.State.READ:
        return no(_("These rows do not wait for anybody any more."))
    return YES if by.holds("finance") else no(_("Only finance may confirm a file."))


def may_drop_upload(by: Actor, upload: Upload, at: datetime) -> Verdict:
    """Finance takes rows back that wait for a second person: the one who read them in, or any other."""
    if upload.state != Upload.State.READ:
        return no(_("These rows do not wait for anybody any more."))
    return YES if by.holds("finance") else no(_("Only finance may take rows back."))


def may_see_payee(by: Actor, line: Line, at: datetime) -> Verdict:
    """Payees are for finance and auditors."""
    if by.holds("auditor", "system") or stands_for(by, "finance", department=line.department):
        return YES
    return no(_("Payees are shown to finance and auditors only."))
