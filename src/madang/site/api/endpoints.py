"""The public, read-only API: the queries of the pages as JSON, and open data as CSV."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from ninja import NinjaAPI, Query

from madang.documents.csv import safe
from madang.site.api import problems, reading, schemas
from madang.site.desk.queries import public_matters
from madang.site.kit import clock
from madang.site.ledger import queries as ledger
from madang.site.record.models import Book
from madang.site.reports import kept

Cursor = Annotated[str | None, Query(description="`following` of the page before")]
Limit = Annotated[int, Query(ge=1, le=200)]
AsOf = Annotated[date | None, Query(description="as of the end of this day; today if left out")]
Year = Annotated[int | None, Query(ge=1900, le=9999)]
State = Literal["", "open", "ended"]

api = NinjaAPI(
    title="Madang",
    version="1",
    description="What the city does with its citizens, as data. Read only; no account is needed.",
    docs_url=None,
    urls_namespace="api",
)
problems.handle(api)


@api.get("/processes", response=schemas.Processes, summary="Processes, latest first")
def processes(
    request: HttpRequest, programme: str = "", year: Year = None, cursor: Cursor = None, limit: Limit = 50
) -> Any:
    """Processes, of a programme and a year if given."""
    rows, following = reading.paged(reading.processes(programme=programme, year=year), cursor, limit)
    return {"rows": [reading.process_row(row) for row in rows], "following": following}


@api.get("/processes/{path:code}", response=schemas.ProcessDetail, summary="A process with its stages")
def process(request: HttpRequest, code: str) -> Any:
    """A process with its stages."""
    found = get_object_or_404(reading.processes(), code=code)
    return {**reading.process_row(found), "stages": reading.stage_rows(found)}


@api.get("/matters", response=schemas.Matters, summary="Matters, latest first")
def matters(
    request: HttpRequest,
    process: str = "",
    programme: str = "",
    area: str = "",
    field: str = "",
    state: State = "",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Any:
    """Matters, filtered; an area holds for its parts too."""
    wanted = reading.matters(process=process, programme=programme, area=area, field=field, state=state)
    rows, following = reading.paged(wanted, cursor, limit)
    return {"rows": [reading.matter_row(row) for row in rows], "following": following}


@api.get("/matters/{number}", response=schemas.MatterDetail, summary="What became of a matter")
def matter(request: HttpRequest, number: str) -> Any:
    """A matter with what each stage decided, and its money."""
    found = get_object_or_404(public_matters().select_related("process", "stage", "area"), number=number)
    money = ledger.amounts_of([found.pk]).get(found.pk, ledger.NOTHING)
    return {
        **reading.matter_row(found),
        "passages": reading.passage_rows(found),
        "money": reading.amounts(money),
    }


@api.get("/bodies", response=list[schemas.BodyOut], summary="Councils, assemblies and committees")
def bodies(request: HttpRequest) -> Any:
    """Bodies with how many of their seats are filled; who sits there is not told."""
    return [
        {"code": row.code, "name_ko": row.name_ko, "name_en": row.name_en, "seats": row.filled}  # type: ignore[attr-defined]
        for row in reading.bodies()
    ]


@api.get("/lines", response=schemas.Lines, summary="Budget lines as of a day")
def lines(request: HttpRequest, as_of: AsOf = None, year: Year = None, programme: str = "") -> Any:
    """The budget lines of a fiscal year with what was appropriated, obligated and spent."""
    day = reading.day(as_of)
    return {"as_of": day, "rows": list(reading.line_rows(as_of=day, year=year, programme=programme))}


@api.get("/figures", response=schemas.Figures, summary="Figures as of a day")
def figures(request: HttpRequest, as_of: AsOf = None) -> Any:
    """Every figure with its value, unit and where it comes from."""
    day = reading.day(as_of)
    return {"as_of": day, "figures": kept.listed(as_of=day, at=clock.now())}


@api.get("/books/{path:code}", response=schemas.Events, summary="The events of a book, oldest first")
def events(request: HttpRequest, code: str, cursor: Cursor = None, limit: Limit = 100) -> Any:
    """The events of a book with their hashes, as the chain holds them."""
    book = get_object_or_404(Book, code=code)
    rows, following = reading.paged(book.events.all(), cursor, limit, key="number")
    names = ("number", "at", "verb", "actor", "subject", "data", "previous", "hash")
    found = [{"book": book.code, **{name: getattr(row, name) for name in names}} for row in rows]
    return {"rows": found, "following": following}


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        """The text itself."""
        return text


def _csv(name: str, columns: list[str], rows: Iterable[dict[str, Any]]) -> StreamingHttpResponse:
    """A CSV file, written while it is sent: UTF-8 with a byte order mark, texts safe for spreadsheets."""

    def written() -> Iterator[str]:
        writer = csv.writer(_Echo(), lineterminator="\r\n")
        yield "\ufeff" + writer.writerow(columns)
        for row in rows:
            values = (row.get(column) for column in columns)
            yield writer.writerow([safe(value) if isinstance(value, str) else value for value in values])

    return StreamingHttpResponse(
        (text.encode() for text in written()),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


CSV = {"responses": {200: {"description": "CSV, UTF-8", "content": {"text/csv": {"schema": {"type": "string"}}}}}}


@api.get("/data/matters.csv", openapi_extra=CSV, summary="All matters as open data")
def matters_csv(request: HttpRequest, process: str = "", programme: str = "", state: State = "") -> Any:
    """Matters as a file, the first filed on top."""
    rows = reading.matters(process=process, programme=programme, state=state).order_by("pk")
    found = (reading.matter_row(row) for row in rows.iterator(chunk_size=2000))
    return _csv("matters", list(schemas.MatterOut.model_fields), found)


@api.get("/data/lines.csv", openapi_extra=CSV, summary="Budget lines as open data")
def lines_csv(request: HttpRequest, as_of: AsOf = None, year: Year = None) -> Any:
    """Budget lines as of a day as a file."""
    found = reading.line_rows(as_of=reading.day(as_of), year=year)
    return _csv("lines", [*list(schemas.LineOut.model_fields)[3:], *schemas.AmountsOut.model_fields], found)


@api.get("/data/figures.csv", openapi_extra=CSV, summary="Figures as open data")
def figures_csv(request: HttpRequest, as_of: AsOf = None) -> Any:
    """Figures as of a day as a file."""
    columns = ["name", "value", "unit", "kind", "programme", "as_of", "label_ko", "label_en", "metric", "won"]
    return _csv("figures", columns, kept.listed(as_of=reading.day(as_of), at=clock.now()))
