"""Reading meetings, courses and bookings of spaces."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum

from madang.site.docket.models import Matter
from madang.site.gatherings.models import (
    Attendance,
    Booking,
    CalendarLink,
    Cohort,
    Contribution,
    Course,
    Enrolment,
    Gathering,
    Slot,
    Space,
)
from madang.site.gatherings.policy import OPEN, TAKEN
from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of, end_of, start_of
from madang.site.people.claims import claims_of, holders
from madang.site.people.models import Organisation, Person
from madang.site.programmes.models import Process, Programme, Stage


def of_stage(stage: Stage) -> QuerySet[Gathering]:
    """The meetings of a stage with how many attended, newest first."""
    return _counted(Gathering.objects.filter(stage=stage)).order_by("-held_at", "-pk")


def _counted(gatherings: QuerySet[Gathering]) -> QuerySet[Gathering]:
    present = Sum("attendance__heads", filter=Q(attendance__part="participant"), default=0)
    return gatherings.select_related("body").annotate(present=present)


def courses(stage: Stage) -> QuerySet[Course]:
    """The courses of a stage with the number of runs: all of the process that no other stage is there for."""
    rows = Course.objects.filter(process_id=stage.process_id).exclude(code__in=_of_others(stage))
    return rows.annotate(runs=Count("cohorts")).order_by("pk")


def _of_others(stage: Stage) -> list[str]:
    others = Stage.objects.filter(process_id=stage.process_id, kind="learn").exclude(pk=stage.pk)
    return [settings["course"] for settings in others.values_list("settings", flat=True)]


def counts_as(course: Course) -> list[str]:
    """The codes under which a course is done: its own, and that of the stage it belongs to, if that is one only."""
    stages = Stage.objects.filter(process_id=course.process_id, kind="learn").values_list("settings", flat=True)
    named = [settings["course"] for settings in stages]
    return list(dict.fromkeys([course.code, *named])) if len(named) == 1 else [course.code]


def cohorts(stage: Stage) -> QuerySet[Cohort]:
    """The runs of a stage's courses with how many enrolled and completed, newest first."""
    return (
        Cohort.objects.filter(course__process_id=stage.process_id)
        .exclude(course__code__in=_of_others(stage))
        .select_related("course__process__department")
        .annotate(
            enrolled=Count("enrolments"),
            completed=Count("enrolments", filter=Q(enrolments__completed_at__isnull=False)),
        )
        .order_by("-starts_on", "-pk")
    )


@dataclass(frozen=True)
class Wanted:
    """Which meetings a calendar shows: of a programme, of a body, or all."""

    programme: Programme | None = None
    body: Organisation | None = None

    @classmethod
    def named(cls, programme: str, body: str) -> "Wanted | None":
        """What codes ask for, or None for a code that nothing has."""
        found = cls(
            Programme.objects.filter(code=programme).first() if programme else None,
            Organisation.objects.filter(code=body, kind=Organisation.Kind.BODY).first() if body else None,
        )
        return None if (programme and found.programme is None) or (body and found.body is None) else found


def meetings(wanted: Wanted, start: datetime | None = None, end: datetime | None = None) -> QuerySet[Gathering]:
    """The meetings from a moment up to another, those that were cancelled among them, soonest first."""
    rows = Gathering.objects.all()
    if start:
        rows = rows.filter(held_at__gte=start)
    if end:
        rows = rows.filter(held_at__lt=end)
    if wanted.programme:
        rows = rows.filter(process__programme=wanted.programme)
    if wanted.body:
        rows = rows.filter(body=wanted.body)
    return rows.select_related("process", "body").order_by("held_at", "pk")


def next_after(at: datetime, wanted: Wanted) -> Gathering | None:
    """The first meeting that is still to come and stands."""
    return meetings(wanted, at).filter(cancelled_at=None).first()


def last_before(at: datetime, wanted: Wanted) -> Gathering | None:
    """The last meeting before a moment."""
    return meetings(wanted, end=at).last()


