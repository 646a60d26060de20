"""What asking a department for its answer to many matters would do to each."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from madang.site.docket.effects import Effect
from madang.site.docket.models import Matter
from madang.site.followups.models import Referral
from madang.site.followups.settings import Answer as AnswerRules
from madang.site.kit.clock import day_of
from madang.site.kit.deadlines import due_day
from madang.site.kit.templatetags.madang import day as words_of
from madang.site.people.models import Organisation
from madang.site.programmes.models import Stage


def of_referrals(
    *, at: datetime, stage: Stage, matters: Sequence[Matter], department: Organisation, due_on: date | None
) -> list[Effect]:
    """What referring would do, in the order of the matters. One query."""
    day = due_on or due_day(start=day_of(at), days=AnswerRules.model_validate(stage.settings).days)
    held = Referral.objects.filter(stage=stage, matter__in=matters).select_related("department")
    before = {row.matter_id: row.department.name for row in held}
    effects = []
    for matter in matters:
        says = _("%(department)s, until %(day)s.") % {"department": department.name, "day": words_of(day)}
        if matter.pk in before:
            says = _("%(then)s Replaces: %(department)s.") % {"then": says, "department": before[matter.pk]}
        gone = _("%(number)s is not in this stage.") % {"number": matter.number}
        effects.append(Effect(matter, says, "" if matter.stage_id == stage.pk else gone))
    return effects
