"""Settings of the stage kinds this room brings."""

from typing import Literal

from pydantic import Field, NonNegativeInt, PositiveInt, model_validator

from madang.ballots import group
from madang.site.kit.stages import Settings


class Choose(Settings):
    """How many different options a ballot names, and, with `max_won`, what they may cost together."""

    min: NonNegativeInt = 1
    max: PositiveInt
    max_won: PositiveInt | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "Choose":
        if self.min > self.max:
            raise ValueError("choose.min is above choose.max; give a minimum that is not larger than the maximum")
        return self


class Electorate(Settings):
    """Who votes together: the claims all must hold, and the published weight of their share of votes."""

    code: str
    ko: str
    en: str
    who: list[str]
    weight: PositiveInt = 1


class Encrypted(Settings):
    """The vote is encrypted in the booth: in which group, and by how many trustees it is shuffled at least."""

    group: Literal["Ed25519", "RFC-3526-2048"] = "Ed25519"
    shuffles: int = Field(2, ge=2, le=9)


class Vote(Settings):
    """A secret vote for up to k of n options; several electorates are added with their weights.

    The roll of those who voted is kept for `complaint_days` after the vote, then it can be destroyed. With `encrypted`
    it is cast in the booth and everybody can verify the result.
    """

    choose: Choose
    electorates: list[Electorate] = Field(min_length=1)
    paper: bool = False
    winners: PositiveInt | None = None
    complaint_days: NonNegativeInt = 14
    encrypted: Encrypted | None = None

    @model_validator(mode="after")
    def _fits_a_ballot(self) -> "Vote":
        if self.encrypted is None:
            return self
        if len(self.electorates) > 1:
            raise ValueError("an encrypted vote has one electorate; take `encrypted` or the other electorates out")
        slots = group(self.encrypted.group).most_integers
        if self.choose.max > slots:
            raise ValueError(f"an encrypted ballot in {self.encrypted.group} names {slots} options; lower choose.max")
        return self


class Allot(Settings):
    """Allotment of a ceiling of money by the ballots of the vote: one of the cards, ties in a published order."""

    rule: Literal[
        "greedy", "greedy-no-skip", "greedy-per-cost", "equal-shares", "equal-shares-votes", "phragmen", "welfare"
    ] = "greedy"
    ties: list[Literal["min_cost", "max_cost", "file"]] = ["min_cost", "file"]
    ceiling_won: NonNegativeInt
