"""The tables of answers that are due, of what is being carried out and of what became of it."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from madang.site.docket.templatetags.docket import outcome, outcome_kind
from madang.site.docket.web.tables import by_outcome, of_matter, of_outcome
from madang.site.followups.queries import due_on
from madang.site.kit.templatetags.madang import named, printed
from madang.site.kit.web.tables import CHOOSE, Choice, Column, Table
from madang.site.programmes.models import Stage

_FIND = ("title", "number")


def _waiting(stage: Stage) -> list[Column]:
    department = stage.process.department
    return [
        Column(
            "department",
            _("Department"),
            lambda row: named(row, "department_name") if row.department_code else department.name,
            order="department_name_ko",
        ),
        Column("due", _("Due on"), lambda row: due_on(row, stage), kind="due", order="referred_until"),
    ]


def to_answer(stage: Stage) -> Table:
    """The desk's list of matters that wait for an answer."""
    return Table(
        name="answers-due",
        caption=_("Matters to answer, the most urgent first"),
        columns=[
            CHOOSE,
            *of_matter(lambda row: reverse("followups_desk:reply", args=[stage.pk, row.pk])),
            *_waiting(stage),
            Column(
                "answer",
                _("Answer"),
                lambda row: outcome(row.answered or ""),
                order="answered",
                badge=lambda row: outcome_kind(row.answered or ""),
            ),
        ],
        find=_FIND,
        choices=[
            Choice(
                "state",
                _("State"),
                lambda: [
                    ("unreferred", _("not referred yet")),
                    ("waiting", _("without an answer")),
                    ("answered", _("answered")),
                ],
                lambda rows, value: {
                    "unreferred": rows.filter(department_code=None),
                    "waiting": rows.filter(answered=None),
                    "answered": rows.exclude(answered=None),
                }[value],
            )
        ],
    )


def awaited(stage: Stage) -> Table:
    """The public list of matters that wait for an answer."""
    columns = [*of_matter(), *_waiting(stage)]
    return Table("waiting", _("Waiting for an answer"), columns, find=_FIND, prefix="waiting")


def deliveries(page: str) -> Table:
    """What is being carried out, each leading to a page of the desk or of everybody."""
    return Table(
        name="deliveries",
        caption=_("Being carried out, the next milestone first"),
        columns=[
            *of_matter(lambda row: reverse(page, args=[row.pk])),
            Column(
                "reached",
                _("Milestones reached"),
                lambda row: f"{printed(row.reached)} / {printed(row.steps)}",
                kind="figure",
                order="reached",
                in_file=lambda row: row.reached,
            ),
            Column("steps", _("Milestones"), lambda row: row.steps, kind="number", only="file"),
            Column("next", _("Next milestone"), lambda row: row.next_due, kind="due", order="next_due"),
            Column("visits", _("Visits"), lambda row: row.visited, kind="number", order="visited"),
        ],
        find=_FIND,
    )


def _matter(row: Any) -> Any:
    return row.matter


RESULTS = Table(
    name="results",
    caption=_("Delivered or stopped, with reasons"),
    columns=[
        *of_matter(
            lambda row: reverse("followups:matter", args=[row.matter_id]),
            path="matter__",
            title_order="shown_title",
            matter=_matter,
        ),
        of_outcome("result", _("Result"), lambda row: row.outcome, "outcome"),
        Column("day", _("Day"), lambda row: row.at, kind="day", order="at"),
        Column("reason", _("Reason"), lambda row: row.reason),
    ],
    find=("shown_title", "matter__number", "reason"),
    choices=[by_outcome(_("Result"), lambda: ("delivered", "stopped"))],
    prefix="results",
)