def programmes_with_meetings() -> QuerySet[Programme]:
    """The programmes that have meetings, in their order."""
    return Programme.objects.filter(processes__gatherings__isnull=False).distinct().order_by("order", "pk")


def beginning(first: date, last: date, wanted: Wanted) -> QuerySet[Cohort]:
    """The runs of courses that begin from a day to another; none where one body's meetings are asked for."""
    rows = Cohort.objects.filter(starts_on__range=(first, last))
    if wanted.programme:
        rows = rows.filter(course__process__programme=wanted.programme)
    return rows.none() if wanted.body else rows.select_related("course__process").order_by("starts_on", "pk")


def own_meetings(person_id: int, at: datetime) -> QuerySet[Gathering]:
    """The meetings of the bodies that somebody is a member of, from a month ago on."""
    held = claims_of(person_id, at)
    bodies = [claim.partition(":")[2] for claim in held if claim.startswith("member_of:")]
    return meetings(Wanted(), at - timedelta(days=31)).filter(body__code__in=bodies)


def own_runs(person_id: int, at: datetime) -> QuerySet[Cohort]:
    """The runs that somebody is enrolled in, from a month ago on."""
    rows = Cohort.objects.filter(enrolments__person_id=person_id, starts_on__gte=day_of(at) - timedelta(days=31))
    return rows.select_related("course__process").order_by("starts_on", "pk")


def own_deadlines(person_id: int, at: datetime) -> QuerySet[Stage]:
    """The open stages with a last day in which a matter is that somebody filed or follows, the soonest first."""
    mine = Q(author_id=person_id) | Q(follows__person_id=person_id)
    held = Matter.objects.filter(mine, stage=OuterRef("pk"))
    rows = Stage.public.filter(opened_at__isnull=False, closed_at=None, closes_on__gte=day_of(at))
    return rows.filter(Exists(held)).select_related("process").order_by("closes_on", "pk")


def calendar_link(by: Actor) -> CalendarLink | None:
    """The actor's own calendar link, or None."""
    return CalendarLink.objects.filter(person_id=by.person_id or 0).first()


def attended(gathering: Gathering, by: Actor) -> bool:
    """Whether the actor is noted as having taken part."""
    return Attendance.objects.filter(gathering=gathering, person_id=by.person_id or 0, part="participant").exists()


def votes_open(process: Process) -> list[Stage]:
    """The stages of a process in which people vote now."""
    rows = Stage.public.filter(process=process, opened_at__isnull=False, closed_at=None).select_related("process")
    return [stage for stage in rows.order_by("order") if stage.behaviour.invites == "vote"]


def present_by_part(gathering: Gathering) -> dict[str, int]:
    """How many attended a meeting, by what they did there."""
    rows = Attendance.objects.filter(gathering=gathering).values_list("part")
    return dict(rows.annotate(total=Sum("heads")).order_by("part"))


def members(gathering: Gathering, text: str = "") -> QuerySet[Person]:
    """The members of the meeting's body at its time whose pseudonym begins so, each with whether they took part."""
    assert gathering.body is not None  # the page is only there for meetings of a body  # noqa: S101
    here = Attendance.objects.filter(gathering=gathering, person=OuterRef("pk"), part="participant")
    rows = holders(f"member_of:{gathering.body.code}", gathering.held_at)
    return rows.filter(pseudonym__startswith=text).annotate(here=Exists(here)).order_by("pseudonym")


def contributions(gathering: Gathering) -> QuerySet[Contribution]:
    """What members wrote, in the order in which they did."""
    return Contribution.objects.filter(gathering=gathering).order_by("at", "pk")


def own_contribution(gathering: Gathering, by: Actor) -> Contribution | None:
    """What the actor wrote, or None."""
    return Contribution.objects.filter(gathering=gathering, person_id=by.person_id or 0).first()


def course_titles(codes: Collection[str]) -> dict[str, str]:
    """The titles of courses by code; of a code that several have, the latest. One query."""
    return {course.code: course.title for course in Course.objects.filter(code__in=codes).order_by("pk")}


