"""Reading who holds which role."""

from datetime import datetime

from django.db.models import Q, QuerySet

from madang.site.people.models import RoleGrant


def grants(*, at: datetime, role: str = "", ended: bool = False) -> QuerySet[RoleGrant]:
    """The roles that hold or are to begin, or those that have ended, with their people and places."""
    over = Q(valid_until__lte=at)
    rows = RoleGrant.objects.filter(over) if ended else RoleGrant.objects.exclude(over)
    rows = rows.filter(role=role) if role else rows
    return rows.select_related("person__account", "organisation").order_by("role", "organisation__order", "pk")
