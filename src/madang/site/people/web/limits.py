"""How often something may be tried: a fixed window in the database, right on several processes."""

import hashlib
import hmac
from datetime import UTC, datetime

from django.conf import settings
from django.db.models import F
from django.utils.translation import ngettext

from madang.site.kit.web.limits import TooMany
from madang.site.people.models import Attempt


def count_attempt(*, what: str, who: str, at: datetime, most: int, seconds: int) -> None:
    """Count one attempt of somebody at something.

    `most` attempts are allowed in each window of `seconds`; `who` (an address, a network address) is
    stored only as a keyed hash. Raises TooMany above that. Windows that are over are swept when a new
    one begins.
    """
    window = int(at.timestamp()) // seconds
    row, created = Attempt.objects.get_or_create(
        key=_key(what, who),
        window=window,
        defaults={"ends_at": datetime.fromtimestamp((window + 1) * seconds, UTC)},
    )
    if created:
        Attempt.objects.filter(ends_at__lte=at).delete()
    # One guarded statement, so that two processes cannot both take the last attempt.
    allowed = Attempt.objects.filter(pk=row.pk, count__lt=most).update(count=F("count") + 1)
    if not allowed:
        left = max(1, int((row.ends_at - at).total_seconds()))
        raise TooMany(_wait(left), left)


def _wait(seconds: int) -> str:
    minutes = -(-seconds // 60)
    return ngettext(
        "That was tried too often. Please wait %(minutes)d minute and try again.",
        "That was tried too often. Please wait %(minutes)d minutes and try again.",
        minutes,
    ) % {"minutes": minutes}


def _key(what: str, who: str) -> str:
    return hmac.new(str(settings.SECRET_KEY).encode(), f"{what}\n{who}".encode(), hashlib.sha256).hexdigest()
