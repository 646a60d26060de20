"""A player of bookings: spaces and slots are opened, people ask for them, some come and some do not."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from madang.site.docket import actions as docket
from madang.site.gatherings import actions as gatherings
from madang.site.gatherings.models import Booking, Slot, Space
from madang.site.kit.actor import Actor
from madang.site.programmes.models import Stage
from madang.site.replay.schedule import Step
from madang.site.replay.world import World

Script = dict[str, Any]


def play_bookings(world: World, script: Script) -> Iterator[Step]:
    """Open the stage of bookings with its spaces on a day; people book the day after, some come, some do not."""
    player = _Player(world, script)
    at = world.day(script["on"])
    yield Step(at, 60, lambda: player.open(at))
    later = at + timedelta(days=1)
    yield Step(later, 60, lambda: player.ask(later))
    if "draw_on" in script:
        drawn = world.day(script["draw_on"], hour=10)
        yield Step(drawn, 60, lambda: player.draw(drawn))
    noted = world.day(script["noted_on"], hour=17)
    yield Step(noted, 60, lambda: player.note(noted))


class _Player:
    """Plays the bookings of one process."""

    def __init__(self, world: World, script: Script) -> None:
        self.world, self.script = world, script
        self.officer: Actor = world.official("officer", world.process(script["process"]).department)
        self.chance = world.chance(script["process"], "bookings")

    @property
    def stage(self) -> Stage:
        """The stage as it is now."""
        stages = Stage.objects.select_related("process__department")
        return stages.get(process__code=self.script["process"], kind="book")

    def open(self, at: datetime) -> None:
        """The stage, its spaces, and slots of two hours on weekdays."""
        stage = docket.start(by=self.officer, at=at, stage=self.stage)
        for row in self.script["spaces"]:
            space = gatherings.open_space(by=self.officer, at=at, stage=stage, **row)
            gatherings.make_slots(
                by=self.officer, at=at, space=space, first_day=date.fromisoformat(self.script["from"]),
                last_day=date.fromisoformat(self.script["until"]), weekdays=range(5),
                opens=time(10), closes=time(18), minutes=120,
            )  # fmt: skip

    def ask(self, at: datetime) -> None:
        """Residents ask, each for one slot; the visitor of the demonstration for one that is still to come."""
        slots = list(self._slots().filter(begins__gt=at))
        coming = [slot for slot in slots if slot.begins > self.world.ends + timedelta(days=2)]
        chosen = self.chance.sample(slots, self.script["asked"])
        for slot, resident in zip(chosen, self.chance.sample(self.world.crowd, len(chosen)), strict=True):
            self._book(resident.actor, at, slot)
            if self.stage.rules.given == "draw":  # type: ignore[attr-defined]
                self._book(self.chance.choice(self.world.crowd).actor, at, slot)
        free = [slot for slot in coming if slot not in chosen]
        self._book(self.world.visitor("citizen"), at, free[0])

    def _slots(self) -> Any:
        rows = Slot.objects.filter(space__stage=self.stage).select_related("space__stage__process__department")
        return rows.order_by("begins", "pk")

    def _book(self, by: Actor, at: datetime, slot: Slot) -> None:
        size = self.chance.randint(2, Space.objects.get(pk=slot.space_id).capacity)
        gatherings.book(by=by, at=at, slot=slot, purpose=self.chance.choice(self.script["purposes"]), size=size)

    def draw(self, at: datetime) -> None:
        """The requests for the first weeks are drawn; later ones still wait on the day of the demonstration."""
        until = date.fromisoformat(self.script["drawn_until"])
        gatherings.draw_slots(by=self.officer, at=at, stage=self.stage, until=until, seed=f"{self.world.seed}/bookings")

    def note(self, at: datetime) -> None:
        """Those whose slot has begun came, except the first ones."""
        rows = Booking.objects.filter(slot__space__stage=self.stage, slot__begins__lte=at, state=Booking.State.GIVEN)
        begun = list(rows.select_related("slot__space__stage__process__department").order_by("slot__begins", "pk"))
        for number, booking in enumerate(begun):
            gatherings.note_use(by=self.officer, at=at, booking=booking, came=number >= self.script["missed"])
