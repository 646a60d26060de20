"""The life of a matter at a glance: from its filing over the stages of its process to the won spent on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from madang.site.desk.queries import Step
from madang.site.docket.models import Matter, Passage
from madang.site.docket.outcomes import OUTCOME_NAMES
from madang.site.forums import queries as forums
from madang.site.kit.clock import day_of
from madang.site.kit.deadlines import due_day
from madang.site.kit.language import pick
from madang.site.kit.templatetags.madang import day
from madang.site.ledger.queries import Trail
from madang.site.programmes.models import Stage
from madang.site.reviews.models import Costing

DONE, HERE, AHEAD, ENDED, NEVER = "done", "here", "ahead", "ended", "never"


@dataclass(frozen=True)
class Station:
    """A stage on a matter's way: with what was decided there, if it was."""

    step: Step
    passage: Passage | None
    here: bool

    @property
    def anchor(self) -> str:
        """Where the page tells what was decided there."""
        return f"way-{self.step.stage.order}"


@dataclass(frozen=True)
class LifeStep:
    """One step of a life bar: its name, where its record is, how far it is, and what came of it."""

    name: str
    anchor: str
    state: str
    outcome: str = ""
    won: int | None = None

    @property
    def linked(self) -> bool:
        """Whether the page has a record of it: stages always have one, the rest once it happened."""
        return self.state in (DONE, HERE, ENDED) or self.anchor.startswith("way-")


def life_of(matter: Any, way: Sequence[Station], costings: Sequence[Costing], money: Trail) -> list[LifeStep]:
    """The steps of a matter's life in their order, as its process and its money have them. No query.

    The matter was found by its number and knows how often it was `visited`.
    """
    steps = [] if any(_takes_in(station) for station in way) else [_filed(matter, DONE)]
    paid = matter.process.line_code or money.entries
    for station in way:
        stage = station.step.stage
        if stage.state == "planned":
            continue
        if stage.kind == "deliver" and paid:
            steps += _money_steps(matter, money)
            paid = ""
        steps.append(_stage_step(matter, station))
        if stage.settings.get("costing"):
            steps.append(_costing_step(matter, station, costings))
        if stage.settings.get("monitors") or (stage.kind == "deliver" and matter.visited):
            steps.append(_visit_step(matter))
    return steps + (_money_steps(matter, money) if paid else [])


def _takes_in(station: Station) -> bool:
    return station.step.stage.kind == "call"


def _filed(matter: Matter, state: str) -> LifeStep:
    return LifeStep(_("filing"), "text", state)


def _stage_step(matter: Matter, station: Station) -> LifeStep:
    stage, passage = station.step.stage, station.passage
    state = HERE if station.here else _ahead(matter)
    if passage is not None:
        state = DONE if passage.passed else ENDED
    if _takes_in(station):
        return _filed(matter, state)
    return LifeStep(
        pick(stage.behaviour.title_ko, stage.behaviour.title_en),
        station.anchor,
        state,
        pick(*OUTCOME_NAMES[passage.outcome]) if passage else "",
    )


def _ahead(matter: Matter) -> str:
    return NEVER if matter.ended_at is not None else AHEAD


def _costing_step(matter: Matter, station: Station, costings: Sequence[Costing]) -> LifeStep:
    if costings:
        return LifeStep(_("cost"), "costs", DONE, won=costings[0].amount_won)
    # What was screened without an estimate will not get one any more.
    return LifeStep(_("cost"), station.anchor, NEVER if station.passage else _ahead(matter))


def _money_steps(matter: Matter, money: Trail) -> list[LifeStep]:
    steps = []
    for name, kinds, won in (
        (_("obligation"), ("obligation", "de_obligation"), money.amounts.obligated_won),
        (_("payment"), ("payment", "refund"), money.amounts.spent_won),
    ):
        done = any(entry.kind in kinds for entry in money.entries)
        steps.append(LifeStep(name, "money", DONE if done else _money_ahead(matter), won=won if done else None))
    return steps


def _money_ahead(matter: Matter) -> str:
    # Money follows a good end too: what was approved or funded is paid after its journey.
    good = ("approved", "funded", "accepted", "partly_accepted", "delivered")
    return AHEAD if matter.ending in good or matter.ended_at is None else NEVER


def _visit_step(matter: Any) -> LifeStep:
    if matter.visited:
        return LifeStep(_("inspection"), "delivery", DONE)
    return LifeStep(_("inspection"), "delivery", _ahead(matter))


@dataclass(frozen=True)
class Seeking:
    """How much support a matter has and still needs, until when, and what follows then."""

    count: int
    needed: int
    until: date | None
    over: bool
    own: bool
    following: Stage | None
    answers: Stage | None
    department: str
    today: date

    @property
    def missing(self) -> int:
        """The supports still missing."""
        return max(self.needed - self.count, 0)

    @property
    def sentence(self) -> str:
        """What the missing supports would bring about."""
        told: dict[str, Any] = {"count": self.missing, "stage": self.following.title if self.following else ""}
        told |= {"department": self.department, "days": self.answers.settings.get("days", 30) if self.answers else 0}
        if not self.missing:
            return _("It has enough support for the next step.")
        if self.answers and self.following and self.following.kind != "answer":
            sentence = _(
                "%(count)d more, and “%(stage)s” is next; then %(department)s answers in %(days)d working days."
            )
            return sentence % told
        if self.answers:
            by = day(due_day(start=self.today, days=told["days"]))
            sentence = _("%(count)d more, and %(department)s must answer: by %(by)s if they come today.")
            return sentence % {**told, "by": by}
        if self.following:
            return _("%(count)d more, and it goes on to “%(stage)s”.") % told
        return _("%(count)d more are needed.") % told


def seeking(matter: Any, way: Sequence[Station], at: datetime) -> Seeking | None:
    """What a matter in an open support stage still needs; None elsewhere. No query.

    The matter was found by its number and knows its supporters and whether the reader is one.
    """
    stage = matter.stage
    if stage is None or stage.kind != "support" or not stage.is_open:
        return None
    today = day_of(at)
    needed = forums.threshold_on(stage, today)
    if needed is None:
        return None
    later = [station.step.stage for station in way if station.step.stage.order > stage.order]
    # A debate decides nothing, so what reaches it reaches the stage after it.
    deciding = next((one for one in later if one.kind != "discuss"), None)
    until = forums.last_day(matter)
    return Seeking(
        count=matter.support_count,
        needed=needed,
        until=until,
        over=until is not None and until < today,
        own=matter.supports_it,
        following=later[0] if later else None,
        answers=deciding if deciding is not None and deciding.kind == "answer" else None,
        department=matter.process.department.name,
        today=today,
    )
