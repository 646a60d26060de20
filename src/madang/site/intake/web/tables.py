"""The table of what was filed at a call."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from madang.site.docket.models import Matter
from madang.site.docket.templatetags.docket import outcome, outcome_kind
from madang.site.kit.web.tables import Choice, Column, Table

SHOW = {
    "under_way": (_("under way"), {"ended_at__isnull": True}),
    "ended": (_("ended"), {"ended_at__isnull": False}),
    "counter": (_("entered at the counter"), {"channel": "counter"}),
    "paper": (_("filed on paper"), {"channel": "paper"}),
}


def _state(row: Matter) -> str:
    return outcome(row.ending) if row.ending else row.stage.title if row.stage else ""


FILED = Table(
    name="filed",
    caption=_("What was filed, the latest first"),
    columns=[
        Column(
            "matter",
            _("Matter"),
            lambda row: row.title,
            order="title",
            link=lambda row: reverse("desk:matter", args=[row.number]),
        ),
        Column("number", _("Receipt number"), lambda row: row.number, order="number"),
        Column("area", _("Area"), lambda row: row.area.name if row.area else None, order="area__name_ko"),
        Column("filed", _("Filed"), lambda row: row.filed_at, kind="day", order="filed_at"),
        Column("amount", _("Amount (won)"), lambda row: row.amount_won, kind="number", order="amount_won"),
        Column("state", _("State"), _state, badge=lambda row: outcome_kind(row.ending) if row.ending else ""),
        Column("work", _("Work"), template="intake/desk_work.html", only="page"),
    ],
    find=("title", "number"),
    choices=[
        Choice(
            "show",
            _("Which ones"),
            lambda: [(key, name) for key, (name, _condition) in SHOW.items()],
            lambda rows, value: rows.filter(**SHOW[value][1]),
        )
    ],
)
