"""Settings of the stage kinds this room brings."""

from pydantic import NonNegativeInt, PositiveInt

from madang.site.kit.stages import Settings


class Answer(Settings):
    """The department's answer within `days` working days; its officials are reminded `remind_days` before."""

    days: PositiveInt = 30
    rolling: bool = False
    remind_days: NonNegativeInt = 5


class Deliver(Settings):
    """Carrying out what was promised; officials are reminded `remind_days` before a milestone is due."""

    monitors: str = ""
    remind_days: NonNegativeInt = 5
