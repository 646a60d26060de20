"""What a city folder says, as plain rows. Each row knows the line of its file."""

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Both:
    """A text in Korean and English."""

    ko: str
    en: str


@dataclass(frozen=True)
class AreaRow:
    """areas.csv: a city, district or dong; `legal_code` is the ten-digit code of the legal district, if known."""

    code: str
    level: str
    parent: str
    legal_code: str
    name_ko: str
    name_en: str
    line: int


@dataclass(frozen=True)
class OutlineRow:
    """map.csv: the outline of an area as SVG path data of whole numbers, and where its name stands on the map."""

    area: str
    name_x: int
    name_y: int
    outline: str
    line: int


@dataclass(frozen=True)
class PopulationRow:
    """population.csv: how many residents of a sex and age band live in an area."""

    area: str
    sex: str
    age_band: str
    residents: int
    line: int


@dataclass(frozen=True)
class OrganisationRow:
    """organisations.csv: the bureau, departments, district offices, bodies, groups and companies."""

    code: str
    kind: str
    parent: str
    area: str
    established_on: date | None
    name_ko: str
    name_en: str
    line: int


@dataclass(frozen=True)
class DutyRow:
    """duties.csv: one duty of a department."""

    code: str
    department: str
    ko: str
    en: str
    line: int


@dataclass(frozen=True)
class PostRow:
    """posts.csv: how many posts of a job type a department has, and how many are filled, since a day."""

    department: str
    job_type: str
    counted_apart: bool
    authorised: int
    filled: int
    since: date
    line: int


@dataclass(frozen=True)
class LineRow:
    """lines.csv: a budget line with its current appropriation in whole won."""

    code: str
    department: str
    seq: int
    programme: str
    name_ko: str
    name_en: str
    appropriation_won: int
    line: int


@dataclass(frozen=True)
class PartRow:
    """parts.csv: a part of a budget line that is reported on its own; the amount in whole won."""

    code: str
    budget_line: str
    programme: str
    name_ko: str
    name_en: str
    appropriation_won: int
    line: int


@dataclass(frozen=True)
class RevenueRow:
    """revenue.csv: an item of the tree of revenue; budgets of the year before and of this year in whole won."""

    code: str
    parent: str
    level: int
    name_ko: str
    name_en: str
    budget_prior_won: int
    budget_current_won: int
    line: int


@dataclass(frozen=True)
class StrategyRow:
    """programmes.toml: a strategy."""

    number: int
    name: Both
    line: int


@dataclass(frozen=True)
class ProgrammeRow:
    """programmes.toml: a programme, or a duty without a programme of its own (`strategy` is None)."""

    code: str
    slug: str
    strategy: int | None
    department: str
    name: Both
    purpose: Both
    legal_basis: tuple[Both, ...]
    line: int


@dataclass(frozen=True)
class FieldRow:
    """fields.toml: a policy field; the body `<bodies of the set>/<code>` looks after it."""

    code: str
    name: Both
    line: int


@dataclass(frozen=True)
class FieldSet:
    """fields.toml: a set of fields; `bodies` names the body whose parts look after one field each."""

    code: str
    bodies: str
    name: Both
    fields: tuple[FieldRow, ...]
    line: int


@dataclass(frozen=True)
class FormField:
    """A field of a form; a personal one says what for and how many days it is kept."""

    code: str
    type: str
    name: Both
    help: Both
    required: bool
    max_length: int | None
    choices: tuple[tuple[str, Both], ...]
    title: bool
    personal: bool
    purpose: Both
    keep_days: int | None
    line: int


@dataclass(frozen=True)
class FormRow:
    """forms/<code>@<version>.toml: a version of a form, which never changes once it is used."""

    file: str
    code: str
    version: int
    title: Both
    fields: tuple[FormField, ...]
    line: int

    @property
    def key(self) -> str:
        """How recipes name it, such as "proposal@1"."""
        return f"{self.code}@{self.version}"


@dataclass(frozen=True)
class StageRow:
    """A stage of a recipe; `settings` are those of its kind, `opens` and `closes` "MM-DD" or empty."""

    kind: str
    title: Both | None
    opens: str
    closes: str
    settings: dict[str, Any]
    line: int
    key_lines: dict[str, int]

    def line_of(self, key: str) -> int:
        """The line of a key of the stage; of its heading when the key is not written."""
        return self.key_lines.get(key, self.line)


@dataclass(frozen=True)
class RecipeRow:
    """recipes/*.toml: a recipe of a programme and the years it runs in."""

    file: str
    code: str
    programme: str
    department: str
    budget_line: str
    title: Both
    years: tuple[int, ...]
    facts: dict[str, dict[str, int]]
    stages: tuple[StageRow, ...]
    line: int
    key_lines: dict[str, int]

    def line_of(self, key: str) -> int:
        """The line of a key of the recipe; the first line when it is not written."""
        return self.key_lines.get(key, self.line)


@dataclass(frozen=True)
class City:
    """A whole city folder. `demo_day` is the day on which a demonstration of this city lives,
    `population_source` says where its population is from."""

    code: str
    name: Both
    zone: str
    fiscal_year: int
    bureau: str
    council: str
    demo_day: date | None
    population_source: Both
    areas: tuple[AreaRow, ...]
    population: tuple[PopulationRow, ...]
    organisations: tuple[OrganisationRow, ...]
    duties: tuple[DutyRow, ...]
    posts: tuple[PostRow, ...]
    lines: tuple[LineRow, ...]
    parts: tuple[PartRow, ...]
    revenue: tuple[RevenueRow, ...]
    strategies: tuple[StrategyRow, ...]
    programmes: tuple[ProgrammeRow, ...]
    field_sets: tuple[FieldSet, ...]
    forms: tuple[FormRow, ...]
    recipes: tuple[RecipeRow, ...]
    outlines: tuple[OutlineRow, ...] = ()
