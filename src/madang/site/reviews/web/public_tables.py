"""The tables of this room that everybody reads, and a reviewer's own."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from madang.site.docket.web.tables import by_outcome, of_matter, of_outcome
from madang.site.kit.web.tables import Choice, Column, Table
from madang.site.programmes.models import Stage
from madang.site.reviews.web.tables import by_decision, decision_kind, decision_of, matter_of


def results(stage: Stage, counts: Mapping[str, int], *, ranked: bool = False, amounts: bool = False) -> Table:
    """What was decided; with ranks and points where there was a ranking."""

    def sheets(row: Any) -> str:
        if not row.sheets or row.matter.ending == "hidden":
            return ""
        return reverse("reviews:sheets", args=[stage.pk, row.matter_id])

    return Table(
        name="results",
        caption=_("What was decided, with reasons"),
        columns=[
            *of_matter(path="matter__", title_order="shown_title", matter=matter_of),
            *([Column("rank", _("Rank"), lambda row: row.rank, kind="number", order="rank")] if ranked else []),
            of_outcome("result", _("Result"), lambda row: row.outcome, "outcome"),
            *(
                [Column("amount", _("Amount (won)"), lambda row: row.amount_won, kind="number", order="amount_won")]
                if amounts
                else []
            ),
            *(
                [
                    Column("mean", _("Mean points"), lambda row: row.mean, kind="figure"),
                    Column("sheets", _("Sheets"), lambda row: row.sheets, kind="figure", link=sheets),
                ]
                if ranked
                else []
            ),
            Column("reason", _("Reason"), lambda row: row.reason),
        ],
        find=("shown_title", "matter__number", "reason"),
        choices=[by_outcome(_("Result"), lambda: counts)],
        prefix="results",
    )


OBJECTIONS = Table(
    name="objections",
    caption=_("Objections and their answers"),
    columns=[
        *of_matter(path="matter__", title_order="shown_title", matter=matter_of),
        Column("made", _("Made"), lambda row: row.at, kind="day", order="at"),
        Column(
            "decision",
            _("Decision"),
            lambda row: decision_of(row) if row.decided_at else _("being examined"),
            order="decided_at",
            badge=decision_kind,
        ),
        Column("reason", _("Reason"), lambda row: row.reason),
    ],
    find=("shown_title", "matter__number", "reason"),
    choices=[by_decision(_("being examined"))],
    prefix="objections",
)


def turned_down(stage: Stage, *, may_object: bool) -> Table:
    """The matters that ended by a decision before this stage, each with the way to object."""
    object_link = Column(
        "object",
        _("Objection"),
        lambda row: _("Object"),
        link=lambda row: reverse("reviews:object_to", args=[stage.pk, row.pk]),
        only="page",
    )
    return Table(
        name="turned-down",
        caption=_("Matters that were turned down"),
        columns=[
            *of_matter(title_order="shown_title"),
            of_outcome("result", _("Result"), lambda row: row.ending, "ending"),
            *([object_link] if may_object else []),
        ],
        find=("shown_title", "number"),
        prefix="matters",
    )


def _sheet(row: Any) -> Any:
    if row.recused:
        return _("stepped back")
    return _("handed in") if getattr(row, "sheet", None) else _("to do")


def _sheet_kind(row: Any) -> str:
    return "plain" if row.recused else "good" if getattr(row, "sheet", None) else "open"


MINE = Table(
    name="own-sheets",
    caption=_("Matters you score"),
    columns=[
        *of_matter(lambda row: reverse("reviews:score", args=[row.pk]), path="matter__", matter=matter_of),
        Column("sheet", _("Sheet"), _sheet, badge=_sheet_kind),
        Column(
            "points",
            _("Your points"),
            lambda row: row.sheet.total if getattr(row, "sheet", None) else None,
            kind="number",
            order="sheet__total",
        ),
    ],
    find=("matter__title", "matter__number"),
    choices=[
        Choice(
            "sheet",
            _("Sheet"),
            lambda: [("open", _("to do")), ("done", _("handed in")), ("recused", _("stepped back"))],
            lambda rows, value: {
                "open": rows.filter(recused=False, sheet=None),
                "done": rows.filter(recused=False, sheet__isnull=False),
                "recused": rows.filter(recused=True),
            }[value],
        )
    ],
)
