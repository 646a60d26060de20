"""Figures on screenings, costings, score sheets, objections and decisions of bodies."""

from datetime import date
from typing import Literal

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from madang.site.docket.models import Matter
from madang.site.kit.clock import end_of
from madang.site.kit.figures import Arguments, Records, figure_query
from madang.site.reviews.models import Costing, Motion, Objection, Screening, Sheet


class OfProcess(Arguments):
    """The records of one process, of all processes of a programme, or of the city."""

    process: str | None = None
    programme: str | None = None
    kind: str | None = None

    def under(self, stage: str) -> dict[str, str]:
        """The conditions on the stage that a record hangs on."""
        wanted = {
            f"{stage}process__code": self.process,
            f"{stage}process__programme__code": self.programme,
        }
        return {path: value for path, value in wanted.items() if value is not None}


class Screenings(OfProcess):
    """Screenings; `referred` only those handed to a department, `ruled` only those with a ruling."""

    referred: bool = False
    ruled: bool = False
    outcome: list[str] = []
    department: str | None = None


@figure_query("reviews.screenings", Screenings)
def screenings(arguments: Screenings, as_of: date) -> Records:
    """Matters screened: referred to a department or ruled on by the end of the day."""
    end = end_of(as_of)
    begun = Screening.objects.filter(referred_at__lt=end) | Screening.objects.filter(ruled_at__lt=end)
    rows = begun.filter(**arguments.under("stage__"))
    if arguments.kind:
        rows = rows.filter(matter__kind=arguments.kind)
    if arguments.referred:
        rows = rows.filter(referred_at__lt=end)
    if arguments.ruled or arguments.outcome:
        rows = rows.filter(ruled_at__lt=end)
    if arguments.outcome:
        rows = rows.filter(outcome__in=arguments.outcome)
    if arguments.department:
        rows = rows.filter(department__code=arguments.department)
    columns = [
        ("matter.number", _("Receipt number")),
        ("department", _("Department")),
        ("due_on", _("Due on")),
        ("ruled_at", _("Ruled")),
    ]
    return Records(
        rows.select_related("matter", "department").order_by("matter__number", "pk"), columns=columns, link=page
    )


class Costings(OfProcess):
    """The latest costing of each matter; `measure` counts them or adds their won."""

    measure: Literal["count", "won"] = "won"


@figure_query("reviews.costings", Costings)
def costings(arguments: Costings, as_of: date) -> Records:
    """The estimate of each matter that held at the end of the day."""
    end = end_of(as_of)
    rows = Costing.objects.filter(at__lt=end, **arguments.under("matter__"))
    if arguments.kind:
        rows = rows.filter(matter__kind=arguments.kind)
    same = Costing.objects.filter(matter=OuterRef("matter"), at__lt=end)
    later = same.filter(at__gt=OuterRef("at")) | same.filter(at=OuterRef("at"), pk__gt=OuterRef("pk"))
    latest = rows.filter(~Exists(later)).select_related("matter").order_by("matter__number", "pk")
    columns = [numbered(), ("amount_won", _("Estimate (won)")), ("at", _("Day"))]
    return Records(latest, "count" if arguments.measure == "count" else "sum:amount_won", columns, page)


@figure_query("reviews.sheets", OfProcess)
def sheets(arguments: OfProcess, as_of: date) -> Records:
    """Score sheets handed in; their points are never a column, since they are embargoed."""
    rows = Sheet.objects.filter(submitted_at__lt=end_of(as_of), **arguments.under("assignment__stage__"))
    if arguments.kind:
        rows = rows.filter(assignment__matter__kind=arguments.kind)
    columns = [("assignment.matter.number", _("Receipt number")), ("submitted_at", _("Handed in on"))]
    return Records(rows.defer("points", "total").select_related("assignment__matter").order_by("pk"), columns=columns)


class Objections(OfProcess):
    """Objections; `upheld` true or false only those decided that way."""

    upheld: bool | None = None


@figure_query("reviews.objections", Objections)
def objections(arguments: Objections, as_of: date) -> Records:
    """Objections made, or decided one way, by the end of the day."""
    end = end_of(as_of)
    rows = Objection.objects.filter(at__lt=end, **arguments.under("stage__"))
    if arguments.kind:
        rows = rows.filter(matter__kind=arguments.kind)
    if arguments.upheld is not None:
        rows = rows.filter(upheld=arguments.upheld, decided_at__lt=end)
    columns = [
        ("matter.number", _("Receipt number")),
        ("at", _("Objected")),
        ("decided_at", _("Decided on")),
        ("upheld", _("Upheld")),
    ]
    return Records(rows.select_related("matter").order_by("at", "pk"), columns=columns, link=page)


class Motions(OfProcess):
    """Votes of bodies; `measure` counts them or adds their votes."""

    body: str | None = None
    carried: bool | None = None
    measure: Literal["count", "in_favour", "against", "abstained"] = "count"


@figure_query("reviews.motions", Motions)
def motions(arguments: Motions, as_of: date) -> Records:
    """Votes of bodies by the end of the day."""
    rows = Motion.objects.filter(at__lt=end_of(as_of), **arguments.under("stage__"))
    if arguments.kind:
        rows = rows.filter(decisions__matter__kind=arguments.kind).distinct()
    if arguments.body:
        rows = rows.filter(body__code=arguments.body)
    if arguments.carried is not None:
        rows = rows.filter(carried=arguments.carried)
    columns = [("body", _("Body")), ("at", _("Day")), ("in_favour", _("In favour")), ("against", _("Against"))]
    reduce = "count" if arguments.measure == "count" else f"sum:{arguments.measure}"
    return Records(rows.select_related("body").order_by("at", "pk"), reduce, columns)


def page(record: Screening | Costing | Objection) -> str:
    """The page of the matter a record belongs to."""
    return matter_page(record.matter)


def matter_page(matter: Matter) -> str:
    """The address of a matter, as the conductor writes it into notices."""
    return f"/matters/{matter.number}/"


def numbered() -> tuple[str, str]:
    """The column of receipt numbers."""
    return "matter.number", _("Receipt number")
