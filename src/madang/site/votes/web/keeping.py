"""What is picked but not cast: in a cookie of the browser, sent back to the pages of that vote only.

Another cookie holds in which order this browser is shown the options; it says nothing about the visitor.
"""

import secrets
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from madang.site.votes.models import Election
from madang.site.votes.web.forms import numbers

COOKIE = "ballot_picks"
SECONDS = 60 * 60 * 24 * 30
ORDER_COOKIE = "ballot_order"


def kept(request: HttpRequest) -> list[int]:
    """The numbers that this browser keeps."""
    return numbers(request.COOKIES.get(COOKIE, "").split("."))


def keep(response: HttpResponse, request: HttpRequest, election: Election, chosen: Sequence[int]) -> HttpResponse:
    """Keep picks beside an answer; without picks nothing stays."""
    known = [number for number in dict.fromkeys(chosen) if number in election.numbers]
    if not known:
        return forget(response, election.stage_id)
    options: dict[str, Any] = {"path": _path(election.stage_id), "httponly": True, "samesite": "Lax"}
    response.set_cookie(COOKIE, ".".join(map(str, known)), max_age=SECONDS, secure=request.is_secure(), **options)
    return response


def forget(response: HttpResponse, pk: int) -> HttpResponse:
    """Keep nothing any more."""
    response.delete_cookie(COOKIE, path=_path(pk), samesite="Lax")
    return response


def order_of(request: HttpRequest) -> str:
    """From what the order of the options is drawn for this browser."""
    return request.COOKIES.get(ORDER_COOKIE, "")[:32] or secrets.token_hex(8)


def remember_order(response: HttpResponse, seed: str) -> HttpResponse:
    """Show the same order the next time."""
    response.set_cookie(ORDER_COOKIE, seed, max_age=2 * SECONDS, httponly=True, samesite="Lax")
    return response


def _path(pk: int) -> str:
    return reverse("votes:vote", args=[pk])
