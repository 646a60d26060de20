"""Work queues: answers and milestones that are due."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from madang.site.followups import queries
from madang.site.followups.policy import OFFICIALS
from madang.site.kit.navigation import Queue, Task


def _answer_task(row: Mapping[str, Any], due: date | None) -> Task:
    return Task(row["title"], reverse("followups_desk:reply", args=[row["stage"], row["pk"]]), due, row["number"])


def _milestone_task(row: Mapping[str, Any], due: date | None) -> Task:
    title = f"{row['title']}: {row['milestone']}"
    return Task(title, reverse("followups_desk:milestone", args=[row["pk"]]), due, row["number"])


QUEUES = [
    Queue(
        name="followups.answers",
        title=_("Answers due"),
        roles=OFFICIALS,
        rows=lambda by, at: queries.unanswered(by),
        due="referred_until",
        shows={"pk": "pk", "stage": "stage_id", "title": "title", "number": "number"},
        task=_answer_task,
    ),
    Queue(
        name="followups.milestones",
        title=_("Milestones due"),
        roles=OFFICIALS,
        rows=lambda by, at: queries.milestones_due(by),
        due="due_on",
        shows={
            "pk": "pk",
            "title": "matter__title",
            "milestone": "title",
            "number": "matter__number",
        },
        task=_milestone_task,
    ),
]
