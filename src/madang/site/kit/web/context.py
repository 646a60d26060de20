"""What every page needs: the city's name, the navigation, the day."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from madang.site.kit import clock
from madang.site.kit.actor import VISITOR
from madang.site.kit.language import pick
from madang.site.kit.navigation import entries
from madang.site.kit.web.text_size import wants_large_text


def city(request: HttpRequest) -> dict[str, Any]:
    """The context of every template; costs no query."""
    actor = getattr(request, "actor", VISITOR)
    at = clock.now()
    return {
        "actor": actor,
        "city_name": pick(*city_names(str(settings.CITY_FOLDER))),
        "navigation": _links("city", actor, request.path),
        "desk_navigation": _links("desk", actor, request.path) if actor.grants else [],
        "desk_here": request.path.startswith("/desk/"),
        "demo": settings.DEMO,
        "official": settings.OFFICIAL,
        "large_text": wants_large_text(request),
        "now": at,
        "today": clock.day_of(at),
    }


def city_names(folder: str) -> tuple[str, str]:
    """The city's name in Korean and English, from its folder; without a folder the yard has no city."""
    return city_words(folder, "name")


@lru_cache
def city_words(folder: str, key: str) -> tuple[str, str]:
    """What the head of a city's folder says in Korean and English; nothing where it does not."""
    file = Path(folder) / "city.toml"
    said = tomllib.loads(file.read_text(encoding="utf-8")).get(key, {}) if file.exists() else {}
    return said.get("ko", ""), said.get("en", "")


def _links(place: str, actor: Any, path: str) -> list[dict[str, Any]]:
    links = []
    for entry in entries:
        if entry.place != place or (entry.roles and not actor.holds(*entry.roles)):
            continue
        try:
            url = reverse(entry.url_name)
        except NoReverseMatch:
            # Error pages are made here too: an entry without a page must not break them. A test finds it.
            continue
        links.append({"title": entry.title, "url": url, "here": path == url or (url != "/" and path.startswith(url))})
    return links
