"""What this room brings: two stage kinds, their figures and work queues."""

from datetime import datetime

from madang.site.followups import actions, queries
from madang.site.followups import figures as figures
from madang.site.followups import words as words
from madang.site.followups.inbox import QUEUES
from madang.site.followups.kinds import KINDS
from madang.site.kit.actor import Actor
from madang.site.kit.navigation import add_queue
from madang.site.kit.nightly import NightTask, add_night_task
from madang.site.kit.stages import register_kind


def _remind(by: Actor, at: datetime) -> int:
    return actions.remind(by=by, at=at) if queries.somebody_to_remind(at) else 0


for kind in KINDS:
    register_kind(kind)
for queue in QUEUES:
    add_queue(queue)
add_night_task(NightTask("Officials reminded", _remind))
