"""What this room brings: the kinds `draw` and `appoint`, the desk's queue, figures."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from madang.site.kit.actor import Actor
from madang.site.kit.navigation import Queue, Task, add_queue
from madang.site.kit.nightly import NightTask, add_night_task
from madang.site.kit.stages import StageKind, register_kind
from madang.site.panels import actions, policy, queries, settings
from madang.site.panels import figures as figures
from madang.site.panels import words as words

DRAW = StageKind(
    name="draw",
    title_ko="추첨",
    title_en="draw by lot",
    Settings=settings.Draw,
    citizen_page="panels:draw",
    desk_page="panels_desk:draw",
    verbs={"freeze": policy.may_freeze, "draw": policy.may_draw, "call_reserves": policy.may_call_reserves},
    closed=actions.close_draw,
)
APPOINT = StageKind(
    name="appoint",
    title_ko="위촉",
    title_en="appointment",
    Settings=settings.Appoint,
    citizen_page="panels:appointment",
    desk_page="panels_desk:appointment",
    verbs={"appoint": policy.may_run},
    closed=actions.close_appointment,
)


def _count(by: Actor, at: datetime) -> int:
    return queries.waiting_draws(by, at).count()


def _tasks(by: Actor, at: datetime, limit: int) -> Sequence[Task]:
    return [
        Task(
            title=stage.title,
            url=reverse(stage.behaviour.desk_page, args=[stage.pk]),
            due=stage.closes_on,
            context=stage.process.title,
        )
        for stage in queries.waiting_draws(by, at)[:limit]
    ]


register_kind(DRAW)
register_kind(APPOINT)
add_night_task(NightTask("Reserves called", lambda by, at: actions.call_reserves_of_the_night(by=by, at=at)))
add_queue(Queue("panels.draws", _("Draws and appointments"), ("officer", "head"), _count, _tasks))
