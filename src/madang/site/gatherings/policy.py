"""Who may hold meetings, run courses, note attendance and book spaces."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from madang.site.gatherings.models import Booking, Cohort, Enrolment, Gathering, Slot
from madang.site.gatherings.settings import NoShows
from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of, zone
from madang.site.kit.verdict import YES, Verdict, first_no, no
from madang.site.people import claims
from madang.site.programmes.models import Process, Stage

CODE_EARLY, CODE_LATE = timedelta(hours=3), timedelta(hours=12)
OPEN = (Booking.State.REQUESTED, Booking.State.WAITING, Booking.State.GIVEN)
TAKEN = (Booking.State.GIVEN, Booking.State.USED, Booking.State.NO_SHOW)


def may_run(by: Actor, process: Process, at: datetime) -> Verdict:
    """Meetings and courses are run by the department in charge, its operator, or the system."""
    if by.holds("system") or by.holds("officer", "head", "operator", organisation=process.department.code):
        return YES
    return no(_("Only %(department)s runs this.") % {"department": process.department.name})


def may_note(by: Actor, gathering: Gathering, at: datetime) -> Verdict:
    """Attendance and minutes are noted by those who run the meeting, unless it was cancelled."""
    return first_no(may_run(by, gathering.process, at), _stands(gathering))


def may_change(by: Actor, gathering: Gathering, at: datetime) -> Verdict:
    """A meeting is changed or cancelled by those who run it, before it is held."""
    held = no(_("This meeting has been held; what happened is written in its minutes."))
    return first_no(may_run(by, gathering.process, at), _stands(gathering), YES if gathering.held_at > at else held)


def may_contribute(by: Actor, gathering: Gathering, at: datetime) -> Verdict:
    """Members of the body write in a meeting that is held in writing, until its end."""
    if gathering.mode != Gathering.Mode.WRITTEN or gathering.body is None:
        return no(_("This meeting is not held in writing."))
    if gathering.held_at <= at:
        return no(_("The time to write in this meeting is over."))
    stands = _stands(gathering)
    rules = [f"member_of:{gathering.body.code}"]
    return claims.check(person_id=by.person_id, rules=rules, at=at) if stands.ok else stands


def may_open_code(by: Actor, gathering: Gathering, at: datetime) -> Verdict:
    """A code for attendance is shown by those who run a meeting face to face or by video, around its time."""
    noted = may_note(by, gathering, at)
    if not noted:
        return noted
    if gathering.mode == Gathering.Mode.WRITTEN:
        return no(_("A meeting in writing needs no code: whoever writes has attended."))
    if not gathering.held_at - CODE_EARLY <= at <= gathering.held_at + CODE_LATE:
        return no(_("A code can be shown from three hours before the meeting begins to twelve hours after."))
    return YES


def may_close_code(by: Actor, gathering: Gathering, at: datetime) -> Verdict:
    """A code that still holds is ended by those who run the meeting."""
    holds = gathering.code_until is not None and at < gathering.code_until
    return first_no(may_note(by, gathering, at), YES if holds else no(_("There is no code that still holds.")))


def may_attend_by_code(by: Actor, gathering: Gathering, at: datetime) -> Verdict:
    """Members of the body, or anybody signed in where there is none, note their attendance while the code holds."""
    stands = _stands(gathering)
    if not stands:
        return stands
    if gathering.code_until is None:
        return no(_("No code is shown in this meeting yet."))
    if at >= gathering.code_until:
        until = gathering.code_until.astimezone(zone()).strftime("%H:%M")
        return no(
            _("The code held until %(time)s. If you are here, please tell those who run the meeting.") % {"time": until}
        )
    if not by.known:
        return no(_("Please sign in to note that you are here."))
    rules = [f"member_of:{gathering.body.code}"] if gathering.body else []
    return claims.check(person_id=by.person_id, rules=rules, at=at)


def may_have_calendar(by: Actor, at: datetime) -> Verdict:
    """Everybody signed in may have a calendar of their own."""
    return YES if by.known else no(_("Please sign in to get a calendar of your own."))


def may_help(by: Actor, process: Process, at: datetime) -> Verdict:
    """Officials at a counter enrol and book for others: those who run the process, and officials of districts."""
    if by.holds("district_officer") or may_run(by, process, at).ok:
        return YES
    return no(_("Only an official at a counter may do this for somebody else."))


def may_enrol(
    by: Actor, cohort: Cohort, at: datetime, enrolled: int | None = None, offered: bool | None = None
) -> Verdict:
    """Anybody signed in may enrol until the day the run begins while places are left; those who run it enrol others.

    `enrolled` is how many are, `offered` whether the process has an open stage of courses, where the caller knows.
    """
    if may_run(by, cohort.course.process, at):
        return YES
    if cohort.institution:
        return no(_("Enrol at the institution."))
    if cohort.starts_on < day_of(at):
        return no(_("This run has begun, so nobody can enrol any more."))
    if not (is_offered(cohort.course.process) if offered is None else offered):
        return no(_("Enrolment is not open."))
    if not by.known:
        return no(_("Please sign in to enrol."))
    size = cohort.course.group_size
    if size is not None and (cohort.enrolments.count() if enrolled is None else enrolled) >= size:
        return no(_("This course is full: all %(size)s places are taken.") % {"size": size})
    return YES


def may_leave(by: Actor, enrolment: Enrolment, at: datetime) -> Verdict:
    """Learners give up their place until the day the run begins; those who run the course take them off."""
    if may_run(by, enrolment.cohort.course.process, at):
        return (
            YES if enrolment.completed_at is None else no(_("Somebody who has completed the course stays on its list."))
        )
    if not by.known or enrolment.person_id != by.person_id:
        return no(_("You can only give up your own place."))
    if enrolment.cohort.starts_on < day_of(at):
        return no(_("This run has begun; please tell the office if you cannot come."))
    return YES


def is_offered(process: Process) -> bool:
    """Whether the process has an open stage of courses."""
    return Stage.objects.filter(process=process, kind="learn", opened_at__isnull=False, closed_at=None).exists()


def _stands(gathering: Gathering) -> Verdict:
    return YES if gathering.cancelled_at is None else no(_("This meeting was cancelled."))


@dataclass(frozen=True)
class Standing:
    """How many open bookings somebody has in a stage, and until when they may make no new one."""

    open: int = 0
    barred_until: datetime | None = None


def standing(person_id: int | None, stage: Stage, at: datetime) -> Standing:
    """Where somebody stands with the rules of a stage; two queries."""
    if person_id is None:
        return Standing()
    rows = Booking.objects.filter(person_id=person_id, slot__space__stage=stage)
    missed = rows.filter(state=Booking.State.NO_SHOW).order_by("slot__ends").values_list("slot__ends", flat=True)
    until = barred_until(list(missed), stage.rules.no_shows)  # type: ignore[attr-defined]
    return Standing(
        rows.filter(state__in=OPEN, slot__begins__gt=at).count(), until if until is not None and at < until else None
    )


def barred_until(missed: Sequence[datetime], rule: NoShows | None) -> datetime | None:
    """Until when bookings missed at these moments, in order, bar somebody from new ones; None if they never do."""
    if rule is None:
        return None
    last = [
        moment
        for first, moment in zip(missed, missed[rule.count - 1 :], strict=False)
        if moment - first <= timedelta(days=rule.within_days)
    ]
    return last[-1] + timedelta(days=rule.bars_days) if last else None


def is_drawn(slot: Slot) -> bool:
    """Whether requests for a slot wait for a draw; once drawn, what is free goes to whoever comes first."""
    return slot.space.stage.rules.given == "draw" and slot.drawn_at is None  # type: ignore[attr-defined]


def may_book(
    by: Actor,
    slot: Slot,
    at: datetime,
    held: Standing | None = None,
    taken: bool | None = None,
    mine: bool | None = None,
) -> Verdict:
    """Anybody signed in books a free slot in time, within the number one may have, unless barred by no-shows.

    `held` is where they stand, `taken` whether the slot is, `mine` whether they asked for it, where the caller knows.
    """
    usable = is_usable(slot, at)
    if not usable.ok:
        return usable
    if not by.known:
        return no(_("Please sign in to book."))
    own = slot.bookings.filter(person_id=by.person_id or 0, state__in=OPEN).exists() if mine is None else mine
    if own:
        return no(_("You have asked for this slot already."))
    if slot.bookings.filter(state__in=TAKEN).exists() if taken is None else taken:
        return no(_("This slot has just been taken; you can wait for it or choose another one."))
    return may_book_more(held or standing(by.person_id, slot.space.stage, at), slot.space.stage)


def may_wait(by: Actor, slot: Slot, at: datetime, held: Standing | None = None, mine: bool | None = None) -> Verdict:
    """Who may book may wait for a slot that somebody has; waiting counts as an open booking.

    `held` and `mine` as in `may_book`.
    """
    if is_drawn(slot):
        return no(_("This slot is drawn by lot; there is a waiting list only after the draw."))
    return may_book(by, slot, at, held, False, mine)


def may_change_booking(by: Actor, booking: Booking, at: datetime) -> Verdict:
    """One changes what one's own booking is for, until it begins."""
    if not by.known or booking.person_id != by.person_id:
        return no(_("You can only change your own booking."))
    if booking.state not in OPEN or booking.slot.closed_at is not None:
        return no(_("This booking is over or was cancelled already."))
    return YES if booking.slot.begins > at else no(_("This slot has begun."))


