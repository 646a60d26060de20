"""Who may run the stages of a process, and who may follow a matter."""

from datetime import datetime

from django.utils.translation import gettext as _

from madang.site.docket.models import Matter, Search
from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.kit.verdict import YES, Verdict, first_no, no
from madang.site.people.models import Person
from madang.site.programmes.models import Process, Stage


def may_run(by: Actor, process: Process, at: datetime) -> Verdict:
    """Stages are run by officers and heads of the process's department, and by the system."""
    if by.holds("system") or by.holds("officer", "head", organisation=process.department.code):
        return YES
    return no(
        _("Only an officer or the head of %(department)s may run this process.")
        % {"department": process.department.name}
    )


def may_start(by: Actor, stage: Stage, at: datetime) -> Verdict:
    """A stage that waits may be opened from its first day on; nothing hinders a stage without dates."""
    return first_no(may_run(by, stage.process, at), _may_open_now(stage, at))


def may_finish(by: Actor, stage: Stage, at: datetime) -> Verdict:
    """An open stage may be closed."""
    return first_no(may_run(by, stage.process, at), YES if stage.is_open else no(_("This stage is not open.")))


def may_hand_over(by: Actor, matter: Matter, to_stage: Stage, at: datetime) -> Verdict:
    """A matter in an open hand-over stage may be handed to an open stage of the process its recipe names."""
    if matter.stage is None:
        return no(_("The journey of %(number)s has ended.") % {"number": matter.number})
    if matter.stage.kind != "hand_over" or not matter.stage.is_open:
        return no(_("%(number)s is not in an open hand-over stage.") % {"number": matter.number})
    if not to_stage.is_open or not takes(matter.stage, to_stage):
        return no(_("%(stage)s does not take matters from here, or is not open.") % {"stage": to_stage.title})
    return may_run(by, matter.process, at)


def may_link(by: Actor, matter: Matter, at: datetime) -> Verdict:
    """Those who run a process note how its matters belong to others."""
    return may_run(by, matter.process, at)


def may_follow(by: Actor, matter: Matter, at: datetime) -> Verdict:
    """Anybody who is signed in may follow a matter."""
    return YES if by.known else no(_("Please sign in to follow a matter."))


def may_read_notices(by: Actor, person: Person, at: datetime) -> Verdict:
    """Everybody reads the own notices."""
    return YES if by.person_id == person.pk else no(_("These notices belong to somebody else."))


def may_save_search(by: Actor, thing: None, at: datetime) -> Verdict:
    """Anybody who is signed in may save a list."""
    return YES if by.known else no(_("Please sign in first."))


def may_forget_search(by: Actor, search: Search, at: datetime) -> Verdict:
    """Everybody forgets the own lists."""
    return YES if by.known and by.person_id == search.person_id else no(_("This list belongs to somebody else."))


def may_mail(by: Actor, thing: None, at: datetime) -> Verdict:
    """Notices are mailed by the system."""
    return YES if by.holds("system") else no(_("Only the nightly task may do this."))


def takes(stage: Stage, to_stage: Stage) -> bool:
    """Whether a hand-over stage hands to this stage: the process's recipe is the one its settings name."""
    return bool(to_stage.process.recipe.get("code") == stage.settings["to"])


def may_reschedule(by: Actor, process: Process, at: datetime) -> Verdict:
    """Days that are public are changed by those who run the process, until it has closed."""
    if process.draft:
        return no(_("This process is a draft; its days are planned, not changed."))
    if process.closed_at is not None:
        return no(_("This process has closed, so its days stay as they are."))
    return may_run(by, process, at)


def _may_open_now(stage: Stage, at: datetime) -> Verdict:
    if stage.process.draft:
        return no(_("This process is a draft; publish it first."))
    if stage.state == "planned":
        return no(_("This step is not built yet, so it cannot be opened."))
    if stage.state != "waiting":
        return no(_("This stage has been opened already."))
    if stage.opens_on is not None and day_of(at) < stage.opens_on:
        return no(_("This stage opens on %(day)s at the earliest.") % {"day": stage.opens_on.isoformat()})
    return YES
