"""Who may answer and deliver. Denied by default; the reason is shown on the page."""

from datetime import datetime

from django.utils.translation import gettext as _

from madang.site.docket.models import Matter
from madang.site.followups.models import Referral
from madang.site.followups.settings import Deliver
from madang.site.kit.actor import Actor
from madang.site.kit.verdict import YES, Verdict, first_no, no
from madang.site.people import claims
from madang.site.people.models import Organisation
from madang.site.programmes.models import Stage

OFFICIALS = ("officer", "head")


def may_refer(by: Actor, stage: Stage, at: datetime) -> Verdict:
    """Asking a department for its answer: officials of the process's department."""
    return first_no(_open(stage, "answer"), _official(by, stage))


def may_answer(by: Actor, stage: Stage, referral: Referral | None, at: datetime) -> Verdict:
    """Answering: officials of the department the matter was referred to, or of the process's department."""
    opened = _open(stage, "answer")
    if not opened.ok:
        return opened
    if referral is not None and by.holds(*OFFICIALS, organisation=referral.department.code):
        return YES
    return _official(by, stage)


def may_deliver(by: Actor, matter: Matter, at: datetime) -> Verdict:
    """Milestones, completion and stopping: officials of the process's department, or of the one that answered."""
    stage = matter.stage
    if stage is None or stage.kind != "deliver" or not stage.is_open:
        return no(_("%(number)s is not being carried out at present.") % {"number": matter.number})
    verdict = _official(by, stage)
    if verdict.ok or not by.grants:
        return verdict
    answered = Organisation.objects.filter(answers__matter=matter).values_list("code", flat=True)
    return YES if any(by.holds(*OFFICIALS, organisation=code) for code in answered) else verdict


def may_remind(by: Actor, at: datetime) -> Verdict:
    """Reminders are sent by the night only."""
    return YES if by.holds("system") else no(_("Reminders are sent each night by themselves."))


def may_visit(by: Actor, matter: Matter, at: datetime) -> Verdict:
    """Reporting a visit: members of the body of citizen monitors that the stage names."""
    stage = matter.stage
    if stage is None or stage.kind != "deliver" or not stage.is_open:
        return no(_("%(number)s is not being carried out at present.") % {"number": matter.number})
    body = Deliver.model_validate(stage.settings).monitors
    if not body:
        return no(_("No citizen monitors are appointed for %(stage)s.") % {"stage": stage.title})
    return claims.check(person_id=by.person_id, rules=[f"member_of:{body}"], at=at)


def _open(stage: Stage, kind: str) -> Verdict:
    if stage.kind != kind or not stage.is_open:
        return no(_("%(stage)s is not open for this.") % {"stage": stage.title})
    return YES


def _official(by: Actor, stage: Stage) -> Verdict:
    if by.holds("system") or by.holds(*OFFICIALS, organisation=stage.process.department.code):
        return YES
    return no(_("Only officials of %(name)s may do this.") % {"name": stage.process.department.name})
