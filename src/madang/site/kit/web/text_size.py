"""Larger text for who wants it: a cookie of the browser, so that nobody needs an account for it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from madang.site.kit.web.access import anyone, page

COOKIE, LARGE, YEAR = "text_size", "large", 365 * 24 * 3600


def wants_large_text(request: HttpRequest) -> bool:
    """Whether this browser asked for large text."""
    return request.COOKIES.get(COOKIE) == LARGE


@page(allow=anyone, repeats=True)
@require_POST
def text_size(request: HttpRequest) -> HttpResponse:
    """Keep the size that was chosen, and go back to the page."""
    onward = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(onward, {request.get_host()})
    response = HttpResponseRedirect(onward if here else "/")
    if request.POST.get("size") == LARGE:
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(COOKIE, LARGE, max_age=YEAR, secure=secure, httponly=True, samesite="Lax")
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response
