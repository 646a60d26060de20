"""The tables of learners and of members at a meeting."""

from django.utils.translation import gettext_lazy as _

from madang.site.kit.web.tables import Choice, Column, Table

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
