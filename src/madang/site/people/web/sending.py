"""Sending forms: once however often the button is pressed, and not lost when the session has ended. Needs no script."""

import hashlib
import json
import time
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _

from madang.site.kit import clock
from madang.site.kit.web import errors
from madang.site.kit.web.limits import TooMany
from madang.site.people import forms
from madang.site.people.web.limits import count_attempt

TOKEN, COOKIE, WHOSE = "csrfmiddlewaretoken", "unsent", "whose"
PATIENCE, PAUSE = 15.0, 0.05
Respond = Callable[[HttpRequest], HttpResponse]


class OnceMiddleware:
    """A form that is sent twice is done once: the second sender is led to where the first one was.

    A page gives all its forms one token that no other page has, so the same words with the same token are the same
    form. Whoever is refused, or is shown the form again, may send it again.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Remember where a form led that was taken on."""
        response = self.get_response(request)
        sent = getattr(request, "sent", None)
        if sent is not None:
            well = isinstance(response, HttpResponseRedirectBase) and not getattr(request, "refused", False)
            # An address too long to be remembered is a form that may be sent again.
            led_to = str(response["Location"])[:501] if well else ""
            forms.done(sent=sent, led_to=led_to if len(led_to) <= 500 else "", at=clock.now())
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Take the form on, or answer for the one that was taken on before."""
        if request.method != "POST" or TOKEN not in request.POST or getattr(view, "repeats", True):
            return None
        key, patience = _key(request), time.monotonic() + PATIENCE
        while True:
            sent = forms.claim(key=key, at=clock.now())
            if sent is not None:
                request.sent = sent  # type: ignore[attr-defined]
                return None
            led_to = forms.led_to(key=key, at=clock.now())
            if led_to:
                messages.info(request, _("You had sent this already; it was done once."))
                return HttpResponseRedirect(led_to)
            if time.monotonic() > patience:
                return errors.under_way(request)
            time.sleep(PAUSE)


def _key(request: HttpRequest) -> str:
    files = [[name, file.name, _hash(file)] for name, rows in request.FILES.lists() for file in rows]
    words = sorted((name, list(values)) for name, values in request.POST.lists())
    return forms.keyed("sent", json.dumps([request.user.pk, request.get_full_path(), words, files]))


def _hash(file: Any) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


class _Kept(QueryDict):
    """What was kept, in the place of what is sent; notices whether the page takes it up."""

    taken_up = False

    def __getitem__(self, key: Any) -> Any:
        self.taken_up = True
        return super().__getitem__(key)

    def getlist(self, key: Any, default: Any = None) -> Any:
        """The values of a field."""
        self.taken_up = True
        return super().getlist(key, default)


class UnsentMiddleware:
    """What is sent after the session or the second factor has ended is kept until its sender is back, and filled in.

    The page gets what was typed as if it had just been sent, so that its form is filled in; but it is asked with GET,
    so that nothing happens before the button is pressed again. A page that fills nothing in is replaced by one that
    shows what was typed, with the button. Nobody is shown what was typed in another account.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Keep it, fill it in again, or forget it once it was sent."""
        held = request.COOKIES.get(COOKIE, "")
        known = request.actor.known  # type: ignore[attr-defined]
        factor_missing = bool(getattr(request, "factor_missing", ""))
        if held and known and request.method == "GET" and not factor_missing:
            return _knows_its_account(request, self._again(request, held))
        response = _knows_its_account(request, self.get_response(request))
        lost = response.status_code == 403 and factor_missing if known else _to_sign_in(response)
        if request.method == "POST" and lost and _ours(request):
            return keep(request, response)
        if held and known and request.method == "POST" and _kept(request, held):
            forms.forget(held=held, whose=_whose(request))
            response.delete_cookie(COOKIE, samesite="Lax")
        return response

    def _again(self, request: HttpRequest, held: str) -> HttpResponse:
        typed = _kept(request, held)
        if typed is None:
            return self.get_response(request)
        filled = _Kept(mutable=True)
        for name, values in typed.items():
            filled.setlist(name, values)
        request.POST = filled  # type: ignore[assignment]
        messages.info(request, _("What you had typed is still here. It has not been sent yet: please send it again."))
        response = self.get_response(request)
        if filled.taken_up or response.status_code not in (200, 405):
            return response
        said = [value for values in typed.values() for value in values if " " in value or "\n" in value]
        fields = [(name, value) for name, values in typed.items() for value in values]
        return render(request, "people/unsent.html", {"said": said, "fields": fields, "path": _path(request)})


def keep(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Keep what was typed, and let the browser hold the key to it."""
    at = clock.now()
    try:
        count_attempt(what="unsent", who=get_adapter(request).get_client_ip(request), at=at, most=60, seconds=600)
    except TooMany:
        return response
    typed = {name: [str(one) for one in values] for name, values in request.POST.lists() if name != TOKEN}
    held = forms.keep(path=_path(request), typed=typed, whose=_whose(request), at=at) if typed else ""
    if held:
        secure, age = settings.SESSION_COOKIE_SECURE, int(forms.KEPT.total_seconds())
        response.set_cookie(COOKIE, held, max_age=age, secure=secure, httponly=True, samesite="Lax")
    return response


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What is sent with the token of an earlier session is kept too, if it comes from a page of ours; else 403.

    Nothing is done with it: the page shows it again, and whoever typed it sends it with the new token.
    """
    came_from = request.headers.get("Origin", "")
    own = came_from == f"{request.scheme}://{request.get_host()}"
    if not (own and request.method == "POST" and _ours(request)):
        return errors.csrf_failed(request, reason)
    response = keep(request, HttpResponseRedirect(_path(request)))
    return response if COOKIE in response.cookies else errors.csrf_failed(request, reason)


def _ours(request: HttpRequest) -> bool:
    """Whether one of our pages was asked whose forms may be kept: never passwords, never ballots."""
    match = request.resolver_match
    return match is not None and not getattr(match.func, "repeats", True)


def _to_sign_in(response: HttpResponse) -> bool:
    return isinstance(response, HttpResponseRedirectBase) and response.url.startswith(resolve_url(settings.LOGIN_URL))


def _kept(request: HttpRequest, held: str) -> dict[str, list[str]] | None:
    return forms.kept(held=held, whose=_whose(request), path=_path(request), at=clock.now())


def _whose(request: HttpRequest) -> str:
    """The account that is signed in, else the one that was last signed in with this browser."""
    return forms.whose(request.user.pk) if request.user.is_authenticated else request.COOKIES.get(WHOSE, "")


def _knows_its_account(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let the browser know its account again until it is closed, also when the session ends before."""
    if request.user.is_authenticated and request.COOKIES.get(WHOSE) != _whose(request):
        response.set_cookie(
            WHOSE, _whose(request), secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
        )
    return response


def _path(request: HttpRequest) -> str:
    return request.get_full_path()