def next_number(stage: Stage) -> int:
    """The number of the next meeting of a stage."""
    return (Gathering.objects.filter(stage=stage).aggregate(top=Max("number"))["top"] or 0) + 1


def enrolled_in(process: Process, person_id: int | None) -> dict[int, Enrolment]:
    """A person's enrolments in the courses of a process, by run."""
    if person_id is None:
        return {}
    rows = Enrolment.objects.filter(cohort__course__process=process, person_id=person_id)
    return {row.cohort_id: row for row in rows}


def learners(cohort: Cohort) -> QuerySet[Enrolment]:
    """Who is enrolled in a run, in the order in which they did."""
    return Enrolment.objects.filter(cohort=cohort).select_related("person").order_by("pk")


def spaces(stage: Stage, at: datetime) -> QuerySet[Space]:
    """The spaces of a stage, each with the number of slots to come that nobody has."""
    taken = Booking.objects.filter(slot=OuterRef("slots"), state__in=TAKEN)
    free = Q(~Exists(taken), slots__begins__gt=at, slots__closed_at=None)
    return Space.objects.filter(stage=stage).annotate(free=Count("slots", filter=free)).order_by("name_ko", "pk")


def slots(space: Space, first: date, person_id: int | None = None) -> QuerySet[Slot]:
    """The slots of seven days: `taken`, how many `asked`, and whose (`mine`), who `waits` for it."""
    taken = Booking.objects.filter(slot=OuterRef("pk"), state__in=TAKEN)
    mine = Booking.objects.filter(slot=OuterRef("pk"), state__in=OPEN, person_id=person_id or 0)
    waits = Booking.objects.filter(slot=OuterRef("pk"), state=Booking.State.WAITING, person_id=person_id or 0)
    rows = Slot.objects.filter(space=space, begins__gte=start_of(first), begins__lt=end_of(first + timedelta(days=6)))
    asked = Count("bookings", filter=Q(bookings__state=Booking.State.REQUESTED))
    return rows.annotate(taken=Exists(taken), mine=Exists(mine), asked=asked, waits=Exists(waits)).order_by(
        "begins", "pk"
    )


def week_with_slots(space: Space, first: date, later: bool) -> date | None:
    """A day of the nearest week after, or before, the one that begins on a day, in which a space has slots."""
    if later:
        found = Slot.objects.filter(space=space, begins__gte=end_of(first + timedelta(days=6))).first()
    else:
        found = Slot.objects.filter(space=space, begins__lt=start_of(first)).last()
    return day_of(found.begins) if found else None


def bookings_of(space: Space) -> QuerySet[Booking]:
    """The bookings of a space and the requests for it, the latest slot first."""
    rows = Booking.objects.filter(slot__space=space).select_related("slot", "person")
    return rows.order_by("-slot__begins", "pk")


def own_bookings(person_id: int | None, at: datetime, stage: Stage | None = None) -> QuerySet[Booking]:
    """Somebody's bookings from a month ago on, the soonest first; in one stage if asked for."""
    rows = Booking.objects.filter(person_id=person_id or 0, slot__begins__gte=at - timedelta(days=31))
    if stage is not None:
        rows = rows.filter(slot__space__stage=stage)
    return rows.select_related("slot__space__stage__process").order_by("slot__begins", "pk")


def waiting_for_draw(stage: Stage, at: datetime) -> int:
    """How many requests for slots to come wait for a draw."""
    rows = Booking.objects.filter(slot__space__stage=stage, slot__begins__gt=at, state=Booking.State.REQUESTED)
    return rows.count()


def free_slots(space: Space, at: datetime, days: int = 28) -> QuerySet[Slot]:
    """The slots of the coming weeks that somebody may still ask for, the next first."""
    rows = space.slots.filter(begins__gt=at, begins__lte=at + timedelta(days=days), closed_at=None, drawn_at=None)
    taken = Booking.objects.filter(slot=OuterRef("pk"), state__in=TAKEN)
    return rows.filter(~Exists(taken)).select_related("space__stage__process__department").order_by("begins")
