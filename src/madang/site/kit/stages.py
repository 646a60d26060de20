"""What a stage kind is, and the register that rooms bring theirs to.

A stage has a kind (call, screen, draw, vote …). The kit knows the protocol, never the rooms.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from madang.site.kit.actor import Actor
from madang.site.kit.verdict import Verdict


class Settings(BaseModel):
    """Base of the settings of a stage kind: unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class Outcome:
    """What a stage decided on one matter.

    `passes` sends it on to the next stage; otherwise its journey in this process ends here.
    `reason` is told to the author; `amount_won` is the amount the stage fixed.
    """

    matter_id: int
    outcome: str
    passes: bool
    reason: str = ""
    rank: int | None = None
    amount_won: int | None = None


def _nothing_to_open(stage: Any, *, by: Actor, at: datetime) -> None:
    return None


def _nobody_left(stage: Any, *, by: Actor, at: datetime) -> Iterable[Outcome]:
    return ()


@dataclass(frozen=True)
class StageKind:
    """One kind of stage.

    `verbs` names what may be done while a stage of the kind is open, each with its rule
    `may(by, stage, at) -> Verdict`. `opened` runs when a stage opens; `closed` yields one outcome for
    every matter still in the stage. `citizen_page` and `desk_page` are URL names that take the stage's
    key, and so is `setup_page`, where an official settles what must be fixed before it opens.
    `for_citizens` says that citizens act in it, not only read, and `invites` to what: "propose", "discuss",
    "vote" or something else. A kind whose room is still to come is
    `planned`: it is declared and shown, and cannot open.
    """

    name: str
    title_ko: str
    title_en: str
    Settings: type[Settings]
    citizen_page: str = ""
    desk_page: str = ""
    setup_page: str = ""
    planned: bool = False
    for_citizens: bool = False
    invites: str = ""
    verbs: Mapping[str, Callable[[Actor, Any, datetime], Verdict]] = field(default_factory=dict)
    opened: Callable[..., None] = _nothing_to_open
    closed: Callable[..., Iterable[Outcome]] = _nobody_left


_kinds: dict[str, StageKind] = {}


def register_kind(kind: StageKind) -> None:
    """Add a stage kind; a second one of the same name is a programming error."""
    if kind.name in _kinds and _kinds[kind.name] is not kind:
        raise ValueError(f"The stage kind {kind.name} is registered twice.")
    _kinds[kind.name] = kind


def kind_named(name: str) -> StageKind:
    """The kind of that name. Raises KeyError."""
    return _kinds[name]


def kinds() -> Mapping[str, StageKind]:
    """All kinds by name."""
    return dict(_kinds)
