"""The terms of an election: the small file that the city's desk gives to the registrar."""

from datetime import date
from pathlib import Path

from pydantic import Field, ValidationError, field_validator

from madang.ballots import GROUPS
from madang.site.kit.language import pick
from madang.site.kit.stages import Settings
from madang.site.kit.verdict import Refused

# What an identity check says; the city itself asks for everything else when somebody casts.
SHOWN_BY_A_CHECK = ("verified", "lives_in", "works_in", "age_at_least", "sex", "age_band")


class Both(Settings):
    """A text in Korean and English."""

    ko: str
    en: str

    def __str__(self) -> str:
        return pick(self.ko, self.en)


class Place(Settings):
    """An area that rules or identity checks name."""

    code: str
    level: str
    ko: str
    en: str


class Terms(Settings):
    """Which election it is, who may have a credential, until when, and where the booth is on the city's site."""

    election: str = Field(pattern=r"^[1-9A-HJ-NP-Za-km-z]{14,40}$")
    group: str
    name: Both
    who: list[str]
    last_day: date
    booth: str = Field(pattern=r"^/[^/\s]\S*$")
    places: list[Place]

    @field_validator("group")
    @classmethod
    def _known(cls, group: str) -> str:
        if group not in GROUPS:
            raise ValueError(f"there is no group {group}; there are: {', '.join(GROUPS)}")
        return group

    @field_validator("who")
    @classmethod
    def _checkable(cls, who: list[str]) -> list[str]:
        for part in (part for rule in who for part in rule.split("|")):
            if part.partition(":")[0] not in SHOWN_BY_A_CHECK:
                raise ValueError(f"{part} is nothing that an identity check shows")
        return who


def read_terms(file: Path) -> Terms:
    """The terms in a file. Raises Refused with the place that is wrong."""
    try:
        return Terms.model_validate_json(file.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise Refused(f"{file}: {place}: {first['msg']}. Ask the city's desk for the file again.") from None
