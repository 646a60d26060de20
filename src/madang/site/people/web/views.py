"""Pages about oneself: the identity check, and the roles of a demonstration."""

import secrets

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from madang.site.kit import clock
from madang.site.kit.verdict import Refused
from madang.site.kit.web.access import anyone, page, signed_in
from madang.site.people import demo as demonstration
from madang.site.people.actions import verify_identity
from madang.site.people.models import Account, Person
from madang.site.people.web.forms import MockIdentityForm
from madang.site.people.web.identity import MockVerifier, verifier
from madang.site.people.web.limits import count_attempt

HOUR = 3600


@page(allow=signed_in)
@require_http_methods(["GET", "POST"])
def identity(request: HttpRequest) -> HttpResponse:
    """Explains the identity check; a POST starts it at the agency."""
    agency = verifier()
    if request.method == "POST" and agency is not None:
        at = clock.now()
        count_attempt(what="identity", who=str(request.actor.person_id), at=at, most=5, seconds=HOUR)
        state = secrets.token_urlsafe(24)
        request.session["identity_state"] = state
        return redirect(agency.start(state=state, back=request.build_absolute_uri(reverse("people:identity_back"))))
    return render(request, "people/identity.html", {"agency": agency})


@page(allow=signed_in)
@require_http_methods(["GET", "POST"])
def identity_back(request: HttpRequest) -> HttpResponse:
    """Where the agency returns to: its answer counts once, and only for the check that was started here."""
    agency, answer = verifier(), request.POST or request.GET
    state = request.session.pop("identity_state", None)
    if agency is None or state is None or not secrets.compare_digest(state, answer.get("state", "")):
        raise Refused(_("The identity check has expired. Please start it again on My page."))
    person = Person.objects.get(pk=request.actor.person_id)
    verified = agency.finish(answer=answer.dict())
    verify_identity(by=request.actor, at=clock.now(), person=person, verified=verified)
    messages.success(request, _("Your identity is verified. Only a keyed hash of it was kept."))
    return redirect("/my/")


@page(allow=signed_in)
@require_http_methods(["GET"])
def mock_identity(request: HttpRequest) -> HttpResponse:
    """The mock agency's page; there is none where a real agency is connected."""
    if not isinstance(verifier(), MockVerifier):
        raise Http404
    form = MockIdentityForm(initial={"born_on": "1985-05-05"})
    return render(request, "people/mock_identity.html", {"form": form, "state": request.GET.get("state", "")})


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
