"""What this room brings: the stage kinds `meet`, `learn` and `book`, their figures and what the night forgets."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from madang.site.docket.models import Matter
from madang.site.gatherings import figures as figures
from madang.site.gatherings import policy, queries
from madang.site.gatherings import words as words
from madang.site.gatherings.actions import forget_purposes
from madang.site.gatherings.inbox import QUEUES
from madang.site.gatherings.models import Booking, Enrolment, Gathering
from madang.site.gatherings.settings import Book, Learn, Meet
from madang.site.kit.actor import Actor
from madang.site.kit.navigation import Entry, add_entry, add_queue
from madang.site.kit.nightly import NightTask, add_night_task
from madang.site.kit.stages import Outcome, StageKind, register_kind
from madang.site.kit.verdict import Refused, Verdict
from madang.site.people.claims import name_values
from madang.site.programmes.models import Stage


def _may_run(by: Actor, stage: Stage, at: datetime) -> Verdict:
    return policy.may_run(by, stage.process, at)


def close_meetings(stage: Stage, *, by: Actor, at: datetime) -> Iterable[Outcome]:
    """Matters that were on the table pass on once at least one meeting was held."""
    if not Gathering.objects.filter(stage=stage, held_at__lte=at, cancelled_at=None).exists():
        raise Refused(_("No meeting has been held in %(stage)s yet; hold one first.") % {"stage": stage.title})
    return [Outcome(pk, "met", True) for pk in Matter.objects.filter(stage=stage).values_list("pk", flat=True)]


def close_course(stage: Stage, *, by: Actor, at: datetime) -> Iterable[Outcome]:
    """Matters (applications for a place) pass on if their author completed a course of the process."""
    done = set(
        Enrolment.objects.filter(cohort__course__process=stage.process, completed_at__isnull=False).values_list(
            "person_id", flat=True
        )
    )
    return [
        Outcome(pk, "completed", True) if author in done else Outcome(pk, "not_completed", False)
        for pk, author in Matter.objects.filter(stage=stage).values_list("pk", "author_id")
    ]


def close_bookings(stage: Stage, *, by: Actor, at: datetime) -> Iterable[Outcome]:
    """Matters (the spaces) pass on once no booking is still to come."""
    rows = Booking.objects.filter(slot__space__stage=stage, slot__begins__gt=at, state__in=policy.OPEN)
    if count := rows.count():
        raise Refused(_("Bookings are still to come: %(count)s. Close their slots first.") % {"count": count})
    return [Outcome(pk, "in_use", True) for pk in Matter.objects.filter(stage=stage).values_list("pk", flat=True)]


name_values("course_done", queries.course_titles)
add_entry(Entry(gettext_lazy("Meetings"), "gatherings:calendar", order=70))
register_kind(
    StageKind(
        name="meet",
        title_ko="회의",
        title_en="meetings",
        Settings=Meet,
        citizen_page="gatherings:meetings",
        desk_page="gatherings_desk:meetings",
        verbs={"hold": _may_run, "record_attendance": _may_run, "publish_minutes": _may_run},
        closed=close_meetings,
    )
)
register_kind(
    StageKind(
        name="learn",
        for_citizens=True,
        title_ko="교육",
        title_en="course",
        Settings=Learn,
        citizen_page="gatherings:courses",
        desk_page="gatherings_desk:courses",
        verbs={"open_course": _may_run, "complete": _may_run},
        closed=close_course,
    )
)
register_kind(
    StageKind(
        name="book",
        for_citizens=True,
        title_ko="대관",
        title_en="booking",
        Settings=Book,
        citizen_page="gatherings:spaces",
        desk_page="gatherings_desk:spaces",
        verbs={"open_space": _may_run, "draw_slots": policy.may_draw_slots},
        closed=close_bookings,
    )
)
for queue in QUEUES:
    add_queue(queue)
add_night_task(NightTask("Purposes of bookings forgotten", lambda by, at: forget_purposes(by=by, at=at)))
