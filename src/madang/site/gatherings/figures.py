"""Figures about meetings and courses."""

from datetime import date

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from madang.site.gatherings.models import Attendance, Cohort, Course, Enrolment, Gathering
from madang.site.kit.clock import end_of
from madang.site.kit.figures import Arguments, Records, figure_query


class GatheringsOf(Arguments):
    """Meetings of a process or of a programme, of a kind and mode if given; "max:held_at" reads the last day."""

    process: str = ""
    programme: str = ""
    kind: str = ""
    mode: str = ""
    reduce: str = "count"


class AttendanceOf(Arguments):
    """Attendance at meetings of a process or a programme, of a kind, by part (participant, speaker, viewer)."""

    process: str = ""
    programme: str = ""
    kind: str = ""
    part: str = "participant"


class CoursesOf(Arguments):
    """Courses of a process by the beginning of their code, and which of their numbers to read."""

    process: str
    course: str = ""
    reduce: str = "count"


class CohortsOf(Arguments):
    """Runs of the courses whose code begins so; with `institutions` only those of an institution."""

    process: str
    course: str
    institutions: bool = False


def _where(arguments: GatheringsOf | AttendanceOf, path: str) -> dict[str, str]:
    wanted = {f"{path}process__code": arguments.process, f"{path}process__programme__code": arguments.programme}
    return {key: value for key, value in wanted.items() if value}


@figure_query("gatherings.gatherings", GatheringsOf)
def gatherings(arguments: GatheringsOf, as_of: date) -> Records:
    """Meetings held by the end of the day."""
    end = end_of(as_of)
    cancelled = Q(cancelled_at__isnull=False, cancelled_at__lt=end)
    rows = Gathering.objects.filter(~cancelled, held_at__lt=end, **_where(arguments, ""))
    if arguments.kind:
        rows = rows.filter(kind=arguments.kind)
    if arguments.mode:
        rows = rows.filter(mode=arguments.mode)
    columns = (("title", _("Meeting")), ("held_at", _("Held")), ("mode", _("Mode")))
    return Records(rows.order_by("held_at", "pk"), arguments.reduce, columns, _gathering_page)


@figure_query("gatherings.attendance", AttendanceOf)
def attendance(arguments: AttendanceOf, as_of: date) -> Records:
    """Person-times at meetings held by the end of the day."""
    rows = Attendance.objects.filter(
        gathering__held_at__lt=end_of(as_of), part=arguments.part, **_where(arguments, "gathering__")
    )
    if arguments.kind:
        rows = rows.filter(gathering__kind=arguments.kind)
    columns = (("gathering", _("Meeting")), ("person", _("Person")), ("heads", _("Heads")))
    return Records(rows.select_related("gathering", "person").order_by("pk"), "sum:heads", columns)


@figure_query("gatherings.courses", CoursesOf)
def courses(arguments: CoursesOf, as_of: date) -> Records:
    """Courses of a process: their number, or their hours, lectures or group size."""
    rows = Course.objects.filter(process__code=arguments.process, code__startswith=arguments.course).order_by("pk")
    columns = (
        ("title", _("Course")),
        ("hours", _("Hours")),
        ("lectures", _("Lectures")),
        ("group_size", _("Group size")),
    )
    return Records(rows, arguments.reduce, columns)


@figure_query("gatherings.cohorts", CohortsOf)
def cohorts(arguments: CohortsOf, as_of: date) -> Records:
    """Runs of courses begun by the end of the day."""
    rows = Cohort.objects.filter(
        course__process__code=arguments.process, course__code__startswith=arguments.course, starts_on__lte=as_of
    )
    if arguments.institutions:
        rows = rows.exclude(institution="")
    columns = (("title", _("Run")), ("institution", _("Institution")), ("starts_on", _("Starts")))
    return Records(rows.order_by("starts_on", "pk"), "count", columns)


@figure_query("gatherings.learners", CohortsOf)
def learners(arguments: CohortsOf, as_of: date) -> Records:
    """Learners enrolled by name in the runs begun by the end of the day (person-times)."""
    rows = Enrolment.objects.filter(
        cohort__course__process__code=arguments.process,
        cohort__course__code__startswith=arguments.course,
        cohort__starts_on__lte=as_of,
    )
    columns = (("cohort", _("Run")), ("person", _("Person")), ("hours", _("Hours")))
    return Records(rows.select_related("cohort", "person").order_by("pk"), "count", columns)


@figure_query("gatherings.reported_learners", CohortsOf)
def reported_learners(arguments: CohortsOf, as_of: date) -> Records:
    """Learners as institutions report them that keep their students' data."""
    rows = Cohort.objects.filter(
        course__process__code=arguments.process,
        course__code__startswith=arguments.course,
        starts_on__lte=as_of,
        headcount__isnull=False,
    ).annotate(heads=Coalesce(F("headcount"), 0))
    columns = (("title", _("Run")), ("institution", _("Institution")), ("heads", _("Heads")))
    return Records(rows.order_by("starts_on", "pk"), "sum:heads", columns)


def _gathering_page(gathering: Gathering) -> str:
    return f"/gatherings/{gathering.pk}/"
