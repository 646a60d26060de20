"""A declared table: its columns are said once and give the page, sorting, filters, and the same rows as a file."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Literal
from urllib.parse import urlencode

from django import forms
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext_lazy as _

from madang.documents.lists import csv_lines, xlsx_bytes
from madang.site.kit import clock
from madang.site.kit.web.paging import Page, page_of

Rows = QuerySet | Sequence[Any]
MOST = 20_000


def _nothing(row: Any) -> None:
    """No value: the cell is what its template makes of the row."""


@dataclass(frozen=True)
class Column:
    """One column of a table.

    `value` gives a plain value of a row (a "figure" is a number as text, "due" a day counted down to), `in_file`
    another one for files. `order` is what the database orders by ("" for a column that cannot be sorted; for rows that
    are no queryset say "value", and `ordered_by` where not the value gives the order). A cell is a link, a badge of a
    kind, or, with `template`, whatever that makes of `row`; a `note` stands beside it. What is `personal` is recorded
    when it leaves as a file; a column may be `only` on the page, or only in files.
    """

    key: str
    label: Any
    value: Callable[[Any], Any] = _nothing
    kind: Literal["text", "number", "figure", "day", "due", "moment"] = "text"
    order: str = ""
    ordered_by: Callable[[Any], Any] | None = None
    link: Callable[[Any], str] | None = None
    note: Callable[[Any], str] | None = None
    badge: Callable[[Any], str] | None = None
    template: str = ""
    personal: bool = False
    in_file: Callable[[Any], Any] | None = None
    only: Literal["", "page", "file"] = ""

    @property
    def right(self) -> bool:
        """Whether its cells are numbers, which stand at the right."""
        return self.kind in ("number", "figure")

    def sorts(self, row: Any) -> Any:
        """What a row that is in no database is sorted by."""
        return (self.ordered_by or self.value)(row)


# The box to choose a row for the form with the id "work" below the table; `prepare` says which rows are chosen.
CHOOSE = Column("choose", _("Choose"), template="kit/choose.html", only="page")


@dataclass(frozen=True)
class Choice:
    """A filter by one of a few values; `narrow` gives the rows with that value."""

    key: str
    label: Any
    options: Callable[[], Iterable[tuple[str, Any]]]
    narrow: Callable[[Any, str], Rows]


@dataclass(frozen=True)
class Cell:
    """What stands in one cell, with its column."""

    column: Column
    row: Any
    value: Any
    heads: bool

    @property
    def link(self) -> str:
        """Where it leads to, "" for nowhere."""
        return self.column.link(self.row) if self.column.link else ""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to say; a narrow window leaves it out."""
        return self.value in (None, "") and self.column.value is not _nothing

    @property
    def note(self) -> str:
        """What stands beside it, smaller."""
        return self.column.note(self.row) if self.column.note else ""

    @property
    def badge(self) -> str:
        """The kind of its badge, "" for none."""
        return self.column.badge(self.row) if self.column.badge else ""


@dataclass(frozen=True)
class Heading:
    """The head of a column: where sorting by it leads to, and how the rows are sorted by it now ("" for not)."""

    column: Column
    url: str
    sorted: Literal["", "ascending", "descending"]


@dataclass(frozen=True)
class Chip:
    """A filter that is set, and the page without it."""

    label: Any
    value: Any
    url: str


