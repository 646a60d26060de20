"""Reads a city folder into rows. Files are read whole; problems are collected, not raised one by one."""

from pathlib import Path

from madang.site.city.documents import Problem, Table, read_csv, read_toml
from madang.site.city.rows import (
    AreaRow,
    Both,
    City,
    DutyRow,
    FieldRow,
    FieldSet,
    FormField,
    FormRow,
    LineRow,
    OrganisationRow,
    OutlineRow,
    PartRow,
    PopulationRow,
    PostRow,
    ProgrammeRow,
    RecipeRow,
    RevenueRow,
    StageRow,
    StrategyRow,
)
from madang.site.kit.area_map import FILE


def read(folder: Path) -> tuple[City, list[Problem]]:
    """Read a city folder: its rows, and what is wrong with how its files are written."""
    problems: list[Problem] = []
    head = read_toml(folder, "city.toml", problems)
    fields = read_toml(folder, "fields.toml", problems)
    field_sets = tuple(_field_set(table) for table in fields.tables("set"))
    fields.done()
    programmes = read_toml(folder, "programmes.toml", problems)
    strategies = tuple(_strategy(table) for table in programmes.tables("strategy"))
    tree = tuple(_programme(table) for table in programmes.tables("programme"))
    programmes.done()
    city = City(
        code=head.text("code"),
        name=head.both("name"),
        zone=head.text("zone"),
        fiscal_year=head.whole("fiscal_year"),
        bureau=head.text("bureau"),
        council=head.text("council"),
        demo_day=head.optional_day("demo_day"),
        population_source=head.both("population_source", optional=True),
        areas=read_csv(folder, "areas.csv", AreaRow, problems),
        population=read_csv(folder, "population.csv", PopulationRow, problems),
        organisations=read_csv(folder, "organisations.csv", OrganisationRow, problems),
        duties=read_csv(folder, "duties.csv", DutyRow, problems),
        posts=read_csv(folder, "posts.csv", PostRow, problems),
        lines=read_csv(folder, "lines.csv", LineRow, problems),
        parts=read_csv(folder, "parts.csv", PartRow, problems),
        revenue=read_csv(folder, "revenue.csv", RevenueRow, problems),
        strategies=strategies,
        programmes=tree,
        field_sets=field_sets,
        forms=tuple(_form(read_toml(folder, name, problems)) for name in _files(folder, "forms")),
        recipes=tuple(_recipe(read_toml(folder, name, problems)) for name in _files(folder, "recipes")),
        outlines=read_csv(folder, FILE, OutlineRow, problems) if (folder / FILE).exists() else (),
    )
    head.done()
    return city, problems


def _files(folder: Path, part: str) -> list[str]:
    return sorted(f"{part}/{path.name}" for path in (folder / part).glob("*.toml"))


def _field_set(table: Table) -> FieldSet:
    row = FieldSet(
        code=table.text("code"),
        bodies=table.text("bodies"),
        name=table.both("name"),
        fields=tuple(_field(part) for part in table.tables("field")),
        line=table.line(),
    )
    table.done()
    return row


def _field(table: Table) -> FieldRow:
    row = FieldRow(code=table.text("code"), name=table.both("name"), line=table.line())
    table.done()
    return row


def _strategy(table: Table) -> StrategyRow:
    row = StrategyRow(number=table.whole("number"), name=table.both("name"), line=table.line())
    table.done()
    return row


def _programme(table: Table) -> ProgrammeRow:
    bases = table.tables("legal_basis")
    row = ProgrammeRow(
        code=table.text("code"),
        slug=table.text("slug"),
        strategy=table.optional_whole("strategy"),
        department=table.text("department"),
        name=table.both("name"),
        purpose=table.both("purpose", optional=True),
        legal_basis=tuple(basis.both() for basis in bases),
        line=table.line(),
    )
    table.done()
    return row


def _form(table: Table) -> FormRow:
    row = FormRow(
        file=table.file,
        code=table.text("code"),
        version=table.whole("version"),
        title=table.both("title"),
        fields=tuple(_form_field(part) for part in table.tables("field")),
        line=table.line("code"),
    )
    table.done()
    return row


def _form_field(table: Table) -> FormField:
    choices = table.tables("choices")
    row = FormField(
        code=table.text("code"),
        type=table.text("type"),
        name=table.both("name"),
        help=table.both("help", optional=True),
        required=table.flag("required"),
        max_length=table.optional_whole("max_length"),
        choices=tuple((choice.text("code"), choice.both()) for choice in choices),
        title=table.flag("title"),
        personal=table.flag("personal"),
        purpose=table.both("purpose", optional=True),
        keep_days=table.optional_whole("keep_days"),
        line=table.line(),
    )
    table.done()
    return row


def _recipe(table: Table) -> RecipeRow:
    row = RecipeRow(
        file=table.file,
        code=table.text("code"),
        programme=table.text("programme"),
        department=table.text("department"),
        budget_line=table.text("line", default=""),
        title=table.both("title"),
        years=tuple(table.list("years", int)),
        facts=_facts(table),
        stages=tuple(_stage(part) for part in table.tables("stage")),
        line=1,
        key_lines={key: table.line(key) for key in table.data},
    )
    table.done()
    return row


def _facts(table: Table) -> dict[str, dict[str, int]]:
    """Whole numbers that hold for a year, such as a target or ceiling: `[facts.2021]`, `target_won = 1_000`."""
    table.taken.add("facts")
    years = table.data.get("facts", {})
    facts: dict[str, dict[str, int]] = {}
    for year in years if isinstance(years, dict) else ():
        if not year.isdigit() or not isinstance(years[year], dict):
            table.problem(f'"{year}" is not a year; write the facts of a year under a heading such as [facts.2021]')
            continue
        part = Table(table.file, years[year], table.lines, table.problems, (*table.where, "facts", year))
        facts[year] = {key: part.whole(key) for key in years[year]}
        for key, value in facts[year].items():
            if value < 0:
                part.problem(f'"{key}" is {value}, but it must not be below zero; give a larger number', key)
    return facts


def _stage(table: Table) -> StageRow:
    """A stage; which settings its kind knows is for the checks to say, so all other keys are kept."""
    ko, en = table.text("title_ko", default=""), table.text("title_en", default="")
    kind, opens, closes = table.text("kind"), table.text("opens", default=""), table.text("closes", default="")
    if bool(ko) != bool(en):
        table.problem(
            "a stage has a title in both languages or in none; write title_ko and title_en",
            "title_ko" if ko else "title_en",
        )
    return StageRow(
        kind=kind,
        title=Both(ko, en) if ko or en else None,
        opens=opens,
        closes=closes,
        settings={key: value for key, value in table.data.items() if key not in table.taken},
        line=table.line(),
        key_lines={key: table.line(key) for key in table.data},
    )
