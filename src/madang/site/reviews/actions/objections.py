"""Objections: the window in which a decision can be questioned, and the answer with its reason."""

from datetime import datetime

from django.utils.translation import gettext as _

from madang.site.docket import conductor
from madang.site.docket.models import Matter
from madang.site.kit.actor import Actor
from madang.site.kit.verdict import Refused, require
from madang.site.programmes.models import Stage
from madang.site.record.journal import action, write
from madang.site.reviews import policy
from madang.site.reviews.models import Objection


@action
def object_to(*, by: Actor, at: datetime, stage: Stage, matter: Matter, text: str) -> Objection:
    """Object to the end of a matter's journey in an earlier stage, or by a ruling (WORKFLOWS 1-2, 1-3 step 6).

    Raises Refused outside the window, without a text, for a matter nobody decided against, and for a
    second objection by the same person.
    """
    require(policy.may_object_to(by, stage, matter, at))
    if not text.strip():
        raise Refused(_("Say what you object to and why."))
    decided_here = {"stage__order__gt" if stage.kind == "screen" else "stage__order__gte": stage.order}
    if matter.passages.filter(**decided_here).exists():
        raise Refused(_("%(number)s was decided on later than what this stage is about.") % {"number": matter.number})
    if Objection.objects.filter(stage=stage, matter=matter, by=by.pseudonym).exists():
        raise Refused(_("You have objected to %(number)s already.") % {"number": matter.number})
    row = Objection.objects.create(
        stage=stage, matter=matter, person_id=by.person_id, text=text.strip(), by=by.pseudonym, at=at
    )
    write(
        book=stage.process.book,
        verb="objection.made",
        subject=f"matter:{matter.pk}",
        by=by,
        at=at,
        stage=stage.order,
        objection=row.pk,
    )
    return row


@action
def decide_objection(*, by: Actor, at: datetime, objection: Objection, upheld: bool, reason: str) -> Objection:
    """Answer an objection once; if it is upheld, the matter is taken back in and goes on.

    Raises Refused without a reason, or if the objection was decided on before.
    """
    require(policy.may_decide_objection(by, objection, at))
    if objection.decided_at is not None:
        raise Refused(_("This objection has been decided on already."))
    if not reason.strip():
        raise Refused(_("Give the reason: the person who objected reads it."))
    objection.upheld, objection.reason = upheld, reason.strip()
    objection.decided_by, objection.decided_at = by.pseudonym, at
    objection.save(update_fields=["upheld", "reason", "decided_by", "decided_at"])
    matter = Matter.objects.get(pk=objection.matter_id)
    stage = _goes_on_in(objection.stage) if upheld else None
    if stage is not None and matter.stage_id != stage.pk:
        conductor.readmit(matter=matter, stage=stage, by=by, at=at, reason=objection.reason)
    people = [objection.person_id] if objection.person_id else []
    url = f"/reviews/objections/{objection.stage_id}/{matter.pk}/"
    conductor.tell(people=people, matter=matter, at=at, ko=_told(upheld, "ko"), en=_told(upheld, "en"), url=url)
    write(
        book=objection.stage.process.book,
        verb="objection.decided",
        subject=f"matter:{objection.matter_id}",
        by=by,
        at=at,
        objection=objection.pk,
        upheld=upheld,
    )
    return objection


def _goes_on_in(stage: Stage) -> Stage:
    """Where a matter goes on whose objection is upheld: with the stage of objections, or after the screening."""
    if stage.kind != "screen":
        return stage
    following = conductor.next_stage(stage)
    if following is None or following.closed_at is not None:
        raise Refused(_("The stage after %(stage)s has closed, so nothing can go on there.") % {"stage": stage.title})
    return following


def _told(upheld: bool, language: str) -> str:
    words = {
        (True, "ko"): "제출하신 이의가 인용되었습니다.",
        (False, "ko"): "제출하신 이의가 기각되었습니다. 사유를 확인해 주세요.",
        (True, "en"): "Your objection was upheld.",
        (False, "en"): "Your objection was rejected. Please read the reason.",
    }
    return words[upheld, language]
