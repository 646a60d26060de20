"""Players of what happens beside the stages: forums, hand-overs, links, and numbers of earlier systems."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import groupby
from typing import Any

from madang.site.docket import actions as docket
from madang.site.docket.models import Matter
from madang.site.forums import actions as forums
from madang.site.forums import many
from madang.site.forums.models import Comment
from madang.site.kit.clock import day_of
from madang.site.programmes.models import Stage
from madang.site.replay.filing import remarks
from madang.site.replay.schedule import Step, ending, moments
from madang.site.replay.world import World
from madang.site.votes import actions as votes
from madang.site.votes.models import Election

Script = dict[str, Any]


def play_forum(world: World, script: Script) -> Iterator[Step]:
    """A forum of the whole city with comments and likes from its first to its last day."""
    start, end = world.day(script["opens"]), world.day(script["closes"], hour=18)
    forum = _Forum(world, script, start, end)
    steps = [Step(start, 0, forum.open), Step(end, 9, forum.close)]
    inner = end - timedelta(hours=1)
    written = moments(start + timedelta(hours=1), inner, script["comments"], forum.chance)
    for _day, times in groupby(written, key=day_of):
        today = list(times)
        steps.append(Step(today[-1], 1, partial(forum.comment, today)))
    given = moments(start + (end - start) / 2, inner, script.get("likes", 0), forum.chance)
    for _day, times in groupby(given, key=day_of):
        today = list(times)
        steps.append(Step(today[-1], 2, partial(forum.like, today[-1], len(today))))
    return iter(sorted(steps))


class _Forum:
    """The officer who holds one forum, and the crowd that speaks in it."""

    def __init__(self, world: World, script: Script, start: datetime, end: datetime) -> None:
        self.world, self.script, self.start, self.end = world, script, start, end
        self.process = world.process(script["process"])
        self.officer = world.official("officer", self.process.department)
        self.chance = world.chance("forum", script["title_ko"])
        self.forum: Any = None
        self.comments: list[Any] = []
        self.liked: set[tuple[int, int]] = set()

    def open(self) -> None:
        """Open the forum."""
        named = {key: self.script[key] for key in ("kind", "title_ko", "title_en", "question_ko", "question_en")}
        self.forum = forums.open_forum(
            by=self.officer,
            at=self.start,
            process=self.process,
            opens_on=self.start.date(),
            closes_on=date.fromisoformat(self.script["closes"]),
            **named,
        )

    def comment(self, times: list[datetime]) -> None:
        """The crowd writes a day's comments."""
        self.comments += many.comment_all(forum=self.forum, remarks=remarks(self.world, self.chance, times))

    def like(self, at: datetime, count: int) -> None:
        """The crowd likes some of what was written so far."""
        crowd, pairs = self.world.crowd, []
        while len(pairs) < count:
            pair = self.chance.randrange(len(self.comments)), self.chance.randrange(len(crowd))
            if pair not in self.liked and self.comments[pair[0]].person_id != crowd[pair[1]].person_id:
                self.liked.add(pair)
                pairs.append(pair)
        many.like_all(at=at, likes=[(crowd[person].actor, self.comments[comment]) for comment, person in pairs])

    def close(self) -> None:
        """Close the forum with what came of it."""
        forums.close_forum(
            by=self.officer,
            at=self.end,
            forum=self.forum,
            result_ko=self.script["result_ko"],
            result_en=self.script["result_en"],
        )


def play_appeal(world: World, script: Script) -> Iterator[Step]:
    """The last comment of a forum is hidden, and its author objects; nobody has decided on it yet."""
    at = world.day(script["on"], hour=14)
    process = world.process(script["process"])

    def appeal() -> None:
        written = Comment.objects.filter(forum__process=process, forum__title_ko=script["forum"])
        comment = written.select_related("forum__process__department", "person").order_by("-pk")[0]
        moderator = world.official("officer", process.department)
        forums.hide_comment(by=moderator, at=at, comment=comment, reason=script["reason"])
        author = world.person(comment.person_id or 0)
        forums.appeal(by=author, at=at + timedelta(hours=2), comment=comment, text=script["text"])

    yield Step(at, 70, appeal)


def play_hand_over(world: World, stage: Stage, script: Script) -> Iterator[Step]:
    """The officer hands everything in the stage over to the call of the other process."""
    officer = world.official("officer", stage.process.department)
    end = ending(stage)
    at = end - timedelta(days=1)

    def hand_over() -> None:
        to_stage = Stage.objects.select_related("process__department").get(process__code=script["to"], order=1)
        chosen = world.chosen[stage.process.code]
        matters = Matter.objects.filter(stage=stage).select_related("process__department", "stage").order_by("pk")
        for matter in matters:
            heir = docket.hand_over(by=officer, at=at, matter=matter, to_stage=to_stage)
            world.chosen[script["to"]][heir.pk] = chosen.get(matter.pk, {})

    yield Step(at, stage.order, hand_over)


def play_links(world: World, script: Script) -> Iterator[Step]:
    """Note for each matter of a process the accepted matter of another, of the same title, it was derived from."""
    process = world.process(script["process"])
    officer = world.official("officer", process.department)
    at = world.day(script["on"])

    def link() -> None:
        sources = Matter.objects.filter(process=process).select_related("process__department").order_by("pk")
        for source in sources:
            accepted = Matter.objects.filter(process__code=script["to"], passages__outcome="accepted")
            target = accepted.get(title=source.title)
            docket.link(by=officer, at=at, source=source, target=target, kind="derived_from")

    yield Step(at, 60, link)


def play_circumstances(world: World, script: Script) -> Iterator[Step]:
    """What a vote was held under, as the office notes it beside the turnout."""
    process = world.process(script["process"])
    officer = world.official("officer", process.department)
    at = world.day(script["on"], hour=10)

    def note() -> None:
        election = Election.objects.select_related("stage__process__department").get(stage__process=process)
        for row in script["numbers"]:
            votes.note_circumstance(
                by=officer,
                at=at,
                election=election,
                code=row["code"],
                names=(row["name_ko"], row["name_en"]),
                value=Decimal(str(row["value"])),
                source=script["source"],
            )

    yield Step(at, 4, note)


def play_turnout(world: World, script: Script) -> Iterator[Step]:
    """A vote of an earlier system: its process is run without ballots, its turnout taken over day by day."""
    process = world.process(script["process"])
    officer = world.official("officer", process.department)
    at = world.day(script["on"])
    rows = [(date.fromisoformat(row["day"]), row["channel"], int(row["voters"])) for row in world.rows(script["rows"])]

    def take_over() -> None:
        stage = Stage.objects.select_related("process__department").get(process=process, kind="vote")
        election, _made = Election.objects.get_or_create(stage=stage)
        votes.hand_over_turnout(by=officer, at=at, election=election, rows=rows)

    yield Step(at, 3, take_over)
