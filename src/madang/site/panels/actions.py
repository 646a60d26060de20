"""Freezing the list, drawing, replies, reserves and appointments (`WORKFLOWS.md`, 1-1 steps 2 to 4)."""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from madang import sortition
from madang.site.docket.models import Matter, Notice, Passage
from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.kit.stages import Outcome
from madang.site.kit.verdict import Refused, require
from madang.site.panels import policy, queries, quotas
from madang.site.panels.models import ALL, Draw, Drawn
from madang.site.people import actions as people
from madang.site.people.models import Organisation, Seat
from madang.site.programmes.models import Stage
from madang.site.record.journal import action, write

HEX = frozenset("0123456789abcdef")
NO_STRATUM = "추첨 기준에 필요한 자격 정보가 확인되지 않아 추첨에 참여하지 못했습니다."


@action
def freeze(*, by: Actor, at: datetime, stage: Stage, commitment: str) -> Draw:
    """Freeze the list of candidates; publish its lottery, the quotas and the commitment to a secret.

    `commitment` is the SHA-256 of the secret in 64 hex digits (`madang.sortition.commitment`). Each
    candidate is told the ticket name under which the record speaks of them. Raises Refused.
    """
    require(policy.may_freeze(by, stage, at))
    commitment = commitment.strip().lower()
    if len(commitment) != 64 or not set(commitment) <= HEX:
        raise Refused(_("The commitment must be the SHA-256 of the secret: 64 digits from 0-9 and a-f."))
    rules = stage.rules
    wanted = quotas.quotas_of(rules)  # type: ignore[arg-type]
    matters = list(Matter.objects.filter(stage=stage).order_by("pk"))
    if not matters:
        raise Refused(_("There is no candidate in this stage, so there is no list to freeze."))
    pool, outside = quotas.pool_of(matters=matters, stage=stage, quotas=wanted, at=at)
    people = [person for _matter, person in pool]
    ready = quotas.prepared(people=people, quotas=wanted, rules=rules, secret_hash=commitment)  # type: ignore[arg-type]
    draw_row = Draw.objects.create(
        stage=stage,
        commitment=commitment,
        list_hash=ready.frozen.hash,
        frozen_at=at,
        candidates=len(pool),
        quotas=[
            {"feature": quota.feature, "value": quota.value, "low": quota.low, "high": quota.high}
            for quota in ready.quotas
        ],
        record={"published": ready.frozen.published, "published_hash": ready.frozen.hash},
    )
    kinds = quotas.kinds_of(rules)  # type: ignore[arg-type]
    entries = [_entry(draw_row, matter, person, kinds) for matter, person in pool]
    entries += [Drawn(draw=draw_row, matter=m, ticket=quotas.ticket(stage=stage, matter=m)) for m in outside]
    Drawn.objects.bulk_create(entries, batch_size=400)
    _tell_tickets(stage, entries, at)
    write(
        book=stage.process.book,
        verb="draw.frozen",
        subject=f"stage:{stage.pk}",
        by=by,
        at=at,
        candidates=len(pool),
        outside=len(outside),
        list_hash=draw_row.list_hash,
        commitment=commitment,
        quotas=draw_row.quotas,
        relaxed=[str(change) for change in ready.changes],
        reserves=rules.reserves,  # type: ignore[attr-defined]
    )
    return draw_row


def _entry(draw_row: Draw, matter: Matter, person: sortition.Person, kinds: Sequence[str]) -> Drawn:
    strata = dict(person.values)
    stratum = ",".join(f"{kind}={strata[kind]}" for kind in kinds) or ALL
    return Drawn(draw=draw_row, matter=matter, ticket=person.id, strata=strata, stratum=stratum)


