"""What this room brings: two stage kinds, their figures and work queues."""

from madang.site.followups import figures as figures
from madang.site.followups.inbox import QUEUES
from madang.site.followups.kinds import KINDS
from madang.site.kit.navigation import add_queue
from madang.site.kit.stages import register_kind

for kind in KINDS:
    register_kind(kind)
for queue in QUEUES:
    add_queue(queue)
