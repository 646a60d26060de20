"""My page: what the site knows about me, and what I can do about it."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.site.desk import actions
from madang.site.desk import mine as queries
from madang.site.desk.web.forms import EraseForm
from madang.site.docket.actions import read_notices
from madang.site.kit import clock
from madang.site.kit.web.access import page, signed_in
from madang.site.people.actions import rename
from madang.site.people.models import Person
from madang.site.people.web.forms import NicknameForm


def _me(request: HttpRequest) -> Person:
    return request.user.person


@page(allow=signed_in)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What holds for me, what I filed and follow, what I was told."""
    person = _me(request)
    context = queries.overview(person, request.actor, clock.now())
    context["form"] = NicknameForm(initial={"nickname": person.nickname})
    return render(request, "desk/mine.html", context)


@page(allow=signed_in)
@require_POST
def name(request: HttpRequest) -> HttpResponse:
    """Choose the public name."""
    form = NicknameForm(request.POST)
    if form.is_valid():
        rename(by=request.actor, at=clock.now(), person=_me(request), nickname=form.cleaned_data["nickname"])
        messages.success(request, _("Your public name is saved."))
    return redirect("desk:mine")


@page(allow=signed_in)
@require_POST
def notices(request: HttpRequest) -> HttpResponse:
    """Mark all notices as read."""
    read_notices(by=request.actor, at=clock.now(), person=_me(request))
    return redirect("desk:mine")


@page(allow=signed_in)
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """All my data as a file."""
    response = JsonResponse(
        queries.data_of(_me(request), clock.now()), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    response["Content-Disposition"] = 'attachment; filename="madang-my-data.json"'
    return response


@page(allow=signed_in)
@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Erase the account, after one more question."""
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.erase(by=request.actor, at=clock.now(), person=_me(request))
        logout(request)
        messages.success(request, _("Your account and your identity are erased."))
        return redirect("desk:home")
    return render(request, "desk/erase.html", {"form": form})
