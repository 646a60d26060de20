"""The counter: an official of the registrar looks at a paper and prints a slip with the credential."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from madang.site.kit import clock
from madang.site.kit.verdict import Refused
from madang.site.kit.web.access import page, roles
from madang.site.people.web.counter import seen
from madang.site.people.web.counter_forms import CounterForm
from madang.site.registrar import actions, policy, queries
from madang.site.registrar.models import Election
from madang.site.registrar.web import slips as printing

OFFICE = roles("officer")


class SlipForm(CounterForm):
    """What an official saw on a paper of somebody who stands at the counter."""

    person = None  # type: ignore[assignment]


@page(allow=OFFICE)
@require_safe
def slips(request: HttpRequest) -> HttpResponse:
    """The elections for which slips are printed now."""
    at = clock.now()
    rows = [one for one in queries.elections() if policy.is_open(one, at).ok]
    return render(request, "registrar/desk.html", {"rows": rows})


@page(allow=OFFICE, repeats=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def slip(request: HttpRequest, uuid: str) -> HttpResponse:
    """Note what a paper shows, and show the slip to be printed; nothing of the paper is kept."""
    election, by = get_object_or_404(Election, uuid=uuid), request.actor  # type: ignore[attr-defined]
    form = SlipForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told: dict[str, Any] = form.cleaned_data
        try:
            credential = actions.give_credential(by=by, at=clock.now(), election=election, verified=seen(told))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            city = settings.CONFIG.city_address
            booth = f"{city}{election.told.booth}" if city else ""
            return printing.slip(request, election, credential, booth, at_counter=True)
    return render(request, "registrar/desk_slip.html", {"form": form, "election": election, "terms": election.told})
