"""Pages on which citizens find a space, book a slot of it and give it up again."""

from datetime import date, datetime, timedelta
from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.site.gatherings import actions, policy, queries
from madang.site.gatherings.models import Booking, Slot, Space
from madang.site.gatherings.web.space_forms import BookForm
from madang.site.gatherings.web.views import stage_named
from madang.site.kit import clock
from madang.site.kit.actor import Actor
from madang.site.kit.verdict import Refused, Verdict, require
from madang.site.kit.web.access import anyone, page, signed_in
from madang.site.kit.web.paging import page_of
from madang.site.programmes.models import Stage

Own = list[tuple[Booking, Verdict, Verdict]]
MOST_OWN = 50
TOLD = {
    Booking.State.GIVEN: gettext_lazy("The slot is yours."),
    Booking.State.REQUESTED: gettext_lazy("Your request waits for the draw."),
    Booking.State.WAITING: gettext_lazy("You are on the waiting list. You are told as soon as the slot is yours."),
}


@page(allow=anyone)
@require_safe
def spaces(request: HttpRequest, pk: int) -> HttpResponse:
    """The spaces of a stage, the rules of booking, and one's own bookings."""
    stage, by, at = stage_named(pk, "book"), request.actor, clock.now()  # type: ignore[attr-defined]
    context = {
        "stage": stage,
        "rules": stage.rules,
        "page": page_of(request, queries.spaces(stage, at)),
        "own": own_of(by, stage, at),
        "may_more": policy.may_book_more(policy.standing(by.person_id, stage, at), stage),
        "may_run": policy.may_run(by, stage.process, at),
    }
    return render(request, "gatherings/spaces.html", context)


def own_of(by: Actor, stage: Stage, at: datetime) -> Own:
    """One's own bookings in a stage, each with whether it may be cancelled and changed."""
    if not by.known:
        return []
    rows = queries.own_bookings(by.person_id, at, stage)[:MOST_OWN]
    return [(row, policy.may_cancel_booking(by, row, at), policy.may_change_booking(by, row, at)) for row in rows]


def week_of(text: str, default: date) -> date:
    """The Monday of the week of a day written as 2021-11-15, or of another day for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = default
    day = max(min(day, clock.LAST - timedelta(days=14)), clock.FIRST + timedelta(days=14))
    return day - timedelta(days=day.weekday())


@page(allow=anyone)
@require_safe
def space(request: HttpRequest, pk: int) -> HttpResponse:
    """The slots of a space in one week (`?week=2021-11-15`), each with a way to book it or the reason why not."""
    found = get_object_or_404(Space.objects.select_related("stage__process__department"), pk=pk)
    stage, by, at = stage_named(found.stage_id, "book"), request.actor, clock.now()  # type: ignore[attr-defined]
    found.stage = stage
    first = week_of(request.GET.get("week", ""), clock.day_of(at))
    held = policy.standing(by.person_id, stage, at)
    rows = []
    for slot in queries.slots(found, first, by.person_id):
        slot.space = found
        verdict = policy.may_book(by, slot, at, held, slot.taken, slot.mine)  # type: ignore[attr-defined]
        may_wait = slot.taken and policy.may_wait(by, slot, at, held, slot.mine).ok  # type: ignore[attr-defined]
        rows.append((slot, verdict, policy.is_usable(slot, at), may_wait))
    context = {
        "space": found,
        "stage": stage,
        "rules": stage.rules,
        "first": first,
        "last": first + timedelta(days=6),
        "before": queries.week_with_slots(found, first, later=False),
        "after": queries.week_with_slots(found, first, later=True),
        "days": [(day, list(same)) for day, same in groupby(rows, key=lambda row: clock.day_of(row[0].begins))],
        "own": own_of(by, stage, at),
        "may_more": policy.may_book_more(held, stage),
        "at": at,
    }
    return render(request, "gatherings/space.html", context)


@page(allow=signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, pk: int) -> HttpResponse:
    """Book one slot, ask for it or wait for it, the rules before the button; what was typed stays if it is refused."""
    slot = get_object_or_404(Slot.objects.select_related("space"), pk=pk)
    stage, by, at = stage_named(slot.space.stage_id, "book"), request.actor, clock.now()  # type: ignore[attr-defined]
    slot.space.stage = stage
    form = BookForm(request.POST or None, capacity=slot.space.capacity)
    # Whoever chose to wait waits; nobody who wanted to book is put on the list unasked.
    waits = slot.bookings.filter(state__in=policy.TAKEN).exists() and not policy.is_drawn(slot)
    act = actions.wait_for if waits and request.POST.get("do") == "wait" else actions.book
    if request.method == "POST" and form.is_valid():
        try:
            made = act(by=by, at=at, slot=slot, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, TOLD[made.state])
            return redirect("gatherings:spaces", stage.pk)
    context = {
        "slot": slot,
        "stage": stage,
        "rules": stage.rules,
        "drawn": policy.is_drawn(slot),
        "waits": waits,
        "may_book": policy.may_wait(by, slot, at) if waits else policy.may_book(by, slot, at),
        "form": form,
    }
    return render(request, "gatherings/book.html", context)


@page(allow=signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what the own booking or request is for; place and turn stay."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    rows = Booking.objects.select_related("slot__space__stage__process__department")
    booking = get_object_or_404(rows, pk=pk, person_id=by.person_id)
    require(policy.may_change_booking(by, booking, at))
    held = {"purpose": booking.purpose, "size": booking.size, "group": booking.group}
    form = BookForm(request.POST or None, initial=held, capacity=booking.slot.space.capacity)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_booking(by=by, at=at, booking=booking, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Your booking is changed."))
            return redirect("gatherings:spaces", booking.slot.space.stage_id)
    return render(request, "gatherings/change_booking.html", {"booking": booking, "slot": booking.slot, "form": form})


@page(allow=signed_in)
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up the own booking, or take a request back."""
    by = request.actor  # type: ignore[attr-defined]
    rows = Booking.objects.select_related("slot__space__stage__process__department")
    booking = get_object_or_404(rows, pk=pk, person_id=by.person_id)
    actions.cancel_booking(by=by, at=clock.now(), booking=booking)
    messages.success(request, _("The booking is cancelled; somebody else can have the slot now."))
    return redirect("gatherings:spaces", booking.slot.space.stage_id)