def may_book_more(held: Standing, stage: Stage) -> Verdict:
    """Who stands so in a stage makes another booking unless barred, or at the most that one may have."""
    if held.barred_until is not None:
        return no(
            _("You missed bookings without cancelling them, so you can book again from %(day)s on.")
            % {"day": day_of(held.barred_until).isoformat()}
        )
    if held.open >= stage.rules.most_open:  # type: ignore[attr-defined]
        return no(
            _("You have as many open bookings as one may have (%(count)s); cancel one first.") % {"count": held.open}
        )
    return YES


def is_usable(slot: Slot, at: datetime) -> Verdict:
    """Whether a slot of an open stage is still to come, near enough and not closed, whoever asks."""
    stage = slot.space.stage
    if not stage.is_open:
        return no(_("Booking is not open."))
    if slot.closed_at is not None:
        return no(_("This slot is closed: %(reason)s") % {"reason": slot.closed_because})
    if slot.begins <= at:
        return no(_("This slot has begun, so it can no longer be booked."))
    days: int = stage.rules.days_ahead  # type: ignore[attr-defined]
    if day_of(slot.begins) > day_of(at) + timedelta(days=days):
        opens = day_of(slot.begins) - timedelta(days=days)
        return no(_("This slot can be booked from %(day)s on.") % {"day": opens.isoformat()})
    return YES


