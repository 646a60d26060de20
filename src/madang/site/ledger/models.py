"""Money: budget lines, append-only entries in whole won, requests that become entries, and revenue.

Law of the room: on every line, every part of a line and every single obligation
`0 <= spent <= obligated <= appropriated` holds at any moment, by a constraint of the database, and the
running balances equal the sums of the entries (WORKFLOWS.md, sections 0.7 and B).
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from madang.site.docket.models import Matter
from madang.site.kit.language import named
from madang.site.kit.money import WonField
from madang.site.people.models import Organisation
from madang.site.programmes.models import Programme


def _in_order(name: str) -> models.CheckConstraint:
    """The law of the room as a constraint."""
    return models.CheckConstraint(
        condition=Q(spent_won__gte=0, obligated_won__gte=F("spent_won"), appropriated_won__gte=F("obligated_won")),
        name=name,
    )


class Line(models.Model):
    """A budget line (세부사업) of a fiscal year with its running balances."""

    code = models.CharField(max_length=40)
    fiscal_year = models.PositiveSmallIntegerField()
    department = models.ForeignKey(Organisation, models.PROTECT, related_name="lines")
    programme = models.ForeignKey(Programme, models.PROTECT, null=True, related_name="lines")
    name_ko = models.CharField(max_length=200)
    name_en = models.CharField(max_length=240)
    seq = models.PositiveSmallIntegerField(default=0)
    appropriated_won = WonField(default=0)
    obligated_won = WonField(default=0)
    spent_won = WonField(default=0)
    name = named()

    class Meta:
        ordering = ["fiscal_year", "department__order", "seq", "code"]
        constraints = [
            models.UniqueConstraint(fields=["fiscal_year", "code"], name="line_once_a_year"),
            _in_order("line_spent_obligated_appropriated"),
        ]

    def __str__(self) -> str:
        return f"{self.code}/{self.fiscal_year}"


class Part(models.Model):
    """A named share of a line that a programme's section shows; entries may carry it.

    Decision. The order spent <= obligated <= appropriated is a constraint on the line and, likewise, on
    each part. It is *not* one on the rest of the line (the line less its parts).
    Why: the line is what the council appropriated and what the law binds; a part is a promise of the
    department about the same money, and has balances of its own. The rest is only a difference. A
    payment for an obligation of a part can be booked on the line outside the part, and then the rest has
    spent more than it obligated although line and part are both in order: CONSISTENCY.md 2.4 shows it
    (Governance School 94,122 obligated and 56,122 spent; its whole line 125,136 and 125,136; rest
    31,014 and 69,014).
    What follows: such a rest is found, with both numbers, by a relation between figures, where somebody
    can explain or correct it; the ledger neither refuses the payment nor hides the difference.
    """

    code = models.CharField(max_length=40)
    line = models.ForeignKey(Line, models.PROTECT, related_name="parts")
    programme = models.ForeignKey(Programme, models.PROTECT, null=True, related_name="parts")
    name_ko = models.CharField(max_length=200)
    name_en = models.CharField(max_length=240)
    seq = models.PositiveSmallIntegerField(default=0)
    appropriated_won = WonField(default=0)
    obligated_won = WonField(default=0)
    spent_won = WonField(default=0)
    name = named()

    class Meta:
        ordering = ["line", "seq", "code"]
        constraints = [
            models.UniqueConstraint(fields=["line", "code"], name="part_once_in_line"),
            _in_order("part_spent_obligated_appropriated"),
        ]

    def __str__(self) -> str:
        return f"{self.line_id}/{self.code}"


class EntryKind(models.TextChoices):
    """What an entry moves. Each kind adds its signed amount to exactly one balance, see `SIDES`."""

    ORIGINAL = "original", _("original budget")
    SUPPLEMENTARY = "supplementary", _("supplementary budget")
    CARRY_OVER = "carry_over", _("carry-over")
    TRANSFER = "transfer", _("transfer")
    OBLIGATION = "obligation", _("obligation")
    DE_OBLIGATION = "de_obligation", _("release of an obligation")
    PAYMENT = "payment", _("payment")
    REFUND = "refund", _("refund")


BACK = (EntryKind.DE_OBLIGATION.value, EntryKind.REFUND.value, "correction")
APPROPRIATING = (EntryKind.ORIGINAL, EntryKind.SUPPLEMENTARY, EntryKind.CARRY_OVER, EntryKind.TRANSFER)
OBLIGATING = (EntryKind.OBLIGATION, EntryKind.DE_OBLIGATION)
SPENDING = (EntryKind.PAYMENT, EntryKind.REFUND)
SIDES: dict[str, tuple[EntryKind, ...]] = {
    "appropriated": APPROPRIATING,
    "obligated": OBLIGATING,
    "spent": SPENDING,
}


class Entry(models.Model):
    """One movement of money; triggers refuse any change or deletion.

    `amount_won` is signed: it is added to the balance of its kind, so a de-obligation, a refund and the
    counter-entry of a correction (which keeps the kind of what it `corrects`) are negative. `on` is the
    accounting day, by which every "as of" is answered; `at` is when it was posted. Payments, refunds and
    de-obligations name their `obligation`. `payee` is for finance and auditors only. `reference` is the
    number of the document in the accounting system, if it came from there.
    """

    kind = models.CharField(max_length=20, choices=EntryKind.choices)
    line = models.ForeignKey(Line, models.PROTECT, related_name="entries")
    part = models.ForeignKey(Part, models.PROTECT, null=True, related_name="entries")
    matter = models.ForeignKey(Matter, models.PROTECT, null=True, related_name="entries")
    obligation = models.ForeignKey("self", models.PROTECT, null=True, related_name="payments")
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")
    amount_won = WonField()
    on = models.DateField()
    at = models.DateTimeField()
    requested_by = models.CharField(max_length=60)
    approved_by = models.JSONField(default=list)
    payee = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=300, blank=True)
    reference = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(amount_won=0), name="entry_moves_money"),
            models.CheckConstraint(condition=Q(kind__in=EntryKind.values), name="entry_kind_known"),
            models.CheckConstraint(
                condition=~Q(kind__in=["de_obligation", "payment", "refund"]) | Q(obligation__isnull=False),
                name="entry_names_its_obligation",
            ),
            models.UniqueConstraint(
                fields=["corrects"], condition=Q(corrects__isnull=False), name="entry_corrected_once"
            ),
            models.UniqueConstraint(fields=["reference"], condition=~Q(reference=""), name="entry_reference_once"),
        ]
        indexes = [models.Index(fields=["line", "on"]), models.Index(fields=["on"])]

    def __str__(self) -> str:
        return f"entry {self.pk}: {self.kind} {self.amount_won}"


class Balance(models.Model):
    """What is still obligated and already paid of one obligation; never is more paid than obligated."""

    obligation = models.OneToOneField(Entry, models.PROTECT, related_name="balance")
    obligated_won = WonField()
    spent_won = WonField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(spent_won__gte=0, obligated_won__gte=F("spent_won")), name="obligation_not_overpaid"
            )
        ]

    def __str__(self) -> str:
        return f"balance of {self.obligation_id}"


class Request(models.Model):
    """A request for a movement of money.

    An obligation or a payment becomes an entry by two approvals of three people: the head of department first, then
    finance; neither is the requester nor the other one (separation of duties, WORKFLOWS.md B.2 and B.3). What takes
    money back (`BACK`, and the counter-entry of what it `corrects`) is asked for by one person of finance and becomes
    an entry by another. Amounts are what is moved, never negative.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("waiting for approval")
        POSTED = "posted", _("posted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("taken back")

    kind = models.CharField(
        max_length=20,
        choices=[
            ("obligation", EntryKind.OBLIGATION.label),
            ("payment", EntryKind.PAYMENT.label),
            ("de_obligation", EntryKind.DE_OBLIGATION.label),
            ("refund", EntryKind.REFUND.label),
            ("correction", _("correction")),
        ],
    )
    line = models.ForeignKey(Line, models.PROTECT, related_name="requests")
    part = models.ForeignKey(Part, models.PROTECT, null=True, related_name="requests")
    matter = models.ForeignKey(Matter, models.PROTECT, null=True, related_name="money_requests")
    obligation = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="requests")
    corrects = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="correction_requests")
    amount_won = WonField()
    payee = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=300, blank=True)
    on = models.DateField()
    requested_by = models.CharField(max_length=60)
    requested_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    head_by = models.CharField(max_length=60, blank=True)
    head_at = models.DateTimeField(null=True)
    finance_by = models.CharField(max_length=60, blank=True)
    finance_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=60, blank=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="request")

    class Meta:
        ordering = ["requested_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_won__gt=0), name="request_asks_for_money"),
            models.CheckConstraint(
                condition=~Q(head_by=F("requested_by")) & ~Q(finance_by=F("requested_by")),
                name="request_not_approved_by_requester",
            ),
            models.CheckConstraint(
                condition=Q(finance_by="") | ~Q(finance_by=F("head_by")), name="request_approved_by_two_people"
            ),
            models.CheckConstraint(
                condition=~Q(state="posted") | (~Q(finance_by="") & Q(entry__isnull=False)),
                name="request_posted_by_finance",
            ),
            models.CheckConstraint(
                condition=~Q(state="posted") | ~Q(head_by="") | Q(kind__in=["de_obligation", "refund", "correction"]),
                name="request_posted_after_the_head",
            ),
            models.CheckConstraint(
                condition=~Q(kind="correction") | Q(corrects__isnull=False), name="request_names_what_it_corrects"
            ),
            models.UniqueConstraint(
                fields=["corrects"], condition=Q(state="pending"), name="request_corrects_once_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["state", "requested_at"])]

    def __str__(self) -> str:
        return f"request {self.pk}: {self.kind} {self.amount_won}"

    @property
    def within_finance(self) -> bool:
        """Whether finance asks and finance confirms, two people of it, and no head of department."""
        return self.kind in BACK


class Forecast(models.Model):
    """What a line (or a part of it) is expected to have executed at the end of the year, as of a day."""

    line = models.ForeignKey(Line, models.PROTECT, related_name="forecasts")
    part = models.ForeignKey(Part, models.PROTECT, null=True, related_name="forecasts")
    as_of = models.DateField()
    year_end_won = WonField()
    by = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-as_of", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(year_end_won__gte=0), name="forecast_not_negative")]
        indexes = [models.Index(fields=["line", "part", "as_of"])]

    def __str__(self) -> str:
        return f"forecast of {self.line_id} as of {self.as_of}"


class RevenueItem(models.Model):
    """An item of the revenue budget of a fiscal year, in a tree; budgets are kept at its leaves."""

    code = models.CharField(max_length=40)
    fiscal_year = models.PositiveSmallIntegerField()
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="items")
    level = models.PositiveSmallIntegerField()
    seq = models.PositiveSmallIntegerField(default=0)
    name_ko = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160)
    budget_prior_won = WonField(default=0)
    budget_current_won = WonField(default=0)
    name = named()

    class Meta:
        ordering = ["fiscal_year", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["fiscal_year", "code"], name="revenue_item_once_a_year"),
            models.CheckConstraint(
                condition=Q(budget_prior_won__gte=0, budget_current_won__gte=0), name="revenue_budget_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}/{self.fiscal_year}"


class Collection(models.Model):
    """Revenue assessed (징수결정) or collected (수납) on an item; append-only, corrections are negative."""

    class Kind(models.TextChoices):
        ASSESSED = "assessed", _("assessed")
        COLLECTED = "collected", _("collected")

    item = models.ForeignKey(RevenueItem, models.PROTECT, related_name="collections")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.COLLECTED)
    amount_won = WonField()
    on = models.DateField()
    at = models.DateTimeField()
    by = models.CharField(max_length=60)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["on", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(amount_won=0), name="collection_moves_money")]
        indexes = [models.Index(fields=["item", "on"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_won} on {self.item_id}"


class Upload(models.Model):
    """Rows of a file, or entered by hand, checked and previewed; written when a second person confirms them."""

    class State(models.TextChoices):
        READ = "read", _("waiting for a second person")
        POSTED = "posted", _("written")
        DROPPED = "dropped", _("taken back, nothing was written")

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    rows = models.JSONField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.READ)
    read_by = models.CharField(max_length=60)
    read_at = models.DateTimeField()
    posted_by = models.CharField(max_length=60, blank=True)
    posted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-read_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["sha256"], condition=Q(state="posted"), name="file_posted_once"),
            models.CheckConstraint(condition=~Q(posted_by=F("read_by")), name="file_posted_by_a_second_person"),
        ]

    def __str__(self) -> str:
        return self.name
