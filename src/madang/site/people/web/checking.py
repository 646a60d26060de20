"""Pages of the identity check, for people with and without an account."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from madang.site.kit import clock
from madang.site.kit.verdict import Refused
from madang.site.kit.web.access import anyone, page, signed_in
from madang.site.people.actions import Verified, verify_identity
from madang.site.people.models import Person
from madang.site.people.web import checks
from madang.site.people.web.forms import LetterForm, MockIdentityForm
from madang.site.people.web.identity import verifier, verifiers


@page(allow=signed_in)
@never_cache
@require_http_methods(["GET", "POST"])
def identity(request: HttpRequest) -> HttpResponse:
    """Explains the identity check of an account; a POST begins it."""
    if request.method == "POST":
        checks.begin(request, purpose="account", detail=request.POST.get("next", ""))
        return _start(request)
    return render(request, "people/identity.html", {"ways": verifiers(), "next": request.GET.get("next", "")})


@page(allow=anyone)
@never_cache
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Explains a check that was begun for another purpose than the account; a POST starts it."""
    purpose = checks.purpose_under_way(request)
    if purpose is None:
        raise Refused(_("The identity check has expired. Please start it again."))
    if request.method == "POST":
        return _start(request)
    return render(request, "people/check.html", {"ways": verifiers(), "purpose": purpose})


def _start(request: HttpRequest) -> HttpResponse:
    way = verifier(request.POST.get("way", ""))
    if way is None:
        raise Refused(_("Choose how you want to show who you are."))
    return redirect(checks.start(request, way))


@page(allow=anyone)
@never_cache
@require_http_methods(["GET", "POST"])
def identity_back(request: HttpRequest) -> HttpResponse:
    """Where a check returns to."""
    return checks.finish(request)


def _account_checked(request: HttpRequest, verified: Verified, onward: str) -> HttpResponse:
    by: Any = request.actor  # type: ignore[attr-defined]
    if not by.known:
        raise Refused(_("Please sign in first."))
    verify_identity(by=by, at=clock.now(), person=Person.objects.get(pk=by.person_id), verified=verified)
    messages.success(request, _("Your identity is verified. Only a keyed hash of it was kept."))
    safe = url_has_allowed_host_and_scheme(onward, {request.get_host()})
    return redirect(onward if safe else "/my/")


checks.add_purpose("account", checks.Purpose(gettext_lazy("For your account."), _account_checked))


@page(allow=anyone)
@require_http_methods(["GET"])
def mock_identity(request: HttpRequest) -> HttpResponse:
    """The mock agency's page; there is none where only real ones are connected."""
    if verifier("mock") is None:
        raise Http404
    form = MockIdentityForm(initial={"born_on": "1985-05-05"})
    return render(request, "people/mock_identity.html", _asked(request, form))


@page(allow=anyone)
@require_http_methods(["GET"])
def letter_code(request: HttpRequest) -> HttpResponse:
    """Where the code of a letter is entered."""
    if verifier("letter") is None:
        raise Http404
    return render(request, "people/letter_code.html", _asked(request, LetterForm()))


def _asked(request: HttpRequest, form: Any) -> dict[str, Any]:
    own = request.actor.known  # type: ignore[attr-defined]
    again = reverse("people:identity") if own else reverse("people:check")
    return {"form": form, "state": request.GET.get("state", ""), "again": again}
