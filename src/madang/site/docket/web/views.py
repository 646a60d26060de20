"""The list of all matters, as a page and as open data."""

import csv
from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from madang.documents.csv import safe
from madang.site.docket import queries
from madang.site.docket.models import Attachment
from madang.site.docket.outcomes import OUTCOME_NAMES
from madang.site.kit.language import pick
from madang.site.kit.web.access import anyone, page
from madang.site.kit.web.paging import page_of
from madang.site.people.models import Area

MOST = 20_000


class FilterForm(forms.Form):
    """What to list."""

    words = forms.CharField(label=_("Words or receipt number"), required=False, max_length=100)
    process = forms.ChoiceField(label=_("Process"), required=False)
    area = forms.ChoiceField(label=_("Area"), required=False)
    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)
    state = forms.ChoiceField(label=_("State"), required=False)
    field = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = list(queries.processes())
        areas = Area.objects.exclude(level=Area.Level.DONG).order_by("level", "code")
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


@page(allow=anyone)
@require_safe
def matters(request: HttpRequest) -> HttpResponse:
    """All matters that anybody may read: filtered, counted, 25 on a page."""
    form = FilterForm(request.GET)
    wanted = form.wanted()
    rows = queries.listed(**wanted)
    of_all_states = queries.listed(**{key: value for key, value in wanted.items() if key != "state"})
    context = {
        "form": form,
        "page": page_of(request, rows),
        "states": [
            {
                "url": _address(request, state),
                "name": _named(state),
                "count": count,
                "here": wanted.get("state") == state,
            }
            for state, count in queries.state_counts(of_all_states)
        ],
        "query": request.GET.urlencode(),
    }
    return render(request, "docket/matters.html", context)


@page(allow=anyone)
@require_safe
def matters_csv(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The list as CSV with a byte order mark, row by row."""
    rows = queries.listed(**FilterForm(request.GET).wanted())[:MOST]
    response = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="matters.csv"'
    return response


@page(allow=anyone)
@require_safe
def matters_json(request: HttpRequest) -> HttpResponse:
    """The list as JSON, one page of it with the address of the next one."""
    shown = page_of(request, queries.listed(**FilterForm(request.GET).wanted()), size=500)
    if request.GET.get("page", "1") not in (str(shown.number), ""):
        raise Http404
    following = request.build_absolute_uri(f"{request.path}{shown.following}") if shown.following else None
    return JsonResponse({"total": shown.total, "next": following, "matters": [queries.row_of(row) for row in shown]})


@page(allow=anyone)
@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """An attachment of a matter that anybody may read; always a download, never shown by the browser itself."""
    row = get_object_or_404(Attachment.objects.exclude(matter__ending=queries.HIDDEN), pk=pk)
    try:
        stream = row.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(stream, as_attachment=True, filename=row.name, content_type=row.media_type)


class _Echo:
    """What csv.writer writes into: it hands each line back."""

    def write(self, line: str) -> str:
        return line


def _lines(rows: Any) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(queries.COLUMNS)
    for row in rows.iterator(chunk_size=1000):
        values = queries.row_of(row).values()
        yield writer.writerow(safe(value) if isinstance(value, str) else value for value in values)


def _named(state: str) -> Any:
    return _("under way") if state == queries.UNDER_WAY else pick(*OUTCOME_NAMES[state])


def _address(request: HttpRequest, state: str) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    query["state"] = state
    return f"?{query.urlencode()}"
