"""Corrections, releases and refunds: counter-entries, never changes (WORKFLOWS.md B.4)."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.kit.verdict import Refused, require
from madang.site.ledger import policy
from madang.site.ledger.actions.posting import Movement, not_ahead, positive, post
from madang.site.ledger.models import Entry, EntryKind
from madang.site.record.journal import action


@action
def correct(*, by: Actor, at: datetime, entry: Entry, reason: str, on: date | None = None) -> Entry:
    """Undo an entry by its counter-entry, on the city's day of `at` unless `on` says another.

    An obligation can be corrected only after its payments. Raises Refused, also for a second correction.
    """
    require(policy.may_correct(by, entry, at))
    if not reason.strip():
        raise Refused(_("Say what was wrong with the entry."))
    if Entry.objects.filter(corrects=entry).exists():
        raise Refused(_("This entry has been corrected already."))
    movement = Movement(
        kind=entry.kind,
        line=entry.line,
        part=entry.part,
        matter=entry.matter,
        obligation=entry if entry.kind == EntryKind.OBLIGATION else entry.obligation,
        corrects=entry,
        amount_won=-entry.amount_won,
        on=not_ahead(on or day_of(at), day_of(at)),
        payee=entry.payee,
        note=reason.strip()[:300],
    )
    return post(movement=movement, by=by, at=at, approved_by=[by.pseudonym])


@action
def release(*, by: Actor, at: datetime, obligation: Entry, amount_won: int, note: str, on: date) -> Entry:
    """Release money that an obligation no longer needs. Raises Refused if less than that is unpaid of it."""
    return _give_back(EntryKind.DE_OBLIGATION, by, at, obligation, amount_won, note, on)


@action
def refund(*, by: Actor, at: datetime, obligation: Entry, amount_won: int, note: str, on: date) -> Entry:
    """Book money that a payee paid back in the same year. Raises Refused if less than that was paid."""
    return _give_back(EntryKind.REFUND, by, at, obligation, amount_won, note, on)


def _give_back(
    kind: EntryKind, by: Actor, at: datetime, obligation: Entry, amount_won: int, note: str, on: date
) -> Entry:
    require(policy.may_release(by, obligation, at))
    movement = Movement(
        kind=kind,
        line=obligation.line,
        part=obligation.part,
        matter=obligation.matter,
        obligation=obligation,
        amount_won=-positive(amount_won),
        on=not_ahead(on, day_of(at)),
        payee=obligation.payee,
        note=note,
    )
    return post(movement=movement, by=by, at=at, approved_by=[by.pseudonym])
