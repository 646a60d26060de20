"""The player of delivery: milestones are set for what was adopted, and reached one after another."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from madang.site.docket.models import Matter
from madang.site.followups import actions as followups
from madang.site.followups.models import Milestone
from madang.site.kit.clock import day_of
from madang.site.programmes.models import Stage
from madang.site.replay.schedule import Step, beginning
from madang.site.replay.world import World

Script = dict[str, Any]


def play_deliver(world: World, stage: Stage, script: Script) -> Iterator[Step]:
    """Every other week: milestones for what has come in since, at the days after that `days` names.

    Those that are due are reached, but for one in `late`.
    """
    officer = world.official("officer", stage.process.department)
    until = world.day(script["until"], hour=18)
    names = world.words["milestones"]

    def plan(at: datetime) -> None:
        fresh = Matter.objects.filter(stage=stage, milestones__isnull=True).select_related("process__department")
        for matter in fresh.order_by("pk"):
            for name, days in zip(names, script["days"], strict=True):
                due = day_of(at) + timedelta(days=days)
                followups.add_milestone(by=officer, at=at, matter=matter, title=name, due_on=due)

    def reach(at: datetime) -> None:
        due = Milestone.objects.filter(matter__stage=stage, reached_at=None, due_on__lte=day_of(at))
        for milestone in due.select_related("matter__process__department").order_by("due_on", "pk"):
            if milestone.pk % script["late"]:
                followups.reach_milestone(by=officer, at=at, milestone=milestone, note=world.words["reached"][0])

    at = beginning(stage, script) + timedelta(days=14, hours=2)
    while at < until:
        yield Step(at, stage.order, lambda at=at: (plan(at), reach(at)))
        at += timedelta(days=14)
