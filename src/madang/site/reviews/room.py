"""What this room brings: four stage kinds, their figures and work queues."""

from madang.site.kit.navigation import add_queue
from madang.site.kit.stages import register_kind
from madang.site.reviews import figures as figures
from madang.site.reviews import words as words
from madang.site.reviews.inbox import QUEUES
from madang.site.reviews.kinds import KINDS

for kind in KINDS:
    register_kind(kind)
for queue in QUEUES:
    add_queue(queue)
