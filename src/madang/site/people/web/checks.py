"""Identity checks under way: begun for a purpose, carried in the session, finished once."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from madang.site.kit import clock
from madang.site.kit.verdict import Refused
from madang.site.people.actions import Verified
from madang.site.people.web.identity import Verifier, verifier
from madang.site.people.web.limits import count_attempt

KEY = "identity_check"
HOUR = 3600
AT_ONE_ADDRESS = 120


@dataclass(frozen=True)
class Purpose:
    """What identities are checked for. `done` takes what was confirmed, and the detail that `begin` was given."""

    text: Any
    done: Callable[[HttpRequest, Verified, str], HttpResponse]


_purposes: dict[str, Purpose] = {}


def add_purpose(code: str, purpose: Purpose) -> None:
    """Let a room have identities checked."""
    _purposes[code] = purpose


def begin(request: HttpRequest, *, purpose: str, detail: str) -> None:
    """Note in the session what the next check is for."""
    request.session[KEY] = {"purpose": purpose, "detail": detail}


def purpose_under_way(request: HttpRequest) -> Purpose | None:
    """What the check of this session is for, if one was begun."""
    return _purposes.get(request.session.get(KEY, {}).get("purpose", ""))


def start(request: HttpRequest, way: Verifier) -> str:
    """The address where the check goes on. Raises TooMany."""
    count_attempt(what="identity", who=who(request), at=clock.now(), most=_most(request, 5), seconds=HOUR)
    state = secrets.token_urlsafe(24)
    request.session[KEY] = {**request.session[KEY], "state": state, "way": way.code}
    return way.start(state=state, back=back(request))


def finish(request: HttpRequest) -> HttpResponse:
    """Take the answer: it counts once, and only for the check that was begun here.

    An answer that is refused leaves the check open, so that a mistyped code may be typed again.
    """
    answer, check = request.POST or request.GET, request.session.get(KEY, {})
    way, purpose = verifier(check.get("way", "")), purpose_under_way(request)
    state = check.get("state", "")
    if way is None or purpose is None or not secrets.compare_digest(state.encode(), answer.get("state", "").encode()):
        request.session.pop(KEY, None)
        raise Refused(_("The identity check has expired. Please start it again."))
    count_attempt(what="identity answer", who=who(request), at=clock.now(), most=_most(request, 10), seconds=HOUR)
    verified = way.finish(answer=answer.dict(), back=back(request))
    del request.session[KEY]
    return purpose.done(request, verified, check["detail"])


def back(request: HttpRequest) -> str:
    """The one address to which an agency returns; it is what is registered there."""
    return request.build_absolute_uri(reverse("people:identity_back"))


def who(request: HttpRequest) -> str:
    """Whose attempts are counted: the person's, or those from a network address."""
    person: int | None = request.actor.person_id  # type: ignore[attr-defined]
    return str(person) if person else str(get_adapter(request).get_client_ip(request))


def _most(request: HttpRequest, own: int) -> int:
    """A telephone network shares one address among thousands, who may all want to vote in the same hour."""
    return own if request.actor.known else own * AT_ONE_ADDRESS  # type: ignore[attr-defined]
