"""Work queues: answers and milestones that are due, the most urgent first. Each costs one query."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from madang.site.docket.models import Matter
from madang.site.followups import queries
from madang.site.followups.policy import OFFICIALS
from madang.site.kit.actor import Actor
from madang.site.kit.navigation import Queue, Task


def _answer_tasks(by: Actor, at: datetime, limit: int) -> Sequence[Task]:
    rows = queries.unanswered(by).order_by(F("referred_until").asc(nulls_last=True), "number")
    return [_answer_task(row) for row in rows[:limit]]


def _answer_task(row: Matter) -> Task:
    until: date | None = getattr(row, "referred_until", None)
    return Task(
        title=row.title,
        url=reverse("followups_desk:reply", args=[row.stage_id, row.pk]),
        due=until,
        context=row.number,
    )


def _milestone_tasks(by: Actor, at: datetime, limit: int) -> Sequence[Task]:
    rows = queries.milestones_due(by).select_related("matter").order_by("due_on", "pk")
    return [
        Task(
            title=f"{row.matter.title}: {row.title}",
            url=reverse("followups_desk:matter", args=[row.matter_id]),
            due=row.due_on,
            context=row.matter.number,
        )
        for row in rows[:limit]
    ]


QUEUES = [
    Queue(
        name="followups.answers",
        title=_("Answers due"),
        roles=OFFICIALS,
        count=lambda by, at: queries.unanswered(by).count(),
        tasks=_answer_tasks,
    ),
    Queue(
        name="followups.milestones",
        title=_("Milestones due"),
        roles=OFFICIALS,
        count=lambda by, at: queries.milestones_due(by).count(),
        tasks=_milestone_tasks,
    ),
]
