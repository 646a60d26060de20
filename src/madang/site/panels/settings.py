"""Settings of the stage kinds this room brings."""

from pydantic import NonNegativeInt, PositiveInt

from madang.site.kit.stages import Settings


class Quota(Settings):
    """Seats for one stratum, such as {sex = "f"}; those of the same kinds add up to all seats."""

    stratum: dict[str, str]
    seats: NonNegativeInt


class Draw(Settings):
    """A draw by lot among the candidates.

    `strata` are claim kinds (sex, age_band, district), also crossed (sex×age_band); with `by_population`
    each of them divides the seats by its residents, otherwise `quotas` do. Of each group of equal facts
    `reserves` people wait; drawn people reply within `reply_days`.
    """

    seats: PositiveInt
    strata: list[str] = []
    by_population: bool = False
    quotas: list[Quota] = []
    reserves: NonNegativeInt = 0
    reply_days: PositiveInt = 7


class Appoint(Settings):
    """Appointment of those drawn or chosen to a body for a term."""

    body: str
    role: str = "citizen"
    term: str
    months: PositiveInt = 12
