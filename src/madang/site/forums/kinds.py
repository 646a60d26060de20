"""The stage kinds support and discuss: what each says about every matter when it closes."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from madang.site.docket.models import Matter
from madang.site.forums import policy, queries
from madang.site.forums.settings import Discuss, Support
from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.kit.stages import Outcome, StageKind
from madang.site.programmes.models import Stage


def close_support(stage: Stage, *, by: Actor, at: datetime) -> Iterable[Outcome]:
    """Who has the supports needed on the day passes; the rest end."""
    needed = queries.threshold_on(stage, day_of(at))
    for key, count in sorted(queries.supports_by_matter(stage).items()):
        reaches = needed is not None and count >= needed
        with override(settings.LANGUAGE_CODE):
            reason = _("%(count)d of %(needed)d supports.") % {"count": count, "needed": needed or 0}
        yield Outcome(key, "supported" if reaches else "not_supported", passes=reaches, reason=reason)


def close_discuss(stage: Stage, *, by: Actor, at: datetime) -> Iterable[Outcome]:
    """A debate decides nothing: everything in it passes as discussed."""
    keys = Matter.objects.filter(stage=stage).values_list("pk", flat=True)
    return [Outcome(key, "discussed", passes=True) for key in keys]


KINDS = [
    StageKind(
        "support",
        "공감",
        "support",
        Support,
        citizen_page="forums:support_stage",
        desk_page="forums_desk:support_stage",
        for_citizens=True,
        invites="discuss",
        closed=close_support,
    ),
    StageKind(
        "discuss",
        "토론",
        "discussion",
        Discuss,
        citizen_page="forums:discuss_stage",
        desk_page="forums_desk:discuss_stage",
        for_citizens=True,
        invites="discuss",
        verbs={"conclude": policy.may_conclude},
        closed=close_discuss,
    ),
]
