"""A credential as it is shown once: to be taken to the booth at once, written down, or printed."""

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from madang.site.registrar.models import Election


def slip(request: HttpRequest, election: Election, credential: str, booth: str, *, at_counter: bool) -> HttpResponse:
    """The page with the credential; the pages that show it are never stored."""
    onward = f"{booth}#credential={credential}" if booth else ""
    drawn = segno.make(onward or credential, error="m")
    title = _("The booth with your credential") if onward else _("Your credential")
    context = {
        "election": election,
        "terms": election.told,
        "credential": credential,
        "onward": onward,
        "booth": booth,
        "at_counter": at_counter,
        # Our own drawing of digits of our own and of the city's address.
        "drawing": mark_safe(drawn.svg_inline(scale=5, svgclass="qr", title=title)),  # noqa: S308
    }
    return render(request, "registrar/slip.html", context)
