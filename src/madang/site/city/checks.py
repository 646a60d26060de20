"""Whether a city folder makes sense: every problem is one sentence that says where and how to mend it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from zoneinfo import available_timezones

from madang.site.city.documents import Problem, suggestion
from madang.site.city.map_checks import check_map
from madang.site.city.recipe_checks import check_recipe, course_codes
from madang.site.city.rows import City, FormRow
from madang.site.city.text_checks import check_texts
from madang.site.kit.stages import Settings

LEVELS = ("city", "district", "dong")
ORGANISATION_KINDS = ("bureau", "department", "district_office", "body", "group", "company")
FIELD_TYPES = ("text", "long_text", "won", "choice", "area", "field", "file", "consent", "whole_number")


def check(city: City, kinds: Mapping[str, type[Settings]]) -> list[Problem]:
    """All problems of a city, in no order. `kinds` are the settings of the stage kinds by name."""
    problems: list[Problem] = []
    problems += check_texts(city)
    problems += _check_head(city)
    problems += _check_areas(city)
    problems += check_map(city)
    problems += _check_organisations(city)
    problems += _check_posts(city)
    problems += _check_programmes(city)
    problems += _check_money(city)
    problems += _check_fields(city)
    for form in city.forms:
        problems += _check_form(form)
    problems += _twice("recipes", [(row.file, row.line_of("code"), row.code) for row in city.recipes], "recipe")
    problems += _twice("forms", [(row.file, row.line, row.key) for row in city.forms], "form")
    courses = course_codes(city)
    for recipe in city.recipes:
        problems += check_recipe(recipe, city, kinds, courses)
    return problems


def bodies(city: City) -> set[str]:
    """The codes of the city's bodies."""
    return {row.code for row in city.organisations if row.kind == "body"}


def _twice(file: str, rows: Iterable[tuple[str, int, str]], what: str) -> list[Problem]:
    rows = list(rows)
    first: dict[str, tuple[str, int]] = {}
    found = []
    for name, line, code in rows:
        if code in first:
            where = f"line {first[code][1]}" if first[code][0] == name else f"{first[code][0]}, line {first[code][1]}"
            found.append(Problem(name, line, f'the {what} "{code}" is there already ({where}); give it another code'))
        first.setdefault(code, (name, line))
    return found


def _missing(file: str, line: int, what: str, code: str, known: Iterable[str], home: str) -> list[Problem]:
    known = set(known)
    if code in known:
        return []
    ending = suggestion(code, known) or f"; add it to {home} or name another one"
    return [Problem(file, line, f'the {what} "{code}" does not exist{ending}')]


def _one_of(file: str, line: int, column: str, value: str, allowed: tuple[str, ...]) -> list[Problem]:
    if value in allowed:
        return []
    return [Problem(file, line, f'"{column}" is "{value}"; use one of: {", ".join(allowed)}')]


def _check_head(city: City) -> list[Problem]:
    file = "city.toml"
    organisations = {row.code for row in city.organisations}
    problems = []
    if city.zone and city.zone not in available_timezones():
        problems.append(Problem(file, 1, f'the time zone "{city.zone}" does not exist; write one such as "Asia/Seoul"'))
    for what, code in (("bureau", city.bureau), ("council", city.council)):
        problems += _missing(file, 1, what, code, organisations, "organisations.csv") if code else []
    return problems


def _check_areas(city: City) -> list[Problem]:
    file = "areas.csv"
    known: set[str] = set()
    problems = _twice(file, [(file, row.line, row.code) for row in city.areas], "area")
    for area in city.areas:
        problems += _one_of(file, area.line, "level", area.level, LEVELS)
        if area.parent and area.parent not in known:
            text = (
                f'the parent "{area.parent}" of the area "{area.code}" does not stand above it; put it before this row'
            )
            problems.append(Problem(file, area.line, text))
        if not area.parent and area.level != "city":
            problems.append(Problem(file, area.line, f'the area "{area.code}" has no parent; only a city has none'))
        known.add(area.code)
    file = "population.csv"
    for row in city.population:
        problems += _missing(file, row.line, "area", row.area, known, "areas.csv")
        problems += _one_of(file, row.line, "sex", row.sex, ("f", "m"))
        problems += _not_below_zero(file, row.line, "residents", row.residents, "the number of residents")
    strata = [(file, row.line, f"{row.area} {row.sex} {row.age_band}") for row in city.population]
    return problems + _twice(file, strata, "population of")


