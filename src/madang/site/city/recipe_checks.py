"""Whether a recipe can be run: its stage kinds, their settings, and everything the settings name."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pydantic import ValidationError

from madang.site.city.documents import Problem, suggestion
from madang.site.city.rows import City, RecipeRow, StageRow
from madang.site.kit.stages import Settings
from madang.sortition import CROSSING

CLAIM_KINDS = ("lives_in", "works_in", "sex", "age_band", "birth_year", "age_at_least", "course_done", "member_of")
STRATA = ("sex", "age_band", "district")
FILERS = ("citizen", "organisation", "district_officer", "officer", "moderator", "hand_over")
FIRST_YEAR, LAST_YEAR = 1990, 2199
_OWN_KEYS = ("kind", "title_ko", "title_en", "opens", "closes")


def course_codes(city: City) -> set[str]:
    """The codes of all courses that recipes offer."""
    return {str(stage.settings.get("course")) for row in city.recipes for stage in row.stages if stage.kind == "learn"}


def check_recipe(
    recipe: RecipeRow, city: City, kinds: Mapping[str, type[Settings]], courses: set[str]
) -> list[Problem]:
    """The problems of a recipe. `courses` are the codes of all courses of the city."""
    names = _Names(city, courses)
    problems = [
        Problem(recipe.file, recipe.line_of(key), text)
        for key, text in (
            ("programme", names.unknown("programme", recipe.programme)),
            ("department", names.unknown("department", recipe.department)),
            ("line", names.unknown("budget line", recipe.budget_line) if recipe.budget_line else ""),
        )
        if text
    ]
    problems += _check_years(recipe)
    if not recipe.stages:
        problems.append(Problem(recipe.file, 1, "the recipe has no stage; add at least one [[stage]]"))
    opened = ""
    for stage in recipe.stages:
        problems += _check_stage(recipe, stage, names, kinds)
        problems += _check_dates(recipe, stage, opened)
        opened = max(opened, stage.opens) if _day(stage.opens) else opened
    return problems


def _check_years(recipe: RecipeRow) -> list[Problem]:
    wrong = [year for year in recipe.years if not FIRST_YEAR <= year <= LAST_YEAR or recipe.years.count(year) > 1]
    return [
        Problem(recipe.file, recipe.line_of("years"), f'"years" has {year}; write each year once, such as [2021, 2022]')
        for year in sorted(set(wrong))
    ]


def _day(text: str) -> date | None:
    """The day "MM-DD" of a leap year, or None: 02-29 is for the year to refuse."""
    try:
        return date.fromisoformat(f"2020-{text}") if len(text) == 5 else None
    except ValueError:
        return None


def _check_dates(recipe: RecipeRow, stage: StageRow, opened: str) -> list[Problem]:
    problems = []
    for key, text in (("opens", stage.opens), ("closes", stage.closes)):
        if text and (_day(text) is None or text == "02-29"):
            sentence = f'"{key}" is "{text}", which is not a day of every year; write month and day such as "02-28"'
            problems.append(Problem(recipe.file, stage.line_of(key), sentence))
    if problems or not stage.opens:
        return problems
    if stage.closes and stage.closes < stage.opens:
        text = f"the stage closes ({stage.closes}) before it opens ({stage.opens}); change one of the two days"
        problems.append(Problem(recipe.file, stage.line_of("closes"), text))
    if stage.opens < opened:
        text = f"the stage opens ({stage.opens}) before an earlier stage does ({opened}); change one of the two days"
        problems.append(Problem(recipe.file, stage.line_of("opens"), text))
    return problems


def _check_stage(
    recipe: RecipeRow, stage: StageRow, names: "_Names", kinds: Mapping[str, type[Settings]]
) -> list[Problem]:
    if stage.kind not in kinds:
        text = f'the stage kind "{stage.kind}" does not exist{suggestion(stage.kind, kinds)}'
        return [Problem(recipe.file, stage.line_of("kind"), text)]
    model = kinds[stage.kind]
    known = set(model.model_fields)
    unknown = [key for key in stage.settings if key not in known]
    problems = [
        Problem(
            recipe.file,
            stage.line_of(key),
            f'a "{stage.kind}" stage has no setting "{key}"{suggestion(key, known | set(_OWN_KEYS))}',
        )
        for key in unknown
    ]
    try:
        settings = model.model_validate({key: value for key, value in stage.settings.items() if key in known})
    except ValidationError as error:
        return problems + [_sentence(recipe, stage, dict(found)) for found in error.errors()]
    for key, text in _wrong_names(settings, names):
        problems.append(Problem(recipe.file, stage.line_of(key), text))
    return problems


def _sentence(recipe: RecipeRow, stage: StageRow, found: dict[str, Any]) -> Problem:
    where = found["loc"]
    key = ".".join(str(part) for part in where)
    limits = found.get("ctx", {})
    if found["type"] == "missing":
        text = f'a "{stage.kind}" stage needs the setting "{key}"; add it'
    elif found["type"] == "extra_forbidden":
        text = f'"{key}" is unknown in a "{stage.kind}" stage; take it out'
    elif "ge" in limits:
        zero = "below zero" if limits["ge"] == 0 else f"below {limits['ge']}"
        text = f'"{key}" is {found["input"]}, but it must not be {zero}; give a larger number'
    elif "gt" in limits:
        text = f'"{key}" is {found["input"]}, but it must be above {limits["gt"]}; give a larger number'
    elif found["type"] == "literal_error":
        text = f'"{key}" is "{found["input"]}"; use {limits["expected"]}'.replace("'", '"')
    elif found["type"] == "value_error":
        text = str(limits["error"])
    else:
        text = f'"{key}" is {found["input"]!r}, which a "{stage.kind}" stage cannot read ({found["msg"]}); correct it'
    return Problem(recipe.file, stage.line_of(str(where[0])) if where else stage.line, text)


class _Names:
    """What a recipe may name, by sort of thing, and the file where it is written."""

    def __init__(self, city: City, courses: set[str]) -> None:
        def of_kind(*kinds: str) -> set[str]:
            return {row.code for row in city.organisations if row.kind in kinds}

        self.known: dict[str, tuple[set[str], str]] = {
            "programme": ({row.code for row in city.programmes}, "programmes.toml"),
            "department": (of_kind("bureau", "department"), "organisations.csv"),
            "body": (of_kind("body"), "organisations.csv"),
            "budget line": ({row.code for row in city.lines}, "lines.csv"),
            "form": ({row.key for row in city.forms}, "forms/"),
            "set of fields": ({row.code for row in city.field_sets}, "fields.toml"),
            "set of bodies": ({f"{row.bodies}/*" for row in city.field_sets}, "fields.toml"),
            "recipe": ({row.code for row in city.recipes}, "recipes/"),
            "area": ({row.code for row in city.areas}, "areas.csv"),
            "course": (courses, 'a "learn" stage'),
        }

    def unknown(self, what: str, code: str) -> str:
        """The sentence about a name that nothing bears, or empty."""
        known, home = self.known[what]
        if code in known:
            return ""
        ending = suggestion(code, known) or f"; add it to {home} or name another one"
        return f'the {what} "{code}" does not exist{ending}'


_REFERENCES = {
    "form": "form",
    "fields": "set of fields",
    "bodies": "body",
    "body": "body",
    "monitors": "body",
    "to": "recipe",
}


def _wrong_names(settings: Settings, names: _Names) -> Iterable[tuple[str, str]]:
    """Pairs of a setting's key and a sentence, for every name in the settings that does not exist."""
    for key, what in _REFERENCES.items():
        code = getattr(settings, key, "")
        if what == "body" and code.endswith("/*"):
            what = "set of bodies"
        if code and (text := names.unknown(what, code)):
            yield key, text
    for rule in getattr(settings, "who", ()):
        yield from (("who", text) for text in _wrong_rule(rule, names))
    for electorate in getattr(settings, "electorates", ()):
        for rule in electorate.who:
            yield from (("electorates", text) for text in _wrong_rule(rule, names))
    for stratum in (kind for crossed in getattr(settings, "strata", ()) for kind in crossed.split(CROSSING)):
        if stratum not in STRATA:
            yield "strata", f'the stratum "{stratum}" does not exist{suggestion(stratum, STRATA)}'
    filer = getattr(settings, "filed_by", "citizen")
    if filer not in FILERS:
        yield "filed_by", f'"{filer}" cannot file anything{suggestion(filer, FILERS)}'
    totals: Counter[tuple[str, ...]] = Counter()
    for quota in getattr(settings, "quotas", ()):
        totals[tuple(quota.stratum)] += quota.seats
    for total in totals.values():
        if total != settings.seats:  # type: ignore[attr-defined]
            yield "quotas", f"the quotas make {total} seats, not {settings.seats}; correct one of them"  # type: ignore[attr-defined]


def _wrong_rule(rule: str, names: _Names) -> Iterable[str]:
    for alternative in rule.split("|"):
        kind, colon, value = alternative.partition(":")
        if kind not in CLAIM_KINDS or not colon or not value:
            yield f'the rule "{alternative}" cannot be read{suggestion(kind, CLAIM_KINDS)}'
        elif kind in ("lives_in", "works_in"):
            yield from filter(None, [names.unknown("area", value)])
        elif kind == "course_done":
            yield from filter(None, [names.unknown("course", value)])
        elif kind == "member_of":
            yield from filter(None, [names.unknown("body", value)])
        elif kind == "age_at_least" and not value.isdigit():
            yield f'the rule "{alternative}" needs a whole number of years, such as age_at_least:19'
