"""Puts the actor on the request, so that views never look at accounts."""

from collections.abc import Callable
from dataclasses import replace

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from madang.site.kit import clock
from madang.site.people.actors import actor_of

ASKED_BY = {Authenticator.Type.TOTP: "mfa_reauthenticate", Authenticator.Type.WEBAUTHN: "mfa_reauthenticate_webauthn"}


class ActorMiddleware:
    """Sets `request.actor`; without a session this costs no query.

    An official whose session has not shown a second factor has no role in it. `request.factor_missing` then
    names the page that helps.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Find the actor and go on."""
        actor = actor_of(request.user, clock.now())
        missing = _missing(request) if settings.SECOND_FACTOR and actor.grants else ""
        request.factor_missing = missing  # type: ignore[attr-defined]
        request.actor = replace(actor, grants=frozenset()) if missing else actor  # type: ignore[attr-defined]
        return self.get_response(request)


def _missing(request: HttpRequest) -> str:
    """The page where the second factor is set up or shown; "" if this session has shown one that still holds."""
    kind = request.user.factor
    if kind is None:
        return "mfa_index"
    shown = any(one.get("method") == "mfa" for one in get_authentication_records(request, request.user))
    return "" if shown else ASKED_BY[Authenticator.Type(kind)]
