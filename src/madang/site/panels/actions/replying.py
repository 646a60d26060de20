"""Writes after a draw: replies of those drawn, reserves who move up, and the end of the stage."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from madang import sortition
from madang.site.docket.models import Matter
from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.kit.stages import Outcome
from madang.site.kit.verdict import Refused, require
from madang.site.panels import policy, queries
from madang.site.panels.actions.telling import notify, save, tell_called
from madang.site.panels.models import Draw, Drawn
from madang.site.programmes.models import Stage
from madang.site.record.journal import action, write

NO_STRATUM = "추첨 기준에 필요한 자격 정보가 확인되지 않아 추첨에 참여하지 못했습니다."


@action
def reply(*, by: Actor, at: datetime, drawn: Drawn, accepts: bool) -> Drawn:
    """Note that somebody drawn accepts or declines the seat. Raises Refused."""
    require(policy.may_reply(by, drawn, at))
    drawn.accepted, drawn.replied_at = accepts, at
    drawn.save(update_fields=["accepted", "replied_at"])
    stage = drawn.draw.stage
    verb = "seat.accepted" if accepts else "seat.declined"
    write(book=stage.process.book, verb=verb, subject=f"matter:{drawn.matter_id}", by=by, at=at, ticket=drawn.ticket)
    return drawn


@action
def call_reserves(*, by: Actor, at: datetime, stage: Stage) -> list[Drawn]:
    """Give each seat that was declined, or not answered in time, to the next reserve with whom the quotas hold.

    A seat is offered once for each person who gave it up; without a reserve it stays empty. Raises Refused.
    """
    require(policy.may_call_reserves(by, stage, at))
    draw_row = Draw.objects.get(stage=stage)
    entries = list(draw_row.entries.exclude(status=Drawn.Status.NOT_DRAWN).select_related("matter"))
    draw_row.stage = stage
    before = {entry.pk: (entry.status, entry.accepted) for entry in entries}
    late = _late(draw_row, entries, at)
    for entry in late:
        entry.accepted = False
    called = _moved_up(draw_row, entries, stage, at)
    save([entry for entry in entries if before[entry.pk] != (entry.status, entry.accepted)])
    tell_called(stage, called, at)
    _tell_late(stage, late, at)
    write(
        book=stage.process.book,
        verb="draw.reserves_called",
        subject=f"stage:{stage.pk}",
        by=by,
        at=at,
        late=[entry.ticket for entry in late],
        tickets=[entry.ticket for entry in called],
    )
    return called


def call_reserves_of_the_night(*, by: Actor, at: datetime) -> int:
    """Call the reserves of every open draw in which a seat was given up or not answered in time."""
    called = 0
    for stage in queries.stages_with_free_seats(at):
        called += len(call_reserves(by=by, at=at, stage=stage))
    return called


def _late(draw_row: Draw, entries: Iterable[Drawn], at: datetime) -> list[Drawn]:
    """Those drawn whose time to reply ran out without a reply."""
    silent = [entry for entry in entries if entry.status == Drawn.Status.SELECTED and entry.accepted is None]
    for entry in silent:
        entry.draw = draw_row
    return [entry for entry in silent if at > policy.reply_until(entry)]


def _tell_late(stage: Stage, late: Sequence[Drawn], at: datetime) -> None:
    notify(
        stage,
        [
            (
                entry.matter,
                f"{stage.title_ko}: 기한까지 답이 없어 자리를 사양하신 것으로 처리했습니다.",
                f"{stage.title_en}: there was no reply in time, so your seat counts as given up.",
            )
            for entry in late
        ],
        at,
    )


def _moved_up(draw_row: Draw, entries: Sequence[Drawn], stage: Stage, at: datetime) -> list[Drawn]:
    """Call the reserves in the order of the record, to which each call is added; those who withdrew are passed over."""
    record = draw_row.record or {}
    by_ticket = {entry.ticket: entry for entry in entries}
    gone = {leaving for event in record["replacements"] for leaving, _coming, _rule in event["called"]}
    dropped = [
        entry.ticket
        for entry in sorted(entries, key=lambda entry: entry.ticket)
        if entry.status == Drawn.Status.SELECTED and entry.accepted is False and entry.ticket not in gone
    ]
    called = []
    while dropped:
        record = sortition.replace(record, dropped)
        coming = [by_ticket[ticket] for _left, ticket, _rule in record["replacements"][-1]["called"] if ticket]
        dropped = []
        for entry in coming:
            entry.status, entry.seat_stratum, entry.called_at = Drawn.Status.SELECTED, entry.stratum, at
            if entry.matter.stage_id == stage.pk:
                called.append(entry)
            else:
                entry.accepted, entry.replied_at = False, at
                dropped.append(entry.ticket)
    if record is not draw_row.record:
        draw_row.record = record
        draw_row.save(update_fields=["record"])
    return called


def close_draw(stage: Stage, *, by: Actor, at: datetime) -> Iterable[Outcome]:
    """Close the stage: people drawn who accepted go on, those who let the time pass have declined.

    Raises Refused before the draw, and while somebody drawn may still reply.
    """
    matters = list(Matter.objects.filter(stage=stage).values_list("pk", flat=True))
    draw_row = Draw.objects.filter(stage=stage, drawn_at__isnull=False).first()
    if draw_row is None and matters:
        raise Refused(_("The draw has not taken place, so this stage cannot be closed."))
    entries = {} if draw_row is None else _replied(draw_row, stage, at)
    return [_outcome(matter, entries.get(matter)) for matter in matters]


def _replied(draw_row: Draw, stage: Stage, at: datetime) -> dict[int, Drawn]:
    draw_row.stage = stage
    waiting, until = queries.unanswered(draw_row, at)
    if waiting and until:
        raise Refused(
            _("%(count)d people drawn may still reply, the last until %(day)s; wait, or note their replies.")
            % {"count": waiting, "day": day_of(until).isoformat()}
        )
    entries = list(draw_row.entries.select_related("matter"))
    late = _late(draw_row, entries, at)
    for entry in late:
        entry.accepted = False
    save(late)
    _tell_late(stage, late, at)
    return {entry.matter_id: entry for entry in entries}


def _outcome(matter_id: int, entry: Drawn | None) -> Outcome:
    if entry is None:
        return Outcome(matter_id, "not_drawn", False, "후보 명단이 확정된 뒤 접수되어 추첨에 참여하지 못했습니다.")
    if not entry.stratum:
        return Outcome(matter_id, "not_drawn", False, NO_STRATUM)
    if entry.status == Drawn.Status.SELECTED:
        if entry.accepted is False:
            return Outcome(matter_id, "declined", False, "자리를 사양하였거나 기한 안에 답하지 않았습니다.")
        return Outcome(matter_id, "drawn", True, rank=entry.rank)
    if entry.status == Drawn.Status.RESERVE:
        return Outcome(matter_id, "reserve", False, "예비 후보로 남았습니다.", rank=entry.rank)
    return Outcome(matter_id, "not_drawn", False, "추첨에서 선정되지 않았습니다.")
