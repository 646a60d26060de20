"""Error pages: calm sentences that say what happened and what to do."""

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from madang.site.kit.verdict import Refused
from madang.site.kit.web.limits import TooMany


def _page(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse:
    context = {"status": status, "title": title, "sentence": sentence}
    return render(request, "kit/error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 when what was sent is too large."""
    if isinstance(exception, RequestDataTooBig):
        return _page(request, 413, _("That was too large"), _("Please send smaller files (5 MB each)."))
    return _page(request, 400, _("We could not read that"), _("Please go back, load the page again and repeat it."))


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403, with the reason that the policy gave."""
    told = isinstance(exception, PermissionDenied | Refused) and str(exception)
    return _page(request, 403, _("This is not open to you"), told or _("You do not have the right to see this page."))


@requires_csrf_token
def factor_missing(request: HttpRequest) -> HttpResponse:
    """403, because an official has not shown a second factor; with the way to set one up or to show it."""
    name: str = request.factor_missing  # type: ignore[attr-defined]
    way = f"{reverse(name)}?{urlencode({'next': request.get_full_path()})}"
    context = {"way": way, "set_up": name == "mfa_index", "typed": request.method == "POST"}
    return render(request, "kit/second_factor.html", context, status=403)


@requires_csrf_token
def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403, because the form was too old or came from elsewhere."""
    return _page(
        request, 403, _("The form has expired"), _("Nothing was changed. Please load the page again and repeat it.")
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return _page(
        request, 404, _("There is no such page"), _("The address may be mistyped. Try the search or the start page.")
    )


def under_way(request: HttpRequest) -> HttpResponse:
    """409, because the same form is still being worked on."""
    sentence = _("What you sent is still being worked on. Please look in a moment whether it is there.")
    return _page(request, 409, _("Already under way"), sentence)


def too_many(request: HttpRequest, exception: TooMany) -> HttpResponse:
    """429, with the time to wait."""
    response = _page(request, 429, _("Too many attempts"), str(exception))
    response["Retry-After"] = str(exception.seconds)
    return response


def broken(request: HttpRequest) -> HttpResponse:
    """500: written without database and session, since one of them may be what broke."""
    return HttpResponse(render_to_string("kit/broken.html"), status=500)
