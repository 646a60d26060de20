"""Settings of the stage kinds this room brings."""

from pydantic import PositiveInt

from madang.site.kit.stages import Settings


class Answer(Settings):
    """The department's answer within `days` working days."""

    days: PositiveInt = 30
    rolling: bool = False


class Deliver(Settings):
    """Carrying out what was promised: milestones, photographs, completion."""

    monitors: str = ""
