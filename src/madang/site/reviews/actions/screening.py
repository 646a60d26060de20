"""Screening: referral to a department with a deadline, costing, and a ruling with its reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from madang.site.docket import conductor
from madang.site.docket.models import Matter
from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.kit.deadlines import due_day, resumed
from madang.site.kit.stages import Outcome
from madang.site.kit.templatetags.madang import day as words_of
from madang.site.kit.verdict import Refused, require
from madang.site.people.models import Organisation
from madang.site.programmes.models import Stage
from madang.site.record.journal import action, write
from madang.site.reviews import policy, queries
from madang.site.reviews.models import Costing, Pause, Screening
from madang.site.reviews.settings import Screen, rules_of

RULINGS = {True: ("suitable",), False: ("unsuitable", "transferred", "hidden")}


@dataclass(frozen=True)
class Ruled:
    """A ruling on one matter; without an `outcome` it is suitable or unsuitable. A refusal needs a reason."""

    matter_id: int
    passes: bool
    reason: str = ""
    outcome: str = ""

    @property
    def named(self) -> str:
        """The outcome, spelled out."""
        return self.outcome or RULINGS[self.passes][0]


@action
def refer(
    *,
    by: Actor,
    at: datetime,
    stage: Stage,
    matters: Sequence[Matter],
    department: Organisation,
    due_on: date | None = None,
) -> list[Screening]:
    """Refer matters to a department; a second referral replaces the first (WORKFLOWS 1-2 step 4, 1-3 step 5).

    `due_on` is the last day; without it, the stage's working days from today. Raises Refused if nothing
    is chosen, a matter is not in the stage or ruled on already, or the day has passed.
    """
    require(policy.may_refer(by, stage, at))
    if not matters:
        raise Refused(_("Choose at least one matter."))
    day = due_on or due_day(start=day_of(at), days=rules_of(stage, Screen).days)
    if day < day_of(at):
        raise Refused(_("The deadline %(day)s has already passed.") % {"day": words_of(day)})
    known = _known(stage, [matter.pk for matter in matters])
    for matter in matters:
        _require_here(stage, matter)
        if matter.pk in known and known[matter.pk].ruled_at is not None:
            raise Refused(_("%(number)s has been ruled on already.") % {"number": matter.number})
    rows = [known.get(matter.pk) or Screening(matter=matter, stage=stage) for matter in matters]
    for row in rows:
        row.department, row.due_on, row.referred_at = department, day, at
    _save(rows, ["department", "due_on", "referred_at"])
    for row in rows:
        write(
            book=stage.process.book,
            verb="matter.referred",
            subject=f"matter:{row.matter_id}",
            by=by,
            at=at,
            stage=stage.order,
            department=department.code,
            due_on=day.isoformat(),
        )
    conductor.tell_authors(
        matters=matters,
        at=at,
        ko=f"부서 검토를 시작했습니다: {department.name_ko}, 기한 {words_of(day, 'ko')}",
        en=f"{department.name_en or department.name_ko} examines it until {words_of(day, 'en')}",
    )
    return rows


@action
def pause(*, by: Actor, at: datetime, screening: Screening, reason: str) -> Pause:
    """Stop the clock because something was asked of the author. Raises Refused if it stands still already."""
    require(policy.may_rule_on(by, screening, at))
    if screening.due_on is None or screening.ruled_at is not None:
        raise Refused(_("No clock is running for this matter."))
    if screening.pauses.filter(ended_at=None).exists():
        raise Refused(_("The clock of this matter already stands still."))
    if not reason.strip():
        raise Refused(_("Say what the author is asked for; they read it."))
    row = Pause.objects.create(screening=screening, reason=reason.strip()[:300], by=by.pseudonym, started_at=at)
    _clock(screening, "screening.paused", by, at)
    asked = screening.matter
    conductor.tell(
        people=[asked.author_id] if asked.author_id else [],
        matter=asked,
        at=at,
        ko=f"보완을 요청드립니다: {row.reason}",
        en=f"Something is asked of you: {row.reason}",
        url=f"/intake/matters/{asked.number}/change/",
    )
    return row


@action
def end_pause(*, by: Actor, at: datetime, screening: Screening) -> Screening:
    """Let the clock run on: the deadline moves by the working days of the pause. Raises Refused if none runs."""
    require(policy.may_rule_on(by, screening, at))
    running = screening.pauses.filter(ended_at=None).first()
    if running is None or screening.due_on is None:
        raise Refused(_("The clock of this matter is running."))
    running.ended_at = at
    running.save(update_fields=["ended_at"])
    screening.due_on = resumed(due=screening.due_on, paused_on=day_of(running.started_at), resumed_on=day_of(at))
    screening.save(update_fields=["due_on"])
    _clock(screening, "screening.resumed", by, at)
    return screening


@action
def estimate_cost(*, by: Actor, at: datetime, matter: Matter, amount_won: int, note: str = "") -> Costing:
    """Note what a matter is estimated to cost, in whole won; the latest estimate holds. Raises Refused."""
    require(policy.may_estimate_cost(by, matter, at))
    if amount_won < 0:
        raise Refused(_("A cost cannot be below 0 won."))
    costing = Costing.objects.create(matter=matter, amount_won=amount_won, note=note[:300], by=by.pseudonym, at=at)
    write(
        book=matter.process.book,
        verb="matter.costed",
        subject=f"matter:{matter.pk}",
        by=by,
        at=at,
        amount_won=amount_won,
    )
    return costing


@action
def screen(*, by: Actor, at: datetime, stage: Stage, rulings: Sequence[Ruled]) -> list[Screening]:
    """Rule on matters (WORKFLOWS 1-2 step 2, 1-3 step 5).

    In a rolling stage they go on or end at once; otherwise the rulings are kept, may be changed, and take
    effect when the stage closes. Raises Refused if a matter is not in the stage, or a reason is missing.
    """
    known = _known(stage, [ruled.matter_id for ruled in rulings])
    _require_may_rule(by, stage, known, rulings, at)
    matters = Matter.objects.in_bulk([ruled.matter_id for ruled in rulings])
    if len(matters) < len(rulings) or not rulings:
        raise Refused(_("Choose at least one matter, and each only once."))
    rows = []
    for ruled in rulings:
        matter = matters[ruled.matter_id]
        _require_here(stage, matter)
        _require_sound(ruled, matter)
        row = known.get(matter.pk) or Screening(matter=matter, stage=stage)
        row.passes, row.outcome, row.reason = ruled.passes, ruled.named, ruled.reason.strip()
        row.ruled_by, row.ruled_at = by.pseudonym, at
        rows.append(row)
    _save(rows, ["passes", "outcome", "reason", "ruled_by", "ruled_at"])
    if rules_of(stage, Screen).rolling:
        # Each passage is recorded by the conductor; saying the same twice would double the book.
        conductor.pass_on(stage=stage, outcomes=outcomes_of(stage, rows), by=by, at=at)
        return rows
    for row in rows:
        write(
            book=stage.process.book,
            verb="matter.ruled",
            subject=f"matter:{row.matter_id}",
            by=by,
            at=at,
            stage=stage.order,
            outcome=row.outcome,
        )
    return rows


def outcomes_of(stage: Stage, rows: Iterable[Screening]) -> list[Outcome]:
    """The outcomes of rulings; where the stage asks for costing, with the latest estimate."""
    ruled = list(rows)
    costs = queries.latest_costs([row.matter_id for row in ruled]) if rules_of(stage, Screen).costing else {}
    return [
        Outcome(
            matter_id=row.matter_id,
            outcome=row.outcome,
            passes=bool(row.passes),
            reason=row.reason,
            amount_won=costs.get(row.matter_id),
        )
        for row in ruled
    ]


def _known(stage: Stage, matter_ids: Sequence[int]) -> dict[int, Screening]:
    rows = Screening.objects.filter(stage=stage, matter_id__in=matter_ids).select_related("department")
    return {row.matter_id: row for row in rows}


def _require_may_rule(
    by: Actor, stage: Stage, known: dict[int, Screening], rulings: Sequence[Ruled], at: datetime
) -> None:
    everywhere = policy.may_rule(by, stage, at)
    if everywhere.ok:
        return
    for ruled in rulings:
        row = known.get(ruled.matter_id)
        if row is not None:
            row.stage = stage
        require(everywhere if row is None else policy.may_rule_on(by, row, at))
    if not rulings:
        require(everywhere)


def _require_here(stage: Stage, matter: Matter) -> None:
    if matter.stage_id != stage.pk:
        raise Refused(_("%(number)s is not in this stage.") % {"number": matter.number})


def _require_sound(ruled: Ruled, matter: Matter) -> None:
    if ruled.named not in RULINGS[ruled.passes]:
        words = {"outcome": ruled.named, "known": ", ".join(RULINGS[ruled.passes])}
        raise Refused(_("%(outcome)s is not a ruling here; use one of: %(known)s.") % words)
    if not ruled.passes and not ruled.reason.strip():
        raise Refused(_("%(number)s needs a reason: the author reads it.") % {"number": matter.number})


def _save(rows: Sequence[Screening], fields: list[str]) -> None:
    fresh, held = [row for row in rows if row.pk is None], [row for row in rows if row.pk is not None]
    Screening.objects.bulk_create(fresh, batch_size=500)
    # By upsert: an update of thousands of rows, each in its own way, takes ten times as long.
    Screening.objects.bulk_create(
        held, batch_size=300, update_conflicts=True, unique_fields=["id"], update_fields=fields
    )


def _clock(screening: Screening, verb: str, by: Actor, at: datetime) -> None:
    write(
        book=screening.stage.process.book,
        verb=verb,
        subject=f"matter:{screening.matter_id}",
        by=by,
        at=at,
        due_on=screening.due_on.isoformat() if screening.due_on else None,
    )