def _check_organisations(city: City) -> list[Problem]:
    file = "organisations.csv"
    areas = {row.code for row in city.areas}
    known: set[str] = set()
    problems = _twice(file, [(file, row.line, row.code) for row in city.organisations], "organisation")
    for row in city.organisations:
        problems += _one_of(file, row.line, "kind", row.kind, ORGANISATION_KINDS)
        if row.parent and row.parent not in known:
            text = f'the parent "{row.parent}" of "{row.code}" does not stand above it; put it before this row'
            problems.append(Problem(file, row.line, text))
        if row.area:
            problems += _missing(file, row.line, "area", row.area, areas, "areas.csv")
        known.add(row.code)
    file = "duties.csv"
    for duty in city.duties:
        problems += _missing(file, duty.line, "department", duty.department, departments(city), "organisations.csv")
    return problems + _twice(file, [(file, row.line, row.code) for row in city.duties], "duty")


def departments(city: City) -> set[str]:
    """The codes of the bureau and its departments: those that may be in charge."""
    return {row.code for row in city.organisations if row.kind in ("bureau", "department")}


def _not_below_zero(file: str, line: int, column: str, value: int, what: str) -> list[Problem]:
    if value >= 0:
        return []
    return [Problem(file, line, f'"{column}" is {value}, but it must not be below zero; give {what}')]


def _check_posts(city: City) -> list[Problem]:
    file = "posts.csv"
    problems: list[Problem] = []
    for row in city.posts:
        problems += _missing(file, row.line, "department", row.department, departments(city), "organisations.csv")
        problems += _not_below_zero(file, row.line, "filled", row.filled, "the number of filled posts")
        problems += _not_below_zero(file, row.line, "authorised", row.authorised, "the number of posts")
        if row.filled > row.authorised:
            text = f"{row.filled} posts are filled, but only {row.authorised} are authorised; correct one of them"
            problems.append(Problem(file, row.line, text))
    return problems + _twice(
        file, [(file, row.line, f"{row.department} {row.job_type}") for row in city.posts], "row of"
    )


def _check_programmes(city: City) -> list[Problem]:
    file = "programmes.toml"
    strategies = {str(row.number) for row in city.strategies}
    problems = _twice(file, [(file, row.line, str(row.number)) for row in city.strategies], "strategy")
    problems += _twice(file, [(file, row.line, row.code) for row in city.programmes], "programme")
    problems += _twice(file, [(file, row.line, row.slug) for row in city.programmes], "slug")
    for row in city.programmes:
        problems += _missing(file, row.line, "department", row.department, departments(city), "organisations.csv")
        if row.strategy is not None:
            problems += _missing(file, row.line, "strategy", str(row.strategy), strategies, "programmes.toml")
    return problems


def _check_money(city: City) -> list[Problem]:
    programmes = {row.code for row in city.programmes}
    problems = _twice("lines.csv", [("lines.csv", row.line, row.code) for row in city.lines], "budget line")
    for row in city.lines:
        problems += _missing(
            "lines.csv", row.line, "department", row.department, departments(city), "organisations.csv"
        )
        if row.programme:
            problems += _missing("lines.csv", row.line, "programme", row.programme, programmes, "programmes.toml")
        problems += _not_below_zero("lines.csv", row.line, "seq", row.seq, "the place in the list")
        problems += _not_below_zero(
            "lines.csv", row.line, "appropriation_won", row.appropriation_won, "the amount in whole won"
        )
    return problems + _check_parts(city, programmes) + _check_revenue(city)


