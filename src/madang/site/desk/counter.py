"""What an official at a counter can do for a citizen now, over all rooms."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from madang.site.forums import policy as forums
from madang.site.gatherings import policy as gatherings
from madang.site.gatherings.models import Cohort, Space
from madang.site.intake import policy as intake
from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.programmes.models import Stage
from madang.site.votes import policy as votes
from madang.site.votes.models import Election

# Who is enrolled may still be entered on the first day of a run.
RUNS = timedelta(days=1)


@dataclass(frozen=True)
class Help:
    """What is open: calls to file at, runs to enrol in, spaces, stages that seek support, and votes.

    Of each vote, whether this official enters its papers.
    """

    calls: list[Stage]
    runs: list[Cohort]
    spaces: list[Space]
    supports: list[Stage]
    elections: list[tuple[Election, bool]]


def help_at(by: Actor, at: datetime) -> Help:
    """What this official may enter for others now. Five queries, and one for each vote."""
    open_now: dict[str, Any] = {"opened_at__isnull": False, "closed_at": None}
    calls = Stage.public.filter(kind="call", **open_now).select_related("process__department", "process__programme")
    runs = Cohort.objects.filter(starts_on__gt=day_of(at) - RUNS, institution="", course__process__draft=False)
    runs = runs.select_related("course__process__department").order_by("starts_on", "pk")
    spaces = Space.objects.filter(stage__opened_at__isnull=False, stage__closed_at=None, stage__process__draft=False)
    spaces = spaces.select_related("stage__process__department").order_by("stage", "pk")
    supports = Stage.public.filter(kind="support", **open_now).select_related("process__department")
    elections = Election.objects.filter(stage__closed_at=None, stage__opened_at__isnull=False)
    elections = elections.select_related("stage__process__department")
    return Help(
        calls=[row for row in calls.order_by("closes_on", "pk") if intake.may_help(by, row, at, None).ok],
        runs=[row for row in runs if gatherings.may_help(by, row.course.process, at).ok],
        spaces=[row for row in spaces if gatherings.may_help(by, row.stage.process, at).ok],
        supports=[row for row in supports.order_by("closes_on", "pk") if forums.may_help(by, row, at).ok],
        elections=[(row, votes.may_enter_paper(by, row, at).ok) for row in elections.order_by("pk")],
    )
