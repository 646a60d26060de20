"""Pages of spaces for the office that runs them: spaces, slots, the draw, and who came."""

import secrets

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from madang.site.gatherings import actions, policy, queries
from madang.site.gatherings.models import Booking, Slot, Space
from madang.site.gatherings.web import space_forms as ours
from madang.site.gatherings.web.desk import OFFICE, done
from madang.site.gatherings.web.spaces import week_of
from madang.site.gatherings.web.tables import BOOKINGS
from madang.site.gatherings.web.views import stage_named
from madang.site.kit import clock
from madang.site.kit.verdict import Refused, require
from madang.site.kit.web.access import page, roles
from madang.site.kit.web.paging import page_of
from madang.site.record.queries import events_of
from madang.site.record.web.tables import table_answer


@page(allow=OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def spaces(request: HttpRequest, pk: int) -> HttpResponse:
    """The spaces of a stage; a POST opens one, or draws the requests (`do` says which)."""
    stage, by, at = stage_named(pk, "book"), request.actor, clock.now()  # type: ignore[attr-defined]
    require(policy.may_run(by, stage.process, at))
    draws = request.POST.get("do") == "draw"
    form = ours.SpaceForm(None if draws else request.POST or None)
    draw_form = ours.DrawForm(request.POST if draws else None, auto_id="id_draw_%s")
    if request.method == "POST" and draws and draw_form.is_valid():
        try:
            # The seed is made when somebody presses, so that nobody can choose it.
            seed = secrets.token_hex(16)
            count = actions.draw_slots(by=by, at=at, stage=stage, until=draw_form.cleaned_data["until"], seed=seed)
        except Refused as refused:
            draw_form.add_error(None, str(refused))
        else:
            told = ngettext("%(count)s slot was drawn.", "%(count)s slots were drawn.", count) % {"count": count}
            messages.success(request, told)
            return redirect("gatherings_desk:spaces", pk)
    if request.method == "POST" and not draws and done(form, actions.open_space, by=by, stage=stage):
        messages.success(request, _("The space is open; make its slots now."))
        return redirect("gatherings_desk:space", stage.spaces.latest("pk").pk)
    context = {
        "stage": stage,
        "form": form,
        "page": page_of(request, queries.spaces(stage, at)),
        "draws": stage.rules.model_dump()["given"] == "draw",
        "waiting": queries.waiting_for_draw(stage, at),
        "may_draw": policy.may_draw_slots(by, stage, at),
        "draw_form": draw_form,
    }
    return render(request, "gatherings/desk_spaces.html", context)


@page(allow=OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def space(request: HttpRequest, pk: int) -> HttpResponse:
    """One space: its bookings, its slots of a week; a POST makes slots by a weekly pattern."""
    found = get_object_or_404(Space.objects.select_related("stage__process__department"), pk=pk, stage__kind="book")
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    require(policy.may_run(by, found.stage.process, at))
    form = ours.SlotsForm(request.POST or None)
    if request.method == "POST" and done(form, actions.make_slots, by=by, space=found):
        messages.success(request, _("The slots are made."))
        return redirect("gatherings_desk:space", pk)
    first = week_of(request.GET.get("week", ""), clock.day_of(at))
    context = {
        "space": found,
        "form": form,
        "first": first,
        "slots": queries.slots(found, first),
        "before": queries.week_with_slots(found, first, later=False),
        "after": queries.week_with_slots(found, first, later=True),
        "at": at,
    }
    table = BOOKINGS.read(request, queries.bookings_of(found))
    return table_answer(request, table, "gatherings/desk_space.html", context)


@page(allow=OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is said of a space, or take away free slots to make others (`do` says which); what was changed."""
    rows = Space.objects.select_related("stage__process__department")
    found = get_object_or_404(rows, pk=pk, stage__kind="book", stage__process__draft=False)
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    require(policy.may_run(by, found.stage.process, at))
    clears = request.POST.get("do") == "clear"
    held = {name: getattr(found, name) for name in ours.SpaceForm.base_fields}
    form = ours.SpaceForm(None if clears else request.POST or None, initial=held)
    clear_form = ours.ClearForm(request.POST if clears else None, auto_id="id_clear_%s")
    if request.method == "POST" and not clears and done(form, actions.change_space, by=by, space=found):
        messages.success(request, _("The space is changed, and those who have a slot to come were told."))
        return redirect("gatherings_desk:space", pk)
    if request.method == "POST" and clears and done(clear_form, actions.clear_slots, by=by, space=found):
        messages.success(request, _("The free slots are gone; make new ones now."))
        return redirect("gatherings_desk:space", pk)
    events = events_of(f"space:{pk}").order_by("-at", "-pk")[:20]
    context = {"space": found, "form": form, "clear_form": clear_form, "events": events}
    return render(request, "gatherings/desk_change_space.html", context)


@page(allow=OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def slot(request: HttpRequest, pk: int) -> HttpResponse:
    """One slot: who has it or asked for it and what for; a POST closes it."""
    rows = Slot.objects.select_related("space__stage__process__department")
    found = get_object_or_404(rows, pk=pk, space__stage__kind="book")
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    require(policy.may_run(by, found.space.stage.process, at))
    form = ours.CloseForm(request.POST or None)
    if request.method == "POST" and done(form, actions.close_slot, by=by, slot=found):
        messages.success(request, _("The slot is closed, and those who had asked for it were told."))
        return redirect("gatherings_desk:slot", pk)
    bookings = page_of(request, found.bookings.select_related("person"))
    for row in bookings:
        row.slot = found
    context = {
        "slot": found,
        "page": bookings,
        "rows": [(row, policy.may_note_use(by, row, at)) for row in bookings],
        "may_close": policy.may_close_slot(by, found, at),
        "form": form,
    }
    return render(request, "gatherings/desk_slot.html", context)


@page(allow=OFFICE)
@require_POST
def use(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that somebody came or did not (`came` is yes or no)."""
    rows = Booking.objects.select_related("slot__space__stage__process__department")
    booking = get_object_or_404(rows, pk=pk)
    came = request.POST.get("came") == "yes"
    actions.note_use(by=request.actor, at=clock.now(), booking=booking, came=came)  # type: ignore[attr-defined]
    messages.success(request, _("That is noted."))
    return redirect("gatherings_desk:slot", booking.slot_id)


@page(allow=roles("officer", "head", "operator", "district_officer"))
@require_http_methods(["GET", "HEAD", "POST"])
def book_for(request: HttpRequest, pk: int) -> HttpResponse:
    """Book a slot at the counter for a citizen who agreed to it."""
    rows = Space.objects.select_related("stage__process__department")
    space = get_object_or_404(rows, pk=pk, stage__process__draft=False)
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    require(policy.may_help(by, space.stage.process, at))
    form = ours.BookForForm(request.POST or None, slots=queries.free_slots(space, at))
    if request.method == "POST" and done(form, actions.book_for, by=by):
        messages.success(request, _("It is booked for the citizen, who has been told."))
        return redirect("gatherings_desk:book_for", pk)
    return render(request, "gatherings/desk_book_for.html", {"space": space, "form": form})
