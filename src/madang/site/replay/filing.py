"""Players of the stages in which people file, support and discuss."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import cycle, groupby
from random import Random
from typing import Any

from madang.site.docket.models import Matter
from madang.site.forums import actions as forums
from madang.site.forums import many
from madang.site.intake import actions as intake
from madang.site.intake.models import Form
from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.people.claims import holders
from madang.site.people.models import Area, Organisation
from madang.site.programmes.models import Stage
from madang.site.replay import texts
from madang.site.replay.schedule import Step, beginning, ending, moments, parts_of
from madang.site.replay.world import World

Script = dict[str, Any]
Wanted = tuple[datetime, dict[str, str] | None, int | None]


def play_call(world: World, stage: Stage, script: Script) -> Iterator[Step]:
    """File `file` matters over the stage's time; rows of `special` are among them, with their own titles.

    With `special_among` they are among the first so many.
    """
    chance = world.chance(stage.process.code, stage.order, *([script["from"]] if "from" in script else []))
    start = beginning(stage, script)
    end = world.day(script["until"], hour=18) if "until" in script else ending(stage)
    special = world.rows(script["special"]) if "special" in script else []
    places = sorted(chance.sample(range(script.get("special_among", script["file"])), len(special)))
    singled = dict(zip(places, special, strict=True))
    amounts = _amounts(script, singled, chance)
    filer = _Filer(world, stage, script, chance)
    times = enumerate(moments(start, end, script["file"], chance))
    for _day, numbered in groupby(times, key=lambda item: day_of(item[1])):
        wanted = [(at, singled.get(index), amounts[index]) for index, at in numbered]
        yield Step(wanted[-1][0], stage.order, lambda wanted=wanted: filer.file_all(wanted))


def _amounts(script: Script, singled: dict[int, dict[str, str]], chance: Random) -> list[int | None]:
    """What each matter asks for: the special rows as given, the others share what is left of the total."""
    if "total_won" not in script:
        return [None] * script["file"]
    given = {index: int(row["requested_won"]) for index, row in singled.items()}
    rest = parts_of(script["total_won"] - sum(given.values()), script["file"] - len(given), 1_000_000, chance)
    others = iter(rest)
    return [given[index] if index in given else next(others) for index in range(script["file"])]


class _Filer:
    """Files matters of one stage: who, with what text, in which field and area."""

    def __init__(self, world: World, stage: Stage, script: Script, chance: Random) -> None:
        self.world, self.stage, self.script, self.chance = world, stage, script, chance
        code, _sep, version = stage.settings["form"].partition("@")
        self.form = Form.objects.get(code=code, version=int(version))
        self.areas = {area.code: area for area in Area.objects.filter(level=Area.Level.DISTRICT)}
        self.fields = [
            field["code"] for group in stage.process.recipe["field_sets"].values() for field in group["fields"]
        ]
        self.offices = cycle(
            Organisation.objects.filter(kind=Organisation.Kind.DISTRICT_OFFICE)
            .select_related("area")
            .order_by("code")[:24]
        )
        self.authors: Iterator[Actor] | None = None
        self.count = script.get("numbered_after", 0)

    def file_all(self, wanted: Sequence[Wanted]) -> None:
        """File a day's matters; what the script singles out is remembered."""
        matters = intake.submit_all(stage=self.stage, filings=[self._filing(*one) for one in wanted])
        for matter, (_at, row, _amount) in zip(matters, wanted, strict=True):
            if row is not None:
                self.world.chosen[self.stage.process.code][matter.pk] = row

    def _filing(self, at: datetime, row: dict[str, str] | None, amount: int | None) -> intake.Filing:
        self.count += 1
        by, area = self._author(at)
        office = next(self.offices) if self.script.get("authors") == "districts" else None
        if office is not None and office.area is not None:
            area = office.area.code
        field = (row or {}).get("field") or (self.chance.choice(self.fields) if self.fields else "")
        known: dict[str, Any] = {"field": field, "place": area, "area": area}
        known |= dict.fromkeys(("cost", "amount", "amount_before"), amount)
        title = (row or {}).get("title_ko") or self._title(area)
        data = texts.answers(self.form.fields, self.world.words, self.chance, **known)
        data.update({spec["code"]: title for spec in self.form.fields if spec.get("title")})
        return intake.Filing(
            by=by,
            at=at,
            data=data,
            organisation=office,
            area=office.area if office else self.areas.get(area),
            field=field,
            amount_won=amount,
            channel=self._channel(),
            author_id=by.person_id,
            synthetic=True,
        )

    def _title(self, area: str) -> str:
        named = self.areas.get(area)
        made_up = texts.title(self.world.words, self.chance, place=named.name_ko if named else "")
        return f"{self.script.get('title', made_up)} ({self.count})"

    def _author(self, at: datetime) -> tuple[Actor, str]:
        source = self.script.get("authors", "crowd")
        if source.startswith("demo:"):
            return self.world.visitor(source.removeprefix("demo:")), self.areas and min(self.areas)
        if source in ("officer", "districts"):
            return self.world.official("officer", self.stage.process.department), ""
        once = self.stage.settings.get("limit_per_person") == 1
        if source == "crowd" and not once:
            resident = self.chance.choice(self.world.crowd)
            return resident.actor, resident.area
        if self.authors is None:
            who = self.world.by_person if source == "crowd" else None
            keys = sorted(who) if who else list(holders(source, at).order_by("pk").values_list("pk", flat=True))
            self.chance.shuffle(keys)
            self.authors = iter([self.world.person(key) for key in keys])
        by = next(self.authors)
        resident = self.world.by_person.get(by.person_id or 0)
        return by, resident.area if resident else ""

    def _channel(self) -> str:
        if self.script.get("authors") == "districts":
            return "district"
        return "paper" if self.chance.random() < self.script.get("on_paper", 0) else "online"


