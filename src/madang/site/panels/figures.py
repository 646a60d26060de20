"""Figures about draws and the people drawn."""

from datetime import date
from typing import Literal

from django.db.models import Q
from django.utils.translation import gettext as _

from madang.site.kit.clock import end_of
from madang.site.kit.figures import Arguments, Records, figure_query
from madang.site.panels.models import Draw, Drawn


class DrawsOf(Arguments):
    """Draws of processes; of all when none is named."""

    processes: list[str] = []


class DrawnOf(Arguments):
    """Entries of a process's draw: `status` selected, given_up, reserve or not_drawn ("" for all candidates).

    "selected" are those who were drawn or moved up and did not give their seat up. `stratum` picks by
    facts, such as {sex = "f"}.
    """

    process: str
    status: Literal["", "selected", "given_up", "reserve", "not_drawn"] = "selected"
    stratum: dict[str, str] = {}


# The record of a draw holds every candidate; a page of 25 must not read it 25 times.
DRAWN_SHOWN = ("ticket", "stratum", "status", "rank", "draw__stage")


@figure_query("panels.draws", DrawsOf)
def draws(arguments: DrawsOf, as_of: date) -> Records:
    """How many draws have taken place."""
    rows = Draw.objects.filter(drawn_at__lt=end_of(as_of))
    if arguments.processes:
        rows = rows.filter(stage__process__code__in=arguments.processes)
    rows = rows.select_related("stage").defer("record", "quotas").order_by("drawn_at", "pk")
    columns = (("stage.title", _("Stage")), ("candidates", _("Candidates")), ("drawn_at", _("Drawn")))
    return Records(rows, "count", columns, lambda draw: f"/panels/draws/{draw.stage_id}/")


@figure_query("panels.drawn", DrawnOf)
def drawn(arguments: DrawnOf, as_of: date) -> Records:
    """How many candidates have a status in the draws of a process."""
    rows = Drawn.objects.filter(draw__stage__process__code=arguments.process, draw__drawn_at__lt=end_of(as_of))
    if arguments.status in ("selected", "given_up"):
        gave_up = Q(accepted__isnull=False, accepted=False)
        rows = rows.filter(gave_up if arguments.status == "given_up" else ~gave_up, status=Drawn.Status.SELECTED)
    elif arguments.status:
        rows = rows.filter(status=arguments.status)
    for kind, value in arguments.stratum.items():
        rows = rows.filter(**{f"strata__{kind}": value})
    rows = rows.select_related("draw").only(*DRAWN_SHOWN).order_by("seat_stratum", "rank", "ticket")
    columns = (("ticket", _("Ticket")), ("stratum", _("Stratum")), ("status", _("Status")), ("rank", _("Rank")))
    return Records(rows, "count", columns, lambda entry: f"/panels/draws/{entry.draw.stage_id}/")
