"""Answering with a declared table: its page, or its rows as a file; files with personal data are recorded."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from madang.site.kit import clock
from madang.site.kit.web.tables import Shown
from madang.site.record.actions import take_file


def table_answer(
    request: HttpRequest,
    shown: Shown | Mapping[str, Shown],
    template: str,
    context: Mapping[str, Any] = MappingProxyType({}),
) -> HttpResponse | StreamingHttpResponse:
    """The page with its table as `table`, or several by name; or the file asked for, under the same permission."""
    tables = {"table": shown} if isinstance(shown, Shown) else shown
    asked = [table for table in tables.values() if table.as_file]
    return _file(request, asked[0]) if asked else render(request, template, {**context, **tables})


def _file(request: HttpRequest, shown: Shown) -> HttpResponse | StreamingHttpResponse:
    answer, rows = shown.file()
    if shown.table.personal:
        columns = [column.key for column in shown.table.in_files]
        take_file(
            by=request.actor,  # type: ignore[attr-defined]
            at=clock.now(),
            name=shown.table.name,
            path=request.path,
            columns=columns,
            rows=rows,
        )
    return answer