def may_cancel_booking(by: Actor, booking: Booking, at: datetime) -> Verdict:
    """One cancels one's own booking up to some hours before it begins, a request until it is drawn."""
    if not by.known or booking.person_id != by.person_id:
        return no(_("You can only cancel your own booking."))
    if booking.state not in OPEN:
        return no(_("This booking is over or was cancelled already."))
    hours: int = booking.slot.space.stage.rules.cancel_hours  # type: ignore[attr-defined]
    early = timedelta(hours=hours) if booking.state == Booking.State.GIVEN else timedelta(0)
    if booking.slot.begins - early <= at:
        return no(
            _("Bookings are cancelled up to %(hours)s hours before they begin; please tell the office.")
            % {"hours": hours}
        )
    return YES


def may_close_slot(by: Actor, slot: Slot, at: datetime) -> Verdict:
    """A slot that is still to come is closed by those who run the stage."""
    if slot.closed_at is not None:
        return no(_("This slot is closed already."))
    ahead = YES if slot.begins > at else no(_("This slot has begun."))
    return first_no(may_run(by, slot.space.stage.process, at), ahead)


def may_draw_slots(by: Actor, stage: Stage, at: datetime) -> Verdict:
    """Requests are drawn by those who run an open stage that gives slots by lot."""
    if not stage.is_open or stage.rules.given != "draw":  # type: ignore[attr-defined]
        return no(_("Nothing is drawn here: this stage is not open or gives slots to whoever comes first."))
    return may_run(by, stage.process, at)


def may_note_use(by: Actor, booking: Booking, at: datetime) -> Verdict:
    """Whether somebody came is noted by those who run the stage, once the slot has begun."""
    if booking.state not in TAKEN:
        return no(_("This booking was not given or was cancelled."))
    begun = YES if booking.slot.begins <= at else no(_("This slot has not begun yet."))
    return first_no(may_run(by, booking.slot.space.stage.process, at), begun)


def may_forget(by: Actor, at: datetime) -> Verdict:
    """The night forgets."""
    return YES if by.holds("system") else no(_("Only the system forgets what bookings were for."))
