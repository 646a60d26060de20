"""Who may file, change, withdraw and merge; each answer says why not."""

from datetime import datetime

from django.utils.translation import gettext as _

from madang.site.docket.models import Matter
from madang.site.intake.settings import Call
from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.kit.templatetags.madang import day as words_of
from madang.site.kit.verdict import YES, Verdict, first_no, no
from madang.site.people import claims
from madang.site.programmes.models import Process, Stage

# Until it is on a ballot a matter still belongs to its author.
EARLY = ("call", "screen", "support", "discuss", "review")
CHANGEABLE = ("call", "screen")


def rules_of(stage: Stage) -> Call:
    """The settings of a call."""
    return Call.model_validate(stage.settings)


def runs(by: Actor, process: Process) -> bool:
    """Whether somebody works on a process for its department, or is the system."""
    return by.holds("system") or by.holds("officer", "head", organisation=process.department.code)


def may_load_forms(by: Actor, thing: None, at: datetime) -> Verdict:
    """Forms come with the city's folder: administrators and the system load it."""
    return YES if by.holds("system", "administrator") else no(_("Only an administrator may load forms."))


def may_write(by: Actor, stage: Stage, at: datetime, held: frozenset[str] | None = None) -> Verdict:
    """Whether somebody may write for a call: it takes things in now, and from people like them.

    Told before anything is written. Those who run the process may enter what came on paper. `held` are
    the claims of the person where they are known already.
    """
    rules = rules_of(stage)
    desk = runs(by, stage.process)
    when = _takes_in(stage, at, desk=desk)
    if not when.ok or desk:
        return when
    return first_no(_may_file(by, stage, rules.filed_by), _meets(by.person_id, rules, at, held))


def _meets(person_id: int | None, rules: Call, at: datetime, held: frozenset[str] | None) -> Verdict:
    if held is None:
        return claims.check(person_id=person_id, rules=rules.who, at=at)
    return claims.check_set(claims=held, rules=rules.who, at=at)


def may_submit(by: Actor, stage: Stage, at: datetime, author_id: int | None) -> Verdict:
    """Whether a matter may be filed for an author now: `may_write`, the conditions and the limit for the author.

    Where the desk enters a paper without an author, the officer has checked the conditions.
    """
    rules = rules_of(stage)
    official = runs(by, stage.process)
    if not official and author_id != by.person_id:
        return no(_("You can file in your own name only."))
    if not official:
        allowed = may_write(by, stage, at)
    else:
        known = author_id is not None and author_id != by.person_id and rules.filed_by == "citizen"
        who = claims.check(person_id=author_id, rules=rules.who, at=at) if known else YES
        allowed = first_no(_takes_in(stage, at, desk=True), who)
    if not allowed.ok or rules.limit_per_person is None or author_id is None:
        return allowed
    return _within_limit(stage, author_id, rules.limit_per_person)


def may_help(by: Actor, stage: Stage, at: datetime, author_id: int | None) -> Verdict:
    """Whether an official at a counter may file for a citizen: as the citizen could, never later and for no one else.

    Without an account the official has looked at the papers that show the conditions.
    """
    rules = rules_of(stage)
    if not (by.holds("district_officer") or runs(by, stage.process)):
        return no(_("Only an official at a counter may file for somebody else."))
    if by.person_id is not None and by.person_id == author_id:
        return no(_("File your own matter like everybody else; the counter is for others."))
    if rules.filed_by != "citizen":
        return no(_("This is not filed by citizens."))
    allowed = _takes_in(stage, at)
    if author_id is None or not allowed.ok:
        return allowed
    allowed = claims.check(person_id=author_id, rules=rules.who, at=at)
    if not allowed.ok or rules.limit_per_person is None:
        return allowed
    return _within_limit(stage, author_id, rules.limit_per_person)


def _takes_in(stage: Stage, at: datetime, *, desk: bool = False) -> Verdict:
    if stage.kind != "call":
        return no(_("%(stage)s is not an open call.") % {"stage": stage.title})
    # What came on paper in time may be entered later, until the stage is closed.
    over = not desk and stage.closes_on is not None and day_of(at) > stage.closes_on
    if stage.closed_at is not None or over:
        return no(_("%(stage)s has closed.") % {"stage": stage.title})
    if stage.opened_at is None:
        if stage.opens_on is None:
            return no(_("%(stage)s has not opened yet.") % {"stage": stage.title})
        sentence = _("%(stage)s has not opened yet; it is to open on %(day)s.")
        return no(sentence % {"stage": stage.title, "day": words_of(stage.opens_on)})
    return YES


def _may_file(by: Actor, stage: Stage, filed_by: str) -> Verdict:
    if filed_by == "hand_over":
        return no(_("Matters come here from another process only."))
    if filed_by == "officer":
        return no(_("Only officials of %(department)s file here.") % {"department": stage.process.department.name})
    if filed_by == "district_officer":
        return YES if by.holds("district_officer") else no(_("Only officials of the districts file here."))
    if filed_by == "moderator":
        return YES if by.holds("moderator") else no(_("Only moderators file here."))
    return YES if by.known else no(_("Please sign in first."))


def _within_limit(stage: Stage, author_id: int, limit: int) -> Verdict:
    filed = Matter.objects.filter(process_id=stage.process_id, author_id=author_id).exclude(ending="withdrawn")
    if filed.count() < limit:
        return YES
    return no(_("You have filed %(limit)d already; that is the most for one person here.") % {"limit": limit})


def may_revise(by: Actor, matter: Matter, at: datetime) -> Verdict:
    """Authors change what they filed until it is screened; the desk until its journey ends."""
    if matter.stage is None:
        return no(_("The journey of %(number)s has ended.") % {"number": matter.number})
    if runs(by, matter.process):
        return YES
    if not by.known or by.person_id != matter.author_id:
        return no(_("Only the author may change this."))
    if matter.stage.kind not in CHANGEABLE:
        return no(_("This has been screened already and can no longer be changed."))
    return YES


def may_withdraw(by: Actor, matter: Matter, at: datetime) -> Verdict:
    """Authors may withdraw until their matter is on its way to a ballot or an answer."""
    if matter.stage is None:
        return no(_("The journey of %(number)s has ended.") % {"number": matter.number})
    if not by.known or by.person_id != matter.author_id:
        return no(_("Only the author may withdraw this."))
    if matter.stage.kind not in EARLY:
        return no(_("It is too late to withdraw this: others decide on it now."))
    return YES


def may_merge(by: Actor, stage: Stage, at: datetime) -> Verdict:
    """The desk merges what is in an open stage."""
    if not stage.is_open:
        return no(_("%(stage)s is not open, so nothing can be merged there.") % {"stage": stage.title})
    return YES if runs(by, stage.process) else no(_desk_only(stage.process))


def may_read_personal(by: Actor, matter: Matter, at: datetime) -> Verdict:
    """Personal answers are for the department in charge; each reading is recorded."""
    held = by.holds("officer", "head", organisation=matter.process.department.code)
    return YES if held else no(_desk_only(matter.process))


def may_forget(by: Actor, thing: None, at: datetime) -> Verdict:
    """Personal answers are deleted by the nightly task, or by an administrator."""
    return YES if by.holds("system", "administrator") else no(_("Only an administrator may do this."))


def may_keep_draft(by: Actor, stage: Stage, at: datetime) -> Verdict:
    """Drafts belong to people who are signed in."""
    return YES if by.known else no(_("Please sign in first."))


def _desk_only(process: Process) -> str:
    return _("Only officials of %(department)s may do this.") % {"department": process.department.name}
