"""Settings of the stage kinds this room brings."""

from typing import Literal

from pydantic import NonNegativeInt, PositiveInt

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


class NoShows(Settings):
    """Who misses `count` bookings within `within_days` makes no new one for `bars_days` after the last of them."""

    count: PositiveInt = 2
    within_days: PositiveInt = 90
    bars_days: PositiveInt = 30


class Book(Settings):
    """Bookings of spaces: who gets a slot, how far ahead, how many at a time, until when one may cancel."""

    given: Literal["first_come", "draw"] = "first_come"
    days_ahead: PositiveInt = 30
    most_open: PositiveInt = 2
    cancel_hours: NonNegativeInt = 24
    no_shows: NoShows | None = None
