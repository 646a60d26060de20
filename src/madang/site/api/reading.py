"""From the queries of the pages to what the API gives out; each page costs a fixed number of queries."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from ninja.errors import HttpError

from madang.site.desk.queries import public_matters, steps_of
from madang.site.docket.models import Matter
from madang.site.docket.queries import UNSHOWN
from madang.site.kit import clock
from madang.site.ledger import queries as ledger
from madang.site.ledger.models import Line
from madang.site.people.models import Organisation
from madang.site.programmes.models import Process


def day(as_of: date | None) -> date:
    """The day that was asked for, or today."""
    return as_of or clock.day_of(clock.now())


def paged(rows: QuerySet, cursor: str | None, limit: int, key: str = "-pk") -> tuple[list[Any], str | None]:
    """The rows behind a cursor in the order of a unique number, and the cursor of those that follow. One query.

    Rows that are filed while somebody pages shift nothing. Raises HttpError for a cursor that is none.
    """
    name, down = key.lstrip("-"), key.startswith("-")
    if cursor is not None:
        if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 18:
            raise HttpError(400, f"{cursor!r} is no cursor; take the one that the page before gave as `following`.")
        rows = rows.filter(**{f"{name}__{'lt' if down else 'gt'}": int(cursor)})
    found = list(rows.order_by(key)[: limit + 1])
    return found[:limit], str(getattr(found[limit - 1], name)) if len(found) > limit else None


def processes(*, programme: str = "", year: int | None = None) -> QuerySet[Process]:
    """Processes, of a programme and a year if given."""
    rows = Process.objects.filter(draft=False).select_related("programme", "department")
    rows = rows.filter(programme__code=programme) if programme else rows
    return rows if year is None else rows.filter(year=year)


def process_row(process: Process) -> dict[str, Any]:
    """A process."""
    names = ("code", "year", "title_ko", "title_en", "matters_filed", "opened_at", "closed_at")
    row = {name: getattr(process, name) for name in names}
    return {**row, "programme": process.programme.code, "department": process.department.code}


def stage_rows(process: Process) -> list[dict[str, Any]]:
    """The stages of a process. Three queries."""
    names = ("order", "kind", "state", "title_ko", "title_en", "opens_on", "closes_on", "opened_at", "closed_at")
    return [
        {name: getattr(step.stage, name) for name in names}
        | {"waiting": step.waiting, "decided": step.decided, "passed": step.passed}
        for step in steps_of(process)
    ]


def matters(*, process: str = "", programme: str = "", area: str = "", field: str = "", state: str = "") -> QuerySet:
    """Public matters, filtered; an area holds for its parts too."""
    rows = public_matters().select_related("process", "stage", "area").defer(*UNSHOWN)
    given = {"process__code": process, "process__programme__code": programme, "field": field}
    rows = rows.filter(**{name: value for name, value in given.items() if value})
    if area:
        rows = rows.filter(Q(area__code=area) | Q(area__code__startswith=f"{area}/"))
    return rows.filter(ended_at__isnull=(state == "open")) if state else rows


def matter_row(matter: Matter) -> dict[str, Any]:
    """A matter."""
    names = ("number", "kind", "title", "field", "amount_won", "filed_at", "ended_at", "ending", "synthetic")
    row = {name: getattr(matter, name) for name in names}
    where = {"process": matter.process.code, "stage": matter.stage.order if matter.stage else None}
    return {**row, **where, "area": matter.area.code if matter.area else None}


def passage_rows(matter: Matter) -> list[dict[str, Any]]:
    """What each stage decided on a matter. One query."""
    names = ("outcome", "passed", "rank", "amount_won", "reason", "entered_at", "at")
    return [
        {**{name: getattr(row, name) for name in names}, "stage": row.stage.order, "kind": row.stage.kind}
        for row in matter.passages.select_related("stage").order_by("at", "pk")
    ]


def amounts(found: ledger.Amounts) -> dict[str, int]:
    """Amounts in won."""
    return {name: getattr(found, name) for name in ("appropriated_won", "obligated_won", "spent_won")}


def line_rows(*, as_of: date, year: int | None = None, programme: str = "") -> Iterator[dict[str, Any]]:
    """The budget lines of a fiscal year (that of `as_of` if not given) as of a day. Two queries."""
    rows = Line.objects.filter(fiscal_year=year or as_of.year).select_related("department", "programme")
    rows = rows.filter(programme__code=programme) if programme else rows
    balances = ledger.balances(as_of=as_of, lines=rows.order_by())
    for line in rows:
        row = {name: getattr(line, name) for name in ("code", "fiscal_year", "name_ko", "name_en")}
        row |= {"department": line.department.code, "programme": line.programme.code if line.programme else None}
        yield row | amounts(balances.get(line.pk, ledger.NOTHING))


def bodies() -> QuerySet[Organisation]:
    """Bodies with how many of their seats are filled now."""
    at = clock.now()
    now = Q(seats__valid_from__lte=at) & (Q(seats__valid_until__isnull=True) | Q(seats__valid_until__gt=at))
    rows = Organisation.objects.filter(kind=Organisation.Kind.BODY)
    return rows.annotate(filled=Count("seats", filter=now)).order_by("code")
