"""Who may screen, score, object and decide. Denied by default; the reason is shown on the page."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from madang.site.docket.models import Matter
from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.kit.templatetags.madang import day as words_of
from madang.site.kit.verdict import YES, Verdict, first_no, no
from madang.site.programmes.models import Stage
from madang.site.record.models import Event
from madang.site.reviews.models import Assignment, Costing, Letter, Objection, Screening
from madang.site.reviews.settings import Object, Screen, rules_of

OFFICIALS = ("officer", "head")
UNDO_WITHIN = timedelta(hours=1)
# Journeys that ended by the author's own step, or that go on elsewhere, are no decision to object to.
NOT_OBJECTED = ("withdrawn", "merged", "handed_over")


def may_refer(by: Actor, stage: Stage, at: datetime) -> Verdict:
    """Referring matters to departments: officials of the process's department."""
    return first_no(_open(stage, "screen"), _official(by, stage))


def may_rule(by: Actor, stage: Stage, at: datetime) -> Verdict:
    """Ruling on any matter of a screening: officials of the process's department."""
    return first_no(_open(stage, "screen"), _official(by, stage))


def may_rule_on(by: Actor, screening: Screening, at: datetime) -> Verdict:
    """Ruling on one matter, or pausing its clock: also officials of the department it was referred to."""
    opened = _open(screening.stage, "screen")
    if not opened.ok:
        return opened
    if screening.department is not None and by.holds(*OFFICIALS, organisation=screening.department.code):
        return YES
    return _official(by, screening.stage)


def may_undo(by: Actor, screening: Screening, at: datetime) -> Verdict:
    """Taking a ruling back: who made it, while the stage is open; for an hour where rulings take effect at once."""
    verdict = may_rule_on(by, screening, at)
    if not verdict.ok:
        return verdict
    if screening.ruled_at is None:
        return no(_("There is no ruling to undo."))
    if screening.ruled_by != by.pseudonym:
        return no(_("Somebody else ruled on it; only they can undo that."))
    if rules_of(screening.stage, Screen).rolling and at > screening.ruled_at + UNDO_WITHIN:
        return no(_("A ruling that took effect can be undone for an hour, and that is over."))
    objected = getattr(screening, "objected", None)
    if objected is None:
        objected = Objection.objects.filter(stage=screening.stage, matter_id=screening.matter_id).exists()
    return no(_("Somebody has objected to it already; decide on the objection.")) if objected else YES


def may_estimate_cost(by: Actor, matter: Matter, at: datetime) -> Verdict:
    """Costing: officials of the process's department or of the one the matter was referred to, while it is screened."""
    if matter.stage is None or matter.stage.kind != "screen" or not matter.stage.is_open:
        return no(_("%(number)s is not being screened, so its cost is settled.") % {"number": matter.number})
    if _official(by, matter.stage).ok:
        return YES
    referred = Screening.objects.filter(matter=matter, stage=matter.stage).select_related("department").first()
    if referred and referred.department and by.holds(*OFFICIALS, organisation=referred.department.code):
        return YES
    return _official(by, matter.stage)


def may_check_cost(by: Actor, costing: Costing, at: datetime) -> Verdict:
    """The second look at an estimate: those who may estimate, but never whoever made it."""
    verdict = may_estimate_cost(by, costing.matter, at)
    if not verdict.ok:
        return verdict
    if costing.checked_at is not None:
        return no(_("A second look has been taken at this estimate."))
    if costing.by == by.pseudonym:
        return no(_("You made this estimate yourself; a colleague takes the second look."))
    later = Costing.objects.filter(matter=costing.matter_id, at__gte=costing.at, pk__gt=costing.pk)
    return no(_("A later estimate holds.")) if later.exists() else YES


def may_assign(by: Actor, stage: Stage, at: datetime) -> Verdict:
    """Assigning and reminding reviewers, ending the scoring: officials of the process's department, until it ended."""
    return first_no(_open(stage, "review"), _official(by, stage), _scoring(stage))