def _tell_tickets(stage: Stage, entries: Sequence[Drawn], at: datetime) -> None:
    _notify(
        stage,
        [
            (
                entry.matter,
                f"{stage.title_ko}: 후보 명단이 확정되었습니다. 회원님의 추첨표는 {entry.ticket}입니다.",
                f"{stage.title_en}: the list of candidates is frozen. Your ticket is {entry.ticket}.",
            )
            for entry in entries
        ],
        at,
    )


def _notify(stage: Stage, notices: Iterable[tuple[Matter, str, str]], at: datetime) -> None:
    Notice.objects.bulk_create(
        [
            Notice(
                person_id=matter.author_id,
                matter=matter,
                at=at,
                text_ko=korean[:300],
                text_en=english[:300],
                url=f"/panels/draws/{stage.pk}/",
            )
            for matter, korean, english in notices
            if matter.author_id is not None
        ],
        batch_size=400,
    )


@action
def draw(*, by: Actor, at: datetime, stage: Stage, secret: str, public: str = "") -> Draw:
    """Draw by lot from the frozen list; the secret must match the commitment published before.

    `public` is something nobody knew when the list was frozen, such as numbers of a state lottery.
    Raises Refused if the secret is not the one committed to, or the list is no longer the frozen one.
    """
    require(policy.may_draw(by, stage, at))
    draw_row = Draw.objects.get(stage=stage)
    draw_row.stage = stage
    if sortition.commitment(secret) != draw_row.commitment:
        raise Refused(_("This is not the secret whose SHA-256 was published; look for the right one."))
    record = _drawn(draw_row, secret, public)
    entries = list(draw_row.entries.select_related("matter"))
    if {entry.ticket for entry in entries if entry.stratum} != _tickets(record):
        raise Refused(_("The list of candidates differs from the frozen one; nothing was drawn."))
    _note_result(record, entries, stage, at)
    draw_row.secret, draw_row.public = secret, public
    draw_row.record, draw_row.drawn_at = record, at
    draw_row.save(update_fields=["secret", "public", "record", "drawn_at"])
    _tell_called(stage, [entry for entry in entries if entry.status == Drawn.Status.SELECTED], at)
    write(
        book=stage.process.book,
        verb="draw.drawn",
        subject=f"stage:{stage.pk}",
        by=by,
        at=at,
        candidates=draw_row.candidates,
        selected=len(record["draw"]["panel"]),
        number=record["draw"]["ticket"],
        seed=record["draw"]["mixed"],
        secret=secret,
        public=public,
    )
    return draw_row


def _tickets(record: dict[str, Any]) -> set[str]:
    return {ticket for tickets in record["published"]["pool"] for ticket in tickets}


def _drawn(draw_row: Draw, secret: str, public: str) -> dict[str, Any]:
    """The record of the draw from what was published when the list was frozen."""
    published = (draw_row.record or {})["published"]
    if sortition.hash_of(published) != draw_row.list_hash:
        raise Refused(_("The list of candidates differs from the frozen one; nothing was drawn."))
    try:
        return sortition.draw(sortition.Frozen(published, draw_row.list_hash), seed=public, secret=secret)
    except sortition.Refusal as refusal:
        raise Refused(_("The draw could not be made: %(error)s") % {"error": refusal}) from refusal


def _note_result(record: dict[str, Any], entries: Sequence[Drawn], stage: Stage, at: datetime) -> None:
    seats = {ticket: place for place, ticket in enumerate(record["draw"]["panel"], 1)}
    ranking = {ticket: place for place, ticket in enumerate(record["reserves"])}
    groups: Counter[str] = Counter()
    for entry in sorted(entries, key=lambda entry: ranking.get(entry.ticket, -1)):
        if entry.ticket in seats:
            entry.status, entry.rank = Drawn.Status.SELECTED, seats[entry.ticket]
            entry.seat_stratum, entry.called_at = entry.stratum, at
            if entry.matter.stage_id != stage.pk:
                # Withdrawn after the list was frozen: the list stays as it was, the seat goes to a reserve.
                entry.accepted, entry.replied_at = False, at
        elif entry.ticket in ranking:
            groups[entry.stratum] += 1
            entry.status, entry.rank = Drawn.Status.RESERVE, groups[entry.stratum]
        else:
            entry.status = Drawn.Status.NOT_DRAWN
    _save(entries)


