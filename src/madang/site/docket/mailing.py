"""Notices by mail, from the same notices that people read here: at once, or all of a day in one message."""

import logging
from collections.abc import Sequence
from datetime import datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from madang.site.docket import policy
from madang.site.docket.models import Notice, Reader
from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of, start_of
from madang.site.kit.language import pick
from madang.site.kit.verdict import Refused, require
from madang.site.kit.web.context import city_names
from madang.site.people.models import Person
from madang.site.people.queries import address_of
from madang.site.record.journal import action, write

BOOK = "docket"
MOST = 50
_log = logging.getLogger(__name__)


@action
def choose_pace(*, by: Actor, at: datetime, person: Person, pace: str, language: str) -> None:
    """Choose how notices come by mail: "at_once", "daily", or "" for not at all. Raises Refused."""
    require(policy.may_read_notices(by, person, at))
    if pace and pace not in Reader.Pace.values:
        raise Refused(_("Please choose how you want to get notices."))
    if pace and not address_of(person):
        raise Refused(_("Please confirm your e-mail address first."))
    if pace:
        kept = {"pace": pace, "language": language[:2]}
        Reader.objects.update_or_create(person=person, defaults=kept, create_defaults={**kept, "since": at})
    else:
        Reader.objects.filter(person=person).delete()
    write(book=BOOK, verb="reader.chose", subject=f"person:{person.pseudonym}", by=by, at=at, pace=pace)


def mail_all(by: Actor, at: datetime, *, daily: bool = True) -> int:
    """Mail what has not been mailed yet to everybody who wants it; gives how many messages went out.

    It looks at the state: what failed or was missed goes the next time. Without `daily`, only to those who want it at
    once. A message that the mail server refuses stops nobody else's.
    """
    waiting = Q(person__notices__mailed_at=None, person__notices__read_at=None)
    paces = list(Reader.Pace) if daily else [Reader.Pace.AT_ONCE]
    rows = Reader.objects.filter(waiting, pace__in=paces).select_related("person").distinct().order_by("pk")
    sent = 0
    for reader in rows:
        try:
            sent += mail(by=by, at=at, reader=reader)
        except (SMTPException, OSError) as error:
            _log.warning("A message with notices was not sent: %s", error)
    return sent


@action
def mail(*, by: Actor, at: datetime, reader: Reader) -> int:
    """Mail somebody's waiting notices in one message; 1 if there were any. Raises Refused, or what the server says."""
    require(policy.may_mail(by, None, at))
    due = reader.person.notices.filter(mailed_at=None, read_at=None, at__gte=reader.since)
    if reader.pace == Reader.Pace.DAILY:
        # One message a day, however often the night comes.
        mailed = reader.person.notices.filter(mailed_at__gte=start_of(day_of(at)))
        due = due.none() if mailed.exists() else due
    notices, to = list(due.select_related("matter").order_by("at", "pk")[:MOST]), address_of(reader.person)
    subject = f"person:{reader.person.pseudonym}"
    write(book=BOOK, verb="notices.mailed", subject=subject, by=by, at=at, count=len(notices) if to else 0)
    if not notices or not to:
        return 0
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailed_at=at)
    # Last, so that what could not be sent counts as not mailed.
    with override(reader.language):
        send_mail(_subject(len(notices)), _text(notices), None, [to])
    return 1


def _subject(count: int) -> str:
    told = {"count": count, "city": pick(*city_names(str(settings.CITY_FOLDER)))}
    return ngettext("%(city)s Madang: %(count)d notice", "%(city)s Madang: %(count)d notices", count) % told


def _text(notices: Sequence[Notice]) -> str:
    site = f"{'https' if settings.SECURE_SSL_REDIRECT else 'http'}://{settings.ALLOWED_HOSTS[0]}"
    lines = []
    for notice in notices:
        title = f"{notice.matter.title} – " if notice.matter else ""
        lines += [f"{title}{pick(notice.text_ko, notice.text_en)}", f"{site}{notice.url}", ""]
    return "\n".join([*lines, _("Choose on My page how you want to get notices:"), f"{site}/my/#by-mail"])
