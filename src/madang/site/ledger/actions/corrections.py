"""Corrections, releases and refunds: counter-entries, never changes, by two people of finance (WORKFLOWS.md B.4)."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.kit.verdict import Refused, require
from madang.site.ledger import policy
from madang.site.ledger.actions.posting import not_ahead, overpaid, positive
from madang.site.ledger.actions.requests import record
from madang.site.ledger.models import Balance, Entry, EntryKind, Request
from madang.site.record.journal import action


@action
def request_correction(*, by: Actor, at: datetime, entry: Entry, reason: str, on: date | None = None) -> Request:
    """Ask to undo an entry by its counter-entry, on the city's day of `at` unless `on` says another.

    An obligation can be corrected only after its payments. Raises Refused, also for a second correction.
    """
    require(policy.may_correct(by, entry, at))
    if not reason.strip():
        raise Refused(_("Say what was wrong with the entry."))
    if Entry.objects.filter(corrects=entry).exists():
        raise Refused(_("This entry has been corrected already."))
    if Request.objects.filter(corrects=entry, state=Request.State.PENDING).exists():
        raise Refused(_("Somebody has asked for this correction already; it waits for a second person of finance."))
    request = Request.objects.create(
        kind="correction",
        line=entry.line,
        part=entry.part,
        matter=entry.matter,
        obligation=entry if entry.kind == EntryKind.OBLIGATION else entry.obligation,
        corrects=entry,
        amount_won=abs(entry.amount_won),
        on=not_ahead(on or day_of(at), day_of(at)),
        payee=entry.payee,
        note=reason.strip()[:300],
        requested_by=by.pseudonym,
        requested_at=at,
    )
    record(request, verb="correction.requested", by=by, at=at)
    return request


@action
def request_release(*, by: Actor, at: datetime, obligation: Entry, amount_won: int, note: str, on: date) -> Request:
    """Ask to release money that an obligation no longer needs. Raises Refused if less than that is unpaid of it."""
    return _request_back(EntryKind.DE_OBLIGATION, by, at, obligation, amount_won, note, on)


@action
def request_refund(*, by: Actor, at: datetime, obligation: Entry, amount_won: int, note: str, on: date) -> Request:
    """Ask to book money that a payee paid back in the same year. Raises Refused if less than that was paid."""
    return _request_back(EntryKind.REFUND, by, at, obligation, amount_won, note, on)


def _request_back(
    kind: EntryKind, by: Actor, at: datetime, obligation: Entry, amount_won: int, note: str, on: date
) -> Request:
    require(policy.may_release(by, obligation, at))
    balance = Balance.objects.get(obligation=obligation)
    unpaid = balance.obligated_won - balance.spent_won
    if positive(amount_won) > (balance.spent_won if kind == EntryKind.REFUND else unpaid):
        raise Refused(overpaid(balance, amount_won))
    request = Request.objects.create(
        kind=kind,
        line=obligation.line,
        part=obligation.part,
        matter=obligation.matter,
        obligation=obligation,
        amount_won=amount_won,
        on=not_ahead(on, day_of(at)),
        payee=obligation.payee,
        note=note,
        requested_by=by.pseudonym,
        requested_at=at,
    )
    verb = "release.requested" if kind == EntryKind.DE_OBLIGATION else "refund.requested"
    record(request, verb, by, at)
    return request
