"""Pages that are the same for everybody without an account are made once, and kept while what they show stands still.

A page is kept for the minute of its making only, because days and hours that pass change pages without an event. Only
browsers that hold nothing of ours but the language, the size of the text and the token of forms get kept pages, and
only pages that set no cookie and do not forbid to be kept are. Each reader gets a token of their own in the forms.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.translation import get_language

from madang.site.kit import clock
from madang.site.kit.web.text_size import COOKIE as TEXT_SIZE
from madang.site.kit.web.text_size import wants_large_text
from madang.site.record.kept import Answers

pages = Answers(most=400)
SAME_FOR_ALL = {settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME, TEXT_SIZE}
_TOKEN = re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")\w{64}(?=")')


@dataclass(frozen=True)
class _Page:
    """A page without the tokens of its forms: what stands before, between and after them."""

    parts: list[bytes]
    headers: Mapping[str, str]

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The page for one reader."""
        token = get_token(request).encode() if len(self.parts) > 1 else b""
        return HttpResponse(token.join(self.parts), headers=dict(self.headers))


class KeptPagesMiddleware:
    """Answers with the kept page, or makes it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Everything inside is left out for a page that is kept."""
        if request.method != "GET" or not request.COOKIES.keys() <= SAME_FOR_ALL:
            return self.get_response(request)
        address = (request.scheme, request.get_host(), request.get_full_path())
        minute = clock.now().replace(second=0, microsecond=0)
        found = pages.ask(
            (*address, get_language(), wants_large_text(request), minute),
            lambda: self._made(request),
            lambda made: isinstance(made, _Page),
        )
        return found.answer(request) if isinstance(found, _Page) else found

    def _made(self, request: HttpRequest) -> Any:
        response = self.get_response(request)
        html = response.status_code == 200 and response.headers.get("Content-Type", "").startswith("text/html")
        own = response.cookies or request.session.modified or "Cache-Control" in response.headers
        if not html or own or response.streaming:
            return response
        return _Page(_TOKEN.split(response.content), dict(response.items()))
