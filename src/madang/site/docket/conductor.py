"""The conductor opens and closes stages and moves matters along them; nothing else does.

Law: a matter is in exactly one stage or its journey has ended, and it has exactly one passage for each
stage it has left. Every function here is called within an action and writes to the process's book.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from madang.site.docket.models import Follow, Matter, Notice, Passage, Revision
from madang.site.docket.outcomes import OUTCOME_NAMES
from madang.site.docket.searches import tell_searchers
from madang.site.kit.actor import Actor
from madang.site.kit.bulk import insert_rows
from madang.site.kit.stages import Outcome
from madang.site.kit.verdict import Refused
from madang.site.programmes.models import Process, Stage
from madang.site.record.journal import write


@dataclass(frozen=True)
class NewMatter:
    """A matter to take in: what it is and says, who files it and when, and further fields of Matter."""

    kind: str
    title: str
    form: str
    data: dict[str, Any]
    by: Actor
    at: datetime
    author_id: int | None = None
    fields: dict[str, Any] = field(default_factory=dict)


def file_matter(
    *,
    stage: Stage,
    kind: str,
    title: str,
    form: str,
    data: dict[str, Any],
    by: Actor,
    at: datetime,
    author_id: int | None = None,
    **fields: Any,
) -> Matter:
    """Take a new matter in at an open stage and give it its receipt number.

    `fields` are further fields of Matter (area_id, organisation_id, field, amount_won, channel,
    synthetic). The author follows it. Raises Refused if the stage is not open.
    """
    return file_matters(stage=stage, new=[NewMatter(kind, title, form, data, by, at, author_id, fields)])[0]


def file_matters(*, stage: Stage, new: Sequence[NewMatter]) -> list[Matter]:
    """Take new matters in, in their order, each with its receipt number. Raises Refused if the stage is not open."""
    if not stage.is_open:
        raise Refused(_("%(stage)s is not open, so nothing can be filed there.") % {"stage": stage.title})
    first = _take_numbers(stage.process, len(new))
    prefix = stage.process.code.replace("/", "-")
    matters = Matter.objects.bulk_create(
        [
            Matter(
                number=f"{prefix}-{number:05d}",
                process_id=stage.process_id,
                stage=stage,
                kind=one.kind,
                title=one.title,
                author_id=one.author_id,
                filed_at=one.at,
                **one.fields,
            )
            for number, one in enumerate(new, start=first)
        ],
        batch_size=200,
    )
    pairs = list(zip(matters, new, strict=True))
    insert_rows(
        Revision,
        ("matter_id", "number", "form", "data", "by", "at", "note"),
        [(matter.pk, 1, one.form, one.data, one.by.pseudonym, one.at, "") for matter, one in pairs],
    )
    insert_rows(
        Follow,
        ("person_id", "matter_id", "at"),
        [(one.author_id, matter.pk, one.at) for matter, one in pairs if one.author_id is not None],
    )
    for matter, one in pairs:
        write(
            book=stage.process.book,
            verb="matter.filed",
            subject=f"matter:{matter.pk}",
            by=one.by,
            at=one.at,
            number=matter.number,
            stage=stage.order,
            channel=matter.channel,
        )
    if new:
        tell_searchers(process=stage.process, matters=matters, at=new[-1].at)
    return matters


def _take_numbers(process: Process, count: int) -> int:
    """Reserve receipt numbers; the first of them."""
    Process.objects.filter(pk=process.pk).update(matters_filed=F("matters_filed") + count)
    return Process.objects.values_list("matters_filed", flat=True).get(pk=process.pk) - count + 1


def open_stage(*, stage: Stage, by: Actor, at: datetime) -> Stage:
    """Open a stage: matters passed on by earlier stages wait in it already.

    Raises Refused if it is planned, open or closed already.
    """
    if stage.state != "waiting":
        raise Refused(_("%(stage)s cannot be opened: it is %(state)s.") % {"stage": stage.title, "state": stage.state})
    stage.opened_at = at
    stage.save(update_fields=["opened_at"])
    if Process.objects.filter(pk=stage.process_id, opened_at=None).update(opened_at=at):
        stage.process.opened_at = at
    stage.behaviour.opened(stage, by=by, at=at)
    write(book=stage.process.book, verb="stage.opened", subject=f"stage:{stage.pk}", by=by, at=at, kind=stage.kind)
    return stage


def close_stage(*, stage: Stage, by: Actor, at: datetime) -> list[Passage]:
    """Close a stage: its kind decides on every matter in it, those that pass go to the next stage.

    Raises Refused if it is not open, or as the kind's `closed` does (a ballot not counted, a quorum
    missed); then nothing is changed. Raises ValueError if the kind forgets a matter.
    """
    if not stage.is_open:
        raise Refused(_("%(stage)s is not open, so it cannot be closed.") % {"stage": stage.title})
    outcomes = list(stage.behaviour.closed(stage, by=by, at=at))
    waiting = set(Matter.objects.filter(stage=stage).values_list("pk", flat=True))
    decided = {outcome.matter_id for outcome in outcomes}
    if decided != waiting or len(outcomes) != len(decided):
        raise ValueError(f"Closing {stage}: the kind must decide on each matter once, and on no other.")
    passages = pass_on(stage=stage, outcomes=outcomes, by=by, at=at)
    stage.closed_at = at
    stage.save(update_fields=["closed_at"])
    write(
        book=stage.process.book,
        verb="stage.closed",
        subject=f"stage:{stage.pk}",
        by=by,
        at=at,
        kind=stage.kind,
        decided=len(outcomes),
        passed=sum(outcome.passes for outcome in outcomes),
    )
    if next_stage(stage) is None:
        Process.objects.filter(pk=stage.process_id).update(closed_at=at)
    return passages


def next_stage(stage: Stage) -> Stage | None:
    """The stage after this one in its process, or None."""
    return Stage.objects.filter(process_id=stage.process_id, order__gt=stage.order).order_by("order").first()


def pass_on(*, stage: Stage, outcomes: Sequence[Outcome], by: Actor, at: datetime) -> list[Passage]:
    """Let a stage's outcomes take effect on matters in it: a passage each, and on or out they go.

    Stages whose work is rolling call it for single matters while open. The authors and followers are
    told. Raises Refused if a matter is not in this stage.
    """
    matters = Matter.objects.in_bulk([outcome.matter_id for outcome in outcomes])
    strangers = [outcome.matter_id for outcome in outcomes if _elsewhere(matters.get(outcome.matter_id), stage)]
    if strangers:
        raise Refused(_("Matter %(id)s is not in this stage.") % {"id": strangers[0]})
    entered = _entered_at(stage, matters.values())
    passages = Passage.objects.bulk_create(
        [_passage(stage, outcome, by, at, entered[outcome.matter_id]) for outcome in outcomes], batch_size=500
    )
    following = next_stage(stage)
    for outcome in outcomes:
        _move(matters[outcome.matter_id], outcome, following, at)
    _save_moves(matters, outcomes)
    for outcome in outcomes:
        write(
            book=stage.process.book,
            verb="matter.passed" if outcome.passes else "matter.ended",
            subject=f"matter:{outcome.matter_id}",
            by=by,
            at=at,
            stage=stage.order,
            outcome=outcome.outcome,
            rank=outcome.rank,
            amount_won=outcome.amount_won,
        )
    _tell(stage, matters, outcomes, at)
    return passages


def readmit(*, matter: Matter, stage: Stage, by: Actor, at: datetime, reason: str) -> Matter:
    """Take a matter whose journey had ended back in at a later stage of the same process.

    Used when an objection is upheld. Raises Refused if the matter is still under way, belongs to
    another process or already has a passage of that stage.
    """
    if matter.ended_at is None or matter.process_id != stage.process_id:
        raise Refused(_("Only a matter of this process whose journey has ended can be taken back in."))
    if matter.passages.filter(stage__order__gte=stage.order).exists():
        raise Refused(_("This matter has already been decided on in that stage."))
    matter.stage, matter.ended_at, matter.ending = stage, None, ""
    matter.save(update_fields=["stage", "ended_at", "ending"])
    write(
        book=stage.process.book,
        verb="matter.readmitted",
        subject=f"matter:{matter.pk}",
        by=by,
        at=at,
        stage=stage.order,
    )
    tell(
        people=_followers([matter.pk]).get(matter.pk, ()),
        matter=matter,
        at=at,
        ko=f"안건을 다시 진행합니다: {reason}",
        en=f"It goes on again: {reason}",
        url=f"/matters/{matter.number}/",
    )
    return matter


def take_back(*, stage: Stage, matters: Sequence[Matter], by: Actor, at: datetime) -> None:
    """Undo what an open stage decided on matters: they wait in it again. Their authors and followers are told.

    The record keeps what was undone. Raises Refused if the stage has closed, or a matter was decided on further on.
    """
    if not stage.is_open:
        raise Refused(_("%(stage)s is not open, so nothing can be taken back into it.") % {"stage": stage.title})
    keys = [matter.pk for matter in matters]
    mine = Passage.objects.filter(stage=stage, matter__in=keys)
    outcomes = dict(mine.values_list("matter_id", "outcome"))
    later = Passage.objects.filter(matter__in=keys, stage__process=stage.process_id, stage__order__gt=stage.order)
    gone = set(later.values_list("matter_id", flat=True))
    for matter in matters:
        if matter.pk in gone or matter.pk not in outcomes:
            sentence = _("%(number)s has gone on since, so this can no longer be undone.")
            raise Refused(sentence % {"number": matter.number})
    mine.delete()
    Matter.objects.filter(pk__in=keys).update(stage=stage, ended_at=None, ending="")
    followers = _followers(keys)
    for matter in matters:
        write(
            book=stage.process.book,
            verb="matter.taken_back",
            subject=f"matter:{matter.pk}",
            by=by,
            at=at,
            stage=stage.order,
            outcome=outcomes[matter.pk],
        )
        tell(
            people=followers.get(matter.pk, ()),
            matter=matter,
            at=at,
            ko=f"{stage.title_ko}: 결정을 거두고 다시 검토합니다",
            en=f"{stage.title_en or stage.title_ko}: the decision was taken back and it is examined again",
            url=f"/matters/{matter.number}/",
        )


def tell(*, people: Iterable[int], matter: Matter | None, at: datetime, ko: str, en: str, url: str = "") -> None:
    """Put a notice into the boxes of people (keys of Person)."""
    Notice.objects.bulk_create(
        [
            Notice(person_id=person, matter=matter, at=at, text_ko=ko[:300], text_en=en[:300], url=url)
            for person in people
        ],
        batch_size=500,
    )


def tell_authors(*, matters: Iterable[Matter], at: datetime, ko: str, en: str) -> None:
    """Tell the author of each matter the same, with the way to the matter."""
    Notice.objects.bulk_create(
        [
            Notice(
                person_id=matter.author_id,
                matter=matter,
                at=at,
                text_ko=ko[:300],
                text_en=en[:300],
                url=f"/matters/{matter.number}/",
            )
            for matter in matters
            if matter.author_id is not None
        ],
        batch_size=500,
    )


def _elsewhere(matter: Matter | None, stage: Stage) -> bool:
    return matter is None or matter.stage_id != stage.pk


def _entered_at(stage: Stage, matters: Iterable[Matter]) -> dict[int, datetime]:
    entered = {matter.pk: matter.filed_at for matter in matters}
    earlier = Passage.objects.filter(matter_id__in=list(entered), stage__process_id=stage.process_id).order_by("at")
    entered.update(earlier.values_list("matter_id", "at"))
    return entered


def _passage(stage: Stage, outcome: Outcome, by: Actor, at: datetime, entered_at: datetime) -> Passage:
    return Passage(
        matter_id=outcome.matter_id,
        stage=stage,
        outcome=outcome.outcome,
        passed=outcome.passes,
        rank=outcome.rank,
        amount_won=outcome.amount_won,
        reason=outcome.reason,
        by=by.pseudonym,
        entered_at=entered_at,
        at=at,
    )


def _move(matter: Matter, outcome: Outcome, following: Stage | None, at: datetime) -> None:
    if outcome.amount_won is not None:
        matter.amount_won = outcome.amount_won
    if outcome.passes and following is not None:
        matter.stage = following
    else:
        matter.stage, matter.ended_at, matter.ending = None, at, outcome.outcome


def _save_moves(matters: dict[int, Matter], outcomes: Sequence[Outcome]) -> None:
    # One update for all that move alike: bulk_update writes a CASE for each row, which is ten times slower.
    alike: dict[tuple[int | None, datetime | None, str], list[int]] = {}
    for matter in matters.values():
        alike.setdefault((matter.stage_id, matter.ended_at, matter.ending), []).append(matter.pk)
    for (stage_id, ended_at, ending), keys in alike.items():
        for start in range(0, len(keys), 500):
            rows = Matter.objects.filter(pk__in=keys[start : start + 500])
            rows.update(stage_id=stage_id, ended_at=ended_at, ending=ending)
    priced = [matters[outcome.matter_id] for outcome in outcomes if outcome.amount_won is not None]
    Matter.objects.bulk_update(priced, ["amount_won"], batch_size=300)


def _followers(matter_ids: Sequence[int]) -> dict[int, list[int]]:
    followers: dict[int, list[int]] = {}
    for matter_id, person_id in Follow.objects.filter(matter_id__in=matter_ids).values_list("matter_id", "person_id"):
        followers.setdefault(matter_id, []).append(person_id)
    return followers


def _tell(stage: Stage, matters: dict[int, Matter], outcomes: Sequence[Outcome], at: datetime) -> None:
    followers = _followers(list(matters))
    insert_rows(
        Notice,
        ("person_id", "matter_id", "at", "text_ko", "text_en", "url"),
        [
            (
                person,
                outcome.matter_id,
                at,
                f"{stage.title_ko}: {OUTCOME_NAMES[outcome.outcome][0]}",
                f"{stage.title_en or stage.title_ko}: {OUTCOME_NAMES[outcome.outcome][1]}",
                f"/matters/{matters[outcome.matter_id].number}/",
            )
            for outcome in outcomes
            for person in followers.get(outcome.matter_id, ())
        ],
    )
