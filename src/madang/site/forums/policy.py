"""Who may support, comment, run forums and moderate; each answer says why not."""

from datetime import datetime

from django.utils.translation import gettext as _

from madang.site.docket.models import Matter
from madang.site.forums import queries
from madang.site.forums.models import Appeal, Comment, Forum
from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.kit.templatetags.madang import day as words_of
from madang.site.kit.verdict import YES, Verdict, no
from madang.site.programmes.models import Process, Stage


def may_support(by: Actor, matter: Matter, at: datetime) -> Verdict:
    """Anybody who is signed in may support what others filed while it is in an open support stage."""
    stage = matter.stage
    if stage is None or stage.kind != "support" or not stage.is_open:
        return no(_("%(number)s cannot be supported now.") % {"number": matter.number})
    if not by.known:
        return no(_("Please sign in to support this."))
    return YES if matter.author_id != by.person_id else no(_("This is your own; others may support it."))


def may_support_in_time(by: Actor, matter: Matter, at: datetime) -> Verdict:
    """Like `may_support`, and only on the days that the matter has for it. One query more."""
    stage = matter.stage
    until = queries.last_day(matter) if stage is not None and stage.kind == "support" and stage.is_open else None
    if until is not None and day_of(at) > until:
        return no(_("The days for support ended on %(day)s.") % {"day": words_of(until)})
    return may_support(by, matter, at)


def may_help(by: Actor, stage: Stage, at: datetime) -> Verdict:
    """Officials at a counter note support for others: those of the department, and officials of districts."""
    if by.holds("district_officer") or runs(by, stage.process):
        return YES
    return no(_("Only an official at a counter may do this for somebody else."))


def may_comment(by: Actor, matter: Matter | None, forum: Forum | None, at: datetime) -> Verdict:
    """Anybody who is signed in may speak on a matter under way and in an open forum."""
    if (matter is None) == (forum is None):
        return no(_("A comment belongs to one matter or to one forum."))
    if not by.known:
        return no(_("Please sign in to comment."))
    return _matter_open(matter) if matter is not None else _forum_open(forum, at)


def may_like(by: Actor, comment: Comment, at: datetime) -> Verdict:
    """Others may like a comment as long as the debate goes on."""
    if not by.known:
        return no(_("Please sign in to like this."))
    if comment.hidden_at is not None:
        return no(_("This comment is hidden."))
    if comment.person_id == by.person_id:
        return no(_("This is your own comment."))
    return _matter_open(comment.matter) if comment.matter is not None else _forum_open(comment.forum, at)


def runs(by: Actor, process: Process) -> bool:
    """Whether somebody works on a process for its department, or is the system."""
    return by.holds("system") or by.holds("officer", "head", organisation=process.department.code)


def may_conclude(by: Actor, stage: Stage, at: datetime) -> Verdict:
    """The desk concludes the debate of single matters while a rolling stage is open."""
    return _desk_on(by, stage, "discuss")


def may_settle_support(by: Actor, stage: Stage, at: datetime) -> Verdict:
    """The desk, or the nightly task, passes on what has its support and ends what missed it in time."""
    return _desk_on(by, stage, "support")


def may_open_forum(by: Actor, process: Process, kind: str, at: datetime) -> Verdict:
    """The department in charge opens forums; another one may ask the city where an open debate allows it."""
    if runs(by, process):
        return YES
    if kind != Forum.Kind.CITY_ASKS or office_of(by) is None:
        return no(_("Only officials of %(department)s may run forums here.") % {"department": process.department.name})
    debates = process.stages.filter(kind="discuss", opened_at__isnull=False, closed_at__isnull=True)
    if any(stage.settings.get("forums") for stage in debates):
        return YES
    return no(_("%(process)s has no open debate in which other departments may ask.") % {"process": process.title})


def office_of(by: Actor) -> str | None:
    """The code of the department that somebody works for, the first by name; None for those of the whole city."""
    held = [grant.organisation for grant in by.grants if grant.role in ("officer", "head") and grant.organisation]
    return min(held, default=None)


def may_close_forum(by: Actor, forum: Forum, at: datetime) -> Verdict:
    """An open forum is closed by the department in charge of the process or by the one that asked."""
    if forum.closed_at is not None:
        return no(_("This forum is closed already."))
    asked = forum.department is not None and by.holds("officer", "head", organisation=forum.department.code)
    if asked or runs(by, forum.process):
        return YES
    department = forum.process.department.name
    return no(_("Only officials of %(department)s may run forums here.") % {"department": department})


def may_moderate(by: Actor, comment: Comment, at: datetime) -> Verdict:
    """Moderators hide what breaks the rules; so do officials of the department in charge."""
    process = process_of(comment)
    if by.holds("moderator") or runs(by, process):
        return YES
    return no(_("Only moderators may do this."))


def may_report(by: Actor, comment: Comment, at: datetime) -> Verdict:
    """Anybody who is signed in may report what others said."""
    if not by.known:
        return no(_("Please sign in first."))
    if comment.hidden_at is not None:
        return no(_("This comment is hidden."))
    return YES if comment.person_id != by.person_id else no(_("This is your own comment."))


def may_appeal(by: Actor, comment: Comment, at: datetime) -> Verdict:
    """The author of a hidden comment may object once."""
    if comment.hidden_at is None:
        return no(_("This comment is not hidden."))
    if not by.known or by.person_id != comment.person_id:
        return no(_("Only the author may object."))
    if Appeal.objects.filter(comment=comment).exists():
        return no(_("You have objected already; an objection is decided once."))
    return YES


def may_decide_appeal(by: Actor, appeal: Appeal, at: datetime) -> Verdict:
    """Somebody else than the one who hid the comment decides, once."""
    if appeal.decided_at is not None:
        return no(_("This objection has been decided already."))
    if appeal.comment.hidden_by == by.pseudonym:
        return no(_("You hid this comment yourself; a colleague decides on the objection."))
    return may_moderate(by, appeal.comment, at)


def process_of(comment: Comment) -> Process:
    """The process in which a comment was made."""
    on = comment.matter or comment.forum
    assert on is not None  # a constraint of the table  # noqa: S101
    return on.process


def _desk_on(by: Actor, stage: Stage, kind: str) -> Verdict:
    if stage.kind != kind or not stage.is_open:
        return no(_("%(stage)s is not an open stage of this kind.") % {"stage": stage.title})
    if runs(by, stage.process):
        return YES
    department = stage.process.department.name
    return no(_("Only officials of %(department)s may do this.") % {"department": department})


def _matter_open(matter: Matter) -> Verdict:
    if matter.ended_at is None:
        return YES
    return no(_("The journey of %(number)s has ended; its comments can be read.") % {"number": matter.number})


def _forum_open(forum: Forum | None, at: datetime) -> Verdict:
    if forum is None or forum.closed_at is not None or not forum.opens_on <= day_of(at) <= forum.closes_on:
        return no(_("This forum is not open now."))
    return YES
