"""Reading meetings and courses."""

from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet, Sum

from madang.site.gatherings.models import Attendance, Cohort, Course, Enrolment, Gathering
from madang.site.programmes.models import Process, Stage


def of_stage(stage: Stage) -> QuerySet[Gathering]:
    """The meetings of a stage with how many attended, newest first."""
    return _counted(Gathering.objects.filter(stage=stage)).order_by("-held_at", "-pk")


def of_process(process: Process) -> QuerySet[Gathering]:
    """The meetings of a process with how many attended, newest first."""
    return _counted(Gathering.objects.filter(process=process)).order_by("-held_at", "-pk")


def _counted(gatherings: QuerySet[Gathering]) -> QuerySet[Gathering]:
    present = Sum("attendance__heads", filter=Q(attendance__part="participant"), default=0)
    return gatherings.select_related("body").annotate(present=present)


def courses(process: Process) -> QuerySet[Course]:
    """The courses of a process with the number of runs."""
    return Course.objects.filter(process=process).annotate(runs=Count("cohorts")).order_by("pk")


def cohorts(process: Process) -> QuerySet[Cohort]:
    """The runs of a process's courses with how many enrolled and completed, newest first."""
    return (
        Cohort.objects.filter(course__process=process)
        .select_related("course__process__department")
        .annotate(
            enrolled=Count("enrolments"),
            completed=Count("enrolments", filter=Q(enrolments__completed_at__isnull=False)),
        )
        .order_by("-starts_on", "-pk")
    )


def upcoming(at: datetime) -> QuerySet[Gathering]:
    """Meetings still to come, soonest first."""
    return Gathering.objects.filter(held_at__gte=at).select_related("process", "body").order_by("held_at", "pk")


def present_by_part(gathering: Gathering) -> dict[str, int]:
    """How many attended a meeting, by what they did there."""
    rows = Attendance.objects.filter(gathering=gathering).values_list("part")
    return dict(rows.annotate(total=Sum("heads")).order_by("part"))


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
