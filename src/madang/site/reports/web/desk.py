"""The desk of those who write reports: contradictions, files, handing in, figures without records."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from madang.site.kit import clock
from madang.site.kit.language import pick
from madang.site.kit.verdict import Refused
from madang.site.kit.web.access import page, roles
from madang.site.reports import actions, kept, policy, queries
from madang.site.reports.compare import side
from madang.site.reports.compose import figure_path, share
from madang.site.reports.policy import OFFICIALS
from madang.site.reports.web.forms import FreezeForm, ObservationForm, asked_day
from madang.site.reports.web.public import SIGNS, download, language, titles
from madang.site.reports.writing import FORMATS, written


@page(allow=roles(*OFFICIALS))
def reports(request: HttpRequest) -> HttpResponse:
    """The reports of the city as of a day, with the contradictions that are left, and what can be entered."""
    return _desk(request, request.POST or None)


def _desk(
    request: HttpRequest, sent: QueryDict | None, handing_in: dict[str, FreezeForm] | None = None
) -> HttpResponse:
    form, as_of = asked_day(request)
    at = clock.now()
    actor = request.actor  # type: ignore[attr-defined]
    found = kept.figures(as_of=as_of, at=at)
    names = [
        (value.figure.name, f"{value.figure.programme or ''} {pick(value.figure.ko, value.figure.en)}".strip())
        for value in found
        if not (value.figure.query or value.figure.computed)
    ]
    entered = ObservationForm(sent, names=names, initial={"as_of": as_of.isoformat()}, auto_id="entered_%s")
    if entered.is_bound and entered.is_valid():
        try:
            actions.observe(by=actor, at=at, **entered.cleaned_data)
        except Refused as refused:
            entered.add_error(None, str(refused))
        else:
            messages.success(request, _("The figure was entered."))
            return redirect("reports_desk:desk")
    checked = kept.contradictions(as_of=as_of, at=at, language=language())
    context = {
        "form": form,
        "as_of": as_of,
        "titles": [(code, title, (handing_in or {}).get(code) or _freezing(code, as_of)) for code, title in titles()],
        "formats": FORMATS,
        "share": share(found),
        "relations": len(checked.findings),
        "contradictions": [
            {
                "text": pick(finding.relation.text_ko, finding.relation.text_en),
                "left": side(finding.left),
                "operator": SIGNS[finding.relation.operator],
                "right": side(finding.right),
                "sentence": finding.sentence,
            }
            for finding in checked.contradictions
        ],
        "entered": entered,
        "may_observe": policy.may_observe(actor, at),
        "may_freeze": policy.may_freeze(actor, at),
    }
    return render(request, "reports/desk/reports.html", context)


def _freezing(code: str, as_of: date) -> FreezeForm:
    """The form that hands a report in; each report's has ids of its own."""
    return FreezeForm(initial={"as_of": as_of.isoformat()}, auto_id=f"freeze-{code}_%s")


@page(allow=roles(*OFFICIALS))
@require_POST
def freeze(request: HttpRequest, code: str) -> HttpResponse:
    """Hand a report in."""
    if code not in queries.codes():
        raise Http404
    form, actor = FreezeForm(request.POST, auto_id=f"freeze-{code}_%s"), request.actor  # type: ignore[attr-defined]
    if form.is_valid():
        try:
            frozen = actions.freeze(by=actor, at=clock.now(), report=code, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The report was handed in."))
            return redirect("reports:frozen", frozen.pk)
    return _desk(request, None, {code: form})


@page(allow=roles(*OFFICIALS))
def report_file(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """A report as it stands, as a file."""
    if code not in queries.codes() or form not in FORMATS:
        raise Http404
    _form, as_of = asked_day(request)
    document = queries.report(code, as_of=as_of, at=clock.now()).compose(language()).document
    site = request.build_absolute_uri("/").rstrip("/")
    content = written(document, form, link=lambda name: site + figure_path(name, as_of))
    return download(content, form, f"{code}-{as_of}-{language()}.{form}")