def may_see_points(by: Actor, stage: Stage, at: datetime) -> Verdict:
    """Points: officials of the process's department once the scoring has ended; everybody once the stage is closed."""
    if stage.closed_at is not None:
        return YES
    if not scoring_ended(stage):
        return no(_("Points stay secret, also from officials, until the scoring has ended."))
    return _official(by, stage)


def may_send_back(by: Actor, assignment: Assignment, at: datetime) -> Verdict:
    """Sending a sheet back to its reviewer: who sees the points, before they are published."""
    stage = assignment.stage
    verdict = first_no(_open(stage, "review"), may_see_points(by, stage, at))
    if not verdict.ok:
        return verdict
    if assignment.recused or getattr(assignment, "sheet", None) is None:
        return no(_("There is no score sheet that counts to send back."))
    if assignment.sent_back_at is not None:
        return no(_("This sheet is with its reviewer already."))
    return YES


def may_hand_in(stage: Stage, assignments: Sequence[Assignment]) -> Verdict:
    """Handing sheets in: until the scoring has ended, afterwards only those that were sent back."""
    return YES if all(row.sent_back_at for row in assignments) else _scoring(stage)


def may_publish(by: Actor, stage: Stage, at: datetime) -> Verdict:
    """Preparing letters, correcting them and publishing all at once: officials of the process's department."""
    if stage.kind not in ("screen", "review", "decide") or not stage.is_open:
        return no(_("%(stage)s is not open for this.") % {"stage": stage.title})
    if stage.kind == "screen" and rules_of(stage, Screen).rolling:
        return no(_("%(stage)s is not decided for all at once.") % {"stage": stage.title})
    return _official(by, stage)


def may_change_letter(by: Actor, letter: Letter, at: datetime) -> Verdict:
    """Correcting a letter: until it was sent."""
    sent = no(_("This letter has been sent.")) if letter.sent_at is not None else YES
    return first_no(sent, may_publish(by, letter.stage, at))


def may_read_letter(by: Actor, letter: Letter, at: datetime) -> Verdict:
    """Letters that were sent: the author of the matter, and officials of the process's department."""
    if letter.sent_at is not None and by.known and by.person_id == letter.matter.author_id:
        return YES
    return _official(by, letter.stage)


def may_submit_scores(by: Actor, stage: Stage, person_id: int | None, at: datetime) -> Verdict:
    """Scoring: reviewers their own sheets; the system may enter those of anybody."""
    opened = _open(stage, "review")
    if not opened.ok:
        return opened
    if person_id is None:
        return no(_("Please sign in first."))
    if by.person_id == person_id or by.holds("system"):
        return YES
    return no(_("Everybody fills in their own score sheets only."))


def may_score(by: Actor, assignment: Assignment, at: datetime) -> Verdict:
    """Scoring one matter: its assigned reviewer, unless recused or its author."""
    if assignment.recused:
        return no(_("You stepped back from %(number)s.") % {"number": assignment.matter.number})
    if assignment.matter.author_id == assignment.person_id:
        return no(_("Nobody scores their own proposal (%(number)s).") % {"number": assignment.matter.number})
    return may_submit_scores(by, assignment.stage, assignment.person_id, at)


def may_recuse(by: Actor, stage: Stage, at: datetime) -> Verdict:
    """Stepping back: reviewers of the stage; whether they are assigned is seen from the matter."""
    return first_no(_open(stage, "review"), YES if by.known else no(_("Please sign in first.")), _scoring(stage))


def may_object(by: Actor, stage: Stage, at: datetime) -> Verdict:
    """Objecting: everybody signed in, within the window."""
    opened = _open(stage, "object")
    if not opened.ok:
        return opened
    if not by.known:
        return no(_("Please sign in first: an objection needs somebody to answer to."))
    if day_of(at) > window_ends(stage):
        return no(_("The time for objections ended on %(day)s.") % {"day": words_of(window_ends(stage))})
    return YES


