"""What a city's rows are in the database: for each model the wanted values, with codes in place of keys."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from madang.site.city.rows import City, PostRow
from madang.site.people.models import Area, Organisation, Post
from madang.site.programmes.models import Programme, Recipe, Strategy


@dataclass(frozen=True)
class Wanted:
    """The rows a model should have. A column such as "parent__code" stands for the key of that row.

    `within` narrows the model to where `key` is unique (a fiscal year), `related` does so for what a
    column points at. Rows that are not wanted any more stay: something may hang on them.
    """

    model: type[Model]
    key: str
    rows: Sequence[dict[str, Any]]
    within: dict[str, Any] = field(default_factory=dict)
    related: dict[str, dict[str, Any]] = field(default_factory=dict)

    def missing(self) -> set[Any]:
        """The keys that have no row in the database."""
        present = self.model._default_manager.filter(**self.within).values_list(self.key, flat=True)
        return {row[self.key] for row in self.rows} - set(present)

    def differing(self) -> list[dict[str, Any]]:
        """The rows that are missing or different in the database."""
        if not self.rows:
            return []
        rows = self.model._default_manager.filter(**self.within).values(*self.rows[0])
        present = {row[self.key]: row for row in rows}
        return [row for row in self.rows if present.get(row[self.key]) != row]


def wanted_tables(city: City, recipes: Sequence[dict[str, Any]]) -> list[Wanted]:
    """All tables of the foundation, those that others point at first."""
    return [
        Wanted(Area, "code", list(_areas(city))),
        Wanted(Organisation, "code", list(_organisations(city))),
        Wanted(Post, "code", [post for row in city.posts for post in _posts(row)]),
        Wanted(Strategy, "number", [_named(row.name, number=row.number) for row in city.strategies]),
        Wanted(Programme, "code", list(_programmes(city))),
        Wanted(Recipe, "code", [_recipe(content) for content in recipes]),
    ]


def _named(name: Any, **values: Any) -> dict[str, Any]:
    return {**values, "name_ko": name.ko, "name_en": name.en}


def _areas(city: City) -> Iterable[dict[str, Any]]:
    residents: dict[str, dict[str, int]] = {}
    for count in city.population:
        residents.setdefault(count.area, {})[f"{count.sex}/{count.age_band}"] = count.residents
    for row in city.areas:
        yield {
            "code": row.code,
            "level": row.level,
            "parent__code": row.parent or None,
            "name_ko": row.name_ko,
            "name_en": row.name_en,
            "population": residents.get(row.code, {}),
        }


def _organisations(city: City) -> Iterable[dict[str, Any]]:
    duties: dict[str, list[dict[str, str]]] = {}
    for duty in city.duties:
        duties.setdefault(duty.department, []).append({"code": duty.code, "ko": duty.ko, "en": duty.en})
    for order, row in enumerate(city.organisations):
        yield {
            "code": row.code,
            "kind": row.kind,
            "parent__code": row.parent or None,
            "area__code": row.area or None,
            "order": order,
            "name_ko": row.name_ko,
            "name_en": row.name_en,
            "duties": duties.get(row.code, []),
            "established_on": row.established_on,
        }


def _posts(row: PostRow) -> Iterable[dict[str, Any]]:
    for number in range(1, row.authorised + 1):
        yield {
            "code": f"{row.department}/{row.job_type}/{number:03d}",
            "organisation__code": row.department,
            "job_type": row.job_type,
            "counted_apart": row.counted_apart,
            "authorised_from": row.since,
            "filled_from": row.since if number <= row.filled else None,
        }


def _programmes(city: City) -> Iterable[dict[str, Any]]:
    for order, row in enumerate(city.programmes, start=1):
        yield {
            "code": row.code,
            "slug": row.slug,
            "strategy__number": row.strategy,
            "department__code": row.department,
            "order": order,
            "name_ko": row.name.ko,
            "name_en": row.name.en,
            "purpose_ko": row.purpose.ko,
            "purpose_en": row.purpose.en,
            "legal_basis": [{"ko": basis.ko, "en": basis.en} for basis in row.legal_basis],
        }


def _recipe(content: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": content["code"],
        "programme__code": content["programme"],
        "title_ko": content["title"]["ko"],
        "title_en": content["title"]["en"],
        "content": content,
    }
