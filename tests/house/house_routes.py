"""The addresses of the site: every route that a room brings, and addresses of it for the rows there are."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice, product
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import CharField, Model
from django.urls import URLResolver, get_resolver, reverse

from madang.site.docket.models import Matter
from madang.site.programmes.models import Stage
from madang.site.votes.models import Board

# Addresses that other packages bring; they have their own rules and tests.
FOREIGN = ("accounts/", "i18n/", "api/")
MOST = 80


@dataclass(frozen=True)
class Route:
    """An address of the site."""

    path: str
    name: str
    view: Any
    parameters: tuple[tuple[str, str], ...]

    @property
    def room(self) -> str:
        """The room that brings it."""
        return self.name.partition(":")[0].removesuffix("_desk")


@cache
def routes() -> tuple[Route, ...]:
    """The addresses that our rooms bring."""
    return tuple(_walk(get_resolver(), "", ""))


def _walk(resolver: URLResolver, before: str, space: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        path = before + str(entry.pattern)
        if path.startswith(FOREIGN):
            continue
        if isinstance(entry, URLResolver):
            yield from _walk(entry, path, entry.namespace or space)
        else:
            kinds = tuple(
                (name, type(kind).__name__.removesuffix("Converter").lower())
                for name, kind in entry.pattern.converters.items()
            )
            yield Route(path, f"{space}:{entry.name}", entry.callback, kinds)


def addresses(route: Route) -> Iterator[str]:
    """Addresses of a route for the rows there are; of a matter in a stage, first for that very stage."""
    if dict(route.parameters).keys() == {"pk", "matter"}:
        for stage, matter in Matter.objects.exclude(stage=None).order_by("pk").values_list("stage", "pk"):
            yield reverse(route.name, kwargs={"pk": stage, "matter": matter})
    choices = [_values(route.room, name, kind) for name, kind in route.parameters]
    for values in islice(product(*choices), MOST * len(choices) or 1):
        names = (name for name, _kind in route.parameters)
        yield reverse(route.name, kwargs=dict(zip(names, values, strict=True)))


def _models(room: str) -> Iterator[type[Model]]:
    return apps.get_app_config(room).get_models()


def _values(room: str, name: str, kind: str) -> list[Any]:
    # The desk has no tables; it shows seats, which belong to people.
    own = _models("people" if room == "desk" else room) if room in settings.ROOMS else ()
    models = [Stage, Matter, *own, *_models("programmes"), *_models("docket")]
    if name == "year":
        return [2021]
    if name == "uuid":
        return list(Board.objects.values_list("uuid", flat=True))
    if kind == "int":
        # Keys of different tables differ on PostgreSQL, where a sequence goes on from test to test.
        keys = (key for model in models for key in model._default_manager.order_by("pk").values_list("pk", flat=True))
        return list(dict.fromkeys(keys))
    fields = [
        (model, field.name)
        for model in [*models, *_models("record"), *_models("people")]
        for field in model._meta.fields
        if isinstance(field, CharField) and field.name in ("code", "number", "slug", "name", "key")
    ]
    found = [value for model, field in fields for value in model._default_manager.values_list(field, flat=True)]
    return [value for value in dict.fromkeys(found) if value and (kind == "path" or "/" not in value)]
