"""What this room brings: the stage kind in which matters are handed over to another process."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from madang.site.docket import figures as figures
from madang.site.docket import words as words
from madang.site.docket.mailing import mail_all
from madang.site.docket.models import Matter
from madang.site.docket.settings import HandOver
from madang.site.kit.actor import Actor
from madang.site.kit.navigation import Entry, add_entry
from madang.site.kit.nightly import NightTask, add_night_task
from madang.site.kit.stages import Outcome, StageKind, register_kind
from madang.site.kit.verdict import Refused
from madang.site.programmes.models import Stage


def closed(stage: Stage, *, by: Actor, at: datetime) -> Iterable[Outcome]:
    """Closing waits until every matter was handed over. Raises Refused with how many are left."""
    left = Matter.objects.filter(stage=stage).count()
    if left:
        raise Refused(
            ngettext(
                "%(count)d matter is still to be handed over.", "%(count)d matters are still to be handed over.", left
            )
            % {"count": left}
        )
    return ()


register_kind(StageKind("hand_over", "이관", "hand-over", HandOver, closed=closed))
add_entry(Entry(_("Matters"), "docket:matters", order=20))
add_night_task(NightTask("Messages with notices", mail_all))
