"""Files of rows, and rows by hand: every wrong one is shown at once; a second person confirms the good ones."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from madang.site.kit import clock
from madang.site.kit.verdict import Refused
from madang.site.kit.web.access import page, roles
from madang.site.kit.web.paging import page_of
from madang.site.ledger import actions, policy
from madang.site.ledger.models import Collection, EntryKind, Upload
from madang.site.ledger.uploads import KINDS, TITLES
from madang.site.ledger.web.forms import KIND_NAMES, AppropriationForm, RevenueForm, UploadForm

SHOWN_ERRORS = 100
LABELS = dict((*EntryKind.choices, *Collection.Kind.choices))


@page(allow=roles("finance"))
def uploads(request: HttpRequest) -> HttpResponse:
    """Read a file in, and the files read so far."""
    form = UploadForm(request.POST or None, request.FILES or None)
    errors: list[str] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = actions.read_upload(
                by=request.actor,  # type: ignore[attr-defined]
                at=clock.now(),
                kind=form.cleaned_data["kind"],
                name=file.name,
                content=file.read(),
            )
        except Refused as refused:
            errors = str(refused).splitlines()
        else:
            messages.success(request, _("Every row is good. Somebody else of finance confirms the file now."))
            return redirect("ledger_desk:upload", made.pk)
    context = {
        "form": form,
        "errors": errors[:SHOWN_ERRORS],
        "more_errors": max(len(errors) - SHOWN_ERRORS, 0),
        "page": page_of(request, Upload.objects.defer("rows")),
        "columns": [
            (KIND_NAMES[kind], [(name, TITLES[name]) for name in required], [(name, TITLES[name]) for name in optional])
            for kind, (required, optional) in KINDS.items()
        ],
        "kinds": [(KIND_NAMES["entries"], EntryKind.choices), (KIND_NAMES["collections"], Collection.Kind.choices)],
    }
    return render(request, "ledger/desk/uploads.html", context)


@page(allow=roles("finance"))
def appropriation(request: HttpRequest) -> HttpResponse:
    """Enter an appropriation or a transfer by hand."""
    form = AppropriationForm(request.POST or None, initial={"on": clock.day_of(clock.now())})
    return _enter(request, form, "entries", _("Enter an appropriation"))


@page(allow=roles("finance"))
def revenue(request: HttpRequest) -> HttpResponse:
    """Enter revenue that was assessed or came in by hand."""
    form = RevenueForm(request.POST or None, initial={"on": clock.day_of(clock.now())})
    return _enter(request, form, "collections", _("Enter revenue"))


def _enter(request: HttpRequest, form: AppropriationForm | RevenueForm, kind: str, title: str) -> HttpResponse:
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        name = _("By hand: %(what)s") % {"what": form.cleaned_data["note"]}
        try:
            made = actions.enter(by=by, at=at, kind=kind, name=name, rows=form.rows())
        except Refused as refused:
            for sentence in str(refused).splitlines():
                form.add_error(None, sentence)
        else:
            messages.success(request, _("Entered; somebody else of finance confirms it now."))
            return redirect("ledger_desk:upload", made.pk)
    return render(request, "ledger/desk/enter.html", {"form": form, "title": title})


@page(allow=roles("finance"))
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take rows back that nobody has confirmed yet."""
    actions.drop_upload(by=request.actor, at=clock.now(), upload=get_object_or_404(Upload, pk=pk))  # type: ignore[attr-defined]
    messages.success(request, _("Taken back; nothing was written."))
    return redirect("ledger_desk:upload", pk)


def _cell(column: str, row: dict[str, Any]) -> Any:
    value = row.get(column, "")
    if column == "amount_won":
        return f"{value:,}"
    return LABELS.get(value, value) if column == "kind" else value


@page(allow=roles("finance"))
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """What a file would write, and the confirmation."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    found = get_object_or_404(Upload, pk=pk)
    if request.method == "POST":
        written = actions.post_upload(by=by, at=at, upload=found)
        messages.success(request, _("%(rows)s rows are written.") % {"rows": written})
        return redirect("ledger_desk:upload", pk)
    # Not in the order of the stored rows: PostgreSQL keeps the keys of JSON in one of its own.
    columns = [column for column in TITLES if column in found.rows[0]]
    shown = page_of(
        request, [(row["row"], [(TITLES[column], _cell(column, row)) for column in columns]) for row in found.rows]
    )
    context = {
        "upload": found,
        "columns": [TITLES[column] for column in columns],
        "page": shown,
        "total": len(found.rows),
        "may_post": policy.may_post_upload(by, found, at),
        "may_drop": policy.may_drop_upload(by, found, at),
    }
    return render(request, "ledger/desk/upload.html", context)
