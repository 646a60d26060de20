"""Puts the actor on the request, so that views never look at accounts."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from madang.site.kit import clock
from madang.site.people.actors import actor_of


class ActorMiddleware:
    """Sets `request.actor`; without a session this costs no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Find the actor and go on."""
        request.actor = actor_of(request.user, clock.now())  # type: ignore[attr-defined]
        return self.get_response(request)
