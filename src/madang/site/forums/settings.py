"""Settings of the stage kinds this room brings."""

from datetime import date

from pydantic import Field, PositiveInt

from madang.site.kit.stages import Settings


class Threshold(Settings):
    """The supports that are needed from a day on."""

    since: date
    supports: PositiveInt


class Support(Settings):
    """Citizens support matters; who reaches the threshold of the day passes, the rest end after `days`."""

    thresholds: list[Threshold] = Field(min_length=1)
    days: PositiveInt | None = None
    rolling: bool = False


class Discuss(Settings):
    """Comments, for and against where `stances` says so; with `forums`, any department may ask the whole city."""

    stances: bool = True
    forums: bool = False
    days: PositiveInt | None = None
    rolling: bool = False
