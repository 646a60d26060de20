"""The table of those who were drawn, for the office."""

from django.utils.translation import gettext_lazy as _

from madang.site.kit.web.tables import Choice, Column, Table
from madang.site.panels.models import Drawn

STATES = {
    "waiting": _("drawn, reply awaited"),
    "accepted": _("drawn, seat accepted"),
    "given_up": _("drawn, seat given up"),
}
ANSWERS = {"waiting": None, "accepted": True, "given_up": False}


def _state(row: Drawn) -> str:
    return next(name for name, answer in ANSWERS.items() if answer is row.accepted)


CALLED = Table(
    name="drawn",
    caption=_("People drawn"),
    columns=[
        Column("ticket", _("Ticket"), lambda row: row.ticket, order="ticket"),
        Column(
            "candidacy",
            _("Candidacy"),
            lambda row: row.matter.number,
            order="matter__number",
            link=lambda row: f"/matters/{row.matter.number}/",
        ),
        Column("group", _("Quota group"), lambda row: row.group, order="seat_stratum"),
        Column(
            "state",
            _("State"),
            lambda row: STATES[_state(row)],
            order="accepted",
            badge=lambda row: {"accepted": "good", "waiting": "open"}.get(_state(row), "plain"),
        ),
        Column("replied", _("Replied"), lambda row: row.replied_at, kind="day", order="replied_at"),
        Column("reply", _("Reply given otherwise"), template="panels/reply.html", only="page"),
    ],
    find=("ticket", "matter__number"),
    choices=[Choice("state", _("State"), STATES.items, lambda rows, value: rows.filter(accepted=ANSWERS[value]))],
)
