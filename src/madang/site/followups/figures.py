"""Figures on answers and milestones."""

from datetime import date
from typing import Literal

from django.db.models import BigIntegerField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from madang.site.followups.models import Answer, Measure, Milestone
from madang.site.kit.clock import end_of
from madang.site.kit.figures import Arguments, Records, figure_query


class Answers(Arguments):
    """Answers of one process, of a programme or of the city; `outcome` only those."""

    process: str | None = None
    programme: str | None = None
    kind: str | None = None
    outcome: list[str] = []


@figure_query("followups.answers", Answers)
def answers(arguments: Answers, as_of: date) -> Records:
    """Answers given by the end of the day."""
    wanted = {
        "stage__process__code": arguments.process,
        "stage__process__programme__code": arguments.programme,
        "matter__kind": arguments.kind,
        "outcome__in": arguments.outcome or None,
    }
    rows = Answer.objects.filter(at__lt=end_of(as_of), **{key: value for key, value in wanted.items() if value})
    columns = [
        ("matter.number", _("Receipt number")),
        ("department", _("Department")),
        ("outcome", _("Answer")),
        ("at", _("Day")),
    ]
    return Records(rows.select_related("matter", "department").order_by("at", "pk"), columns=columns, link=page)


class Milestones(Arguments):
    """Milestones; `reached` true only those reached by then, false only those not yet."""

    process: str | None = None
    programme: str | None = None
    kind: str | None = None
    reached: bool | None = None


@figure_query("followups.milestones", Milestones)
def milestones(arguments: Milestones, as_of: date) -> Records:
    """Milestones promised by the end of the day."""
    end = end_of(as_of)
    wanted = {
        "matter__process__code": arguments.process,
        "matter__process__programme__code": arguments.programme,
        "matter__kind": arguments.kind,
    }
    rows = Milestone.objects.filter(added_at__lt=end, **{key: value for key, value in wanted.items() if value})
    if arguments.reached is True:
        rows = rows.filter(reached_at__lt=end)
    if arguments.reached is False:
        rows = rows.exclude(reached_at__lt=end)
    columns = [
        ("matter.number", _("Receipt number")),
        ("title", _("Milestone")),
        ("due_on", _("Due on")),
        ("reached_at", _("Reached")),
    ]
    return Records(rows.select_related("matter").order_by("due_on", "pk"), columns=columns, link=page)


class MeasureOf(Arguments):
    """A measure of an answer in a process by its indicator: the number `before` or `after`."""

    process: str
    indicator: str
    moment: Literal["before", "after"] = "after"


@figure_query("followups.measure", MeasureOf)
def measure(arguments: MeasureOf, as_of: date) -> Records:
    """What an indicator of a promised measure stood at before, or stands at after."""
    rows = Measure.objects.filter(
        answer__stage__process__code=arguments.process, indicator=arguments.indicator, answer__at__lt=end_of(as_of)
    ).annotate(number=Cast(arguments.moment, BigIntegerField()))
    columns = [("answer.matter.number", _("Receipt number")), ("title", _("Measure")), ("number", _("Value"))]
    return Records(
        rows.select_related("answer__matter").order_by("-answer__at", "-pk"),
        "value:number",
        columns,
        lambda row: page(row.answer),
    )


def page(record: Answer | Milestone) -> str:
    """The page of the matter a record belongs to."""
    return f"/matters/{record.matter.number}/"


def numbered() -> tuple[str, str]:
    """The column of receipt numbers."""
    return "matter.number", _("Receipt number")