def may_object_to(by: Actor, stage: Stage, matter: Matter, at: datetime) -> Verdict:
    """Objecting to one matter: its journey must have ended in an earlier stage by somebody's decision.

    To a ruling of a rolling screening only its author may object, for some days.
    """
    if stage.kind == "screen":
        return _may_object_to_ruling(by, stage, matter, at)
    verdict = may_object(by, stage, at)
    if not verdict.ok:
        return verdict
    if matter.process_id != stage.process_id or matter.ended_at is None or matter.ending in NOT_OBJECTED:
        return no(_("There is no decision against %(number)s to object to.") % {"number": matter.number})
    return YES


def _may_object_to_ruling(by: Actor, stage: Stage, matter: Matter, at: datetime) -> Verdict:
    days = rules_of(stage, Screen).objection_days
    if days is None:
        return no(_("%(stage)s takes no objections.") % {"stage": stage.title})
    if not by.known or by.person_id != matter.author_id:
        return no(_("Only the author may object to this ruling."))
    if matter.ended_at is None or not matter.passages.filter(stage=stage, passed=False, outcome=matter.ending).exists():
        return no(_("There is no decision against %(number)s to object to.") % {"number": matter.number})
    if matter.ending in NOT_OBJECTED:
        return no(_("There is no decision against %(number)s to object to.") % {"number": matter.number})
    until = day_of(matter.ended_at) + timedelta(days=days)
    if day_of(at) > until:
        return no(_("The time for objections ended on %(day)s.") % {"day": words_of(until)})
    if Objection.objects.filter(stage=stage, matter=matter, by=by.pseudonym).exists():
        return no(_("You have objected to %(number)s already.") % {"number": matter.number})
    return YES


def window_ends(stage: Stage) -> date:
    """The last day of the window for objections: the stage's days after the day it opened.

    Raises ValueError for a stage that never opened.
    """
    if stage.opened_at is None:
        raise ValueError(f"{stage} has not been opened, so its window has no end.")
    return day_of(stage.opened_at) + timedelta(days=rules_of(stage, Object).days)


def may_decide_objection(by: Actor, objection: Objection, at: datetime) -> Verdict:
    """Deciding on an objection: officials of the process's department, never on their own or against their ruling."""
    stage = objection.stage
    verdict = first_no(YES if stage.kind == "screen" else _open(stage, "object"), _official(by, stage))
    if verdict.ok and by.known and by.person_id == objection.person_id:
        return no(_("Nobody decides on their own objection."))
    ruled = stage.kind == "screen" and Screening.objects.filter(
        stage=stage, matter_id=objection.matter_id, ruled_by=by.pseudonym
    )
    if verdict.ok and ruled and ruled.exists():
        return no(_("You made this ruling yourself; a colleague decides on the objection."))
    return verdict


def may_record_motion(by: Actor, stage: Stage, at: datetime) -> Verdict:
    """Recording what a body decided: officials of the process's department."""
    return first_no(_open(stage, "decide"), _official(by, stage))


def _open(stage: Stage, kind: str) -> Verdict:
    if stage.kind != kind or not stage.is_open:
        return no(_("%(stage)s is not open for this.") % {"stage": stage.title})
    return YES


def scoring_ended(stage: Stage) -> bool:
    """Whether the scoring of a stage has ended: the record says so."""
    return Event.objects.filter(subject=f"stage:{stage.pk}", verb="review.scoring_ended").exists()


def _scoring(stage: Stage) -> Verdict:
    return no(_("The scoring of %(stage)s has ended.") % {"stage": stage.title}) if scoring_ended(stage) else YES


def _official(by: Actor, stage: Stage) -> Verdict:
    if by.holds("system") or by.holds(*OFFICIALS, organisation=stage.process.department.code):
        return YES
    return no(_("Only officials of %(name)s may do this.") % {"name": stage.process.department.name})
