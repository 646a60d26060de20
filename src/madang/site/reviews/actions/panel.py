"""After the scoring: its end, from which officials see the points, and single sheets that go back to their reviewer."""

from datetime import datetime

from django.utils.translation import gettext as _

from madang.site.docket import conductor
from madang.site.kit.actor import Actor
from madang.site.kit.verdict import Refused, require
from madang.site.programmes.models import Stage
from madang.site.record.journal import action, write
from madang.site.reviews import decided, policy
from madang.site.reviews.models import Assignment


@action
def end_scoring(*, by: Actor, at: datetime, stage: Stage) -> None:
    """End the scoring: no sheet comes in any more, and officials see the points; nothing is published.

    Raises Refused if it has ended, or a matter misses the quorum of sheets.
    """
    require(policy.may_assign(by, stage, at))
    decided.require_sheets(stage)
    write(book=stage.process.book, verb="review.scoring_ended", subject=f"stage:{stage.pk}", by=by, at=at)


@action
def send_back(*, by: Actor, at: datetime, assignment: Assignment, reason: str) -> Assignment:
    """Send a sheet back to its reviewer, who hands it in again; until then nothing can be published.

    Raises Refused before the end of the scoring, without a reason, or if it is with its reviewer already.
    """
    require(policy.may_send_back(by, assignment, at))
    if not reason.strip():
        raise Refused(_("Say what the reviewer is to look at again; they read it."))
    assignment.sent_back_at, assignment.sent_back_reason = at, reason.strip()[:300]
    assignment.save(update_fields=["sent_back_at", "sent_back_reason"])
    _note("sheet.sent_back", assignment, by, at)
    conductor.tell(
        people=[assignment.person_id],
        matter=None,
        at=at,
        ko=f"채점표를 다시 살펴봐 주세요 ({assignment.matter.number}): {assignment.sent_back_reason}",
        en=f"Please look at your score sheet again ({assignment.matter.number}): {assignment.sent_back_reason}",
        url=f"/reviews/sheets/{assignment.pk}/",
    )
    return assignment


@action
def keep_sheet(*, by: Actor, at: datetime, assignment: Assignment) -> None:
    """Let a sheet that was sent back count as it was. Raises Refused if it is not with its reviewer."""
    stage = assignment.stage
    require(policy.may_publish(by, stage, at))
    if not Assignment.objects.filter(pk=assignment.pk, sent_back_at__isnull=False).update(sent_back_at=None):
        raise Refused(_("This sheet is not with its reviewer."))
    _note("sheet.kept", assignment, by, at)


def _note(verb: str, assignment: Assignment, by: Actor, at: datetime) -> None:
    stage = assignment.stage
    subject = f"matter:{assignment.matter_id}"
    write(book=stage.process.book, verb=verb, subject=subject, by=by, at=at, stage=stage.order)
