"""Settings of the stage kinds this room brings."""

from typing import Literal

from pydantic import PositiveInt

from madang.site.kit.stages import Settings

Mode = Literal["written", "video", "face_to_face", "combined"]


class Meet(Settings):
    """Meetings of a body: how many are planned and in which modes."""

    body: str
    planned: PositiveInt | None = None
    modes: list[Mode] = ["face_to_face"]


class Learn(Settings):
    """A course; completion gives the claim "course_done:<course>"."""

    course: str
    hours: PositiveInt
    group_size: PositiveInt | None = None
