"""Reading draws: quotas against the result, a ticket, what an applicant may do."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext as _

from madang.site.docket.models import Passage
from madang.site.kit.actor import Actor
from madang.site.panels.models import Draw, Drawn, Plan
from madang.site.panels.quotas import kinds_of, quotas_for, residents_of
from madang.site.panels.settings import Draw as Rules
from madang.site.people.claims import VALUE_NAMES, valid_at
from madang.site.people.models import Area, Organisation, Seat
from madang.site.programmes.models import Stage
from madang.site.programmes.queues import in_charge
from madang.sortition import CROSSING, mixed_seed


@dataclass(frozen=True)
class StratumRow:
    """One quota: the fewest seats it asks for, its candidates, and how its seats stand now."""

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
    draw = Draw.objects.filter(stage=stage).defer("record").first()
    if draw is not None:
        draw.stage = stage
        drawn = draw.drawn_at is not None
        draw.seed = mixed_seed(draw.list_hash, draw.secret, draw.public) if drawn else ""  # type: ignore[attr-defined]
    return draw


def strata_rows(draw: Draw) -> list[StratumRow]:
    """Quotas against the result, in the order of the quotas; everybody counts once for each feature. Two queries."""
    counts: Counter[tuple[tuple[str, str], str]] = Counter()
    groups = draw.entries.exclude(stratum="").order_by().values_list("stratum", "status", "accepted")
    quotas = draw.quotas or [{"feature": "", "value": "", "low": draw.stage.rules.seats}]  # type: ignore[attr-defined]
    parts = {quota["feature"]: quota["feature"].split(CROSSING) for quota in quotas}
    for stratum, status, accepted, people in groups.annotate(people=Count("pk")):
        known = _parted(stratum)
        state = {True: "accepted", False: "declined", None: "waiting"}[accepted]
        for feature, kinds in parts.items():
            own = feature, CROSSING.join(known.get(kind, "") for kind in kinds)
            counts[own, "candidates"] += people
            counts[own, state] += people if status == Drawn.Status.SELECTED else 0
    names = _area_names(_stratum(quota["feature"], quota["value"]) for quota in quotas)
    rows = []
    for quota in quotas:
        own = quota["feature"], quota["value"]
        kept = counts[own, "accepted"] + counts[own, "waiting"]
        rows.append(
            StratumRow(
                name=_named(_stratum(quota["feature"], quota["value"]), names),
                seats=quota["low"],
                candidates=counts[own, "candidates"],
                drawn=kept,
                accepted=counts[own, "accepted"],
                declined=counts[own, "declined"],
                empty=max(quota["low"] - kept, 0),
            )
        )
    return rows


@dataclass(frozen=True)
class PoolRow:
    """One group: its share of the residents (None: not told by population), of the candidates, and of the seats."""

    name: str
    residents: int | None
    residents_share: float | None
    candidates: int
    candidates_share: float
    low: int
    high: int


def pool_rows(draw: Draw) -> list[PoolRow]:
    """The frozen list by group against the city's population. Each feature's groups are shares of its own whole."""
    residents = {feature: residents_of(feature) for feature in dict.fromkeys(one["feature"] for one in draw.quotas)}
    found = []
    for row, quota in zip(strata_rows(draw), draw.quotas, strict=False):
        known = residents[quota["feature"]]
        people = known.get(tuple(quota["value"].split(CROSSING)), 0) if known else None
        found.append(
            PoolRow(
                name=row.name,
                residents=people,
                residents_share=people / sum(known.values()) if known and people is not None else None,
                candidates=row.candidates,
                candidates_share=row.candidates / max(draw.candidates, 1),
                low=quota["low"],
                high=quota["high"],
            )
        )
    return found


def planned_rows(stage: Stage) -> list[tuple[str, int, int]]:
    """The groups with their fewest and most seats as they would be frozen now. Raises Refused if they cannot be."""
    planned = quotas_for(stage)
    if not planned:
        seats: int = stage.rules.seats  # type: ignore[attr-defined]
        return [(_("everybody"), seats, seats)]
    names = quota_names((one.feature, one.value) for one in planned)
    return [(names[one.name], one.low, one.high) for one in planned]


def plan_of(stage: Stage) -> Plan | None:
    """The quotas that the office set in place of those of the recipe, or None."""
    return Plan.objects.filter(stage=stage).first()


def quota_names(quotas: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Quotas in words, by the name that the record has for them, such as `sex×age_band=f×20s`."""
    strata = {f"{feature}={value}": _stratum(feature, value) for feature, value in quotas}
    names = _area_names(strata.values())
    return {name: _named(stratum, names) for name, stratum in strata.items()}


def stages_with_free_seats(at: datetime) -> list[Stage]:
    """The open draws in which a seat was given up, or not answered in time, and no reserve was called for it yet."""
    drawn = Draw.objects.filter(drawn_at__isnull=False, stage__opened_at__isnull=False, stage__closed_at=None)
    rows = drawn.select_related("stage__process__department").defer("record", "quotas").order_by("pk")
    return [draw.stage for draw in rows if _has_free_seat(draw, at)]


def _has_free_seat(draw: Draw, at: datetime) -> bool:
    days: int = draw.stage.rules.reply_days  # type: ignore[attr-defined]
    selected = draw.entries.filter(status=Drawn.Status.SELECTED)
    if selected.filter(accepted=None, called_at__lt=at - timedelta(days=days)).exists():
        return True
    given_up = set(selected.filter(accepted=False).values_list("ticket", flat=True))
    if not given_up:
        return False
    replaced = Draw.objects.filter(pk=draw.pk).values_list("record__replacements", flat=True).get()
    return bool(given_up - {left for event in replaced for left, _coming, _rule in event["called"]})


def stratum_names(strata: Iterable[str]) -> dict[str, str]:
    """Strata in words, by the key under which entries name them, such as `sex=f,age_band=30s`."""
    parted = {key: _parted(key) for key in set(strata)}
    names = _area_names(parted.values())
    return {key: _named(stratum, names) for key, stratum in parted.items()}


def categories_named(rules: Rules) -> list[str]:
    """The categories of a draw's strata in words."""
    words = {"sex": _("sex"), "age_band": _("age"), "district": _("district of residence or work")}
    return [words.get(code, code) for code in kinds_of(rules)]


def _parted(key: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in key.split(",") if "=" in part)


def _stratum(feature: str, value: str) -> dict[str, str]:
    return dict(zip(feature.split(CROSSING), value.split(CROSSING), strict=True)) if feature else {}


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


def number_of(draw: Draw) -> int | None:
    """The number of the panel that was drawn, or None before the draw."""
    if draw.drawn_at is None:
        return None
    return Draw.objects.filter(pk=draw.pk).values_list("record__draw__ticket", flat=True).get()


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
    """The record for `madang sortition verify`; before the draw its published part, with every panel of the lottery."""
    return draw.record


def waiting_draws(by: Actor, at: datetime) -> QuerySet[Stage]:
    """Open draw and appointment stages of the actor's departments, for the desk."""
    stages = Stage.objects.filter(kind__in=("draw", "appoint"), opened_at__isnull=False, closed_at__isnull=True)
    return stages.filter(in_charge(by, "officer", "head")).select_related("process").order_by("closes_on", "pk")


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
