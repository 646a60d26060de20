"""Work queues in which whole stages wait: what the inbox needs of a stage, and the task it makes of it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse

from madang.site.kit.actor import Actor
from madang.site.kit.language import pick
from madang.site.kit.navigation import Task
from madang.site.kit.stages import kind_named

STAGE_SHOWS = {
    "pk": "pk",
    "kind": "kind",
    "stage_ko": "title_ko",
    "stage_en": "title_en",
    "process_ko": "process__title_ko",
    "process_en": "process__title_en",
}


def stage_task(row: Mapping[str, Any], due: date | None) -> Task:
    """Going on with a stage, on its desk page."""
    title, process = pick(row["stage_ko"], row["stage_en"]), pick(row["process_ko"], row["process_en"])
    return Task(title, reverse(kind_named(row["kind"]).desk_page, args=[row["pk"]]), due, process)


def in_charge(by: Actor, *roles: str, path: str = "process__") -> Q:
    """The condition that a stage (or what leads to its process by `path`) belongs to one of the actor's departments."""
    held = {grant.organisation for grant in by.grants if grant.role in (*roles, "system")}
    return Q() if None in held else Q(**{f"{path}department__code__in": held})
