"""The cards from which processes are made, the drafts there are, and changes of days."""

from collections.abc import Sequence

from django.db.models import Max, QuerySet

from madang.site.kit.actor import Actor
from madang.site.programmes.models import DateChange, Process, Recipe
from madang.site.programmes.policy import OFFICE


def cards_of(by: Actor) -> list[Recipe]:
    """The recipes of an official's departments, in the order of the programmes; with `last_year`, if there is one."""
    offices = {grant.organisation for grant in by.grants if grant.role in OFFICE}
    rows = Recipe.objects.select_related("programme").order_by("programme__order", "code")
    if None not in offices:
        rows = rows.filter(content__department__in=sorted(office for office in offices if office))
    years = dict(_years())
    cards = list(rows)
    for card in cards:
        card.last_year = years.get(card.code)  # type: ignore[attr-defined]
    return cards


def _years() -> QuerySet[Process, tuple[str, int]]:
    rows = Process.objects.order_by().values("recipe__code").annotate(last=Max("year"))
    return rows.values_list("recipe__code", "last")


def changes_of(process: Process) -> Sequence[DateChange]:
    """How the public days of a process were changed, the latest first. One query."""
    return list(
        DateChange.objects.filter(stage__process=process).select_related("stage").order_by("-at", "stage__order")
    )
