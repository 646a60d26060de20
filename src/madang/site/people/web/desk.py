"""The administrator's desk: who holds which role, giving one, ending one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from madang.site.kit import clock
from madang.site.kit.verdict import Refused
from madang.site.kit.web.access import page
from madang.site.kit.web.access import roles as holding
from madang.site.people import policy, queries
from madang.site.people.actions import end_role, give_role
from madang.site.people.actors import ROLE_NAMES
from madang.site.people.models import RoleGrant
from madang.site.people.web.forms import RoleForm
from madang.site.people.web.tables import ROLES_TABLE
from madang.site.record.web.tables import table_answer


@page(allow=holding("administrator", "auditor"))
@require_http_methods(["GET", "POST"])
def roles(request: HttpRequest) -> HttpResponse:
    """The roles there are, those to come and those that ended; an administrator gives one."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    form = RoleForm(request.POST or None, initial={"first_day": clock.day_of(at)})
    if request.method == "POST" and form.is_valid():
        try:
            grant = give_role(by=by, at=at, **form.grant())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The role is given."))
            return redirect(f"{request.path}?role={grant.role}")
    ended = request.GET.get("ended") == "1"

    def prepare(rows: list[RoleGrant]) -> None:
        for row in rows:
            row.may_end = policy.may_end_role(by, row, at).ok  # type: ignore[attr-defined]
            row.to_come = row.valid_from > at  # type: ignore[attr-defined]

    table = ROLES_TABLE.read(request, queries.grants(at=at, ended=ended), prepare)
    context = {"form": form, "ended": ended, "may_give": by.holds("administrator")}
    return table_answer(request, table, "people/roles.html", context)


@page(allow=holding("administrator"))
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Says which role ends; a POST ends it."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    grant = get_object_or_404(RoleGrant.objects.select_related("person__account", "organisation"), pk=pk)
    if request.method == "POST":
        end_role(by=by, at=at, grant=grant)
        messages.success(request, _("The role has ended."))
        return redirect("people_desk:roles")
    context = {"grant": grant, "name": ROLE_NAMES.get(grant.role, grant.role)}
    return render(request, "people/end_role.html", {**context, "verdict": policy.may_end_role(by, grant, at)})
