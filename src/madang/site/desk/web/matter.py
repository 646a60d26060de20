"""The page of a matter, and following it."""

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from madang.site.desk import matter as queries
from madang.site.docket import actions, policy
from madang.site.docket.answers import said
from madang.site.docket.models import Matter
from madang.site.docket.queries import HIDDEN
from madang.site.forums.policy import may_support_in_time
from madang.site.kit import clock
from madang.site.kit.web.access import anyone, page, signed_in


def _matter(request: HttpRequest, number: str) -> Matter:
    found = queries.find(number, request.actor)
    if found is None or not queries.is_open_to(found, request.actor):
        raise Http404
    return found


@page(allow=anyone)
@require_safe
def matter(request: HttpRequest, number: str) -> HttpResponse:
    """What became of it."""
    found, at = _matter(request, number), clock.now()
    story = queries.story_of(found, at)
    context = {
        "story": story,
        "matter": found,
        "objection_page": queries.objection_page(found, story.way, request.actor, at),
        "may_support": may_support_in_time(request.actor, found, at),
        "may_follow": policy.may_follow(request.actor, found, at),
        "work": queries.work_on(found, request.actor, at),
    }
    return render(request, "desk/matter.html", context)


@page(allow=anyone)
@require_safe
def share(request: HttpRequest, number: str) -> HttpResponse:
    """The address of a matter as text and as a code for cameras; printed, it is a sheet for a notice board."""
    found, at = _matter(request, number), clock.now()
    if found.ending == HIDDEN:
        raise Http404
    address = request.build_absolute_uri(reverse("desk:matter", args=[number]))
    latest = found.revisions.order_by("-number").first()
    context = {
        "matter": found,
        "address": address,
        # Our own drawing of our own address: nothing in it comes from people.
        "code": mark_safe(segno.make(address, error="m").svg_inline(scale=5, svgclass="qr", title=address)),  # noqa: S308
        "said": [part for part in said(latest, found.process.recipe) if part.answer != found.title][:3],
        "seeking": queries.seeking(found, queries.way_of(found), at),
    }
    return render(request, "desk/share.html", context)


@page(allow=signed_in)
@require_POST
def follow(request: HttpRequest, number: str) -> HttpResponse:
    """Follow a matter."""
    actions.follow(by=request.actor, at=clock.now(), matter=_matter(request, number))
    return redirect("desk:matter", number)


@page(allow=signed_in)
@require_POST
def unfollow(request: HttpRequest, number: str) -> HttpResponse:
    """Follow a matter no more."""
    actions.unfollow(by=request.actor, at=clock.now(), matter=_matter(request, number))
    return redirect("desk:matter", number)
