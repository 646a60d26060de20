"""Turns a refusal of an action into a sentence for the person who asked."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from madang.site.kit.verdict import Refused
from madang.site.kit.web import errors
from madang.site.kit.web.limits import TooMany


class RefusalMiddleware:
    """`Refused` becomes a message and the way back after a POST, and a 403 page otherwise; `TooMany` a 429 page.

    `request.refused` tells the middleware outside that nothing was done.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing to do on the way in or out."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal; any other exception is left alone."""
        if isinstance(exception, TooMany):
            return errors.too_many(request, exception)
        if not isinstance(exception, Refused):
            return None
        back = _way_back(request)
        if request.method != "POST" or back is None:
            return errors.forbidden(request, exception)
        messages.error(request, str(exception))
        request.refused = True  # type: ignore[attr-defined]
        return HttpResponseRedirect(back)


def _way_back(request: HttpRequest) -> str | None:
    """The page of this site that the POST came from; None if the browser does not say."""
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}):
        return None
    parts = urlsplit(referer)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
