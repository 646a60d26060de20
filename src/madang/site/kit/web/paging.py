"""Paging in the database: 25 rows a page, links that keep the filters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

ROWS = 25


@dataclass(frozen=True)
class Page:
    """One page of a list: its rows, its number, and the addresses of its neighbours ("" at the ends)."""

    rows: Sequence[Any]
    number: int
    last: int
    total: int
    previous: str
    following: str

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def page_of(request: HttpRequest, rows: QuerySet | Sequence[Any], size: int = ROWS, key: str = "page") -> Page:
    """The page that the request asks for (`?page=3`); a number out of range gives the nearest page.

    Costs two queries for a queryset: one count, one slice.
    """
    paginator = Paginator(rows, size)
    shown = paginator.get_page(request.GET.get(key))

    def address(number: int) -> str:
        query = request.GET.copy()
        query[key] = str(number)
        return f"?{query.urlencode()}"

    return Page(
        rows=list(shown.object_list),
        number=shown.number,
        last=paginator.num_pages,
        total=paginator.count,
        previous=address(shown.number - 1) if shown.has_previous() else "",
        following=address(shown.number + 1) if shown.has_next() else "",
    )