def _check_parts(city: City, programmes: set[str]) -> list[Problem]:
    file = "parts.csv"
    problems = _twice(file, [(file, row.line, row.code) for row in city.parts], "part")
    lines = {row.code: row.appropriation_won for row in city.lines}
    used: Counter[str] = Counter()
    for row in city.parts:
        problems += _missing(file, row.line, "budget line", row.budget_line, lines, "lines.csv")
        problems += _missing(file, row.line, "programme", row.programme, programmes, "programmes.toml")
        problems += _not_below_zero(
            file, row.line, "appropriation_won", row.appropriation_won, "the amount in whole won"
        )
        used[row.budget_line] += row.appropriation_won
        if used[row.budget_line] > lines.get(row.budget_line, used[row.budget_line]):
            text = f'the parts of "{row.budget_line}" are above its appropriation; correct the amounts'
            problems.append(Problem(file, row.line, text))
    return problems


def _check_revenue(city: City) -> list[Problem]:
    file = "revenue.csv"
    problems = _twice(file, [(file, row.line, row.code) for row in city.revenue], "item")
    known: dict[str, int] = {}
    for row in city.revenue:
        if row.parent and row.parent not in known:
            text = f'the parent "{row.parent}" of the item "{row.code}" does not stand above it; put it before this row'
            problems.append(Problem(file, row.line, text))
        elif row.parent and row.level != known[row.parent] + 1:
            text = f'"level" is {row.level}, but the parent "{row.parent}" has {known[row.parent]}; add 1 to that'
            problems.append(Problem(file, row.line, text))
        known[row.code] = row.level
        for column in ("budget_prior_won", "budget_current_won"):
            problems += _not_below_zero(file, row.line, column, getattr(row, column), "the amount in whole won")
        parts = [part for part in city.revenue if part.parent == row.code]
        for column in ("budget_prior_won", "budget_current_won") if parts else ():
            total = sum(getattr(part, column) for part in parts)
            if total != getattr(row, column):
                text = f'"{column}" is {getattr(row, column)}, but its parts make {total}; correct the amounts'
                problems.append(Problem(file, row.line, text))
    return problems


def _check_fields(city: City) -> list[Problem]:
    file = "fields.toml"
    problems = _twice(file, [(file, row.line, row.code) for row in city.field_sets], "set of fields")
    for group in city.field_sets:
        problems += _missing(file, group.line, "body", group.bodies, bodies(city), "organisations.csv")
        problems += _twice(file, [(file, row.line, row.code) for row in group.fields], "field")
        for row in group.fields:
            problems += _missing(
                file, row.line, "body", f"{group.bodies}/{row.code}", bodies(city), "organisations.csv"
            )
    return problems


def _check_form(form: FormRow) -> list[Problem]:
    problems = _twice(form.file, [(form.file, row.line, row.code) for row in form.fields], "field")
    expected = f"forms/{form.key}.toml"
    if form.code and form.version and form.file != expected:
        problems.append(Problem(form.file, form.line, f"the file of {form.key} must be called {expected}; rename it"))
    titles = [row for row in form.fields if row.title]
    if len(titles) != 1:
        text = f"{len(titles)} fields give the title; write title = true at exactly one field of type text"
        problems.append(Problem(form.file, form.line, text))
    for row in form.fields:
        problems += _one_of(form.file, row.line, "type", row.type, FIELD_TYPES)
        if row.title and row.type != "text":
            problems.append(Problem(form.file, row.line, f'the title field "{row.code}" must be of type text'))
        if row.type in FIELD_TYPES and (row.type == "choice") != bool(row.choices):
            text = f'the field "{row.code}" must have choices if it is of type choice, and only then'
            problems.append(Problem(form.file, row.line, text))
        if row.personal and not (row.purpose.ko and row.keep_days):
            text = f'the personal field "{row.code}" must say its purpose and keep_days, how long it is kept'
            problems.append(Problem(form.file, row.line, text))
    return problems
