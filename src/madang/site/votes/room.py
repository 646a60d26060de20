"""What this room brings: the kinds `vote` and `allot`, the desk's queue, figures."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from madang.site.kit.actor import Actor
from madang.site.kit.language import pick
from madang.site.kit.navigation import Queue, Task, add_queue
from madang.site.kit.nightly import NightTask, add_night_task
from madang.site.kit.stages import StageKind, register_kind
from madang.site.kit.verdict import Refused
from madang.site.programmes.queues import STAGE_SHOWS, stage_task
from madang.site.record.kept import silent
from madang.site.votes import actions, allotting, beginning, policy, queries, settings
from madang.site.votes import figures as figures
from madang.site.votes import words as words
from madang.site.votes.board import queries as board_queries
from madang.site.votes.board import tallying
from madang.site.votes.board.models import Board, Cast, Record
from madang.site.votes.models import Ballot, Begun, RollEntry

VOTE = StageKind(
    name="vote",
    for_citizens=True,
    invites="vote",
    title_ko="투표",
    title_en="vote",
    Settings=settings.Vote,
    citizen_page="votes:vote",
    desk_page="votes_desk:vote",
    verbs={"run": policy.may_run},
    opened=actions.open_election,
    closed=actions.close_vote,
)
ALLOT = StageKind(
    name="allot",
    title_ko="예산 배정",
    title_en="allotment",
    Settings=settings.Allot,
    citizen_page="votes:allotment",
    desk_page="votes_desk:allotment",
    setup_page="votes_desk:choose_rule",
    verbs={"run": policy.may_run},
    closed=allotting.close_allot,
)


def _remind(by: Actor, at: datetime) -> int:
    return sum(beginning.remind_voters(by=by, at=at, election=election) for election in beginning.begun(at))


def _seal(by: Actor, at: datetime) -> int:
    elections = queries.unsealed(at)
    for election in elections:
        actions.seal_ballots(by=by, at=at, election=election)
    return len(elections)


def _paper_task(row: Mapping[str, Any], due: date | None) -> Task:
    title = ngettext("Confirm %(size)d paper", "Confirm %(size)d papers", row["size"]) % {"size": row["size"]}
    return Task(title, reverse("votes_desk:vote", args=[row["pk"]]), due, pick(row["stage_ko"], row["stage_en"]))


def _tally(by: Actor, at: datetime) -> int:
    done = 0
    for board in board_queries.under_way(at):
        # What one vote is refused must not keep the night from all else; its page and its command say why.
        with suppress(Refused):
            done += len(tallying.advance(by=by, at=at, board=board))
    return done


# Who voted and how is written without an event.
silent.update(model._meta.db_table for model in (Ballot, RollEntry, Begun, Board, Cast, Record))
register_kind(VOTE)
register_kind(ALLOT)
add_night_task(NightTask("Steps of the tally of encrypted votes", _tally))
add_night_task(NightTask("Votes with new ballots sealed", _seal))
add_night_task(NightTask("Voters reminded of a ballot they began", _remind))
add_queue(
    Queue(
        name="votes.papers",
        title=_("Papers to confirm"),
        roles=("officer", "head", "district_officer"),
        rows=queries.papers_to_confirm,
        due="election__stage__closes_on",
        shows={
            "pk": "election__stage_id",
            "size": "size",
            "stage_ko": "election__stage__title_ko",
            "stage_en": "election__stage__title_en",
        },
        task=_paper_task,
    )
)
add_queue(
    Queue(
        name="votes.open",
        title=_("Votes and allotments"),
        roles=("officer", "head"),
        rows=queries.open_votes,
        due="closes_on",
        shows=STAGE_SHOWS,
        task=stage_task,
    )
)
