"""Working through the inbox: which task an official opened from it, and the next one once it is finished.

Rooms know nothing of this. A task that was opened from the inbox is finished when a POST leaves it no longer waiting.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from madang.site.desk.inbox import inbox
from madang.site.kit import clock

KEY = "work"
MANY = 10_000


class WorkMiddleware:
    """Sets `request.work` for who opened a task from the inbox, and leads on to the next task after it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Costs nothing for citizens; for officials the inbox is read after a POST that may have finished a task."""
        if not request.actor.grants:  # type: ignore[attr-defined]
            return self.get_response(request)
        begun = _begun(request)
        if begun is not None:
            request.session[KEY] = begun
        request.work = work = request.session.get(KEY)  # type: ignore[attr-defined]
        response = self.get_response(request)
        if not work or request.method != "POST" or response.status_code not in (302, 303):
            return response
        if request.path != work["path"] and not request.path.startswith("/desk/"):
            return response
        return onward(request, work) or response


def _begun(request: HttpRequest) -> dict[str, Any] | None:
    place = request.GET.get("place", "")
    if request.method != "GET" or "inbox" not in request.GET or not place.isdecimal() or int(place) > MANY:
        return None
    return {"path": request.path, "queue": request.GET["inbox"], "place": int(place)}


def onward(request: HttpRequest, work: dict[str, Any]) -> HttpResponse | None:
    """The way to the task that follows a finished one; None while that one still waits."""
    found = inbox(request.actor, clock.now(), work["queue"])  # type: ignore[attr-defined]
    waiting = [one for pile in found.piles for one in pile.work]
    if any(urlsplit(one.task.url).path == work["path"] for one in waiting):
        return None
    request.session.pop(KEY, None)
    if not waiting:
        messages.success(request, _("That was the last task here."))
        return HttpResponseRedirect(reverse("desk_desk:inbox"))
    left = found.waiting
    told = ngettext("This is the next task; %(left)d waits.", "This is the next task; %(left)d wait.", left)
    messages.info(request, told % {"left": left})
    return HttpResponseRedirect(waiting[min(work["place"], len(waiting) - 1)].address)