@dataclass(frozen=True)
class Table:
    """A table of rows.

    `find` are the lookups that a search for words goes through; rows that are no queryset are searched by their values.
    Of several tables on a page, all but one have a `prefix` for what the address asks of them.
    """

    name: str
    caption: Any
    columns: Sequence[Column]
    find: Sequence[str] = ()
    choices: Sequence[Choice] = ()
    prefix: str | None = None

    @property
    def heading(self) -> Column:
        """The column that names a row."""
        return next(column for column in self.columns if not column.only)

    @property
    def personal(self) -> bool:
        """Whether a file of it holds personal data."""
        return any(column.personal for column in self.in_files)

    @property
    def on_page(self) -> list[Column]:
        """The columns of the page."""
        return [column for column in self.columns if column.only != "file"]

    @property
    def in_files(self) -> list[Column]:
        """The columns of a file."""
        return [column for column in self.columns if column.only != "page"]

    def asked(self, request: HttpRequest) -> str:
        """What the address asks of the rows, so that pages about one of them can keep to their order."""
        form = _form(self, request)
        form.is_valid()
        told = [(form.add_prefix(name), form.cleaned_data.get(name)) for name in form.fields]
        return urlencode([(name, value) for name, value in told if value])

    def read(
        self, request: HttpRequest, rows: Rows, prepare: Callable[[list[Any]], None] = lambda rows: None
    ) -> "Shown":
        """The rows that the request asks for, on a page or as a file.

        `prepare` puts on a list of rows what their cells need beside the row, at a fixed number of queries.
        """
        form = _form(self, request)
        # A filter that is refused is told beside it; the others hold.
        form.is_valid()
        told = form.cleaned_data
        found = _sorted(self, _narrowed(self, rows, told), told.get("sort", ""))
        return Shown(self, request, form, found, prepare, told.get("sort", ""))


