"""The desk's page of rehearsals: hold a small one, look at those that were held."""

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from madang.site.kit import clock
from madang.site.kit.verdict import Refused
from madang.site.kit.web.access import page
from madang.site.votes.board import rehearsal
from madang.site.votes.web.ceremony import encrypted_stage
from madang.site.votes.web.desk import OFFICE


class RehearsalForm(forms.Form):
    """How many synthetic voters take part."""

    voters = forms.IntegerField(
        label=gettext_lazy("Synthetic voters"), min_value=1, max_value=rehearsal.MOST_IN_A_REQUEST, initial=50
    )


@page(allow=OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def rehearsal_desk(request: HttpRequest, pk: int) -> HttpResponse:
    """The rehearsals of a vote; a POST holds one that takes seconds."""
    stage = encrypted_stage(request, pk)
    form = RehearsalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            held = rehearsal.rehearse(
                by=request.actor,  # type: ignore[attr-defined]
                at=clock.now(),
                stage=stage,
                voters=form.cleaned_data["voters"],
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The rehearsal is over, and verified; it took %(s)s s.") % {"s": held.seconds})
            return redirect("votes_desk:rehearsal", pk)
    context = {"stage": stage, "form": form, "held": rehearsal.rehearsals(stage)[:10]}
    return render(request, "votes/board/rehearsal.html", context)


@page(allow=OFFICE)
@require_safe
def archive(request: HttpRequest, pk: int, uuid: str) -> FileResponse:
    """The archive of a rehearsal."""
    file = rehearsal.archive_of(encrypted_stage(request, pk), uuid)
    if file is None:
        raise Http404
    return FileResponse(file.open("rb"), as_attachment=True, filename=f"rehearsal-{file.name}")
