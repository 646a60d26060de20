"""Writes on the quotas of a draw that is to come."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from madang.site.kit.actor import Actor
from madang.site.kit.verdict import Refused, require
from madang.site.panels import policy, quotas
from madang.site.panels.models import Plan
from madang.site.programmes.models import Stage
from madang.site.record.journal import action, write
from madang.sortition import Quota


@action
def plan(*, by: Actor, at: datetime, stage: Stage, wanted: Sequence[Quota], reason: str) -> Plan:
    """Set the quotas of a draw whose list is not frozen yet; they and the reason are public. Raises Refused.

    They may only be others for the same groups: the rules of the recipe say by what the groups are made.
    """
    require(policy.may_plan(by, stage, at))
    before = quotas.quotas_for(stage)
    if not before:
        raise Refused(_("This draw is one among all candidates, so it has no quotas to set."))
    if {one.name for one in wanted} != {one.name for one in before}:
        raise Refused(_("Quotas are set for the groups of the recipe, each of them once."))
    wrong = next((one for one in wanted if not 0 <= one.low <= one.high), None)
    if wrong is not None:
        raise Refused(_("A quota goes from its smallest number up to its largest, and not below zero."))
    if not reason.strip():
        raise Refused(_("Say why the quotas are changed; everybody can read it."))
    rows = quotas.as_rows(wanted)
    row, _new = Plan.objects.update_or_create(
        stage=stage, defaults={"quotas": rows, "reason": reason.strip()[:300], "at": at}
    )
    changed = sorted({one.name for one in set(wanted) - set(before)})
    write(
        book=stage.process.book,
        verb="draw.planned",
        subject=f"stage:{stage.pk}",
        by=by,
        at=at,
        quotas=rows,
        changed=changed,
        reason=row.reason,
    )
    return row
