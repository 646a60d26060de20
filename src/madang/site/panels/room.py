"""What this room brings: the kinds `draw` and `appoint`, the desk's queue, figures."""

from django.utils.translation import gettext_lazy as _

from madang.site.kit.navigation import Queue, add_queue
from madang.site.kit.nightly import NightTask, add_night_task
from madang.site.kit.stages import StageKind, register_kind
from madang.site.panels import actions, policy, queries, settings
from madang.site.panels import figures as figures
from madang.site.panels import words as words
from madang.site.programmes.queues import STAGE_SHOWS, stage_task

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


register_kind(DRAW)
register_kind(APPOINT)
add_night_task(NightTask("Reserves called", lambda by, at: actions.call_reserves_of_the_night(by=by, at=at)))
add_queue(
    Queue(
        name="panels.draws",
        title=_("Draws and appointments"),
        roles=("officer", "head"),
        rows=queries.waiting_draws,
        due="closes_on",
        shows=STAGE_SHOWS,
        task=stage_task,
    )
)
