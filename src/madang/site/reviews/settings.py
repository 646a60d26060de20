"""Settings of the stage kinds this room brings."""

from decimal import Decimal
from typing import Self, TypeVar

from pydantic import Field, NonNegativeInt, PositiveInt, model_validator

from madang.site.kit.language import pick
from madang.site.kit.stages import Settings
from madang.site.programmes.models import Stage

Kind = TypeVar("Kind", bound=Settings)


class Screen(Settings):
    """Referral to departments, costing, pass or fail with a reason; `days` is the deadline in working days.

    In a rolling stage an author may object once, for `objection_days` after it, to a ruling that ended
    their matter; where rulings take effect together, a stage of the kind `object` follows instead.
    """

    days: PositiveInt = 30
    fields: str = ""
    costing: bool = False
    rolling: bool = False
    objection_days: PositiveInt | None = None

    @model_validator(mode="after")
    def _objections_need_rolling(self) -> Self:
        if self.objection_days is not None and not self.rolling:
            raise ValueError("objection_days is for rolling stages; otherwise let a stage of the kind object follow")
        return self


class Criterion(Settings):
    """A criterion of a score sheet; points from 0 to `points`."""

    code: str
    ko: str
    en: str
    points: PositiveInt

    @property
    def name(self) -> str:
        """The criterion in the reader's language."""
        return pick(self.ko, self.en)


class Review(Settings):
    """Scoring by the members of bodies.

    `bodies` names a set of bodies of the city, one for each field, or a single body; each matter needs
    `quorum` sheets; the `trim` highest and lowest totals are left out of the mean; the best `passes`
    matters pass (over all fields), and none below `minimum` points.
    """

    bodies: str
    criteria: list[Criterion] = Field(min_length=1)
    trim: NonNegativeInt = 1
    quorum: PositiveInt = 3
    passes: PositiveInt | None = None
    minimum: Decimal = Decimal(0)


class Object(Settings):
    """The window for objections to the stage before, in days."""

    days: PositiveInt = 10


class Decide(Settings):
    """A body approves or rejects; `majority` percent of the votes cast must be in favour."""

    body: str
    majority: PositiveInt = Field(default=50, le=100)
    quorum: PositiveInt = 1


def rules_of(stage: Stage, kind: type[Kind]) -> Kind:
    """The settings of a stage as one kind reads them. Raises pydantic.ValidationError for another kind's."""
    return kind.model_validate(stage.settings)
