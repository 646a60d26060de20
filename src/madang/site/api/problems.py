"""Errors of the API as problem documents (RFC 9457)."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from madang.site.city.documents import CityProblems
from madang.site.kit.verdict import Refused

TITLES = {400: "Bad request", 403: "Refused", 404: "Not found", 422: "Wrong parameters", 503: "Not available"}


def problem(status: int, detail: str, **more: Any) -> HttpResponse:
    """A problem document: title, status, a sentence, and further members."""
    body = {"type": "about:blank", "title": TITLES.get(status, "Error"), "status": status, "detail": detail, **more}
    text = json.dumps(body, ensure_ascii=False)
    return HttpResponse(text, status=status, content_type="application/problem+json")


def handle(api: NinjaAPI) -> None:
    """Let the API answer errors as problem documents."""

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return problem(404, "There is nothing at this address.")

    @api.exception_handler(ValidationError)
    def wrong(request: HttpRequest, error: ValidationError) -> HttpResponse:
        faults = [{"at": ".".join(map(str, row["loc"])), "fault": row["msg"]} for row in error.errors]
        return problem(422, "; ".join(f"{row['at']}: {row['fault']}" for row in faults), errors=faults)

    @api.exception_handler(HttpError)
    def plain(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(error.status_code, str(error))

    @api.exception_handler(Refused)
    def refused(request: HttpRequest, error: Refused) -> HttpResponse:
        return problem(403, str(error))

    @api.exception_handler(CityProblems)
    def broken_city(request: HttpRequest, error: CityProblems) -> HttpResponse:
        return problem(503, "The city's files of figures are wrong; the office has to mend them.")
