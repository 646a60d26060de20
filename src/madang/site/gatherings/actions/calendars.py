"""Writes on somebody's own calendar: its secret address is made, made anew, and ended."""

import secrets
from datetime import datetime

from django.utils.translation import gettext as _

from madang.site.gatherings import policy
from madang.site.gatherings.models import CalendarLink
from madang.site.kit.actor import Actor
from madang.site.kit.verdict import Refused, require
from madang.site.record.journal import action, write

BOOK = "people"


@action
def make_calendar_link(*, by: Actor, at: datetime) -> CalendarLink:
    """Give the actor's own calendar a new secret address; an earlier one stops to work. Raises Refused."""
    require(policy.may_have_calendar(by, at))
    link, _new = CalendarLink.objects.update_or_create(
        person_id=by.person_id or 0, defaults={"key": secrets.token_hex(16), "made_at": at}
    )
    write(book=BOOK, verb="calendar.linked", subject=f"person:{by.pseudonym}", by=by, at=at)
    return link


@action
def end_calendar_link(*, by: Actor, at: datetime) -> None:
    """End the secret address of the actor's own calendar. Raises Refused if there is none."""
    require(policy.may_have_calendar(by, at))
    ended, _rows = CalendarLink.objects.filter(person_id=by.person_id or 0).delete()
    if not ended:
        raise Refused(_("Your calendar has no address, so there is none to end."))
    write(book=BOOK, verb="calendar.unlinked", subject=f"person:{by.pseudonym}", by=by, at=at)
