"""What the ledger brings: its pages in the navigation, the inbox of approvals, its figures."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from madang.site.kit.language import pick
from madang.site.kit.navigation import Entry, Queue, Task, add_entry, add_queue
from madang.site.ledger import figures as figures
from madang.site.ledger import queries
from madang.site.ledger import words as words
from madang.site.ledger.models import BACK, EntryKind, Request


def _request_task(row: Mapping[str, Any], due: date | None) -> Task:
    line = f"{row['code']} {pick(row['line_ko'], row['line_en'])}"
    return Task(_title(row), reverse("ledger_desk:request", args=[row["pk"]]), due, line)


def _title(row: Mapping[str, Any]) -> str:
    values = {"amount": f"{row['won']:,}"}
    if row["kind"] == EntryKind.PAYMENT:
        return _("Approve the payment of %(amount)s won") % values
    if row["kind"] in BACK:
        told = {**values, "kind": dict(Request._meta.get_field("kind").flatchoices)[row["kind"]]}
        return _("Confirm as second person: %(kind)s, %(amount)s won") % told
    return _("Approve the obligation of %(amount)s won") % values


def _upload_task(row: Mapping[str, Any], due: date | None) -> Task:
    return Task(row["name"], reverse("ledger_desk:upload", args=[row["pk"]]), due, row["read_by"])


def _behind_task(row: Mapping[str, Any], due: date | None) -> Task:
    page = reverse("ledger_desk:line", args=[row["year"], row["code"]])
    return Task(
        f"{row['code']} {pick(row['line_ko'], row['line_en'])}", page, due, _("note a forecast of the year's end")
    )


add_queue(
    Queue(
        name="ledger.uploads",
        title=gettext_lazy("Rows to confirm"),
        roles=("finance",),
        rows=lambda by, at: queries.uploads_for(by),
        shows={"pk": "pk", "name": "name", "read_by": "read_by"},
        task=_upload_task,
    )
)
add_queue(
    Queue(
        name="ledger.approvals",
        title=gettext_lazy("Money to approve"),
        roles=("head", "finance"),
        rows=queries.pending_for,
        shows={
            "pk": "pk",
            "kind": "kind",
            "won": "amount_won",
            "code": "line__code",
            "line_ko": "line__name_ko",
            "line_en": "line__name_en",
        },
        task=_request_task,
    )
)
add_queue(
    Queue(
        name="ledger.behind",
        title=gettext_lazy("Spending behind an even pace"),
        roles=("officer", "head"),
        rows=queries.to_explain,
        shows={"year": "fiscal_year", "code": "code", "line_ko": "name_ko", "line_en": "name_en"},
        task=_behind_task,
    )
)
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
