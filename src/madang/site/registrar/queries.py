"""What the registrar shows: elections that are open, and the numbers that anybody may see."""

from typing import Any

from django.db.models import QuerySet

from madang.site.record.journal import moment
from madang.site.registrar.models import Election


def elections() -> QuerySet[Election]:
    """Every election, the latest first."""
    return Election.objects.order_by("-made_at")


def numbers(election: Election) -> dict[str, Any]:
    """What everybody may know of an election; how many have a credential only when it is closed."""
    handed_out = election.handed_out
    return {
        "election": election.uuid,
        "credentials": election.pool,
        "list_sha256": election.listing,
        "made_at": moment(election.made_at),
        "closed_at": moment(election.closed_at) if election.closed_at else None,
        "handed_out": handed_out,
        "destroyed": None if handed_out is None else election.pool - handed_out,
    }
