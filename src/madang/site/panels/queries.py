"""Reading draws: quotas against the result, a ticket, what an applicant may do."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext as _

from madang.site.docket.models import Passage
from madang.site.kit.actor import Actor
from madang.site.panels.models import ALL, Draw, Drawn
from madang.site.panels.quotas import frozen
from madang.site.people.models import Area, Organisation, Seat
from madang.site.programmes.models import Stage
from madang.sortition import stratum_key


@dataclass(frozen=True)
class StratumRow:
    """One stratum: its seats, its candidates, and how its seats stand now."""

    name: str
    seats: int
    candidates: int
    drawn: int
    accepted: int
    declined: int
    empty: int


def draw_of(stage: Stage) -> Draw | None:
    """The draw of a stage with the `seed` that was drawn with, or None before its list is frozen.

    Its record holds every candidate and is read only where it is asked for.
    """
    return Draw.objects.filter(stage=stage).defer("record").annotate(seed=F("record__seed")).first()


def strata_rows(draw: Draw) -> list[StratumRow]:
    """Quotas against the result, in the order of the quotas. Costs three queries."""
    candidates = dict(draw.entries.values("stratum").annotate(n=Count("pk")).order_by().values_list("stratum", "n"))
    counts: Counter[tuple[str, str]] = Counter()
    selected = draw.entries.filter(status=Drawn.Status.SELECTED).values_list("seat_stratum", "accepted")
    for stratum, accepted in selected:
        counts[stratum, {True: "accepted", False: "declined", None: "waiting"}[accepted]] += 1
    names = _area_names(draw)
    rows = []
    for quota in frozen(draw):
        key = stratum_key(quota.stratum) or ALL
        kept = counts[key, "accepted"] + counts[key, "waiting"]
        rows.append(
            StratumRow(
                name=_named(quota.stratum, names),
                seats=quota.seats,
                candidates=candidates.get(key, 0),
                drawn=kept,
                accepted=counts[key, "accepted"],
                declined=counts[key, "declined"],
                empty=max(quota.seats - kept, 0),
            )
        )
    return rows


def _area_names(draw: Draw) -> dict[str, str]:
    codes = {quota["stratum"].get("district", "") for quota in draw.quotas}
    return {area.code: area.name for area in Area.objects.filter(code__in=codes)}


def _named(stratum: Mapping[str, str], areas: dict[str, str]) -> str:
    words = {"f": _("women"), "m": _("men")}
    parts = [areas.get(value) or words.get(value) or value for value in stratum.values()]
    return ", ".join(parts) or _("everybody")


def ticket_of(draw: Draw, text: str) -> Drawn | None:
    """The entry of a ticket that somebody typed, or None."""
    return draw.entries.filter(ticket=text.strip().lower()).first()


def own_entry(draw: Draw, by: Actor) -> Drawn | None:
    """The actor's own entry in the draw, or None."""
    if not by.known:
        return None
    rows = draw.entries.filter(matter__author_id=by.person_id).select_related("matter", "draw__stage__process")
    return rows.defer("draw__record", "draw__quotas", "draw__stage__process__recipe").first()


def called(draw: Draw) -> QuerySet[Drawn]:
    """Those drawn, with the matters of their candidacy, for the office."""
    rows = draw.entries.filter(status=Drawn.Status.SELECTED).select_related("matter")
    return rows.order_by("seat_stratum", "rank", "ticket")


def record(draw: Draw) -> dict[str, Any] | None:
    """The record for `madang draw verify`; None before the draw, since it holds the secret."""
    return draw.record


def waiting_draws(by: Actor, at: datetime) -> QuerySet[Stage]:
    """Open draw and appointment stages of the actor's departments, for the desk."""
    stages = Stage.objects.filter(kind__in=("draw", "appoint"), opened_at__isnull=False, closed_at__isnull=True)
    departments = {grant.organisation for grant in by.grants if grant.role in ("officer", "head", "system")}
    if None not in departments:
        stages = stages.filter(process__department__code__in=departments)
    return stages.select_related("process").order_by("closes_on", "pk")


def appointed(stage: Stage) -> QuerySet[Passage]:
    """The passages of those appointed by a stage."""
    return Passage.objects.filter(stage=stage, outcome="appointed").select_related("matter").order_by("pk")


def body_of(stage: Stage) -> Organisation | None:
    """The body that an appointment stage seats people in."""
    return Organisation.objects.filter(code=stage.rules.body).first()  # type: ignore[attr-defined]


def appointed_by_way(stage: Stage) -> list[tuple[str, int]]:
    """Seats of the body and term by the way of appointment: by lot, by selection."""
    words = {
        "lot": _("by lot"),
        "selection": _("by selection"),
        "nomination": _("by nomination"),
        "office": _("by office"),
    }
    rules = stage.rules
    rows = Seat.objects.filter(
        body__code=rules.body,  # type: ignore[attr-defined]
        term=rules.term,  # type: ignore[attr-defined]
    )
    counts = rows.order_by().values_list("appointed_by").annotate(seats=Count("pk"))
    return [(words.get(way, way), seats) for way, seats in sorted(counts)]
