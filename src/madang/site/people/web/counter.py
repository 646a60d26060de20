"""The counter: an official notes what a paper showed, and prints letters with codes."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from madang.site.kit import clock
from madang.site.kit.verdict import Refused
from madang.site.kit.web.access import page, roles
from madang.site.people import vault
from madang.site.people.actions import Addressee, Verified, print_letters, verify_at_counter
from madang.site.people.web.counter_forms import CounterForm, LettersForm
from madang.site.people.web.printing import letters_pdf

officials = roles("officer", "district_officer")


@page(allow=officials)
@never_cache
@require_http_methods(["GET", "POST"])
def counter(request: HttpRequest) -> HttpResponse:
    """Note the identity check of somebody who stands at the counter with a paper."""
    form = CounterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            verify_at_counter(
                by=request.actor,  # type: ignore[attr-defined]
                at=clock.now(),
                person=told["person"],
                verified=seen(told),
                paper=told["paper"],
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The identity check is noted."))
            return redirect("people_desk:counter")
    return render(request, "people/counter.html", {"form": form})


def seen(told: dict[str, Any]) -> Verified:
    """What a paper that was seen at a counter confirms."""
    likeness = vault.likeness_hash(name=told["name"], born_on=told["born_on"], sex=told["sex"])
    return Verified(
        subject=f"likeness:{likeness}",
        method="counter",
        birth_year=told["born_on"].year,
        sex=told["sex"],
        lives_in=told["lives_in"].code if told["lives_in"] else "",
        likeness=likeness,
    )


@page(allow=officials)
@never_cache
@require_http_methods(["GET", "POST"])
def letters(request: HttpRequest) -> HttpResponse:
    """Print letters with codes: the file is made once, and what stands in it is kept nowhere."""
    form = LettersForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        addressees: list[Addressee] = form.cleaned_data["addressees"]
        at = clock.now()
        try:
            codes = print_letters(by=request.actor, at=at, addressees=addressees)  # type: ignore[attr-defined]
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            answer = HttpResponse(letters_pdf(addressees, codes, at), content_type="application/pdf")
            answer["Content-Disposition"] = 'attachment; filename="letters.pdf"'
            return answer
    return render(request, "people/letters.html", {"form": form})
