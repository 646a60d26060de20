"""The one way into the ledger: a guarded UPDATE of each running balance, then the entry.

The guard is in the WHERE of the UPDATE, so it holds under concurrent writers on both database engines:
of two writers who want the last won, one finds no row. Balances are always touched in the order line,
part, obligation, so that two writers cannot wait for each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Model
from django.utils.translation import gettext as _

from madang.site.docket.models import Matter
from madang.site.kit.actor import Actor
from madang.site.kit.verdict import Refused
from madang.site.ledger.models import APPROPRIATING, OBLIGATING, Balance, Entry, EntryKind, Line, Part
from madang.site.record.journal import write

BOOK = "ledger"


@dataclass(frozen=True)
class Movement:
    """What to post. `amount_won` is signed, see `Entry`."""

    kind: str
    line: Line
    amount_won: int
    on: date
    part: Part | None = None
    matter: Matter | None = None
    obligation: Entry | None = None
    corrects: Entry | None = None
    payee: str = ""
    note: str = ""
    reference: str = ""


def post(
    *, movement: Movement, by: Actor, at: datetime, requested_by: str = "", approved_by: Sequence[str] = ()
) -> Entry:
    """Post a movement within an action. Raises Refused, with the amounts left, if a balance forbids it.

    The passed Line and Part objects are not refreshed: ask `queries` for balances.
    """
    _check_day(movement.line, movement.on)
    _move_line(movement)
    _move_part(movement)
    _move_obligation(movement)
    entry = Entry.objects.create(
        kind=movement.kind,
        line=movement.line,
        part=movement.part,
        matter=movement.matter,
        obligation=movement.obligation,
        corrects=movement.corrects,
        amount_won=movement.amount_won,
        on=movement.on,
        at=at,
        requested_by=requested_by or by.pseudonym,
        approved_by=list(approved_by),
        payee=movement.payee,
        note=movement.note,
        reference=movement.reference,
    )
    if movement.kind == EntryKind.OBLIGATION and movement.corrects is None:
        Balance.objects.create(obligation=entry, obligated_won=movement.amount_won)
    _record(entry, movement, by, at)
    return entry


def _record(entry: Entry, movement: Movement, by: Actor, at: datetime) -> None:
    write(
        book=BOOK,
        verb=f"entry.{movement.kind}",
        subject=f"line:{movement.line}",
        by=by,
        at=at,
        entry=entry.pk,
        part=movement.part.code if movement.part else None,
        matter=entry.matter_id,
        obligation=entry.obligation_id,
        corrects=entry.corrects_id,
        amount_won=movement.amount_won,
        on=movement.on.isoformat(),
        requested_by=entry.requested_by,
        approved_by=entry.approved_by,
    )


def positive(amount_won: int) -> int:
    """The amount, if it is more than nothing. Raises Refused."""
    if amount_won <= 0:
        raise Refused(_("The amount is %(amount)s won; give more than 0.") % {"amount": f"{amount_won:,}"})
    return amount_won


def not_ahead(on: date, today: date) -> date:
    """The accounting day, if it is not later than today. Raises Refused."""
    if on > today:
        raise Refused(
            _("The accounting day %(day)s lies in the future; today is %(today)s.") % {"day": on, "today": today}
        )
    return on


def _check_day(line: Line, on: date) -> None:
    if on.year != line.fiscal_year:
        raise Refused(
            _("%(day)s is outside the fiscal year %(year)s of the budget line %(line)s.")
            % {"day": on, "year": line.fiscal_year, "line": line.code}
        )


def _guarded(model: type[Model], key: int, kind: str, amount: int) -> int:
    """Add an amount to the balance of its kind where the order of balances allows it: rows changed, 1 or 0."""
    rows = model._default_manager.filter(pk=key)
    if kind in APPROPRIATING:
        return rows.filter(appropriated_won__gte=F("obligated_won") - amount).update(
            appropriated_won=F("appropriated_won") + amount
        )
    if kind in OBLIGATING:
        return rows.filter(
            appropriated_won__gte=F("obligated_won") + amount, obligated_won__gte=F("spent_won") - amount
        ).update(obligated_won=F("obligated_won") + amount)
    return rows.filter(obligated_won__gte=F("spent_won") + amount, spent_won__gte=-amount).update(
        spent_won=F("spent_won") + amount
    )


def _move_line(movement: Movement) -> None:
    if _guarded(Line, movement.line.pk, movement.kind, movement.amount_won) != 1:
        raise Refused(short_of(Line.objects.get(pk=movement.line.pk), movement.kind, movement.amount_won))


def _move_part(movement: Movement) -> None:
    part = movement.part
    if part is None:
        return
    if part.line_id != movement.line.pk:
        raise Refused(
            _("The part %(part)s does not belong to the budget line %(line)s.")
            % {"part": part.code, "line": movement.line.code}
        )
    if _guarded(Part, part.pk, movement.kind, movement.amount_won) != 1:
        raise Refused(short_of(Part.objects.get(pk=part.pk), movement.kind, movement.amount_won))


def _move_obligation(movement: Movement) -> None:
    obligation, amount = movement.obligation, movement.amount_won
    if obligation is None:
        return
    rows = Balance.objects.filter(obligation_id=obligation.pk)
    if movement.kind in OBLIGATING:
        changed = rows.filter(obligated_won__gte=F("spent_won") - amount).update(
            obligated_won=F("obligated_won") + amount
        )
    else:
        changed = rows.filter(obligated_won__gte=F("spent_won") + amount, spent_won__gte=-amount).update(
            spent_won=F("spent_won") + amount
        )
    if changed != 1:
        raise Refused(overpaid(Balance.objects.get(obligation_id=obligation.pk), amount))


def short_of(holder: Line | Part, kind: str, amount: int) -> str:
    """The sentence that says how much of a line or part is left for a kind of movement."""
    values = {
        "line": f"{holder.code} {holder.name}",
        "amount": f"{abs(amount):,}",
        "appropriated": f"{holder.appropriated_won:,}",
        "obligated": f"{holder.obligated_won:,}",
        "spent": f"{holder.spent_won:,}",
        "available": f"{holder.appropriated_won - holder.obligated_won:,}",
        "unpaid": f"{holder.obligated_won - holder.spent_won:,}",
    }
    if kind in APPROPRIATING:
        return (
            _(
                "%(line)s: the appropriation cannot be lowered by %(amount)s won. %(obligated)s of "
                "%(appropriated)s won are obligated; %(available)s won are free."
            )
            % values
        )
    if kind in OBLIGATING and amount > 0:
        return (
            _(
                "%(line)s: %(amount)s won cannot be obligated. %(obligated)s of %(appropriated)s won are "
                "obligated; %(available)s won are left."
            )
            % values
        )
    if kind in OBLIGATING:
        return (
            _(
                "%(line)s: the obligation cannot be lowered by %(amount)s won. %(spent)s of %(obligated)s won "
                "are paid; %(unpaid)s won are unpaid."
            )
            % values
        )
    if amount > 0:
        return (
            _(
                "%(line)s: %(amount)s won cannot be paid. %(spent)s of %(obligated)s obligated won are paid; "
                "%(unpaid)s won are left."
            )
            % values
        )
    return _("%(line)s: %(amount)s won cannot be taken back; only %(spent)s won are paid.") % values


def overpaid(balance: Balance, amount: int) -> str:
    """The sentence that says how much of one obligation is left."""
    values = {
        "amount": f"{abs(amount):,}",
        "obligated": f"{balance.obligated_won:,}",
        "spent": f"{balance.spent_won:,}",
        "unpaid": f"{balance.obligated_won - balance.spent_won:,}",
    }
    return (
        _(
            "This obligation does not allow %(amount)s won: %(obligated)s won are obligated, %(spent)s won paid, "
            "%(unpaid)s won are left."
        )
        % values
    )