@dataclass
class Shown:
    """A table as somebody asked for it."""

    table: Table
    request: HttpRequest
    form: forms.Form
    rows: Rows
    prepare: Callable[[list[Any]], None]
    sort: str

    @cached_property
    def page(self) -> Page:
        """The page of rows that is asked for, with what their cells need."""
        page = page_of(self.request, self.rows, key=self.form.add_prefix("page"))
        self.prepare(list(page.rows))
        return page

    @property
    def as_file(self) -> str:
        """Which file is asked for: csv, xlsx or none."""
        wanted = self.request.GET.get(self.form.add_prefix("file"), "")
        return wanted if wanted in ("csv", "xlsx") else ""

    @property
    def filters(self) -> bool:
        """Whether the rows can be narrowed; by headings they can be sorted in any case."""
        return bool(self.table.find or self.table.choices)

    @property
    def narrowed(self) -> bool:
        """Whether a filter is set."""
        return any(self.request.GET.get(self.form.add_prefix(name)) for name in self.form.fields if name != "sort")

    @property
    def chips(self) -> list[Chip]:
        """The filters that are set, each with the way to take it off."""
        set_now = [(name, value) for name, value in self.form.cleaned_data.items() if value and name != "sort"]
        return [
            Chip(self.form.fields[name].label, self._said(name, value), self.address(**{name: ""}))
            for name, value in set_now
        ]

    def _said(self, name: str, value: str) -> Any:
        field = self.form.fields[name]
        return dict(field.choices).get(value, value) if isinstance(field, forms.ChoiceField) else value

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What else the address asks for, so that a filter does not lose it."""
        ours = {self.form.add_prefix(name) for name in (*self.form.fields, "page", "file")}
        return [(name, str(value)) for name, value in self.request.GET.items() if name not in ours]

    @property
    def all_url(self) -> str:
        """The page without filters."""
        return f"?{urlencode(self.kept)}"

    @property
    def lines(self) -> list[list[Cell]]:
        """The cells of the page."""
        heading = self.table.heading
        return [
            [Cell(column, row, column.value(row), column is heading) for column in self.table.on_page]
            for row in self.page
        ]

    @property
    def headings(self) -> list[Heading]:
        """The heads of the columns."""
        return [self._heading(column) for column in self.table.on_page]

    def _heading(self, column: Column) -> Heading:
        if not column.order:
            return Heading(column, "", "")
        here = {column.key: "ascending", f"-{column.key}": "descending"}.get(self.sort, "")
        url = self.address(sort=f"-{column.key}" if here == "ascending" else column.key)
        return Heading(column, url, here)  # type: ignore[arg-type]

    @property
    def csv_url(self) -> str:
        """The rows as CSV."""
        return self.address(file="csv")

    @property
    def xlsx_url(self) -> str:
        """The rows as a spreadsheet."""
        return self.address(file="xlsx")

    def address(self, **change: str) -> str:
        """This page with other parameters, left out where they are empty; the first page of its rows."""
        query = self.request.GET.copy()
        for name, value in {"page": "", **change}.items():
            if value:
                query[self.form.add_prefix(name)] = value
            else:
                query.pop(self.form.add_prefix(name), None)
        return f"?{query.urlencode()}"

    def file(self) -> tuple[HttpResponse | StreamingHttpResponse, int]:
        """The answer with the file, and how many rows are in it."""
        rows = list(self.rows[:MOST])
        self.prepare(rows)
        columns = self.table.in_files
        lines = [[_written(column, row) for column in columns] for row in rows]
        names = [str(column.label) for column in columns]
        return file_answer(self.table.name, str(self.table.caption), names, lines, self.as_file), len(rows)


def file_answer(
    name: str, title: str, names: Sequence[str], lines: Iterable[Sequence[Any]], kind: str
) -> HttpResponse | StreamingHttpResponse:
    """Lines as a download: CSV row by row, or a spreadsheet (`kind` "xlsx")."""
    answer: HttpResponse | StreamingHttpResponse
    if kind == "xlsx":
        media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        answer = HttpResponse(xlsx_bytes(title, names, lines), content_type=media)
    else:
        answer = StreamingHttpResponse(csv_lines(names, lines), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.{"xlsx" if kind == "xlsx" else "csv"}"'
    return answer


def _written(column: Column, row: Any) -> Any:
    value = (column.in_file or column.value)(row)
    if isinstance(value, datetime):
        return clock.day_of(value) if column.kind in ("day", "due") else value.astimezone(clock.zone())
    return value


def _form(table: Table, request: HttpRequest) -> forms.Form:
    fields: dict[str, forms.Field] = {}
    if table.find:
        fields["q"] = forms.CharField(label=_("Words"), required=False, max_length=80)
    for choice in table.choices:
        options = [("", _("all")), *choice.options()]
        fields[choice.key] = forms.ChoiceField(label=choice.label, choices=options, required=False)
    orders: list[tuple[str, Any]] = [("", _("as usual"))]
    for column in table.columns:
        if column.order:
            orders += [(column.key, f"{column.label} ↑"), (f"-{column.key}", f"{column.label} ↓")]
    fields["sort"] = forms.ChoiceField(label=_("Sort by"), choices=orders, required=False)
    kind = type("TableForm", (forms.Form,), fields)
    return kind(request.GET, auto_id=f"{table.name}_%s", prefix=table.prefix)


def _narrowed(table: Table, rows: Rows, told: Mapping[str, Any]) -> Rows:
    for choice in table.choices:
        if told.get(choice.key):
            rows = choice.narrow(rows, told[choice.key])
    for word in told.get("q", "").split():
        if isinstance(rows, QuerySet):
            anywhere = Q()
            for lookup in table.find:
                anywhere |= Q(**{f"{lookup}__icontains": word})
            rows = rows.filter(anywhere)
        else:
            rows = [row for row in rows if word.casefold() in _said(table, row)]
    return rows


def _said(table: Table, row: Any) -> str:
    return " ".join(str(column.value(row)) for column in table.columns).casefold()


def _sorted(table: Table, rows: Rows, sort: str) -> Rows:
    column = next((column for column in table.columns if column.key == sort.removeprefix("-")), None)
    if column is None:
        return rows
    falls = sort.startswith("-")
    if isinstance(rows, QuerySet):
        first = F(column.order).desc(nulls_last=True) if falls else F(column.order).asc(nulls_last=True)
        return rows.order_by(first, "pk")
    known = [row for row in rows if column.sorts(row) is not None]
    unknown = [row for row in rows if column.sorts(row) is None]
    return sorted(known, key=column.sorts, reverse=falls) + unknown
