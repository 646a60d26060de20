"""Who may change what is known about people."""

from datetime import datetime

from django.utils.translation import gettext as _

from madang.site.kit.actor import Actor
from madang.site.kit.verdict import YES, Verdict, no
from madang.site.people.models import Organisation, Person, RoleGrant, Seat


def may_register_people(by: Actor, thing: None, at: datetime) -> Verdict:
    """Registering people in bulk is for the system and administrators."""
    return YES if by.holds("system", "administrator") else no(_("Only an administrator may register people."))


def may_seat(by: Actor, body: Organisation, at: datetime) -> Verdict:
    """Appointing to a body is for officers and heads, and for the system."""
    if by.holds("system", "officer", "head", "administrator"):
        return YES
    return no(_("Only an officer or head of department may appoint to %(body)s.") % {"body": body.name})


def may_grant_claims(by: Actor, thing: None, at: datetime) -> Verdict:
    """Claims come from checks the city made: officers, operators of courses and the system."""
    if by.holds("system", "officer", "head", "operator", "administrator"):
        return YES
    return no(_("Only the office that checked a fact may note it."))


def may_give_role(by: Actor, person: Person, at: datetime) -> Verdict:
    """Roles are given and ended by administrators and the system, never for oneself."""
    if not by.holds("system", "administrator"):
        return no(_("Only an administrator may give roles."))
    if by.person_id == person.pk:
        return no(_("Nobody gives or ends the own roles; ask another administrator."))
    return YES


def may_end_role(by: Actor, grant: RoleGrant, at: datetime) -> Verdict:
    """A role that has not ended may be ended by those who give roles."""
    allowed = may_give_role(by, grant.person, at)
    if allowed.ok and grant.valid_until is not None and grant.valid_until <= at:
        return no(_("This role has ended already."))
    return allowed


def may_manage_self(by: Actor, person: Person, at: datetime) -> Verdict:
    """People manage their own identity, nickname and data."""
    return YES if by.person_id == person.pk else no(_("You can only change your own data."))


def may_act_for(by: Actor, person: Person, consent: str, at: datetime) -> Verdict:
    """Whoever acts at a counter for somebody else notes how that person agreed, in writing or in words."""
    if consent not in ("signed", "spoken"):
        return no(_("Note how the citizen agreed that you enter this."))
    return (
        YES
        if by.person_id != person.pk
        else no(_("Do your own things like everybody else; the counter is for others."))
    )


def may_see_seats(by: Actor, body: Organisation, at: datetime) -> Verdict:
    """Who sits where, with names, is for officials of the body's department and for auditors."""
    if by.holds("auditor", "administrator") or may_keep_seats(by, body, at).ok:
        return YES
    return no(_("The seats of %(body)s are shown to its department and to auditors.") % {"body": body.name})


def may_keep_seats(by: Actor, body: Organisation, at: datetime) -> Verdict:
    """Seats are added and ended by officers and heads of the body's department.

    A body without a department, such as a council, is kept by those who hold the role in the whole city.
    """
    office = body.department
    allowed = by.holds("officer", "head", organisation=office.code) if office else _in_whole_city(by)
    if allowed:
        return YES
    return no(
        _("Only an officer or the head of the department in charge may change the seats of %(body)s.")
        % {"body": body.name}
    )


def _in_whole_city(by: Actor) -> bool:
    return any(grant.role in ("officer", "head") and grant.organisation is None for grant in by.grants)


def may_end_seat(by: Actor, seat: Seat, at: datetime) -> Verdict:
    """A seat that has not ended may be ended by those who keep the seats of its body."""
    allowed = may_keep_seats(by, seat.body, at)
    if allowed.ok and seat.valid_until is not None and seat.valid_until <= at:
        return no(_("This seat has ended already."))
    return allowed


def may_check_at_counter(by: Actor, person: Person, at: datetime) -> Verdict:
    """Papers are looked at by officials at a counter, never their own."""
    if not by.holds("officer", "district_officer"):
        return no(_("Only an official at a counter may note an identity check."))
    if by.person_id == person.pk:
        return no(_("Nobody notes the own identity check; ask another official."))
    return YES


def may_print_letters(by: Actor, thing: None, at: datetime) -> Verdict:
    """Letters with codes are printed by officers and officials of districts."""
    if by.holds("officer", "district_officer"):
        return YES
    return no(_("Only an official may print letters with codes."))


def may_check_visitor(by: Actor, thing: None, at: datetime) -> Verdict:
    """A check without an account is for those who have none here and now."""
    return no(_("You are signed in: check your identity on My page.")) if by.known else YES


def may_forget_expired(by: Actor, thing: None, at: datetime) -> Verdict:
    """What is over is deleted by the night."""
    return YES if by.holds("system") else no(_("Only the night's task deletes what is over."))
