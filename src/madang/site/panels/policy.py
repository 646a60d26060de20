"""Who may freeze, draw, reply and appoint."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from madang.site.kit.actor import Actor
from madang.site.kit.clock import zone
from madang.site.kit.verdict import YES, Verdict, first_no, no
from madang.site.panels.models import Draw, Drawn
from madang.site.programmes.models import Stage


def may_oversee(by: Actor, stage: Stage, at: datetime) -> Verdict:
    """Who may see which ticket belongs to which candidacy: the office in charge."""
    return _official(by, stage)


def may_run(by: Actor, stage: Stage, at: datetime) -> Verdict:
    """Draws and appointments are run by officers and heads of the process's department."""
    return first_no(_official(by, stage), _open(stage))


def may_freeze(by: Actor, stage: Stage, at: datetime) -> Verdict:
    """The list of candidates is frozen once, while the stage is open."""
    return first_no(may_run(by, stage, at), _not_frozen(_draw_of(stage)))


def may_plan(by: Actor, stage: Stage, at: datetime) -> Verdict:
    """Quotas are set until the list is frozen, also before the stage opens."""
    return first_no(_official(by, stage), _not_closed(stage), _not_frozen(_draw_of(stage)))


def may_draw(by: Actor, stage: Stage, at: datetime) -> Verdict:
    """A draw needs a frozen list, and happens once, not before the moment that was announced."""
    draw = _draw_of(stage)
    return first_no(may_run(by, stage, at), _frozen(draw), _not_drawn(draw), _announced(draw, at))


def may_call_reserves(by: Actor, stage: Stage, at: datetime) -> Verdict:
    """Reserves are called after the draw."""
    draw = _draw_of(stage)
    return first_no(may_run(by, stage, at), _frozen(draw), _drawn(draw))


def may_reply(by: Actor, drawn: Drawn, at: datetime) -> Verdict:
    """Those drawn say yes or no within the days to reply; the office may note a reply given otherwise."""
    stage = drawn.draw.stage
    own = by.known and by.person_id == drawn.matter.author_id
    if not own and not _official(by, stage).ok:
        return no(_("Only the person drawn, or the office on their behalf, may reply."))
    if not stage.is_open:
        return no(_("This draw is closed, so replies can no longer change anything."))
    if drawn.status != Drawn.Status.SELECTED:
        return no(_("Only people who were drawn are asked to reply."))
    if drawn.replied_at is not None or drawn.accepted is not None:
        return no(_("A reply was already noted; the office can be asked by telephone."))
    if own and at > reply_until(drawn):
        return no(_("The time to reply is over; please ask the office whether your seat is still free."))
    return YES


def reply_until(drawn: Drawn) -> datetime:
    """Until when somebody who was called can reply."""
    days: int = drawn.draw.stage.rules.reply_days  # type: ignore[attr-defined]
    called = drawn.called_at or drawn.draw.drawn_at or drawn.draw.frozen_at
    return called + timedelta(days=days)


def _official(by: Actor, stage: Stage) -> Verdict:
    if by.holds("system") or by.holds("officer", "head", organisation=stage.process.department.code):
        return YES
    return no(_("Only an officer or head of the department in charge may do this."))


def _open(stage: Stage) -> Verdict:
    return YES if stage.is_open else no(_("This stage is not open."))


def _not_closed(stage: Stage) -> Verdict:
    return YES if stage.closed_at is None else no(_("This stage is closed."))


def _announced(draw: Draw | None, at: datetime) -> Verdict:
    if draw is None or draw.draws_at is None or draw.draws_at <= at:
        return YES
    when = draw.draws_at.astimezone(zone()).strftime("%Y-%m-%d %H:%M")
    return no(_("The draw was announced for %(when)s; nobody draws before.") % {"when": when})


def _draw_of(stage: Stage) -> Draw | None:
    return Draw.objects.filter(stage=stage).only("drawn_at", "draws_at").first()


def _not_frozen(draw: Draw | None) -> Verdict:
    return YES if draw is None else no(_("The list of candidates is frozen already; a frozen list never changes."))


def _frozen(draw: Draw | None) -> Verdict:
    if draw is not None:
        return YES
    return no(_("Freeze the list of candidates and publish the commitment first."))


def _not_drawn(draw: Draw | None) -> Verdict:
    done = draw is not None and draw.drawn_at is not None
    return no(_("The draw has taken place; it cannot be repeated.")) if done else YES


def _drawn(draw: Draw | None) -> Verdict:
    return YES if draw is not None and draw.drawn_at is not None else no(_("The draw has not taken place yet."))
