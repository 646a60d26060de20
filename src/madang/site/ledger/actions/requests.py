"""Requests: obligations and payments are approved by two others (WORKFLOWS.md B.2 and B.3), what goes back by one."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from madang.site.docket.models import Matter
from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.kit.verdict import Refused, require
from madang.site.ledger import policy
from madang.site.ledger.actions.posting import BOOK, Movement, not_ahead, overpaid, positive, post, short_of
from madang.site.ledger.models import Balance, Entry, EntryKind, Line, Part, Request
from madang.site.record.journal import action, write


@action
def request_obligation(
    *,
    by: Actor,
    at: datetime,
    line: Line,
    amount_won: int,
    payee: str,
    on: date,
    note: str = "",
    matter: Matter | None = None,
    part: Part | None = None,
) -> Request:
    """Ask to bind money of a line by a contract or grant decision. Raises Refused if too little is free."""
    require(policy.may_request(by, line, at))
    positive(amount_won)
    not_ahead(on, day_of(at))
    current = Line.objects.get(pk=line.pk)
    if current.appropriated_won - current.obligated_won < amount_won:
        raise Refused(short_of(current, EntryKind.OBLIGATION, amount_won))
    request = Request.objects.create(
        kind=EntryKind.OBLIGATION,
        line=line,
        part=part,
        matter=matter,
        amount_won=amount_won,
        payee=payee,
        note=note,
        on=on,
        requested_by=by.pseudonym,
        requested_at=at,
    )
    record(request, "obligation.requested", by, at)
    return request


@action
def request_payment(
    *, by: Actor, at: datetime, obligation: Entry, amount_won: int, on: date, note: str = "", in_part: bool = True
) -> Request:
    """Ask to pay from an obligation. Raises Refused if less than that is unpaid of it.

    With `in_part=False` the payment is booked on the line only, not on the obligation's part; see the
    decision in `Part`.
    """
    line = obligation.line
    require(policy.may_request(by, line, at))
    positive(amount_won)
    not_ahead(on, day_of(at))
    balance = Balance.objects.filter(obligation_id=obligation.pk).first()
    if balance is None:
        raise Refused(_("Only an obligation can be paid."))
    if balance.obligated_won - balance.spent_won < amount_won:
        raise Refused(overpaid(balance, amount_won))
    request = Request.objects.create(
        kind=EntryKind.PAYMENT,
        line=line,
        part=obligation.part if in_part else None,
        matter_id=obligation.matter_id,
        obligation=obligation,
        amount_won=amount_won,
        payee=obligation.payee,
        note=note,
        on=on,
        requested_by=by.pseudonym,
        requested_at=at,
    )
    record(request, "payment.requested", by, at)
    return request


@action
def approve(*, by: Actor, at: datetime, request: Request) -> Request:
    """Approve a request: the head first, unless it is finance's own; then finance, which posts it (`request.entry`).

    Raises Refused if the person is not the one whose turn it is, or if the money is no longer there.
    """
    require(policy.may_approve(by, request, at))
    if not request.head_by and not request.within_finance:
        return _approve_as_head(request, by, at)
    return _approve_as_finance(request, by, at)


def _approve_as_head(request: Request, by: Actor, at: datetime) -> Request:
    pending = Request.objects.filter(pk=request.pk, state=Request.State.PENDING, head_by="")
    _once(pending.update(head_by=by.pseudonym, head_at=at))
    request.head_by, request.head_at = by.pseudonym, at
    record(request, "request.approved", by, at)
    return request


def _approve_as_finance(request: Request, by: Actor, at: datetime) -> Request:
    pending = Request.objects.filter(pk=request.pk, state=Request.State.PENDING, finance_by="", head_by=request.head_by)
    _once(pending.update(finance_by=by.pseudonym, finance_at=at))
    entry = post(
        movement=_movement(request),
        by=by,
        at=at,
        requested_by=request.requested_by,
        approved_by=[name for name in (request.head_by, by.pseudonym) if name],
    )
    Request.objects.filter(pk=request.pk).update(state=Request.State.POSTED, entry=entry)
    request.finance_by, request.finance_at = by.pseudonym, at
    request.state, request.entry = Request.State.POSTED, entry
    return request


def _movement(request: Request) -> Movement:
    corrected = request.corrects
    if corrected is not None and Entry.objects.filter(corrects=corrected).exists():
        raise Refused(_("This entry has been corrected already."))
    sign = -1 if request.within_finance else 1
    return Movement(
        kind=corrected.kind if corrected else request.kind,
        line=request.line,
        part=request.part,
        matter=request.matter,
        obligation=request.obligation,
        corrects=corrected,
        amount_won=-corrected.amount_won if corrected else sign * request.amount_won,
        on=request.on,
        payee=request.payee,
        note=request.note,
    )


@action
def refuse(*, by: Actor, at: datetime, request: Request, reason: str) -> Request:
    """Say no to a request, with a reason. Raises Refused for an empty reason or if it is not one's turn."""
    require(policy.may_refuse(by, request, at))
    if not reason.strip():
        raise Refused(_("Say why you refuse this request."))
    return _end(request, Request.State.REFUSED, by, at, reason.strip())


@action
def withdraw(*, by: Actor, at: datetime, request: Request, reason: str = "") -> Request:
    """Take one's own pending request back."""
    require(policy.may_withdraw(by, request, at))
    return _end(request, Request.State.WITHDRAWN, by, at, reason.strip())


def _end(request: Request, state: Request.State, by: Actor, at: datetime, reason: str) -> Request:
    pending = Request.objects.filter(pk=request.pk, state=Request.State.PENDING)
    _once(pending.update(state=state, ended_by=by.pseudonym, ended_at=at, reason=reason[:300]))
    request.state, request.ended_by, request.ended_at, request.reason = state, by.pseudonym, at, reason[:300]
    record(request, f"request.{state.value}", by, at)
    return request


def _once(changed: int) -> None:
    if changed != 1:
        raise Refused(_("This request was decided by somebody else meanwhile."))


def record(request: Request, verb: str, by: Actor, at: datetime) -> None:
    """Record what happened to a request."""
    write(
        book=BOOK,
        verb=verb,
        subject=f"request:{request.pk}",
        by=by,
        at=at,
        kind=request.kind,
        line=str(request.line),
        obligation=request.obligation_id,
        matter=request.matter_id,
        amount_won=request.amount_won,
    )
