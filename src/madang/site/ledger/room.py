"""What the ledger brings: its pages in the navigation, the inbox of approvals, its figures."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from madang.site.kit.actor import Actor
from madang.site.kit.navigation import Entry, Queue, Task, add_entry, add_queue
from madang.site.ledger import figures as figures
from madang.site.ledger import queries
from madang.site.ledger import words as words
from madang.site.ledger.models import EntryKind, Request


def _count(by: Actor, at: datetime) -> int:
    return queries.pending_for(by, at).count()


def _tasks(by: Actor, at: datetime, limit: int) -> Sequence[Task]:
    return [
        Task(
            title=_title(request),
            url=reverse("ledger_desk:request", args=[request.pk]),
            context=f"{request.line.code} {request.line.name}",
        )
        for request in queries.pending_for(by, at)[:limit]
    ]


def _title(request: Request) -> str:
    values = {"amount": f"{request.amount_won:,}"}
    if request.kind == EntryKind.PAYMENT:
        return _("Approve the payment of %(amount)s won") % values
    if request.within_finance:
        told = {**values, "kind": request.get_kind_display()}
        return _("Confirm as second person: %(kind)s, %(amount)s won") % told
    return _("Approve the obligation of %(amount)s won") % values


def _count_rows(by: Actor, at: datetime) -> int:
    return queries.uploads_for(by).count()


def _row_tasks(by: Actor, at: datetime, limit: int) -> Sequence[Task]:
    return [
        Task(title=row.name, url=reverse("ledger_desk:upload", args=[row.pk]), context=row.read_by)
        for row in queries.uploads_for(by)[:limit]
    ]


add_queue(Queue("ledger.uploads", gettext_lazy("Rows to confirm"), ("finance",), _count_rows, _row_tasks))
add_queue(Queue("ledger.approvals", gettext_lazy("Money to approve"), ("head", "finance"), _count, _tasks))
add_entry(Entry(gettext_lazy("The money"), "ledger:home", order=60))
add_entry(
    Entry(
        gettext_lazy("Budget and payments"),
        "ledger_desk:home",
        place="desk",
        roles=("officer", "head", "finance", "auditor"),
        order=60,
    )
)
