"""What the API gives out. No field names a person; amounts are whole won, moments ISO 8601 in UTC."""

from datetime import date, datetime
from typing import Any

from ninja import Schema


class ProcessOut(Schema):
    """A process: one run of a programme's recipe in a year."""

    code: str
    programme: str
    department: str
    year: int
    title_ko: str
    title_en: str
    matters_filed: int
    opened_at: datetime | None
    closed_at: datetime | None


class StageOut(Schema):
    """A stage of a process with how many matters are in it and how many it decided on."""

    order: int
    kind: str
    state: str
    title_ko: str
    title_en: str
    opens_on: date | None
    closes_on: date | None
    opened_at: datetime | None
    closed_at: datetime | None
    waiting: int
    decided: int
    passed: int


class ProcessDetail(ProcessOut):
    """A process with its stages."""

    stages: list[StageOut]


class MatterOut(Schema):
    """A matter: what it is about, where it stands, what it costs."""

    number: str
    process: str
    kind: str
    title: str
    field: str
    area: str | None
    amount_won: int | None
    filed_at: datetime
    stage: int | None
    ended_at: datetime | None
    ending: str
    synthetic: bool


class PassageOut(Schema):
    """What a stage decided on a matter."""

    stage: int
    kind: str
    outcome: str
    passed: bool
    rank: int | None
    amount_won: int | None
    reason: str
    entered_at: datetime
    at: datetime


class AmountsOut(Schema):
    """Appropriated, obligated and spent, in won."""

    appropriated_won: int
    obligated_won: int
    spent_won: int


class MatterDetail(MatterOut):
    """A matter with what each stage decided, and its money."""

    passages: list[PassageOut]
    money: AmountsOut


class BodyOut(Schema):
    """A council, assembly or committee with how many seats are filled."""

    code: str
    name_ko: str
    name_en: str
    seats: int


class LineOut(AmountsOut):
    """A budget line as of a day."""

    code: str
    fiscal_year: int
    department: str
    programme: str | None
    name_ko: str
    name_en: str


class EventOut(Schema):
    """An event of a book; `actor` is a pseudonym."""

    book: str
    number: int
    at: datetime
    verb: str
    actor: str
    subject: str
    data: dict[str, Any]
    previous: str
    hash: str


class Processes(Schema):
    """A page of processes; `following` is the cursor of the next page, or null."""

    rows: list[ProcessOut]
    following: str | None


class Matters(Schema):
    """A page of matters; `following` is the cursor of the next page, or null."""

    rows: list[MatterOut]
    following: str | None


class Events(Schema):
    """A page of events; `following` is the cursor of the next page, or null."""

    rows: list[EventOut]
    following: str | None


class Lines(Schema):
    """The budget lines of a fiscal year as of a day."""

    as_of: date
    rows: list[LineOut]


class Figures(Schema):
    """All figures of the city as of a day."""

    as_of: date
    figures: list[dict[str, Any]]
