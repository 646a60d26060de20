"""The seats of a body as its department sees them: with recusals, and how many are vacant."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Q

from madang.site.people.claims import valid_at
from madang.site.people.models import Organisation, Seat
from madang.site.programmes.models import Stage
from madang.site.reviews.models import Assignment


def put_recusals(body: Organisation, seats: Sequence[Seat], may_end: bool) -> None:
    """Put on each seat how often its person stepped back before this body, and whether it `may_end`. One query."""
    asked = Q(stage__settings__bodies=body.code)
    family, _slash, field = body.code.rpartition("/")
    if family:
        asked |= Q(stage__settings__bodies=f"{family}/*", matter__field=field)
    people = [seat.person_id for seat in seats if seat.person_id]
    rows = Assignment.objects.filter(asked, recused=True, person_id__in=people).order_by()
    times = dict(rows.values_list("person_id").annotate(n=Count("pk")))
    for seat in seats:
        seat.recusals = times.get(seat.person_id or 0, 0)  # type: ignore[attr-defined]
        seat.may_end = may_end  # type: ignore[attr-defined]


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
