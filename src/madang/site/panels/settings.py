"""Settings of the stage kinds this room brings."""

from pydantic import NonNegativeInt, PositiveInt

from madang.site.kit.stages import Settings


class Quota(Settings):
    """Seats for one stratum, such as {sex = "f"}."""

    stratum: dict[str, str]
    seats: NonNegativeInt


class Draw(Settings):
    """A draw by lot among the candidates.

    `strata` are claim kinds (sex, age_band, district); with `by_population` the seats are divided by
    the residents of each stratum, otherwise by `quotas`; empty seats go to neighbouring strata in the
    order of `neighbours`; drawn people reply within `reply_days`.
    """

    seats: PositiveInt
    strata: list[str] = []
    by_population: bool = False
    quotas: list[Quota] = []
    neighbours: list[str] = []
    reserves: NonNegativeInt = 0
    reply_days: PositiveInt = 7


class Appoint(Settings):
    """Appointment of those drawn or chosen to a body for a term."""

    body: str
    role: str = "citizen"
    term: str
    months: PositiveInt = 12
