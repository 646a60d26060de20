"""Who may do what at the registrar's."""

from datetime import datetime

from django.utils.translation import gettext as _

from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.kit.verdict import YES, Verdict, first_no, no
from madang.site.people.actions import Verified, facts_of
from madang.site.people.claims import check_set, sentence
from madang.site.registrar.models import Election


def may_set_up(by: Actor, thing: None, at: datetime) -> Verdict:
    """Elections are set up by the command of whoever runs the registrar."""
    return _operator(by)


def is_open(election: Election, at: datetime) -> Verdict:
    """Credentials are handed out until the last day of the vote is over."""
    if election.closed_at is not None or day_of(at) > election.told.last_day:
        return no(_("This vote is over: no credentials are handed out any more."))
    return YES


def may_have(verified: Verified, election: Election, at: datetime) -> Verdict:
    """Whether somebody whose identity was checked may have a credential now."""
    open = is_open(election, at)
    if not open.ok:
        return open
    held = {f"{kind}:{value}" for kind, value in facts_of(verified, at)}
    failing = next((rule for rule in election.told.who if not check_set(claims=held, rules=[rule], at=at)), None)
    return YES if failing is None else no(_("Open only to somebody who %(rule)s.") % {"rule": sentence(failing)})


def may_close(by: Actor, election: Election, at: datetime) -> Verdict:
    """An election is closed once, and not before the last day of its vote is over."""
    over = day_of(at) > election.told.last_day
    return first_no(
        _operator(by),
        YES if election.closed_at is None else no(_("This election is closed already.")),
        YES
        if over
        else no(_("The vote lasts until the end of %(day)s.") % {"day": election.told.last_day.isoformat()}),
    )


def may_destroy_holders(by: Actor, election: Election, at: datetime) -> Verdict:
    """Who had a credential is forgotten once people can complain no longer; whoever runs the registrar knows when."""
    closed = election.closed_at is not None
    return first_no(_operator(by), YES if closed else no(_("Close this election first.")))


def _operator(by: Actor) -> Verdict:
    return YES if by.holds("system") else no(_("Only whoever runs the registrar may do this, by command."))
