"""What this room brings: open calls, and what a matter says on its page."""

from madang.site.intake.kinds import CALL
from madang.site.kit.stages import register_kind

register_kind(CALL)
