"""Screening: referral to a department with a deadline, costing, and a ruling with its reason."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from madang.site.docket import conductor
from madang.site.docket.models import Matter
from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.kit.deadlines import due_day, resumed
from madang.site.kit.templatetags.madang import day as words_of
from madang.site.kit.verdict import Refused, require
from madang.site.people.models import Organisation
from madang.site.programmes.models import Stage
from madang.site.record.journal import action, write
from madang.site.reviews import decided, policy
from madang.site.reviews.models import Pause, Reversal, Screening
from madang.site.reviews.rulings import Ruled, Seen, known_in, referral_hindrances, ruling_hindrances
from madang.site.reviews.settings import Screen, rules_of


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
    for sentence in referral_hindrances(stage=stage, matters=matters).values():
        raise Refused(sentence)
    known = known_in(stage, [matter.pk for matter in matters])
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
def screen(
    *, by: Actor, at: datetime, stage: Stage, rulings: Sequence[Ruled], seen: Seen | None = None
) -> list[Screening]:
    """Rule on matters (WORKFLOWS 1-2 step 2, 1-3 step 5).

    In a rolling stage they go on or end at once; otherwise the rulings are kept, may be changed, and take
    effect when the stage closes. `seen` is what the official knew: whoever was ruled on by somebody else since
    is not ruled on again. Raises Refused if a matter is not in the stage, or a reason is missing.
    """
    keys = [ruled.matter_id for ruled in rulings]
    # Locked, so that of two officials who rule at the same moment the second reads what the first decided.
    matters = Matter.objects.select_for_update().order_by("pk").in_bulk(keys)
    if not rulings:
        require(policy.may_rule(by, stage, at))
    if len(matters) < len(rulings) or not rulings:
        raise Refused(_("Choose at least one matter, and each only once."))
    hindrances = ruling_hindrances(by=by, at=at, stage=stage, matters=matters, rulings=rulings, seen=seen)
    for sentence in hindrances.values():
        raise Refused(sentence)
    known, rows = known_in(stage, keys), []
    for ruled in rulings:
        row = known.get(ruled.matter_id) or Screening(matter=matters[ruled.matter_id], stage=stage)
        row.passes, row.outcome, row.reason = ruled.passes, ruled.named, ruled.reason.strip()
        row.ruled_by, row.ruled_at = by.pseudonym, at
        rows.append(row)
    _save(rows, ["passes", "outcome", "reason", "ruled_by", "ruled_at"])
    if rules_of(stage, Screen).rolling:
        # Each passage is recorded by the conductor; saying the same twice would double the book.
        conductor.pass_on(stage=stage, outcomes=decided.outcomes_of(stage, rows), by=by, at=at)
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


@action
def undo(*, by: Actor, at: datetime, stage: Stage, screenings: Sequence[Screening]) -> list[Matter]:
    """Take own rulings back: the matters wait for a ruling again, and what was ruled is kept as a reversal.

    Raises Refused without a ruling, for somebody else's, and when the time for it is over.
    """
    rows = list(Screening.objects.select_for_update().filter(pk__in=[row.pk for row in screenings]).order_by("pk"))
    if not rows:
        raise Refused(_("There is no ruling to undo."))
    for row in rows:
        row.stage = stage
        require(policy.may_undo(by, row, at))
    matters = list(Matter.objects.filter(pk__in=[row.matter_id for row in rows]).order_by("pk"))
    if rules_of(stage, Screen).rolling:
        conductor.take_back(stage=stage, matters=matters, by=by, at=at)
    Reversal.objects.bulk_create(
        [
            Reversal(
                screening=row, outcome=row.outcome, reason=row.reason, ruled_at=row.ruled_at, by=by.pseudonym, at=at
            )
            for row in rows
            if row.ruled_at is not None
        ]
    )
    for row in rows:
        write(
            book=stage.process.book,
            verb="ruling.undone",
            subject=f"matter:{row.matter_id}",
            by=by,
            at=at,
            stage=stage.order,
            outcome=row.outcome,
        )
        row.passes, row.outcome, row.reason, row.ruled_by, row.ruled_at = None, "", "", "", None
    _save(rows, ["passes", "outcome", "reason", "ruled_by", "ruled_at"])
    return matters


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
