"""Players of the stages in which officials, councils and lots decide."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db.models import QuerySet

from madang.site.docket.models import Matter
from madang.site.followups import actions as followups
from madang.site.panels import actions as panels
from madang.site.panels.models import Draw, Drawn
from madang.site.people.claims import holders
from madang.site.programmes.models import Stage
from madang.site.replay.schedule import Step, beginning, ending, opening
from madang.site.replay.world import World
from madang.site.reviews import actions as reviews
from madang.site.reviews.settings import Criterion
from madang.sortition import commitment

Script = dict[str, Any]


def play_screen(world: World, stage: Stage, script: Script) -> Iterator[Step]:
    """Refer, cost and rule; a rolling stage is swept each week until `until`."""
    screener = _Screener(world, stage, script)
    if not stage.settings.get("rolling"):
        start, end = opening(stage), ending(stage)
        yield Step(start + timedelta(days=2), stage.order, lambda: screener.refer(start + timedelta(days=2)))
        yield Step(end - timedelta(days=3), stage.order, lambda: screener.rule_all(end - timedelta(days=3)))
        return
    at, until = beginning(stage, script) + timedelta(days=5), world.day(script["until"], hour=18)
    while at < until:
        yield Step(at, stage.order, lambda at=at: screener.sweep(at))
        at += timedelta(days=7)


class _Screener:
    """The officer who screens one stage."""

    def __init__(self, world: World, stage: Stage, script: Script) -> None:
        self.world, self.stage, self.script = world, stage, script
        self.chance = world.chance(stage.process.code, stage.order)
        self.officer = world.official("officer", stage.process.department)

    def refer(self, at: datetime) -> None:
        """Refer everything to the department in charge."""
        matters = list(Matter.objects.filter(stage=self.stage).select_related("process"))
        reviews.refer(
            by=self.officer, at=at, stage=self.stage, matters=matters, department=self.stage.process.department
        )

    def rule_all(self, at: datetime) -> None:
        """Rule on everything: the singled-out matters and, by chance, others up to `passes` go on."""
        matters = list(Matter.objects.filter(stage=self.stage).select_related("process__department").order_by("pk"))
        chosen = self.world.chosen[self.stage.process.code]
        others = [matter.pk for matter in matters if matter.pk not in chosen]
        passing = set(chosen) | set(self.chance.sample(others, self.script["passes"] - len(chosen)))
        if self.stage.settings.get("costing"):
            for matter in matters:
                if matter.pk in passing:
                    self._cost(matter, chosen.get(matter.pk), at)
        self._rule(matters, passing, at)

    def sweep(self, at: datetime) -> None:
        """Rule on what has come in since the last week."""
        matters = list(Matter.objects.filter(stage=self.stage).order_by("pk"))
        share = self.script["share_passing"]
        chosen = self.world.chosen[self.stage.process.code]
        passing = {matter.pk for matter in matters if self.chance.random() < share or matter.pk in chosen}
        self._rule(matters, passing, at)

    def _cost(self, matter: Matter, row: dict[str, str] | None, at: datetime) -> None:
        asked = matter.amount_won or 0
        amount = int(row["amount_won"]) if row else max(asked // 2_000_000 * 1_000_000, 1_000_000)
        reviews.estimate_cost(by=self.officer, at=at, matter=matter, amount_won=amount, note=self.script["note"])

    def _rule(self, matters: Sequence[Matter], passing: set[int], at: datetime) -> None:
        if not matters:
            return
        reasons = self.script["reasons"]
        rulings = [
            reviews.Ruled(matter.pk, True)
            if matter.pk in passing
            else reviews.Ruled(matter.pk, False, reason=self.chance.choice(reasons))
            for matter in matters
        ]
        reviews.screen(by=self.officer, at=at, stage=self.stage, rulings=rulings)


def play_review(world: World, stage: Stage, script: Script) -> Iterator[Step]:
    """Members of the bodies score what was assigned to them; the singled-out matters please most of them."""
    chance = world.chance(stage.process.code, stage.order)
    start, end = opening(stage), ending(stage)
    sheets: dict[int, dict[int, dict[str, int]]] = {}

    def assign() -> None:
        at = start + timedelta(days=1)
        matters = list(Matter.objects.filter(stage=stage).order_by("pk"))
        pairs = _reviewers(stage, matters, script, chance, at)
        reviews.assign(by=world.official("officer", stage.process.department), at=at, stage=stage, assignments=pairs)
        chosen = world.chosen[stage.process.code]
        rules: Any = stage.rules
        for matter, person in pairs:
            if person not in world.by_person:
                # A person of the demonstration scores for themself.
                continue
            level = 0.92 if matter in chosen else 0.6
            sheets.setdefault(person, {})[matter] = _points(rules.criteria, level, chance)

    def score(at: datetime, share: int, shares: int) -> None:
        for person in sorted(sheets)[share::shares]:
            reviews.submit_scores(by=world.person(person), at=at, stage=stage, sheets=sheets[person])

    yield Step(start + timedelta(days=1), stage.order, assign)
    days = max((end - start).days - 3, 1)
    for day in range(days):
        at = start + timedelta(days=2 + day)
        yield Step(at, stage.order, lambda at=at, day=day: score(at, day, days))


def _reviewers(
    stage: Stage, matters: Sequence[Matter], script: Script, chance: Random, at: datetime
) -> list[tuple[int, int]]:
    rules: Any = stage.rules
    members: dict[str, list[int]] = {}
    pairs = []
    for matter in matters:
        body = rules.bodies.removesuffix("/*") + (f"/{matter.field}" if rules.bodies.endswith("/*") else "")
        if body not in members:
            members[body] = list(holders(f"member_of:{body}", at).order_by("pk").values_list("pk", flat=True))
        able = [person for person in members[body] if person != matter.author_id]
        pairs += [(matter.pk, person) for person in chance.sample(able, script["sheets"])]
    return pairs


def _points(criteria: Sequence[Criterion], level: float, chance: Random) -> dict[str, int]:
    """Points by criterion around a share of the full points; never so high or low that the groups mix."""
    return {
        criterion.code: min(round(criterion.points * (level + chance.uniform(-0.08, 0.08))), criterion.points)
        for criterion in criteria
    }


def play_object(world: World, stage: Stage, script: Script) -> Iterator[Step]:
    """`objections` authors whose projects were left out object; the officer decides before the end."""
    officer = world.official("officer", stage.process.department)
    start, end = opening(stage), ending(stage)
    objections: list[Any] = []

    def object_(at: datetime) -> None:
        left_out = Matter.objects.filter(process=stage.process, ending="not_shortlisted", author__isnull=False)
        for matter in left_out.order_by("pk")[: script["objections"]]:
            by = world.person(matter.author_id or 0)
            objections.append(reviews.object_to(by=by, at=at, stage=stage, matter=matter, text=script["text"]))

    def decide(at: datetime) -> None:
        for objection in objections:
            reviews.decide_objection(by=officer, at=at, objection=objection, upheld=False, reason=script["reason"])

    yield Step(start + timedelta(days=2), stage.order, lambda: object_(start + timedelta(days=2)))
    yield Step(end - timedelta(days=1), stage.order, lambda: decide(end - timedelta(days=1)))


def play_decide(world: World, stage: Stage, script: Script) -> Iterator[Step]:
    """The body votes on everything before it, just before the stage closes; `total_won` fixes the amounts."""
    officer = world.official("officer", stage.process.department)
    end = ending(stage)
    at = end - timedelta(seconds=30)

    def vote() -> None:
        matters = list(Matter.objects.filter(stage=stage).order_by("pk"))
        amounts = _raised(matters, script["total_won"]) if "total_won" in script else {}
        decisions = [reviews.Decided(matter.pk, True, amounts.get(matter.pk)) for matter in matters]
        reviews.vote_in_body(
            by=officer,
            at=at,
            stage=stage,
            in_favour=script["in_favour"],
            against=script["against"],
            abstained=script.get("abstained", 0),
            decisions=decisions,
            minutes=script["minutes"],
        )

    yield Step(at, stage.order, vote)


def _raised(matters: Sequence[Matter], total: int) -> dict[int, int]:
    """Amounts in proportion to those asked for, in millions, that sum to a total."""
    asked = sum(matter.amount_won or 0 for matter in matters)
    amounts = {matter.pk: (matter.amount_won or 0) * total // asked // 1_000_000 * 1_000_000 for matter in matters}
    last = matters[-1].pk
    amounts[last] += total - sum(amounts.values())
    return amounts


def play_draw(world: World, stage: Stage, script: Script) -> Iterator[Step]:
    """Freeze the list, draw the next day, let `decline` of those drawn say no, call the reserves.

    With `draws_on` the draw is announced for that day, with the public chance that will be used.
    """
    officer = world.official("officer", stage.process.department)
    start = opening(stage)
    secret = f"{world.seed}/{stage.process.code}/{stage.order}"
    drawn = world.day(script["draws_on"], hour=10) if "draws_on" in script else start + timedelta(days=1)
    replied, called = (drawn + timedelta(days=days) for days in (2, 3))
    announced = {"draws_at": drawn, "chance": script["public"]} if "draws_on" in script else {}

    def draw() -> None:
        panels.draw(by=officer, at=drawn, stage=stage, secret=secret, public=script.get("public", ""))

    def answer(at: datetime, entries: QuerySet[Drawn], declining: int) -> None:
        # The draw is fetched once: its record holds the whole list of candidates.
        row = Draw.objects.get(stage=stage)
        row.stage = stage
        # Somebody says no only where a reserve of the stratum can take the seat, so that none stays empty.
        reserves = Counter(
            Drawn.objects.filter(draw=row, status=Drawn.Status.RESERVE).values_list("stratum", flat=True)
        )
        for entry in entries.select_related("matter").order_by("pk"):
            entry.draw = row
            by = world.person(entry.matter.author_id or 0)
            declines = declining > 0 and reserves[entry.seat_stratum] > 0
            declining -= declines
            reserves[entry.seat_stratum] -= declines
            panels.reply(by=by, at=at, drawn=entry, accepts=not declines)

    def reply() -> None:
        answer(replied, Drawn.objects.filter(draw__stage=stage, status=Drawn.Status.SELECTED), script["decline"])

    def call() -> None:
        panels.call_reserves(by=officer, at=called, stage=stage)
        waiting = Drawn.objects.filter(draw__stage=stage, status=Drawn.Status.SELECTED, accepted=None)
        answer(called, waiting, 0)

    frozen = start + timedelta(minutes=5)
    yield Step(
        frozen,
        stage.order,
        lambda: panels.freeze(by=officer, at=frozen, stage=stage, commitment=commitment(secret), **announced),
    )
    yield Step(drawn, stage.order, draw)
    yield Step(replied, stage.order, reply)
    yield Step(called, stage.order, call)


def play_answer(world: World, stage: Stage, script: Script) -> Iterator[Step]:
    """The department answers; `accepted` and `partly` of `of` matters are accepted, the singled-out as they say."""
    chance = world.chance(stage.process.code, stage.order)
    officer = world.official("head", stage.process.department)
    until = world.day(script["until"], hour=18) if "until" in script else ending(stage)
    state = {"seen": 0, "good": 0}

    def answer(at: datetime) -> None:
        for matter in Matter.objects.filter(stage=stage).select_related("process__department").order_by("pk"):
            state["seen"] += 1
            row = world.chosen[stage.process.code].get(matter.pk, {})
            outcome = row.get("answer") or _outcome(script, state)
            state["good"] += outcome != "not_accepted"
            followups.answer(
                by=officer,
                at=at,
                stage=stage,
                matter=matter,
                outcome=outcome,
                reply=row.get("reply_ko") or chance.choice(world.words[f"reply_{outcome}"]),
                measures=_measures(row),
            )

    at = beginning(stage, script) + timedelta(days=script.get("every", 7))
    while at < until:
        yield Step(at, stage.order, lambda at=at: answer(at))
        at += timedelta(days=script.get("every", 7))


def _outcome(script: Script, state: dict[str, int]) -> str:
    """Whether the next matter is accepted, so that in the end `accepted` and `partly` of `of` matters are."""
    good = script["accepted"] + script["partly"]
    if good * min(state["seen"], script["of"]) // script["of"] <= state["good"]:
        return "not_accepted"
    return "accepted" if state["good"] < script["accepted"] else "partly_accepted"


def _measures(row: dict[str, str]) -> list[followups.NewMeasure]:
    if not row.get("measure_ko"):
        return []
    return [
        followups.NewMeasure(row["measure_ko"], row.get("indicator", ""), row.get("before", ""), row.get("after", ""))
    ]


def play_nothing(world: World, stage: Stage, script: Script) -> Iterator[Step]:
    """A stage in which nobody needs to do anything while it is open."""
    return iter(())
