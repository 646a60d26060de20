"""My page: what the site knows about me, and what I can do about it."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.site.desk import actions
from madang.site.desk import mine as queries
from madang.site.desk.web.forms import EraseForm
from madang.site.docket.actions import read_notices
from madang.site.docket.mailing import choose_pace
from madang.site.kit import clock
from madang.site.kit.verdict import Refused
from madang.site.kit.web.access import page, signed_in
from madang.site.people.actions import rename
from madang.site.people.models import Person
from madang.site.people.web.forms import NicknameForm


def _me(request: HttpRequest) -> Person:
    return request.user.person


def _shown(request: HttpRequest, form: NicknameForm | None = None) -> HttpResponse:
    person = _me(request)
    context = queries.overview(person, request.actor, clock.now())  # type: ignore[attr-defined]
    context["form"] = form or NicknameForm(initial={"nickname": person.nickname})
    context["paces"] = [("", _("only here")), ("at_once", _("at once by mail")), ("daily", _("once a day by mail"))]
    return render(request, "desk/mine.html", context)


@page(allow=signed_in)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What holds for me, what I filed and follow, what I was told."""
    return _shown(request)


@page(allow=signed_in)
@require_http_methods(["GET", "POST"])
def name(request: HttpRequest) -> HttpResponse:
    """Choose the public name; a name that cannot be taken is shown again with the reason."""
    if request.method != "POST":
        return redirect("desk:mine")
    form = NicknameForm(request.POST)
    if form.is_valid():
        try:
            rename(by=request.actor, at=clock.now(), person=_me(request), nickname=form.cleaned_data["nickname"])
        except Refused as refused:
            form.add_error("nickname", str(refused))
        else:
            messages.success(request, _("Your public name is saved."))
            return redirect("desk:mine")
    return _shown(request, form)


@page(allow=signed_in)
@require_POST
def notices(request: HttpRequest) -> HttpResponse:
    """Mark all notices as read."""
    read_notices(by=request.actor, at=clock.now(), person=_me(request))
    return redirect("desk:mine")


@page(allow=signed_in)
@require_POST
def by_mail(request: HttpRequest) -> HttpResponse:
    """Choose whether notices come by mail too, and how often."""
    pace, language = request.POST.get("pace", ""), get_language() or ""
    choose_pace(by=request.actor, at=clock.now(), person=_me(request), pace=pace, language=language)
    messages.success(request, _("Your choice is saved."))
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