def play_support(world: World, stage: Stage, script: Script) -> Iterator[Step]:
    """Each week citizens support what is in the stage; `reach` matters, the singled-out among them, get enough."""
    chance = world.chance(stage.process.code, stage.order)
    until = world.day(script["until"], hour=18)
    start = beginning(stage, script)
    backers = [resident.actor for resident in world.crowd]
    state = {"reached": 0, "seen": 0, "last": 0}

    def support_week(at: datetime) -> None:
        fresh = Matter.objects.filter(stage=stage, pk__gt=state["last"], filed_at__gte=start)
        for matter in list(fresh.select_related("stage__process").order_by("pk")):
            state["last"] = matter.pk
            state["seen"] += 1
            due = script["reach"] * min(state["seen"], script["of"]) // script["of"] > state["reached"]
            due = due or matter.pk in world.chosen[stage.process.code]
            state["reached"] += due
            _support(stage, matter, due, backers, chance, at)

    at = start + timedelta(days=6)
    while at < until:
        yield Step(at, stage.order, lambda at=at: support_week(at))
        at += timedelta(days=7)


def _support(stage: Stage, matter: Matter, reaches: bool, backers: list[Actor], chance: Random, at: datetime) -> None:
    rules: Any = stage.rules
    needed = [threshold.supports for threshold in rules.thresholds if threshold.since <= at.date()][-1]
    count = needed if reaches else min(needed - 1, chance.choice((0, 0, 0, 0, 0, 0, 1, 2, 4)))
    others = [backer for backer in chance.sample(backers, count + 1) if backer.person_id != matter.author_id]
    if count:
        many.support_all(at=at, matter=matter, supporters=others[:count])


def play_discuss(world: World, stage: Stage, script: Script) -> Iterator[Step]:
    """Comments on matters; in a rolling stage the officer concludes what was discussed each week."""
    chance = world.chance(stage.process.code, stage.order)
    officer = world.official("officer", stage.process.department)
    end = world.day(script["until"], hour=18) if "until" in script else ending(stage)
    at = beginning(stage, script) + timedelta(days=script.get("every", 7))

    def discuss(at: datetime) -> None:
        matters = list(Matter.objects.filter(stage=stage).select_related("process", "stage").order_by("pk"))
        for matter in matters[: script.get("at_once", len(matters))]:
            many.comment_all(matter=matter, remarks=remarks(world, chance, [at] * script.get("comments", 1)))
        if matters and stage.settings.get("rolling"):
            forums.conclude(by=officer, at=at, stage=stage, matters=matters, note=world.words["concluded"][0])

    while at < end:
        yield Step(at, stage.order, lambda at=at: discuss(at))
        at += timedelta(days=script.get("every", 7))


def remarks(world: World, chance: Random, times: Sequence[datetime]) -> list[many.Remark]:
    """Made-up comments of people of the crowd, one for each moment."""
    return [
        many.Remark(
            by=chance.choice(world.crowd).actor,
            at=at,
            text=texts.sentence(world.words, chance),
            stance=chance.choice(("for", "for", "against", "neutral")),
            synthetic=True,
        )
        for at in times
    ]
