"""Writes on a draw: its list is frozen and published, then one of its panels is drawn (1-1 steps 2 and 3)."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from madang import sortition
from madang.site.docket.models import Matter
from madang.site.kit.actor import Actor
from madang.site.kit.language import pick
from madang.site.kit.verdict import Refused, require
from madang.site.panels import policy, quotas
from madang.site.panels.actions.telling import notify, save, tell_called
from madang.site.panels.models import ALL, Draw, Drawn
from madang.site.programmes.models import Stage
from madang.site.record.journal import action, write

HEX = frozenset("0123456789abcdef")


@action
def freeze(
    *, by: Actor, at: datetime, stage: Stage, commitment: str, draws_at: datetime | None = None, chance: str = ""
) -> Draw:
    """Freeze the list of candidates; publish its lottery, the quotas and the commitment to a secret.

    `commitment` is the SHA-256 of the secret in 64 hex digits (`madang.sortition.commitment`). Until `draws_at`
    nobody draws; `chance` names the public chance that will be used. Each candidate is told the ticket name under
    which the record speaks of them. Raises Refused.
    """
    require(policy.may_freeze(by, stage, at))
    if draws_at is not None and draws_at <= at:
        raise Refused(_("The draw must be announced for a moment that is still to come."))
    commitment = _digest(commitment)
    rules = stage.rules
    wanted = quotas.quotas_for(stage)
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
        draws_at=draws_at,
        chance=chance.strip(),
        candidates=len(pool),
        quotas=quotas.as_rows(ready.quotas),
        record={"published": ready.frozen.published, "published_hash": ready.frozen.hash},
    )
    kinds = quotas.kinds_of(rules)  # type: ignore[arg-type]
    entries = [_entry(draw_row, matter, person, kinds) for matter, person in pool]
    entries += [Drawn(draw=draw_row, matter=m, ticket=quotas.ticket(stage=stage, matter=m)) for m in outside]
    Drawn.objects.bulk_create(entries, batch_size=400)
    _tell_tickets(stage, entries, at)
    _note_frozen(draw_row, ready, outside=len(outside), by=by, at=at)
    return draw_row


def _digest(text: str) -> str:
    digest = text.strip().lower()
    if len(digest) != 64 or not set(digest) <= HEX:
        raise Refused(_("The commitment must be the SHA-256 of the secret: 64 digits from 0-9 and a-f."))
    return digest


def _note_frozen(draw_row: Draw, ready: quotas.Prepared, *, outside: int, by: Actor, at: datetime) -> None:
    stage = draw_row.stage
    write(
        book=stage.process.book,
        verb="draw.frozen",
        subject=f"stage:{stage.pk}",
        by=by,
        at=at,
        candidates=draw_row.candidates,
        outside=outside,
        list_hash=draw_row.list_hash,
        commitment=draw_row.commitment,
        quotas=draw_row.quotas,
        relaxed=[str(change) for change in ready.changes],
        reserves=stage.rules.reserves,  # type: ignore[attr-defined]
        draws_at=draw_row.draws_at.isoformat() if draw_row.draws_at else None,
        chance=draw_row.chance,
    )


def _entry(draw_row: Draw, matter: Matter, person: sortition.Person, kinds: Sequence[str]) -> Drawn:
    strata = dict(person.values)
    stratum = ",".join(f"{kind}={strata[kind]}" for kind in kinds) or ALL
    return Drawn(draw=draw_row, matter=matter, ticket=person.id, strata=strata, stratum=stratum)


def _tell_tickets(stage: Stage, entries: Sequence[Drawn], at: datetime) -> None:
    notify(
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
    tell_called(stage, [entry for entry in entries if entry.status == Drawn.Status.SELECTED], at)
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
        raise Refused(
            _("The draw could not be made: %(error)s") % {"error": refusal.said(pick("ko", "en"))}
        ) from refusal


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
    save(entries)
