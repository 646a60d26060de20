"""Pages for citizens: what the registrar is, the way to a credential, and the numbers of an election."""

import json
from urllib.parse import urldefrag, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from madang.site.kit import clock
from madang.site.kit.verdict import Refused, require
from madang.site.kit.web.access import anyone, page
from madang.site.people.actions import Verified
from madang.site.people.claims import names_of, sentence
from madang.site.people.web import checks
from madang.site.people.web.identity import verifier, verifiers
from madang.site.registrar import actions, policy, queries
from madang.site.registrar.models import Election
from madang.site.registrar.web.slips import slip


@page(allow=anyone)
@require_safe
def elections(request: HttpRequest) -> HttpResponse:
    """The elections for which credentials are or were handed out."""
    at = clock.now()
    rows = [(one, policy.is_open(one, at).ok) for one in queries.elections()]
    return render(request, "registrar/elections.html", {"rows": rows})


@page(allow=anyone)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def election(request: HttpRequest, uuid: str) -> HttpResponse:
    """Explains a credential, or shows the numbers of an election that is over; a POST begins the identity check."""
    found, at = get_object_or_404(Election, uuid=uuid), clock.now()
    if request.method == "POST":
        require(policy.is_open(found, at))
        way = verifier(request.POST.get("way", ""))
        if way is None:
            raise Refused(_("Choose how you want to show who you are."))
        detail = json.dumps({"uuid": uuid, "back": request.GET.get("back", "")})
        checks.begin(request, purpose="credential", detail=detail)
        return redirect(checks.start(request, way))
    terms = found.told
    names = names_of(terms.who)
    context = {
        "election": found,
        "terms": terms,
        "open": policy.is_open(found, at).ok,
        "who": [sentence(rule, names) for rule in terms.who],
        "ways": verifiers(),
        "booth": _booth(found, request.GET.get("back", "")),
        "numbers": queries.numbers(found),
    }
    return render(request, "registrar/election.html", context)


@page(allow=anyone)
@require_safe
def numbers(request: HttpRequest, uuid: str) -> HttpResponse:
    """The numbers of an election as JSON."""
    return JsonResponse(queries.numbers(get_object_or_404(Election, uuid=uuid)))


def _checked(request: HttpRequest, verified: Verified, detail: str) -> HttpResponse:
    """Show the credential, once: it is in this answer and nowhere else, neither in the session nor in an address."""
    told, by = json.loads(detail), request.actor  # type: ignore[attr-defined]
    found = get_object_or_404(Election, uuid=told["uuid"])
    credential = actions.give_credential(by=by, at=clock.now(), election=found, verified=verified)
    return slip(request, found, credential, _booth(found, told["back"]), at_counter=False)


checks.add_purpose(
    "credential", checks.Purpose(gettext_lazy("You get your credential for an encrypted vote."), _checked)
)


def _booth(election: Election, back: str) -> str:
    """Where the booth is: an address of the city's site and of no other one; "" where the city's is not known."""
    city = settings.CONFIG.city_address
    # A demonstration on one's own machine has two names, and a session for each.
    names = [city, city.replace("127.0.0.1", "localhost")] if settings.DEMO else [city]
    asked = urlsplit(back)
    if city and f"{asked.scheme}://{asked.netloc}" in names:
        return urldefrag(back).url
    return f"{city}{election.told.booth}" if city else ""
