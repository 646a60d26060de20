"""Loads a city folder: reads it, checks it, and writes all of it or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from madang.site.city import policy
from madang.site.city.checks import check
from madang.site.city.documents import CityProblems, Problem
from madang.site.city.forms import NewForm, changed_forms, load_new_forms, new_forms
from madang.site.city.money import load_new_money, wanted_money
from madang.site.city.reader import read
from madang.site.city.recipes import content_of, differing_processes, write_process
from madang.site.city.rows import City
from madang.site.city.tables import Wanted, wanted_tables
from madang.site.kit.actor import Actor, Grant
from madang.site.kit.stages import kinds
from madang.site.kit.verdict import require
from madang.site.programmes.models import Programme
from madang.site.record.journal import action, write


@dataclass(frozen=True)
class Loaded:
    """How many rows of each table a load wrote, new or changed; empty if the city was the same already."""

    city: City
    counts: dict[str, int] = field(default_factory=dict)


def checked_city(folder: Path) -> City:
    """Read and check a city folder without writing anything. Raises CityProblems with every problem."""
    city, problems = read(folder)
    if not problems:
        problems = check(city, {name: kind.Settings for name, kind in kinds().items()})
    if problems:
        raise CityProblems(problems)
    return city


def load(*, folder: Path, by: Actor, at: datetime) -> Loaded:
    """Load a city folder into the database: rows are added or changed by their codes, none is removed.

    Loading the same folder again changes nothing and records nothing. A process that has opened keeps
    the recipe it opened with; a version of a form that is loaded never changes. Raises CityProblems, and Refused
    for those who may not load; then nothing is changed.
    """
    require(policy.may_load(by, at))
    city = checked_city(folder)
    if clashes := _clashes(city):
        raise CityProblems(clashes)
    work = _work(city)
    counts = work.counts()
    if not counts:
        return Loaded(work.city)
    return _write(by=by, at=at, work=work, counts=counts)


def _clashes(city: City) -> list[Problem]:
    """What the folder says that contradicts what is loaded already."""
    slugs = dict(Programme.objects.values_list("slug", "code"))
    return changed_forms(city) + [
        Problem(
            "programmes.toml",
            row.line,
            f'the slug "{row.slug}" belongs to the programme "{slugs[row.slug]}", which is loaded already; '
            "give it another slug",
        )
        for row in city.programmes
        if slugs.get(row.slug, row.code) != row.code
    ]


@dataclass(frozen=True)
class _Work:
    """What a load may have to write."""

    city: City
    tables: list[Wanted]
    money: list[Wanted]
    forms: list[NewForm]
    processes: Sequence[tuple[dict[str, Any], int]]

    def counts(self) -> dict[str, int]:
        """How many rows of which table are missing or different."""
        counts = {str(table.model._meta.model_name): len(table.differing()) for table in [*self.tables, *self.money]}
        return {
            name: count
            for name, count in {**counts, "form": len(self.forms), "process": len(self.processes)}.items()
            if count
        }


def _work(city: City) -> _Work:
    register = kinds()
    contents = {recipe.code: content_of(recipe, city, register) for recipe in city.recipes}
    return _Work(
        city=city,
        tables=wanted_tables(city, list(contents.values())),
        money=wanted_money(city),
        forms=new_forms(city),
        processes=differing_processes(city, contents),
    )


@action
def _write(*, by: Actor, at: datetime, work: _Work, counts: dict[str, int]) -> Loaded:
    for table in work.tables:
        _write_rows(table)
    # Who may load a city need not be an official of finance: the system loads budget and forms for them.
    system = replace(by, grants=by.grants | {Grant("system")})
    load_new_money(work.city, work.money, by=system, at=at)
    load_new_forms(work.forms, by=system, at=at)
    for table in work.money:
        _write_rows(table)
    for content, year in work.processes:
        write_process(content, year)
    write(book="city", verb="city.loaded", subject=f"city:{work.city.code}", by=by, at=at, **counts)
    return Loaded(work.city, counts)


def _write_rows(table: Wanted) -> None:
    keys: dict[tuple[str, Any], Any] = {}
    for row in table.differing():
        values = {}
        for column, value in row.items():
            name, _, target = column.partition("__")
            values[f"{name}_id" if target else name] = _key(table, name, target, value, keys) if target else value
        key = {table.key: values.pop(table.key)}
        table.model._default_manager.update_or_create(**table.within, **key, defaults=values)


def _key(table: Wanted, name: str, target: str, value: Any, known: dict[tuple[str, Any], Any]) -> Any:
    """The key of the row that a code names."""
    if value is None:
        return None
    if (name, value) not in known:
        related: Any = table.model._meta.get_field(name).related_model
        narrowed = related._default_manager.filter(**table.related.get(name, {}))
        known[(name, value)] = narrowed.values_list("pk", flat=True).get(**{target: value})
    return known[(name, value)]
