"""The desk's tables of this room: what is screened and scored, letters, objections."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.site.docket.templatetags.docket import outcome, outcome_kind
from madang.site.docket.web.tables import of_matter, of_outcome
from madang.site.kit.actor import Actor
from madang.site.kit.templatetags.madang import named
from madang.site.kit.web.tables import CHOOSE, Choice, Column, Table
from madang.site.programmes.models import Stage
from madang.site.reviews import queries
from madang.site.reviews.settings import Review, Screen, rules_of

STATES = {
    "unreferred": _("not referred yet"),
    "waiting": _("with a department"),
    "overdue": _("overdue"),
    "mine": _("with my department"),
    "uncosted": _("without an estimate"),
    "unchecked": _("with an estimate that nobody agreed to"),
    "ruled": _("ruled on"),
}
_FIND = ("title", "number")


def matter_of(row: Any) -> Any:
    """The matter that a row is about."""
    return row.matter


def screenings(stage: Stage, *, by: Actor, at: datetime, asked: str = "") -> Table:
    """The queue of a screening; what was asked of it comes along to the page of each matter."""
    along = f"?{asked}" if asked else ""
    estimate = Column(
        "estimate",
        _("Estimate"),
        lambda row: row.cost,
        kind="number",
        order="cost",
        template="reviews/cost_cell.html",
    )
    return Table(
        name="screenings",
        caption=_("Matters to screen, the most urgent first"),
        columns=[
            CHOOSE,
            *of_matter(lambda row: reverse("reviews_desk:screening", args=[stage.pk, row.pk]) + along),
            Column(
                "department",
                _("Department"),
                lambda row: named(row, "department_name"),
                order="department_name_ko",
            ),
            Column(
                "due", _("Due on"), lambda row: row.due_on, kind="due", order="due_on", template="reviews/due_cell.html"
            ),
            *([estimate] if rules_of(stage, Screen).costing else []),
            Column(
                "ruling",
                _("Ruling"),
                lambda row: outcome(row.ruling or ""),
                order="ruling",
                badge=lambda row: outcome_kind(row.ruling or ""),
                note=lambda row: row.ruling_reason or "",
            ),
            Column("reason", _("Reason"), lambda row: row.ruling_reason, only="file"),
        ],
        find=_FIND,
        choices=[
            Choice(
                "show",
                _("Which ones"),
                STATES.items,
                lambda rows, value: queries.in_state(rows, value, by=by, at=at),
            )
        ],
    )


def scored(stage: Stage, *, may_assign: bool) -> Table:
    """How far the reviewers are, never what they gave."""
    quorum = rules_of(stage, Review).quorum
    return Table(
        name="sheets",
        caption=_("Score sheets handed in"),
        columns=[
            *([CHOOSE] if may_assign else []),
            *of_matter(lambda row: reverse("reviews_desk:reviewers", args=[stage.pk, row.pk])),
            Column("reviewers", _("Reviewers"), lambda row: row.reviewers, kind="number", order="reviewers"),
            Column("recused", _("Stepped back"), lambda row: row.recusals_count, kind="number", order="recusals_count"),
            Column("sheets", _("Sheets"), lambda row: row.sheets_in, kind="number", order="sheets_in"),
            Column(
                "quorum",
                _("Quorum"),
                lambda row: _("reached") if row.sheets_in >= quorum else _("missing"),
                badge=lambda row: "good" if row.sheets_in >= quorum else "warn",
            ),
        ],
        find=_FIND,
        choices=[
            Choice(
                "quorum",
                _("Quorum"),
                lambda: [("reached", _("reached")), ("missing", _("missing"))],
                lambda rows, value: rows.filter(
                    **{"sheets_in__gte" if value == "reached" else "sheets_in__lt": quorum}
                ),
            )
        ],
    )


def _letter_state(row: Any) -> Any:
    if row.sent_at:
        return _("sent")
    return _("corrected") if row.changed_at else pgettext_lazy("letter", "draft")


LETTERS = Table(
    name="letters",
    caption=_("Outbox of letters"),
    columns=[
        *of_matter(lambda row: reverse("reviews_desk:letter", args=[row.pk]), path="matter__", matter=matter_of),
        of_outcome("result", _("Result"), lambda row: row.outcome, "outcome"),
        Column("letter", _("Letter"), lambda row: Truncator(row.text).chars(90), in_file=lambda row: row.text),
        Column(
            "state",
            _("State"),
            _letter_state,
            order="changed_at",
            badge=lambda row: "good" if row.sent_at else "open" if row.changed_at else "plain",
        ),
    ],
    find=("matter__title", "matter__number", "text"),
    choices=[
        Choice(
            "state",
            _("State"),
            lambda: [("draft", pgettext_lazy("letter", "draft")), ("corrected", _("corrected")), ("sent", _("sent"))],
            lambda rows, value: {
                "draft": rows.filter(sent_at=None, changed_at=None),
                "corrected": rows.filter(sent_at=None, changed_at__isnull=False),
                "sent": rows.filter(sent_at__isnull=False),
            }[value],
        )
    ],
)


def decision_of(row: Any) -> Any:
    """What became of an objection."""
    if not row.decided_at:
        return _("to do")
    return _("upheld") if row.upheld else _("rejected")


def decision_kind(row: Any) -> str:
    """How that looks."""
    return "open" if not row.decided_at else "good" if row.upheld else "plain"


def by_decision(undecided: Any) -> Choice:
    """A filter by what became of objections."""
    return Choice(
        "decision",
        _("Decision"),
        lambda: [("open", undecided), ("upheld", _("upheld")), ("rejected", _("rejected"))],
        lambda rows, value: (
            rows.filter(decided_at=None)
            if value == "open"
            else rows.filter(decided_at__isnull=False, upheld=value == "upheld")
        ),
    )


OBJECTIONS = Table(
    name="objections",
    caption=_("Objections, undecided first"),
    columns=[
        *of_matter(lambda row: reverse("reviews_desk:objection", args=[row.pk]), path="matter__", matter=matter_of),
        Column("made", _("Made"), lambda row: row.at, kind="day", order="at"),
        Column("text", _("Objection"), lambda row: Truncator(row.text).chars(100), in_file=lambda row: row.text),
        Column("decision", _("Decision"), decision_of, order="decided_at", badge=decision_kind),
        Column("reason", _("Reason"), lambda row: row.reason, only="file"),
    ],
    find=("matter__title", "matter__number", "text"),
    choices=[by_decision(_("to do"))],
)
