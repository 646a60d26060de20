"""Work queues of the stages whose day has come: to be opened, and to be closed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.kit.language import pick
from madang.site.kit.navigation import Queue, Task
from madang.site.kit.stages import kinds
from madang.site.programmes.models import Stage
from madang.site.programmes.queues import STAGE_SHOWS, in_charge

ROLES = ("officer", "head")
# Their rooms have queues of their own, which say what is to be done before they can be closed.
ELSEWHERE = ("draw", "appoint", "vote", "allot", "support")


def to_open(by: Actor, at: datetime) -> QuerySet[Stage]:
    """Stages whose first day has come, of processes that have begun or were planned at the desk."""
    later = Stage.objects.filter(process=OuterRef("process"), order__gt=OuterRef("order"), opened_at__isnull=False)
    begun = Q(process__opened_at__isnull=False) | Q(process__planned_at_desk=True)
    built = [name for name, kind in kinds().items() if not kind.planned]
    rows = Stage.public.filter(begun, in_charge(by, *ROLES), kind__in=built, opened_at=None, closed_at=None)
    return rows.filter(~Exists(later), process__closed_at=None, opens_on__lte=day_of(at))


def to_close(by: Actor, at: datetime) -> QuerySet[Stage]:
    """Open stages whose last day is over or today."""
    rows = Stage.public.filter(in_charge(by, *ROLES), opened_at__isnull=False, closed_at=None)
    return rows.filter(closes_on__lte=day_of(at)).exclude(kind__in=ELSEWHERE)


def _task(page: str, row: Mapping[str, Any], due: date | None) -> Task:
    title, process = pick(row["stage_ko"], row["stage_en"]), pick(row["process_ko"], row["process_en"])
    return Task(title, reverse(page, args=[row["pk"]]), due, process)


QUEUES = [
    Queue(
        name="desk.to_open",
        title=_("Stages to open"),
        roles=ROLES,
        rows=to_open,
        due="opens_on",
        shows=STAGE_SHOWS,
        task=lambda row, due: _task("desk_desk:start", row, due),
    ),
    Queue(
        name="desk.to_close",
        title=_("Stages to close"),
        roles=ROLES,
        rows=to_close,
        due="closes_on",
        shows=STAGE_SHOWS,
        task=lambda row, due: _task("desk_desk:finish", row, due),
    ),
]
