"""What this room brings: support and debate, forums of the whole city, and their moderation."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from madang.site.docket.orders import Order, add_order
from madang.site.forums import actions, queries
from madang.site.forums import figures as figures
from madang.site.forums import words as words
from madang.site.forums.kinds import KINDS
from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.kit.navigation import Entry, Queue, Task, add_entry, add_queue
from madang.site.kit.nightly import NightTask, add_night_task
from madang.site.kit.stages import register_kind

MODERATORS = ("moderator", "officer", "head")


def _tasks(by: Actor, at: datetime, limit: int) -> Sequence[Task]:
    return [
        Task(title=row.text[:80], url=reverse("forums_desk:appeal", args=[row.pk]))
        for row in queries.open_appeals()[:limit]
    ]


def _support_tasks(by: Actor, at: datetime, limit: int) -> Sequence[Task]:
    return [
        Task(
            title=f"{stage.process.title}: {stage.title}",
            url=reverse("forums_desk:support_stage", args=[stage.pk]),
            due=day_of(end),
        )
        for stage, end in queries.waiting_for_desk(by, at)[:limit]
    ]


def _forum_tasks(by: Actor, at: datetime, limit: int) -> Sequence[Task]:
    return [
        Task(title=row.title, url=reverse("forums_desk:close", args=[row.pk]), due=row.closes_on)
        for row in queries.unfinished_forums(by, at)[:limit]
    ]


def _settle(by: Actor, at: datetime) -> int:
    return sum(len(actions.settle_support(by=by, at=at, stage=stage)) for stage in queries.support_to_settle(at))


def _most_supported(rows: Any) -> Any:
    return queries.with_counts(rows).order_by("-support_count", "-filed_at", "-pk")


for kind in KINDS:
    register_kind(kind)
add_queue(
    Queue(
        name="forums.appeals",
        title=_("Objections to hidden comments"),
        roles=MODERATORS,
        count=lambda by, at: queries.open_appeals().count(),
        tasks=_tasks,
    )
)
add_queue(
    Queue(
        name="forums.support",
        title=_("Support whose days are over"),
        roles=("officer", "head"),
        count=lambda by, at: len(queries.waiting_for_desk(by, at)),
        tasks=_support_tasks,
    )
)
add_queue(
    Queue(
        name="forums.results",
        title=_("Forums that wait for their result"),
        roles=("officer", "head"),
        count=lambda by, at: queries.unfinished_forums(by, at).count(),
        tasks=_forum_tasks,
    )
)
add_order(Order("supported", _("most supported"), lambda rows, day: _most_supported(rows)))
add_night_task(NightTask("Matters whose support is settled", _settle))
add_entry(Entry(_("Forums"), "forums:forums", order=40))
add_entry(Entry(_("Moderation"), "forums_desk:moderation", place="desk", roles=MODERATORS, order=60))
add_entry(Entry(_("New forum"), "forums_desk:new", place="desk", roles=("officer", "head"), order=61))
