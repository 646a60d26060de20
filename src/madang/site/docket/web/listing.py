"""A list of matters as a page shows it: filters as plain links with counts that keep each other, orders, pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from madang.site.docket import queries
from madang.site.docket.orders import USUAL, arranged, orders
from madang.site.docket.outcomes import OUTCOME_NAMES
from madang.site.docket.searches import FILTERS
from madang.site.kit import clock
from madang.site.kit.area_map import outlines
from madang.site.kit.language import pick
from madang.site.kit.web.paging import page_of
from madang.site.people.models import Area
from madang.site.programmes.models import Process

LEVELS = {"city": 0, "district": 1, "dong": 2}
COLUMNS = {"process": "process__code", "area": "area__code", "year": "process__year", "field": "field"}
TITLES = {
    "process": _("Process"),
    "area": _("Area"),
    "year": _("Year"),
    "field": _("Policy field"),
    "state": _("State"),
}


class FilterForm(forms.Form):
    """What to list."""

    words = forms.CharField(label=_("Words or receipt number"), required=False, max_length=100)
    process = forms.ChoiceField(label=_("Process"), required=False)
    area = forms.ChoiceField(label=_("Area"), required=False)
    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)
    state = forms.ChoiceField(label=_("State"), required=False)
    field = forms.CharField(required=False, max_length=40)

    def __init__(self, *args: Any, process: Process | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = list(queries.processes()) if process is None else [process]
        areas = sorted(Area.objects.all(), key=lambda area: (LEVELS[area.level], area.name))
        states = [(queries.UNDER_WAY, _("under way")), (queries.ENDED, _("ended"))]
        endings = [(code, pick(*names)) for code, names in OUTCOME_NAMES.items() if code != queries.HIDDEN]
        self._choose("process", [(row.code, f"{row.title} {row.year}") for row in rows])
        self._choose("area", [(row.code, row.name) for row in areas])
        self._choose("year", [(year, str(year)) for year in sorted({row.year for row in rows}, reverse=True)])
        self._choose("state", [*states, *endings])

    def _choose(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = [("", _("all")), *choices]  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, Any]:
        """What was chosen; a choice that does not exist asks for nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def names(self, name: str) -> dict[str, Any]:
        """The names of the choices of a filter, in their order."""
        choices = self.fields[name].choices  # type: ignore[attr-defined]
        return {str(code): text for code, text in choices if code != ""}


def spoken(form: FilterForm) -> str:
    """What a list is filtered by, in words."""
    wanted = form.wanted()
    named = {code: form.names(code) for code in ("process", "area", "year")}
    said = [named.get(code, {}).get(str(wanted[code]), wanted[code]) for code in FILTERS if wanted.get(code)]
    return " · ".join(str(one) for one in said)


@dataclass(frozen=True)
class Choice:
    """A choice of a filter: its name, how many matters it would show, and the address that shows them."""

    code: str
    name: Any
    count: int
    url: str
    here: bool


@dataclass(frozen=True)
class Facet:
    """A filter with its choices; `all_url` takes it off."""

    name: str
    title: Any
    choices: Sequence[Choice]
    all_url: str

    @property
    def chosen(self) -> Choice | None:
        """The choice that holds, if one does."""
        return next((choice for choice in self.choices if choice.here), None)


def listing(request: HttpRequest, *, process: Process | None = None) -> dict[str, Any]:
    """What the template `docket/listing.html` shows; with a process, only its matters. A fixed number of queries."""
    form = FilterForm(request.GET, process=process)
    fixed = {"process": process.code, "year": None} if process else {}
    wanted = {name: value for name, value in {**form.wanted(), **fixed}.items() if value}
    sort = request.GET.get("sort", "")
    rows = arranged(queries.listed(**wanted), sort, clock.day_of(clock.now()))
    facets = [_facet(request, name, names, wanted) for name, names in _choices(form, process)]
    areas = next(facet for facet in facets if facet.name == "area")
    return {
        "form": form,
        "page": page_of(request, rows),
        "facets": [facet for facet in facets if len(facet.choices) > 1 or facet.chosen],
        "sorts": [
            Choice(order.name, order.title, 0, _address(request, sort=order.name), order.name == (sort or USUAL.name))
            for order in orders().values()
        ],
        "words": wanted.get("words", ""),
        "kept": [(key, value) for key, value in request.GET.items() if key not in ("words", "page")],
        "filtered": bool(set(wanted) - {"process"} or (not process and "process" in wanted)),
        "open_data": _query(wanted),
        "saveable": [(code, wanted[code]) for code in FILTERS if wanted.get(code)],
        "as_map": request.GET.get("view") == "map",
        "map_url": _address(request, view="map"),
        "list_url": _address(request, view=""),
        "map_rows": _map_rows(request, form, areas),
    }


def _map_rows(request: HttpRequest, form: FilterForm, areas: Facet) -> list[tuple[str, str, int, str]]:
    """The areas with their counts: those that the map draws, and those that have matters."""
    counted = {choice.code: choice.count for choice in areas.choices}
    on_map = {outline.area for outline in outlines(str(settings.CITY_FOLDER))}
    return [
        (code, name, counted.get(code, 0), _address(request, area=code, view=""))
        for code, name in form.names("area").items()
        if code in counted or code in on_map
    ]


def _choices(form: FilterForm, process: Process | None) -> list[tuple[str, Mapping[str, Any]]]:
    """The filters with the names of their choices. Policy fields are those of one process."""
    found: list[tuple[str, Mapping[str, Any]]] = [("state", form.names("state")), ("area", form.names("area"))]
    if process is None:
        return [*found, ("process", form.names("process")), ("year", form.names("year"))]
    sets = process.recipe.get("field_sets", {}).values()
    fields = {field["code"]: pick(field["ko"], field["en"]) for group in sets for field in group["fields"]}
    return [*found, ("field", fields)]


def _facet(request: HttpRequest, name: str, names: Mapping[str, Any], wanted: Mapping[str, Any]) -> Facet:
    """A filter, counted among what the other filters leave. One query."""
    others = queries.listed(**{key: value for key, value in wanted.items() if key != name})
    counts = dict(queries.state_counts(others)) if name == "state" else _counts(others, COLUMNS[name])
    chosen = str(wanted.get(name, ""))
    codes = counts if name == "state" else names
    if chosen and chosen not in codes:
        codes = [*codes, chosen]
    choices = [
        Choice(code, names[code], counts.get(code, 0), _address(request, **{name: code}), code == chosen)
        for code in codes
        if code in names and (counts.get(code) or code == chosen)
    ]
    return Facet(name, TITLES[name], choices, _address(request, **{name: ""}))


def _counts(rows: Any, column: str) -> dict[str, int]:
    counted = rows.order_by().values_list(column).annotate(n=Count("pk"))
    return {str(code): count for code, count in counted if code is not None}


def _address(request: HttpRequest, **changed: str) -> str:
    """The address of this page with some filters changed, from its first page on; "" takes a filter off."""
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in changed.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"?{query.urlencode()}" if query else request.path


def _query(wanted: Mapping[str, Any]) -> str:
    query = QueryDict(mutable=True)
    query.update({name: str(value) for name, value in wanted.items()})
    return query.urlencode()
