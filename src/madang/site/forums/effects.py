"""What settling the support of a stage, or concluding debates, would do to each matter."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from madang.site.docket import conductor
from madang.site.docket.effects import Effect
from madang.site.docket.models import Matter
from madang.site.docket.outcomes import OUTCOME_NAMES
from madang.site.forums.actions import to_settle
from madang.site.kit.language import pick
from madang.site.programmes.models import Stage


def of_settling(stage: Stage, at: datetime) -> list[Effect]:
    """What settling would do, in the order of the receipt numbers."""
    outcomes = {outcome.matter_id: outcome for outcome in to_settle(stage, at)}
    says = {passes: _then(stage, passes) for passes in (True, False)}
    effects = []
    for matter in Matter.objects.filter(pk__in=outcomes).order_by("number"):
        outcome = outcomes[matter.pk]
        effects.append(Effect(matter, says[outcome.passes] % {"outcome": pick(*OUTCOME_NAMES[outcome.outcome])}))
    return effects


def of_concluding(stage: Stage, matters: Sequence[Matter]) -> list[Effect]:
    """What concluding the debate on matters would do."""
    says = _then(stage, True) % {"outcome": pick(*OUTCOME_NAMES["discussed"])}
    gone = _("%(number)s is not in this stage.")
    return [
        Effect(matter, says, "" if matter.stage_id == stage.pk else gone % {"number": matter.number})
        for matter in matters
    ]


def _then(stage: Stage, passes: bool) -> str:
    following = conductor.next_stage(stage) if passes else None
    if following is None:
        return _("%(outcome)s; its journey ends here and the author is told now.")
    # The name of a stage may hold a percent sign.
    return _("%(outcome)s; it goes on to “%(stage)s” and the author is told now.") % {
        "outcome": "%(outcome)s",
        "stage": following.title.replace("%", "%%"),
    }
