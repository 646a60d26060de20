"""Meetings, runs of courses and bookings as an iCalendar file (RFC 5545)."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext
from icalendar import Calendar, Event

from madang.site.gatherings.models import Booking, Cohort, Gathering
from madang.site.programmes.models import Stage

MEETING_LASTS = timedelta(hours=2)
State = Booking.State


def calendar_file(
    name: str,
    meetings: Iterable[Gathering],
    *,
    at: datetime,
    address: Callable[[str], str],
    runs: Iterable[Cohort] = (),
    bookings: Iterable[Booking] = (),
    deadlines: Iterable[Stage] = (),
) -> bytes:
    """The file of a calendar. `address` makes a path of the site a whole address.

    An entry keeps its UID for good and counts up SEQUENCE with each change, so that programs move it instead of
    adding another one; what was cancelled stays in it as cancelled.
    """
    file = Calendar()
    file.add("prodid", "-//Madang//meetings//")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    file.add("name", name)
    file.add("x-wr-calname", name)
    file.add("refresh-interval", timedelta(hours=4), parameters={"VALUE": "DURATION"})
    for gathering in meetings:
        file.add_component(_meeting(gathering, address))
    for run in runs:
        file.add_component(_run(run, at, address))
    for booking in bookings:
        file.add_component(_booking(booking, address))
    for stage in deadlines:
        file.add_component(_deadline(stage, at, address))
    return file.to_ical()


def _meeting(gathering: Gathering, address: Callable[[str], str]) -> Event:
    entry = _entry(f"gathering-{gathering.pk}", gathering.changed_at or gathering.held_at, gathering.changes)
    written = gathering.mode == Gathering.Mode.WRITTEN
    entry.add("dtstart", gathering.held_at)
    # What members write in a meeting in writing is due at one moment; it takes up no time of their day.
    entry.add(
        "dtend" if not written else "duration", gathering.held_at + MEETING_LASTS if not written else timedelta(0)
    )
    entry.add("transp", "TRANSPARENT" if written else "OPAQUE")
    entry.add("status", "CANCELLED" if gathering.cancelled_at else "CONFIRMED")
    entry.add("summary", gathering.title)
    entry.add("description", gathering.cancelled_because or gathering.agenda or gathering.process.title)
    entry.add("url", address(f"/gatherings/{gathering.pk}/"))
    return entry


def _run(run: Cohort, at: datetime, address: Callable[[str], str]) -> Event:
    entry = _entry(f"run-{run.pk}", at, 0)
    entry.add("dtstart", run.starts_on)
    entry.add("transp", "TRANSPARENT")
    entry.add("status", "CONFIRMED")
    entry.add("summary", run.title)
    entry.add("description", run.course.process.title)
    entry.add("url", address(f"/processes/{run.course.process.code}/"))
    return entry


def _booking(booking: Booking, address: Callable[[str], str]) -> Event:
    waits, held = (
        booking.state in (State.REQUESTED, State.WAITING),
        booking.state in (State.GIVEN, State.USED, State.NO_SHOW),
    )
    # A request comes first, what became of it after: the numbers rise as a booking goes on.
    entry = _entry(f"booking-{booking.pk}", booking.changed_at, 0 if waits else 1 if held else 2)
    entry.add("dtstart", booking.slot.begins)
    entry.add("dtend", booking.slot.ends)
    entry.add("transp", "OPAQUE" if held else "TRANSPARENT")
    entry.add("status", "TENTATIVE" if waits else "CONFIRMED" if held else "CANCELLED")
    entry.add("summary", booking.slot.space.name)
    entry.add("location", booking.slot.space.place)
    entry.add("url", address(f"/gatherings/spaces/{booking.slot.space_id}/"))
    return entry


def _deadline(stage: Stage, at: datetime, address: Callable[[str], str]) -> Event:
    entry = _entry(f"stage-{stage.pk}", at, 0)
    entry.add("dtstart", stage.closes_on)
    entry.add("transp", "TRANSPARENT")
    entry.add("status", "CONFIRMED")
    entry.add("summary", gettext("%(stage)s ends") % {"stage": stage.title})
    entry.add("description", stage.process.title)
    entry.add("url", address(f"/processes/{stage.process.code}/"))
    return entry


def _entry(name: str, changed_at: datetime, changes: int) -> Event:
    entry = Event()
    entry.add("uid", f"{name}@{settings.CITY_FOLDER.name}.madang")
    entry.add("dtstamp", changed_at)
    entry.add("last-modified", changed_at)
    entry.add("sequence", changes)
    return entry
