"""What this room brings: support and debate, forums of the whole city, and their moderation."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from madang.site.docket.orders import Order, add_order
from madang.site.forums import actions, queries
from madang.site.forums import figures as figures
from madang.site.forums import words as words
from madang.site.forums.kinds import KINDS
from madang.site.kit.actor import Actor
from madang.site.kit.language import pick
from madang.site.kit.navigation import Entry, Queue, Task, add_entry, add_queue
from madang.site.kit.nightly import NightTask, add_night_task
from madang.site.kit.stages import register_kind
from madang.site.programmes.queues import STAGE_SHOWS

MODERATORS = ("moderator", "officer", "head")


def _report_task(row: Mapping[str, Any], due: date | None) -> Task:
    return Task(row["text"][:80], f"{reverse('forums_desk:moderation')}#comment-{row['pk']}", due)


def _appeal_task(row: Mapping[str, Any], due: date | None) -> Task:
    return Task(row["text"][:80], reverse("forums_desk:appeal", args=[row["pk"]]), due)


def _support_task(row: Mapping[str, Any], due: date | None) -> Task:
    title = f"{pick(row['process_ko'], row['process_en'])}: {pick(row['stage_ko'], row['stage_en'])}"
    return Task(title, reverse("forums_desk:support_stage", args=[row["pk"]]), due)


def _forum_task(row: Mapping[str, Any], due: date | None) -> Task:
    return Task(pick(row["ko"], row["en"]), reverse("forums_desk:close", args=[row["pk"]]), due)


def _settle(by: Actor, at: datetime) -> int:
    return sum(len(actions.settle_support(by=by, at=at, stage=stage)) for stage in queries.support_to_settle(at))


def _most_supported(rows: Any) -> Any:
    return queries.with_counts(rows).order_by("-support_count", "-filed_at", "-pk")


for kind in KINDS:
    register_kind(kind)
add_queue(
    Queue(
        name="forums.reports",
        title=_("Reported comments"),
        roles=MODERATORS,
        rows=lambda by, at: queries.reported(by),
        shows={"pk": "pk", "text": "text"},
        task=_report_task,
    )
)
add_queue(
    Queue(
        name="forums.appeals",
        title=_("Objections to hidden comments"),
        roles=MODERATORS,
        rows=lambda by, at: queries.open_appeals(),
        shows={"pk": "pk", "text": "text"},
        task=_appeal_task,
    )
)
add_queue(
    Queue(
        name="forums.support",
        title=_("Support whose days are over"),
        roles=("officer", "head"),
        rows=queries.waiting_for_desk,
        due="last_day",
        shows=STAGE_SHOWS,
        task=_support_task,
    )
)
add_queue(
    Queue(
        name="forums.results",
        title=_("Forums that wait for their result"),
        roles=("officer", "head"),
        rows=queries.unfinished_forums,
        due="closes_on",
        shows={"pk": "pk", "ko": "title_ko", "en": "title_en"},
        task=_forum_task,
    )
)
add_order(Order("supported", _("most supported"), lambda rows, day: _most_supported(rows)))
add_night_task(NightTask("Matters whose support is settled", _settle))
add_entry(Entry(_("Forums"), "forums:forums", order=40))
add_entry(Entry(_("Moderation"), "forums_desk:moderation", place="desk", roles=MODERATORS, order=60))
add_entry(Entry(_("New forum"), "forums_desk:new", place="desk", roles=("officer", "head"), order=61))
