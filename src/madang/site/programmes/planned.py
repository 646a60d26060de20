"""Stage kinds whose room is still to come: declared with their settings, shown as planned, never opened."""

from pydantic import Field, NonNegativeInt, PositiveInt

from madang.site.kit.stages import Settings, StageKind


class Agree(Settings):
    """An agreement with a grantee, operator or tenant."""

    instalments: PositiveInt = 1
    own_share_percent: NonNegativeInt = Field(default=0, le=100)
    until: str = ""


class Settle(Settings):
    """The settlement of a grant."""

    months: PositiveInt = 2
    returns_interest: bool = True


class Evaluate(Settings):
    """An evaluation."""

    criteria: list[str] = []


class Survey(Settings):
    """A survey with a sample."""

    sample: PositiveInt
    weighted: bool = True


class Register(Settings):
    """A register with an entry for each matter that passes."""

    in_register: str
    years: NonNegativeInt = 0


class Watch(Settings):
    """Watching sources for signs of conflict."""

    sources: list[str]


PLANNED = [
    StageKind("agree", "협약", "agreement", Agree, planned=True),
    StageKind("settle", "정산", "settlement", Settle, planned=True),
    StageKind("evaluate", "평가", "evaluation", Evaluate, planned=True),
    StageKind("survey", "실태조사", "survey", Survey, planned=True),
    StageKind("register", "등록", "register", Register, planned=True),
    StageKind("watch", "모니터링", "monitoring", Watch, planned=True),
]
