"""Work queues: meetings that were held and are not written down, bookings that wait for a draw or a word."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from madang.site.gatherings.models import Attendance, Booking, Gathering
from madang.site.kit.actor import Actor
from madang.site.kit.language import pick
from madang.site.kit.navigation import Queue, Task
from madang.site.programmes.models import Stage
from madang.site.programmes.queues import STAGE_SHOWS, in_charge, stage_task

ROLES = ("officer", "head", "operator")


def _meetings(by: Actor, at: datetime) -> QuerySet[Gathering]:
    """Meetings of open stages that were held, without attendance or without minutes."""
    rows = Gathering.objects.filter(in_charge(by, *ROLES), held_at__lte=at, cancelled_at=None, stage__closed_at=None)
    counted = Attendance.objects.filter(gathering=OuterRef("pk"))
    unmarked = ~Exists(counted) & ~Q(mode=Gathering.Mode.WRITTEN)
    return rows.filter(Q(minutes_at=None) | unmarked, stage__isnull=False)


def _meeting_task(row: Mapping[str, Any], due: date | None) -> Task:
    title = pick(row["ko"], row["en"])
    return Task(
        title, reverse("gatherings_desk:meeting", args=[row["pk"]]), due, pick(row["process_ko"], row["process_en"])
    )


def _draws(by: Actor, at: datetime) -> QuerySet[Stage]:
    """Open stages that give slots by lot in which requests wait, due when the first of their slots begins."""
    waiting = Q(spaces__slots__bookings__state=Booking.State.REQUESTED, spaces__slots__begins__gt=at)
    rows = Stage.public.filter(in_charge(by, *ROLES), kind="book", opened_at__isnull=False, closed_at=None)
    rows = rows.filter(settings__given="draw")
    return rows.annotate(first=Min("spaces__slots__begins", filter=waiting)).filter(first__isnull=False)


def _uses(by: Actor, at: datetime) -> QuerySet[Booking]:
    """Bookings whose slot has begun and of which nobody said whether somebody came."""
    rows = Booking.objects.filter(in_charge(by, *ROLES, path="slot__space__stage__process__"))
    return rows.filter(state=Booking.State.GIVEN, slot__begins__lte=at, slot__space__stage__closed_at=None)


def _use_task(row: Mapping[str, Any], due: date | None) -> Task:
    return Task(pick(row["ko"], row["en"]), reverse("gatherings_desk:slot", args=[row["slot"]]), due)


QUEUES = [
    Queue(
        name="gatherings.meetings",
        title=_("Meetings to write down"),
        roles=ROLES,
        rows=_meetings,
        due="held_at",
        shows={
            "pk": "pk",
            "ko": "title_ko",
            "en": "title_en",
            "process_ko": "process__title_ko",
            "process_en": "process__title_en",
        },
        task=_meeting_task,
    ),
    Queue(
        name="gatherings.draws",
        title=_("Bookings to draw"),
        roles=ROLES,
        rows=_draws,
        due="first",
        shows=STAGE_SHOWS,
        task=stage_task,
    ),
    Queue(
        name="gatherings.uses",
        title=_("Bookings: did somebody come?"),
        roles=ROLES,
        rows=_uses,
        due="slot__begins",
        shows={"slot": "slot_id", "ko": "slot__space__name_ko", "en": "slot__space__name_en"},
        task=_use_task,
    ),
]
