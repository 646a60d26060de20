"""Reports and figures as everybody sees them: each derived number opens the records behind it."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from madang.figures import printed
from madang.site.kit import clock
from madang.site.kit.figures import Records
from madang.site.kit.language import pick
from madang.site.kit.verdict import Refused
from madang.site.kit.web.access import anyone, page
from madang.site.kit.web.paging import page_of
from madang.site.reports import kept, queries
from madang.site.reports.catalogue import names_in
from madang.site.reports.compose import figure_path, share
from madang.site.reports.evaluation import Value, Values, records_of
from madang.site.reports.freezing import canonical
from madang.site.reports.models import FrozenReport
from madang.site.reports.policy import OFFICIALS
from madang.site.reports.web.cells import how_they_make, shown
from madang.site.reports.web.forms import asked_day
from madang.site.reports.wording import Language
from madang.site.reports.writing import FORMATS, MEDIA_TYPES, written

SIGNS = {"=": "=", "<=": "≤"}


def language() -> Language:
    """The reader's language, as reports know it."""
    return "en" if (get_language() or "ko").startswith("en") else "ko"


@page(allow=anyone)
def reports(request: HttpRequest) -> HttpResponse:
    """The reports as they stand today, and those that were handed in."""
    handed_in = page_of(request, queries.frozen_reports())
    return render(request, "reports/reports.html", {"codes": queries.codes(), "frozen": handed_in, "titles": titles()})


def titles() -> list[tuple[str, str]]:
    """The reports of the city by code, with their titles in the reader's language."""
    from madang.site.reports import layout

    found = [(code, layout.read(queries.folder(), code).title) for code in queries.codes()]
    return [(code, pick(title.ko, title.en)) for code, title in found]


@page(allow=anyone)
def report(request: HttpRequest, code: str) -> HttpResponse:
    """A report as of a day, each derived number leading to its records."""
    if code not in queries.codes():
        raise Http404
    form, as_of = asked_day(request)
    try:
        found = kept.report_page(code, as_of=as_of, at=clock.now(), language=language())
    except Refused as refused:
        context = {"form": form, "title": dict(titles())[code], "refused": str(refused)}
        return render(request, "reports/report.html", context, status=404)
    context = {
        "code": code,
        "form": form,
        "as_of": as_of,
        "title": found.title,
        "share": found.share,
        # The writer escapes every text of the document itself.
        "body": mark_safe(found.body),  # noqa: S308
        "formats": FORMATS if request.actor.holds(*OFFICIALS) else (),  # type: ignore[attr-defined]
    }
    return render(request, "reports/report.html", context)


@page(allow=anyone)
def frozen(request: HttpRequest, pk: int) -> HttpResponse:
    """A report as it was handed in."""
    found = get_object_or_404(FrozenReport, pk=pk)
    title, body = kept.frozen_page(found, language())
    context = {
        "frozen": found,
        "intact": queries.intact(found),
        "title": title,
        "body": mark_safe(body),  # noqa: S308
        "formats": FORMATS,
        "language": language(),
    }
    return render(request, "reports/frozen.html", context)


@page(allow=anyone)
def frozen_file(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """A report that was handed in, as a file: always the same bytes. Its fingerprint is that of the JSON."""
    found = get_object_or_404(FrozenReport, pk=pk)
    if form == "json":
        return download(canonical(found.content), form, f"{found.report}-{found.as_of}.json")
    if form not in FORMATS:
        raise Http404
    document = queries.frozen_document(found, language())
    return download(written(document, form), form, f"{found.report}-{found.as_of}-{language()}.{form}")


def download(content: bytes, form: str, name: str) -> HttpResponse:
    """A file to be saved."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=MEDIA_TYPES.get(form, "application/json"), headers=headers)


@page(allow=anyone)
def figures(request: HttpRequest) -> HttpResponse:
    """All figures with their kind, and how many are derived."""
    form, as_of = asked_day(request)
    found = kept.figures(as_of=as_of, at=clock.now())
    programmes = sorted({value.figure.programme for value in found if value.figure.programme})
    programme, kind = request.GET.get("programme", ""), request.GET.get("kind", "")
    chosen = [
        value
        for value in found
        if (not programme or value.figure.programme == programme) and (not kind or value.kind == kind)
    ]
    rows = page_of(request, chosen)
    context = {
        "form": form,
        "as_of": as_of,
        "share": share(found),
        "programmes": programmes,
        "programme": programme,
        "kind": kind,
        "figures": replace(rows, rows=[_row(value, as_of) for value in rows]),
    }
    return render(request, "reports/figures.html", context)


def _row(value: Value, as_of: date) -> dict[str, Any]:
    return {
        "value": value,
        "label": pick(value.figure.ko, value.figure.en),
        "shown": shown_value(value),
        "href": figure_path(value.figure.name, as_of),
    }


def shown_value(value: Value) -> str:
    """A value with its unit in words."""
    number = value.value
    if number is None:
        return "–"
    if isinstance(number, date | str):
        return str(number)
    return printed(number)


@page(allow=anyone)
def figures_json(request: HttpRequest) -> HttpResponse:
    """Every figure as open data."""
    _form, as_of = asked_day(request)
    listed = kept.listed(as_of=as_of, at=clock.now())
    return JsonResponse({"as_of": as_of.isoformat(), "figures": listed}, json_dumps_params={"ensure_ascii": False})


@page(allow=anyone)
def figure(request: HttpRequest, name: str) -> HttpResponse:
    """A figure: its value, how it is found, and the records behind it or the source of its value."""
    form, as_of = asked_day(request)
    values = kept.values(as_of=as_of, at=clock.now())
    if name not in values:
        raise Http404
    value = values[name]
    context = {
        "form": form,
        "as_of": as_of,
        "value": value,
        "figure": value.figure,
        "label": pick(value.figure.ko, value.figure.en),
        "unit": unit(values, value),
        "shown": shown_value(value),
        "parts": _parts(values, value, as_of),
        "observations": queries.observations(name)[:25] if value.kind == "observed" else (),
    }
    if value.figure.query and value.kind == "derived":
        context |= _records(request, records_of(value.figure, value.as_of), value)
    return render(request, "reports/figure.html", context)


def unit(values: Values, value: Value) -> str:
    """The unit of a figure in the reader's words."""
    found = values.catalogue.units[value.figure.unit]
    return pick(found.ko, found.en)


def _parts(values: Values, value: Value, as_of: date) -> list[dict[str, Any]]:
    names = names_in(value.figure.computed) if value.figure.computed else []
    return [_row(values[name], as_of) for name in names if name in values]


def _records(request: HttpRequest, records: Records, value: Value) -> dict[str, Any]:
    rows = page_of(request, records.rows)
    headings = [_(str(heading)) for _path, heading in records.columns]
    cells = [
        {"href": records.link(row), "cells": [(_(str(heading)), shown(row, path)) for path, heading in records.columns]}
        for row in rows
    ]
    return {"headings": headings, "records": rows, "cells": cells, "how": how_they_make(records, value)}
