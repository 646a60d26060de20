"""Reading draws: quotas against the result, a ticket, what an applicant may do."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, QuerySet
from django.utils.translation import gettext as _

from madang.site.docket.models import Passage
from madang.site.kit.actor import Actor
from madang.site.panels.models import ALL, Draw, Drawn
from madang.site.panels.quotas import frozen, quotas_of
from madang.site.people.claims import VALUE_NAMES, valid_at
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
    found = frozen(draw)
    names = _area_names(quota.stratum for quota in found)
    rows = []
    for quota in found:
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


def planned_rows(stage: Stage) -> list[tuple[str, int]]:
    """The groups with their seats as they would be frozen now. Raises Refused if they cannot be."""
    planned = quotas_of(stage.rules)  # type: ignore[arg-type]
    names = _area_names(quota.stratum for quota in planned)
    return [(_named(quota.stratum, names), quota.seats) for quota in planned]


def stratum_names(draw: Draw) -> dict[str, str]:
    """The groups of a draw in words, by the key under which its entries name them."""
    found = frozen(draw)
    names = _area_names(quota.stratum for quota in found)
    return {stratum_key(quota.stratum) or ALL: _named(quota.stratum, names) for quota in found}


def categories_named(codes: Iterable[str]) -> list[str]:
    """Categories of strata in words."""
    words = {"sex": _("sex"), "age_band": _("age"), "district": _("district of residence or work")}
    return [words.get(code, code) for code in codes]


def _area_names(strata: Iterable[Mapping[str, str]]) -> dict[str, str]:
    codes = {stratum.get("district", "") for stratum in strata}
    return {area.code: area.name for area in Area.objects.filter(code__in=codes)}


def _named(stratum: Mapping[str, str], areas: dict[str, str]) -> str:
    parts = [
        areas[value] if value in areas else str(VALUE_NAMES.get(kind, {}).get(value, value))
        for kind, value in stratum.items()
    ]
    return ", ".join(parts) or _("everybody")


def unanswered(draw: Draw, at: datetime) -> tuple[int, datetime | None]:
    """How many of those drawn have not replied while they still may, and until when the last of them may."""
    waiting = draw.entries.filter(status=Drawn.Status.SELECTED, accepted=None)
    days: int = draw.stage.rules.reply_days  # type: ignore[attr-defined]
    still = waiting.filter(called_at__gte=at - timedelta(days=days))
    found = still.aggregate(count=Count("pk"), last=Max("called_at"))
    return found["count"], found["last"] + timedelta(days=days) if found["last"] else None


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


def own_seat(stage: Stage, by: Actor, at: datetime) -> Seat | None:
    """The actor's own seat of the body and term of an appointment, while it lasts."""
    if by.person_id is None:
        return None
    rules = stage.rules
    rows = Seat.objects.filter(
        valid_at(at),
        person_id=by.person_id or 0,
        body__code=rules.body,  # type: ignore[attr-defined]
        term=rules.term,  # type: ignore[attr-defined]
    )
    return rows.select_related("body").first()


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
