"""Forms on their way: one that is sent twice is done once, and one whose session had ended is kept for a while.

Nothing here is part of the record: hashes that name nobody, and what is under seal until its hour is over.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import IntegrityError, transaction

from madang.site.people import vault
from madang.site.people.models import Sent, Unsent

WORKED_ON, REMEMBERED, KEPT = timedelta(minutes=1), timedelta(hours=1), timedelta(minutes=30)
LARGEST = 200_000

Typed = Mapping[str, Sequence[str]]


def claim(*, key: str, at: datetime) -> Sent | None:
    """Take a form on that nobody has sent yet; None if somebody has."""
    try:
        with transaction.atomic():
            Sent.objects.filter(ends_at__lte=at).delete()
            return Sent.objects.create(key=key, ends_at=at + WORKED_ON)
    except IntegrityError:
        return None


def led_to(*, key: str, at: datetime) -> str | None:
    """Where a form led that was sent before: "" while it is worked on, None if it was not sent or failed."""
    return Sent.objects.filter(key=key, ends_at__gt=at).values_list("led_to", flat=True).first()


def done(*, sent: Sent, led_to: str, at: datetime) -> None:
    """Remember where a form led; with "" it failed, and may be sent again."""
    if led_to:
        Sent.objects.filter(pk=sent.pk).update(led_to=led_to, ends_at=at + REMEMBERED)
    else:
        Sent.objects.filter(pk=sent.pk).delete()


def keep(*, path: str, typed: Typed, whose: str, at: datetime) -> str:
    """Keep what was typed for a path; gives what the browser is to hold, "" if it is too much.

    `whose` names the account in which it was typed, as `whose()` does; "" is somebody who had not signed in.
    """
    text = json.dumps({name: list(values) for name, values in typed.items()})
    if len(text) > LARGEST or len(path) > 500:
        return ""
    held = secrets.token_urlsafe(32)
    Unsent.objects.filter(ends_at__lte=at).delete()
    Unsent.objects.create(key=_key(held, whose), path=path, sealed=vault.seal(text), ends_at=at + KEPT)
    return held


def kept(*, held: str, whose: str, path: str, at: datetime) -> dict[str, list[str]] | None:
    """What this account or nobody yet typed for a path, by what the browser holds; None where there is nothing."""
    row = Unsent.objects.filter(key__in=[_key(held, whose), _key(held, "")], path=path, ends_at__gt=at).first()
    try:
        return None if row is None else dict(json.loads(vault.unseal(bytes(row.sealed))))
    except InvalidToken:
        return None


def forget(*, held: str, whose: str) -> None:
    """Delete what was kept, since it has been sent."""
    Unsent.objects.filter(key__in=[_key(held, whose), _key(held, "")]).delete()


def forget_forms(*, at: datetime) -> int:
    """Delete all whose time is over; gives how many."""
    counts = [rows.filter(ends_at__lte=at).delete()[0] for rows in (Sent.objects, Unsent.objects)]
    return sum(counts)


def whose(account: int) -> str:
    """What a browser holds to know its account again after the session; it names nobody."""
    return keyed("whose", str(account))


def _key(held: str, whose: str) -> str:
    return keyed("unsent", f"{held} {whose}")


def keyed(purpose: str, text: str) -> str:
    """A keyed hash that says nothing without the site's key."""
    return hmac.new(str(settings.SECRET_KEY).encode(), f"{purpose}\n{text}".encode(), hashlib.sha256).hexdigest()
