"""The player of a vote: synthetic voters cast their ballots day by day, through the action that takes ballots."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from madang.site.kit.actor import SYSTEM
from madang.site.kit.clock import day_of
from madang.site.people import vault
from madang.site.people.claims import claims_of, holders
from madang.site.programmes.models import Stage
from madang.site.replay.crowd import Population, claims_of_stratum
from madang.site.replay.schedule import Step, ending, opening
from madang.site.replay.world import World
from madang.site.votes import actions as votes
from madang.site.votes.models import Election
from madang.site.votes.voters import Voter

Script = dict[str, Any]
DISTINCT_BALLOTS = 6000
DISTINCT_CLAIMS = 400


def play_vote(world: World, stage: Stage, script: Script) -> Iterator[Step]:
    """Each day of the stage its share of the voters of each electorate casts a ballot, and the box is sealed."""
    chance = world.chance(stage.process.code, stage.order)
    start, end = opening(stage), ending(stage)
    days = (day_of(end) - day_of(start)).days + 1
    prepared: dict[str, list[tuple[Voter, Sequence[int]]]] = {}

    def cast(at: datetime, day: int) -> None:
        election = Election.objects.get(stage=stage)
        election.stage = stage
        if not prepared:
            prepared.update(_ballots(world, stage, election, script, chance, at))
        today = [ballots[day::days] for ballots in prepared.values()]
        for ballots in filter(None, today):
            votes.cast_many(at=at, election=election, ballots=ballots)
        if any(today):
            votes.seal_ballots(by=SYSTEM, at=at, election=election)

    for day in range(days):
        at = start + timedelta(days=day, hours=3)
        yield Step(at, stage.order, lambda at=at, day=day: cast(at, day))


def _ballots(
    world: World, stage: Stage, election: Election, script: Script, chance: Random, at: datetime
) -> dict[str, list[tuple[Voter, Sequence[int]]]]:
    """All ballots of all electorates, in the order in which they will be cast."""
    popular = popularity(world, stage, election)
    rules: Any = stage.rules
    papers = [choices(popular, rules.choose.max, chance) for _ in range(DISTINCT_BALLOTS)]
    return {
        electorate.code: [
            (voter, papers[chance.randrange(DISTINCT_BALLOTS)])
            for voter in voters_of(electorate, script["voters"][electorate.code], election, chance, at)
        ]
        for electorate in rules.electorates
    }


def popularity(world: World, stage: Stage, election: Election) -> dict[int, float]:
    """How popular each option is, by its number on the ballot paper; the scenario's ranks come out as its order."""
    chosen = world.chosen[stage.process.code]
    ranks = {option.order: int(chosen[option.matter_id]["rank"]) for option in election.options.all()}
    last = max(int(row["rank"]) for row in chosen.values() if row.get("wins"))
    return {
        number: 1.9 - rank / last if rank <= last else 0.6 - 0.1 * (rank - last) / len(ranks)
        for number, rank in ranks.items()
    }


def choices(popular: dict[int, float], most: int, chance: Random) -> list[int]:
    """What one synthetic voter picks."""
    numbers, cumulated = list(popular), list(accumulate(popular.values()))
    wanted = most if chance.random() < 0.8 else chance.randint(1, most)
    picks: set[int] = set()
    while len(picks) < min(wanted, len(numbers)):
        picks.add(chance.choices(numbers, cum_weights=cumulated)[0])
    return sorted(picks)


def voters_of(electorate: Any, count: int, election: Election, chance: Random, at: datetime) -> list[Voter]:
    """So many synthetic voters of an electorate."""
    member = next((rule for rule in electorate.who if rule.startswith("member_of:")), None)
    if member:
        keys = list(holders(member, at).order_by("pk").values_list("pk", flat=True))
        voters = chance.sample(keys, count)
        shared = claims_of(voters[0], at)
        held = frozenset(claim for claim in shared if claim.startswith("member_of:"))
        return [Voter(_key(election, f"member/{key}"), held, electorate.code) for key in voters]
    population = Population()
    strata = [
        frozenset(f"{k}:{v}" for k, v in claims_of_stratum(*population.pick(chance), chance, at.year))
        for _ in range(DISTINCT_CLAIMS)
    ]
    return [
        Voter(_key(election, f"synthetic/{number}"), strata[number % len(strata)], electorate.code)
        for number in range(count)
    ]


def _key(election: Election, subject: str) -> str:
    return vault.voter_key(election.code, subject)
