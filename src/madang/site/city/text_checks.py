"""Whether the codes, names and numbers of a city fit the columns of the tables that will hold them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Model

from madang.site.city.documents import Problem
from madang.site.city.rows import Both, City
from madang.site.intake.models import Form
from madang.site.ledger.models import Line, Part, RevenueItem
from madang.site.people.models import Area, Organisation, Post
from madang.site.programmes.models import Programme, Recipe, Strategy

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*(/[A-Za-z0-9][A-Za-z0-9_.-]*)*")
CODES = ("code", "slug")
# Addresses of pages name these by their code.
WITHOUT_SLASH = (Line, RevenueItem, Programme)
TEXTS = (*CODES, "name_ko", "name_en", "job_type", "title_ko", "title_en")
MOST = {"seq": 32_000, "authorised": 10_000, "residents": 100_000_000}
MOST_WON = 10**15
YEARS = range(1950, 2200)


def check_texts(city: City) -> list[Problem]:
    """What does not fit, in no order."""
    found = [problem for row, file, model in _rows(city) for problem in _check_row(row, file, model)]
    cities = [row for row in city.areas if row.level == "city"]
    for row in cities[1:]:
        text = f'"{row.code}" is a second city ("{cities[0].code}" is the first); a folder describes one'
        found.append(Problem("areas.csv", row.line, text))
    if not cities:
        found.append(Problem("areas.csv", 1, "no area is of the level city; add the city itself as the first row"))
    if city.fiscal_year not in YEARS:
        text = f'"fiscal_year" is {city.fiscal_year}, which is no year; write one such as 2021'
        found.append(Problem("city.toml", 1, text))
    return found


def _rows(city: City) -> Iterator[tuple[Any, str, type[Model] | None]]:
    tables: Sequence[tuple[str, Iterable[Any], type[Model] | None]] = (
        ("areas.csv", city.areas, Area),
        ("population.csv", city.population, None),
        ("organisations.csv", city.organisations, Organisation),
        ("posts.csv", city.posts, Post),
        ("lines.csv", city.lines, Line),
        ("parts.csv", city.parts, Part),
        ("revenue.csv", city.revenue, RevenueItem),
        ("programmes.toml", city.strategies, Strategy),
        ("programmes.toml", city.programmes, Programme),
    )
    for file, rows, model in tables:
        yield from ((row, file, model) for row in rows)
    yield from ((row, row.file, Form) for row in city.forms)
    yield from ((row, row.file, Recipe) for row in city.recipes)


def _check_row(row: Any, file: str, model: type[Model] | None) -> Iterator[Problem]:
    columns = {field.name: field for field in model._meta.fields} if model else {}
    for name, value in _values(row):
        most = getattr(columns.get(name), "max_length", None)
        if name in TEXTS and name in columns and not value:
            yield Problem(file, row.line, f'"{name}" is empty; write it')
        elif name in CODES and name in columns and not CODE.fullmatch(value):
            text = f'"{name}" is "{value}"; write it with letters of English, digits, and - _ . / between them'
            yield Problem(file, row.line, text)
        elif name in CODES and model in WITHOUT_SLASH and "/" in value:
            yield Problem(file, row.line, f'"{name}" is "{value}"; write it without "/"')
        elif isinstance(value, str) and most is not None and len(value) > most:
            text = f'"{name}" has {len(value)} characters, but at most {most} are kept; write it shorter'
            yield Problem(file, row.line, text)
        elif isinstance(value, int) and value > MOST.get(name, MOST_WON):
            text = f'"{name}" is {value}, but at most {MOST.get(name, MOST_WON)} is possible; correct it'
            yield Problem(file, row.line, text)


def _values(row: Any) -> Iterator[tuple[str, Any]]:
    for name, value in vars(row).items():
        if isinstance(value, Both):
            yield from ((f"{name}_ko", value.ko), (f"{name}_en", value.en))
        else:
            yield name, value
