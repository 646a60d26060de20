"""The roles of a demonstration."""

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from madang.site.kit.verdict import Refused
from madang.site.kit.web.access import anyone, page
from madang.site.people import demo as demonstration
from madang.site.people.models import Account


@page(allow=anyone)
@require_http_methods(["GET"])
def demo(request: HttpRequest) -> HttpResponse:
    """The roles that a visitor of the demonstration may try."""
    if not settings.DEMO:
        raise Http404
    onward = request.GET.get("next", "")
    return render(request, "people/demo.html", {"roles": demonstration.ROLES, "next": onward})


@page(allow=anyone)
@require_POST
def demo_enter(request: HttpRequest, code: str) -> HttpResponse:
    """Sign in as one of the demonstration's people."""
    role = demonstration.role_named(code)
    if not settings.DEMO or role is None:
        raise Http404
    account = Account.objects.filter(email=role.address).first()
    if account is None:
        raise Refused(_("The people of the demonstration are not there yet. Load the demo city first."))
    logout(request)
    login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
    onward = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(onward, {request.get_host()}):
        return redirect(onward)
    return redirect("/desk/" if role.grants else "/")
