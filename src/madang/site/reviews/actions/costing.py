"""What a matter costs: an estimate by lines in whole won, and a second look by a colleague."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from madang.site.docket.models import Matter
from madang.site.kit.actor import Actor
from madang.site.kit.templatetags.madang import won
from madang.site.kit.verdict import Refused, require
from madang.site.record.journal import action, write
from madang.site.reviews import policy
from madang.site.reviews.models import Costing

MOST_LINES, MOST_WON = 100, 10**15


@dataclass(frozen=True)
class CostLine:
    """One line of an estimate: so many of something at so many won each."""

    what: str
    count: int
    unit_won: int

    @property
    def won(self) -> int:
        """What the line adds."""
        return self.count * self.unit_won


@action
def estimate_cost(
    *,
    by: Actor,
    at: datetime,
    matter: Matter,
    amount_won: int | None = None,
    note: str = "",
    lines: Sequence[CostLine] = (),
    after: int | None = None,
) -> Costing:
    """Note what a matter is estimated to cost, in whole won, at once or by lines; the latest estimate holds.

    `after` is the key of the estimate that the official saw last (0 for none). Raises Refused if a colleague noted
    another since, or for a sum below 0 or beyond all budgets.
    """
    require(policy.may_estimate_cost(by, matter, at))
    # Locked, so that of two who estimate at the same moment the second is told of the first.
    Matter.objects.select_for_update().get(pk=matter.pk)
    latest = Costing.objects.filter(matter=matter).order_by("-at", "-pk").first()
    if after is not None and latest is not None and latest.pk != after:
        sentence = _("A colleague noted an estimate meanwhile: %(amount)s. Yours is kept below.")
        raise Refused(sentence % {"amount": won(latest.amount_won)})
    amount = sum(line.won for line in lines) if lines else amount_won
    if amount is None or len(lines) > MOST_LINES:
        raise Refused(_("Give an amount, or up to 100 lines."))
    if amount < 0 or any(line.won < 0 for line in lines):
        raise Refused(_("A cost cannot be below 0 won."))
    if amount > MOST_WON:
        raise Refused(_("%(amount)s is more than any budget; check the lines.") % {"amount": won(amount)})
    costing = Costing.objects.create(
        matter=matter,
        amount_won=amount,
        lines=[asdict(line) for line in lines],
        note=note[:300],
        by=by.pseudonym,
        at=at,
    )
    _note("matter.costed", costing, by, at, amount_won=amount)
    return costing


@action
def check_cost(*, by: Actor, at: datetime, costing: Costing, agrees: bool, note: str = "") -> Costing:
    """Take the second look at an estimate. Raises Refused for the own one, a second time, or without saying why not."""
    row = Costing.objects.select_for_update().get(pk=costing.pk)
    row.matter = costing.matter
    require(policy.may_check_cost(by, row, at))
    if not agrees and not note.strip():
        raise Refused(_("Say what is to be estimated again."))
    row.agrees, row.checked_note, row.checked_by, row.checked_at = agrees, note.strip()[:300], by.pseudonym, at
    row.save(update_fields=["agrees", "checked_note", "checked_by", "checked_at"])
    _note("costing.checked", row, by, at, agrees=agrees)
    return row


def _note(verb: str, costing: Costing, by: Actor, at: datetime, **data: int) -> None:
    matter = costing.matter
    write(book=matter.process.book, verb=verb, subject=f"matter:{matter.pk}", by=by, at=at, **data)
