"""The tables of what was hidden and why, and of what seeks support or is debated."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from madang.site.docket.web.tables import of_matter
from madang.site.forums.models import Comment
from madang.site.forums.rules import RULES
from madang.site.kit.templatetags.madang import printed
from madang.site.kit.web.tables import CHOOSE, Choice, Column, Table


def _where(row: Comment) -> str:
    return row.matter.title if row.matter else row.forum.title  # type: ignore[union-attr]


def _place(row: Comment) -> str:
    if row.matter_id:
        return reverse("forums:matter", args=[row.matter_id])
    return reverse("forums:forum", args=[row.forum_id])


def _reason(row: Comment) -> Any:
    return RULES.get(row.broken_rule) or (row.hidden_reason if row.hidden_at else "")


def _objection(row: Comment) -> Any:
    appeal = getattr(row, "appeal", None)
    if appeal is None:
        return ""
    if appeal.decided_at is None:
        return _("not decided yet")
    return _("upheld, shown again") if appeal.upheld else _("rejected")


def _answer(row: Comment) -> str:
    appeal = getattr(row, "appeal", None)
    return appeal.reason if appeal is not None else ""


HIDDEN = Table(
    name="moderation",
    caption=_("Decisions, the latest first"),
    columns=[
        Column("place", _("Where"), _where, link=_place, order="matter__title"),
        Column("day", _("Day"), lambda row: row.since, kind="day", order="since"),
        Column("reason", _("Reason"), _reason, order="broken_rule"),
        Column("objection", _("Objection"), _objection, order="appeal__decided_at", note=_answer),
        Column("answer", _("Answer to the objection"), _answer, only="file"),
    ],
    find=("matter__title", "forum__title", "hidden_reason", "appeal__reason"),
    choices=[
        Choice("rule", _("Reason"), RULES.items, lambda rows, value: rows.filter(broken_rule=value)),
        Choice(
            "objection",
            _("Objection"),
            lambda: [("open", _("not decided yet")), ("upheld", _("upheld")), ("rejected", _("rejected"))],
            lambda rows, value: rows.filter(
                **{"appeal__decided_at": None, "appeal__isnull": False}
                if value == "open"
                else {"appeal__upheld": value == "upheld"}
            ),
        ),
    ],
)

_DEBATE = [
    *of_matter(lambda row: reverse("forums:matter", args=[row.pk])),
    Column("since", _("Since"), lambda row: row.entered_at, kind="day", order="entered_at"),
    Column("until", _("Until"), lambda row: row.until, kind="due", order="entered_at"),
]
_COMMENTS = Column("comments", _("Comments"), lambda row: row.comment_count, kind="number", order="comment_count")


def seeking(needed: int | None) -> Table:
    """The matters that seek support, with the number that they need now."""

    def supports(row: Any) -> str:
        return f"{printed(row.support_count)} / {printed(needed)}" if needed else printed(row.support_count)

    return Table(
        name="seeking-support",
        caption=_("Matters, the longest waiting first"),
        columns=[
            *_DEBATE,
            Column(
                "supports",
                _("Supports"),
                supports,
                kind="figure",
                order="support_count",
                in_file=lambda row: row.support_count,
            ),
            _COMMENTS,
        ],
        find=("title", "number"),
    )


DEBATED = Table(
    name="debated",
    caption=_("Matters under debate, the longest first"),
    columns=[CHOOSE, *_DEBATE, _COMMENTS],
    find=("title", "number"),
)
