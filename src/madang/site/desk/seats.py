"""The seats of a body as its department sees them: with recusals, and how many are vacant."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Count, Q

from madang.documents.csv import safe
from madang.site.kit.clock import day_of
from madang.site.people.claims import valid_at
from madang.site.people.models import Organisation, Seat
from madang.site.people.queries import SEAT_ROLES, WAYS, masked
from madang.site.programmes.models import Stage
from madang.site.reviews.models import Recusal

COLUMNS = ("name", "role", "appointed_by", "term", "from", "until", "recusals")


def recusals_of(body: Organisation, seats: Iterable[Seat]) -> dict[int, int]:
    """How often people of these seats stepped back before this body: {key of person: times}. One query."""
    asked = Q(stage__settings__bodies=body.code)
    family, _slash, field = body.code.rpartition("/")
    if family:
        asked |= Q(stage__settings__bodies=f"{family}/*", matter__field=field)
    people = [seat.person_id for seat in seats if seat.person_id]
    rows = Recusal.objects.filter(asked, person_id__in=people).order_by().values("person_id").annotate(n=Count("pk"))
    return {row["person_id"]: row["n"] for row in rows}


def vacancies(body: Organisation, at: datetime) -> tuple[str, int, int] | None:
    """The latest term for which a draw filled this body: (term, planned seats, vacant seats). None without one.

    Planned are the seats of the draws in processes that appoint to the body for that term; those that were taken and
    are empty again count as vacant. Three queries.
    """
    appointing = Stage.public.filter(kind="appoint", settings__body=body.code)
    terms = [(settings["term"], process) for settings, process in appointing.values_list("settings", "process_id")]
    if not terms:
        return None
    term = max(term for term, _process in terms)
    draws = Stage.public.filter(kind="draw", process_id__in=[process for one, process in terms if one == term])
    planned = sum(settings["seats"] for settings in draws.values_list("settings", flat=True))
    taken = Seat.objects.filter(valid_at(at), body=body, term=term, appointed_by__in=("lot", "selection")).count()
    return (term, planned, max(planned - taken, 0)) if planned else None


def lines(body: Organisation, seats: Sequence[Seat]) -> list[list[str]]:
    """The seats as lines of a file, names masked."""
    times = recusals_of(body, seats)
    return [list(COLUMNS), *([safe(cell) for cell in _line(seat, times)] for seat in seats)]


def _line(seat: Seat, times: dict[int, int]) -> list[str]:
    until = day_of(seat.valid_until).isoformat() if seat.valid_until else ""
    return [
        masked(seat.person),
        str(SEAT_ROLES.get(seat.role, seat.role)),
        str(WAYS.get(seat.appointed_by, seat.appointed_by)),
        seat.term,
        day_of(seat.valid_from).isoformat(),
        until,
        str(times.get(seat.person_id or 0, 0)),
    ]
