"""The table of roles."""

from django.utils.translation import gettext_lazy as _

from madang.site.kit.web.tables import Choice, Column, Table
from madang.site.people.actors import ROLE_NAMES
from madang.site.people.models import RoleGrant


def _where(row: RoleGrant) -> str:
    return row.organisation.name if row.organisation else str(_("the whole city"))


ROLES_TABLE = Table(
    name="roles",
    caption=_("Roles of people"),
    columns=[
        Column("who", _("Who"), lambda row: str(row.person), order="person__nickname", personal=True),
        Column(
            "address",
            _("E-mail address"),
            lambda row: row.person.account.email if row.person.account else None,
            order="person__account__email",
            personal=True,
        ),
        Column("role", _("Role"), lambda row: ROLE_NAMES.get(row.role, row.role), order="role"),
        Column("where", _("Where"), _where, order="organisation__order"),
        Column("from", _("In force from"), lambda row: row.valid_from, kind="day", order="valid_from"),
        Column("until", _("In force until"), lambda row: row.valid_until, kind="moment", order="valid_until"),
        Column("end", _("End"), template="people/end_link.html", only="page"),
    ],
    find=("person__nickname", "person__account__email", "organisation__name_ko"),
    choices=[Choice("role", _("Role"), ROLE_NAMES.items, lambda rows, value: rows.filter(role=value))],
)
