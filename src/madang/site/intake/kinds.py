"""The stage kind call: whatever is still in it when it closes was received."""

from collections.abc import Iterable
from datetime import datetime

from madang.site.docket.models import Matter
from madang.site.intake.policy import may_write
from madang.site.intake.settings import Call
from madang.site.kit.actor import Actor
from madang.site.kit.stages import Outcome, StageKind
from madang.site.programmes.models import Stage


def closed(stage: Stage, *, by: Actor, at: datetime) -> Iterable[Outcome]:
    """Everything filed passes as received."""
    keys = Matter.objects.filter(stage=stage).values_list("pk", flat=True)
    return [Outcome(key, "received", passes=True) for key in keys]


CALL = StageKind(
    "call",
    "공모",
    "open call",
    Call,
    citizen_page="intake:call",
    desk_page="intake_desk:call",
    for_citizens=True,
    invites="propose",
    verbs={"submit": may_write},
    closed=closed,
)