def _save(entries: Sequence[Drawn]) -> None:
    """Save what a draw changes; by upsert, since thousands of rows change each in its own way."""
    Drawn.objects.bulk_create(
        entries,
        batch_size=200,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["status", "rank", "seat_stratum", "called_at", "accepted", "replied_at"],
    )


def _tell_called(stage: Stage, called: Sequence[Drawn], at: datetime) -> None:
    days = stage.rules.reply_days  # type: ignore[attr-defined]
    _notify(
        stage,
        [
            (
                entry.matter,
                f"{stage.title_ko}: 추첨에서 선정되셨습니다. {days}일 안에 수락 여부를 알려 주세요.",
                f"{stage.title_en}: you have been drawn. Please say within {days} days whether you accept.",
            )
            for entry in called
        ],
        at,
    )


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
    _save([entry for entry in entries if before[entry.pk] != (entry.status, entry.accepted)])
    _tell_called(stage, called, at)
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


def _late(draw_row: Draw, entries: Iterable[Drawn], at: datetime) -> list[Drawn]:
    """Those drawn whose time to reply ran out without a reply."""
    silent = [entry for entry in entries if entry.status == Drawn.Status.SELECTED and entry.accepted is None]
    for entry in silent:
        entry.draw = draw_row
    return [entry for entry in silent if at > policy.reply_until(entry)]


def _tell_late(stage: Stage, late: Sequence[Drawn], at: datetime) -> None:
    _notify(
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
    _save(late)
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


@action
def appoint(*, by: Actor, at: datetime, stage: Stage) -> list[Seat]:
    """Seat everybody in the stage who has no seat yet; closing the stage does the same. Raises Refused."""
    require(policy.may_run(by, stage, at))
    return _seat_all(stage, by=by, at=at)


def close_appointment(stage: Stage, *, by: Actor, at: datetime) -> Iterable[Outcome]:
    """Close the stage: everybody in it is seated and goes on."""
    matters = list(Matter.objects.filter(stage=stage).values_list("pk", flat=True))
    if matters:
        _seat_all(stage, by=by, at=at)
    return [Outcome(matter, "appointed", True) for matter in matters]


def _seat_all(stage: Stage, *, by: Actor, at: datetime) -> list[Seat]:
    rules = stage.rules
    code: str = rules.body  # type: ignore[attr-defined]
    term: str = rules.term  # type: ignore[attr-defined]
    body = Organisation.objects.filter(code=code, kind=Organisation.Kind.BODY).first()
    if body is None:
        raise Refused(_("There is no body with the code %(code)s; name one of the city's list.") % {"code": code})
    lots = set(Passage.objects.filter(matter__stage=stage, outcome="drawn").values_list("matter_id", flat=True))
    seated = set(Seat.objects.filter(body=body, term=term).values_list("person_id", flat=True))
    members = Matter.objects.filter(stage=stage).order_by("pk").values_list("pk", "author_id")
    rows = [
        people.NewSeat(
            person_id=person,
            role=rules.role,  # type: ignore[attr-defined]
            appointed_by="lot" if matter in lots else "selection",
            term=term,
            valid_until=months_later(at, rules.months),  # type: ignore[attr-defined]
        )
        for matter, person in members
        if person is not None and person not in seated
    ]
    return people.seat(by=by, at=at, body=body, rows=rows, book=stage.process.book)


def months_later(at: datetime, months: int) -> datetime:
    """The same day some months later, or the last day of a shorter month."""
    years, month = divmod(at.month - 1 + months, 12)
    last = monthrange(at.year + years, month + 1)[1]
    return at.replace(year=at.year + years, month=month + 1, day=min(at.day, last))
