"""The tables of learners, of members at a meeting and of bookings."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.site.kit.web.tables import Choice, Column, Table

STATES = {
    "requested": pgettext_lazy("booking", "asked for"),
    "waiting": pgettext_lazy("booking", "waiting"),
    "given": pgettext_lazy("booking", "booked"),
    "not_drawn": pgettext_lazy("booking", "not drawn"),
    "cancelled": pgettext_lazy("booking", "given up"),
    "used": pgettext_lazy("booking", "used"),
    "no_show": pgettext_lazy("booking", "nobody came"),
}
KINDS = {"given": "good", "used": "good", "no_show": "bad", "requested": "open", "waiting": "open"}
LEARNERS = Table(
    name="learners",
    caption=_("Learners"),
    columns=[
        Column("who", _("Pseudonym"), lambda row: row.person.pseudonym, order="person__pseudonym", personal=True),
        Column("hours", _("Hours attended"), lambda row: row.hours, kind="number", order="hours"),
        Column("entered", _("Entered at the counter by"), lambda row: row.entered_by, order="entered_by"),
        Column("completed", _("Completed"), lambda row: row.completed_at, kind="day", order="completed_at"),
    ],
    find=("person__pseudonym",),
    choices=[
        Choice(
            "state",
            _("State"),
            lambda: [("done", _("completed")), ("open", _("under way"))],
            lambda rows, value: rows.filter(completed_at__isnull=value == "open"),
        )
    ],
)
ATTENDANCE = Table(
    name="attendance",
    caption=_("Members and who took part"),
    columns=[
        Column("who", _("Pseudonym"), lambda row: row.pseudonym, order="pseudonym", personal=True),
        Column(
            "here",
            _("Took part"),
            lambda row: _("yes") if row.here else _("no"),
            order="here",
            badge=lambda row: "good" if row.here else "plain",
        ),
    ],
    find=("pseudonym",),
    choices=[
        Choice(
            "here",
            _("Took part"),
            lambda: [("yes", _("yes")), ("no", _("no"))],
            lambda rows, value: rows.filter(here=value == "yes"),
        )
    ],
)
BOOKINGS = Table(
    name="bookings",
    caption=_("Bookings"),
    columns=[
        Column(
            "begins",
            _("Slot"),
            lambda row: row.slot.begins,
            kind="moment",
            order="slot__begins",
            link=lambda row: reverse("gatherings_desk:slot", args=[row.slot_id]),
        ),
        Column("who", _("Pseudonym"), lambda row: row.person.pseudonym, order="person__pseudonym", personal=True),
        Column("group", pgettext_lazy("booking", "Group"), lambda row: row.group, order="group"),
        Column("size", _("People"), lambda row: row.size, kind="number", order="size"),
        Column(
            "state",
            _("State"),
            lambda row: STATES[row.state],
            order="state",
            badge=lambda row: KINDS.get(row.state, "plain"),
        ),
        Column("entered", _("Entered at the counter by"), lambda row: row.entered_by, order="entered_by"),
        Column("asked", _("Asked on"), lambda row: row.asked_at, kind="day", order="asked_at"),
    ],
    find=("person__pseudonym",),
    choices=[Choice("state", _("State"), STATES.items, lambda rows, value: rows.filter(state=value))],
)
