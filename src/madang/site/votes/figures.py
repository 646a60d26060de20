"""Figures about votes. Nothing here reads a choice; winners and money are read from published passages."""

from datetime import date
from typing import Literal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from madang.site.docket.models import Passage
from madang.site.kit.clock import end_of
from madang.site.kit.figures import Arguments, Records, figure_query
from madang.site.votes.models import Circumstance, Option, Turnout


class VotersOf(Arguments):
    """Voters of processes, through one channel or all."""

    processes: list[str]
    channel: str = ""


class CircumstanceOf(Arguments):
    """One kind of circumstance of the vote of a process."""

    process: str
    code: str


class Measured(Arguments):
    """Matters of processes: how many, or their amount in won."""

    processes: list[str]
    measure: Literal["count", "amount"] = "count"


@figure_query("votes.voters", VotersOf)
def voters(arguments: VotersOf, as_of: date) -> Records:
    """How many people have voted, by the days noted at sealing or handed over by an earlier system."""
    rows = Turnout.objects.filter(election__stage__process__code__in=arguments.processes, day__lte=as_of)
    if arguments.channel:
        rows = rows.filter(channel=arguments.channel)
    rows = rows.select_related("election").order_by("day", "channel", "pk")
    columns = (("day", _("Day")), ("channel", _("Channel")), ("voters", _("Voters")))
    return Records(rows, "sum:voters", columns, lambda row: f"/votes/{row.election.stage_id}/")


@figure_query("votes.circumstance", CircumstanceOf)
def circumstance(arguments: CircumstanceOf, as_of: date) -> Records:
    """What a vote was held under, as noted by the end of the day; the latest note counts."""
    rows = Circumstance.objects.filter(
        election__stage__process__code=arguments.process, code=arguments.code, noted_at__lt=end_of(as_of)
    ).select_related("election")
    columns = (("name", "Circumstance"), ("number", "Value"), ("source", "Source"), ("noted_at", "Noted"))
    return Records(rows, "value:value", columns, lambda row: f"/votes/{row.election.stage_id}/")


@figure_query("votes.options", Measured)
def options(arguments: Measured, as_of: date) -> Records:
    """What stood on the ballot paper, with the amounts as the vote opened."""
    rows = Option.objects.filter(
        election__stage__process__code__in=arguments.processes, election__stage__opened_at__lt=end_of(as_of)
    ).select_related("matter")
    columns = (("order", _("No.")), ("matter.title", _("Title")), ("amount_won", _("Amount (won)")))
    reduce = "count" if arguments.measure == "count" else "sum:amount_won"
    return Records(rows, reduce, columns, lambda option: f"/matters/{option.matter.number}/")


@figure_query("votes.winners", Measured)
def winners(arguments: Measured, as_of: date) -> Records:
    """What a vote has passed on."""
    rows = _passed(arguments, as_of, "vote").filter(passed=True)
    reduce = "count" if arguments.measure == "count" else "sum:matter__amount_won"
    columns = (("matter.number", _("No.")), ("matter.title", _("Title")), ("rank", _("Rank")))
    return Records(rows, reduce, columns, _matter_page)


@figure_query("votes.allotted", Measured)
def allotted(arguments: Measured, as_of: date) -> Records:
    """What money was allotted to."""
    rows = _passed(arguments, as_of, "allot").filter(outcome="funded")
    reduce = "count" if arguments.measure == "count" else "sum:amount_won"
    columns = (
        ("matter.number", _("No.")),
        ("matter.title", _("Title")),
        ("rank", _("Rank")),
        ("amount_won", _("Amount (won)")),
    )
    return Records(rows, reduce, columns, _matter_page)


def _passed(arguments: Measured, as_of: date, kind: str) -> QuerySet[Passage]:
    return (
        Passage.objects.filter(stage__process__code__in=arguments.processes, stage__kind=kind, at__lt=end_of(as_of))
        .select_related("matter")
        .order_by("rank", "pk")
    )


def _matter_page(passage: Passage) -> str:
    return f"/matters/{passage.matter.number}/"
