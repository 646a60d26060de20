"""The list of all matters, as a page and as open data."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from madang.site.docket import queries
from madang.site.docket.models import Attachment, Search
from madang.site.docket.searches import forget_search as forget
from madang.site.docket.searches import save_search as save
from madang.site.docket.web.listing import FilterForm, listing, spoken
from madang.site.kit import clock
from madang.site.kit.web.access import anyone, page, signed_in
from madang.site.kit.web.paging import page_of
from madang.site.kit.web.tables import MOST, file_answer


@page(allow=anyone)
@require_safe
def matters(request: HttpRequest) -> HttpResponse:
    """All matters that anybody may read: filtered, counted, 25 on a page."""
    return render(request, "docket/matters.html", listing(request))


@page(allow=anyone)
@require_safe
def matters_file(request: HttpRequest, kind: str) -> HttpResponse | StreamingHttpResponse:
    """The list as CSV, row by row, or as a spreadsheet."""
    rows = queries.listed(**FilterForm(request.GET).wanted())[:MOST]
    lines = (list(queries.row_of(row).values()) for row in rows.iterator(chunk_size=1000))
    return file_answer("matters", "matters", queries.COLUMNS, lines, kind)


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


@page(allow=signed_in)
@require_POST
def save_search(request: HttpRequest) -> HttpResponse:
    """Save a list, to hear of every new matter in it."""
    form = FilterForm(request.POST)
    save(by=request.actor, at=clock.now(), wanted=form.wanted(), name=spoken(form))
    messages.success(request, _("Saved. You are told of every new matter in this list; see My page."))
    return redirect(f"{reverse('docket:matters')}?{urlencode(form.wanted())}")


@page(allow=signed_in)
@require_POST
def forget_search(request: HttpRequest, pk: int) -> HttpResponse:
    """Hear no more of a list."""
    forget(by=request.actor, at=clock.now(), search=get_object_or_404(Search, pk=pk))
    messages.success(request, _("You hear no more of this list."))
    return redirect("desk:mine")
