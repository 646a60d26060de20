"""Who plays what: a player for each stage kind, and one for each thing that happens beside the stages."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from heapq import merge
from itertools import takewhile
from typing import Any

from madang.site.docket import actions as docket
from madang.site.programmes.models import Stage
from madang.site.replay import accounts, booking, deciding, delivering, events, filing, gathering, sealed, voting
from madang.site.replay.schedule import Step, closing, opening
from madang.site.replay.world import World
from madang.site.votes.board.policy import encryption_of

Script = dict[str, Any]

STAGES: dict[str, Callable[[World, Stage, Script], Iterator[Step]]] = {
    "call": filing.play_call,
    "support": filing.play_support,
    "discuss": filing.play_discuss,
    "screen": deciding.play_screen,
    "review": deciding.play_review,
    "object": deciding.play_object,
    "decide": deciding.play_decide,
    "draw": deciding.play_draw,
    "appoint": deciding.play_nothing,
    "vote": voting.play_vote,
    "allot": deciding.play_nothing,
    "answer": deciding.play_answer,
    "deliver": delivering.play_deliver,
    "meet": gathering.play_meet,
    "learn": deciding.play_nothing,
    "book": deciding.play_nothing,
    "hand_over": events.play_hand_over,
}
BESIDE: dict[str, Callable[[World, Script], Iterator[Step]]] = {
    "course": gathering.play_course,
    "bookings": booking.play_bookings,
    "event": gathering.play_event,
    "seats": gathering.play_seats,
    "forum": events.play_forum,
    "links": events.play_links,
    "turnout": events.play_turnout,
    "circumstances": events.play_circumstances,
    "ledger": accounts.play_ledger,
    "requests": accounts.play_requests,
    "appeal": events.play_appeal,
}


def players(world: World) -> list[Iterator[Step]]:
    """A player for every stage of the processes of the scenario, and for every script beside them.

    Whatever lies behind the end of the scenario does not happen: a stage then stays open.
    """
    scripts: dict[tuple[str, int], list[Script]] = defaultdict(list)
    for script in world.scenario.get("stage", []):
        scripts[script["process"], script["stage"]].append(script)
    listed = []
    for code in world.scenario["processes"]:
        stages = Stage.objects.filter(process__code=code).select_related("process__department").order_by("order")
        if not stages:
            raise ValueError(f"The scenario names the process {code}, which the city does not have.")
        listed += [_stage(world, stage, scripts[code, stage.order]) for stage in stages]
    listed += [BESIDE[script["do"]](world, script) for script in world.scenario.get("beside", [])]
    return [takewhile(lambda step: step.at <= world.ends, player) for player in listed]


def _stage(world: World, stage: Stage, scripts: Sequence[Script]) -> Iterator[Step]:
    """Open the stage on its day, let its player play its scripts, close it on its day."""
    if stage.behaviour.planned:
        return
    officer = world.official("officer", stage.process.department)
    start, end = opening(stage), closing(stage)
    play = STAGES[stage.kind]
    if encryption_of(stage) is not None:
        play, end = sealed.play_sealed, sealed.closing(stage)
        yield from sealed.prepare(world, stage, *scripts)
    yield Step(start, stage.order, lambda: docket.start(by=officer, at=start, stage=stage))
    yield from merge(*(play(world, stage, script) for script in scripts))
    if end is not None:
        yield Step(end, stage.order, lambda: docket.finish(by=officer, at=end, stage=stage))
