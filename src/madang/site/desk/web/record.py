"""The public record: books, events, seals, and the file with which a stranger checks them."""

from tempfile import TemporaryFile

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from madang.site.desk.web.tables import BOOKS, EVENTS
from madang.site.kit import clock
from madang.site.kit.web.access import anyone, page
from madang.site.record.models import Book, Seal
from madang.site.record.queries import export
from madang.site.record.web.tables import table_answer


@page(allow=anyone)
@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """The books, the latest seals, and how to check them."""
    table = BOOKS.read(request, Book.objects.order_by("code"))
    seals = list(Seal.objects.order_by("-number")[:10])
    return table_answer(request, table, "desk/record.html", {"seals": seals})


@page(allow=anyone)
@require_safe
def book(request: HttpRequest, code: str) -> HttpResponse:
    """The events of a book, the latest first."""
    shown = get_object_or_404(Book, code=code)
    table = EVENTS.read(request, shown.events.order_by("-number"))
    return table_answer(request, table, "desk/book.html", {"book": shown})


@page(allow=anyone)
@require_safe
def chain(request: HttpRequest) -> HttpResponse:
    """The chain as a file: all books, or one (`?book=`). Written to disk first, so its size does not matter."""
    code = request.GET.get("book")
    if code is not None:
        get_object_or_404(Book, code=code)
    stream = TemporaryFile()  # noqa: SIM115 - the response closes it
    export(stream=stream, city=settings.CITY_FOLDER.name, at=clock.now(), book=code)
    stream.seek(0)
    name = f"{code.replace('/', '-')}.chain.jsonl" if code else "madang.chain.jsonl"
    return FileResponse(stream, as_attachment=True, filename=name, content_type="application/x-ndjson")
