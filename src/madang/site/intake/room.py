"""What this room brings: open calls, and what a matter says on its page."""

from madang.site.intake import words as words
from madang.site.intake.actions import forget_personal
from madang.site.intake.kinds import CALL
from madang.site.kit.nightly import NightTask, add_night_task
from madang.site.kit.stages import register_kind

register_kind(CALL)
add_night_task(NightTask("Personal answers forgotten", lambda by, at: forget_personal(by=by, at=at)))
