"""The site closed for a while, by a file in MADANG_HOME: nobody writes while tables are changed."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

SECONDS = 600
OPEN = ("/healthz", "/readyz")


class ClosedMiddleware:
    """Answers 503 to everything but the addresses for operators, as long as the file is there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """What the file says stands on the page; an empty file says nothing more."""
        file = settings.CLOSED_BY
        if request.path in OPEN or not file.exists():
            return self.get_response(request)
        page = render_to_string("kit/closed.html", {"said": file.read_text(encoding="utf-8").strip()})
        return HttpResponse(page, status=503, headers={"Retry-After": str(SECONDS)})
