"""The texts of a report at the desk: read by section, worded anew with figures that are inserted, never typed."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from madang.documents.html import body_html
from madang.site.city.rows import Both
from madang.site.kit import clock
from madang.site.kit.language import pick
from madang.site.kit.verdict import Refused
from madang.site.kit.web.access import page, roles
from madang.site.reports import actions, kept, policy, queries, rewording
from madang.site.reports.compose import Report, figure_path
from madang.site.reports.layout import Block
from madang.site.reports.policy import OFFICIALS
from madang.site.reports.web.forms import RewordingForm, asked_day
from madang.site.reports.web.public import language, titles, unit
from madang.site.reports.wording import Language, names_in_text, printed_value


@dataclass(frozen=True)
class Line:
    """A text of a section as it reads now, and whether an official worded it."""

    block: Block
    reads: str
    reworded: bool


@page(allow=roles(*OFFICIALS))
def texts(request: HttpRequest, code: str) -> HttpResponse:
    """The texts of one section of a report, as they read on a day."""
    if code not in queries.codes():
        raise Http404
    form, as_of = asked_day(request)
    sections = queries.sections(code)
    section = request.GET.get("section", "")
    section = section if section in sections else next(iter(sections), "")
    try:
        report = kept.page(code, as_of=as_of, at=clock.now())
    except Refused as refused:
        return render(request, "reports/desk/texts.html", {"code": code, "form": form, "refused": str(refused)})
    known = rewording.latest(code, as_of=as_of, at=clock.now())
    gone = [row for key, row in known.items() if key not in {(one.section, one.place) for one in _all(sections)}]
    context = {
        "code": code,
        "title": dict(titles())[code],
        "form": form,
        "as_of": as_of,
        "sections": list(sections),
        "section": section,
        "lines": [_line(block, known, report) for block in sections.get(section, ()) if block.place],
        "gone": gone,
    }
    return render(request, "reports/desk/texts.html", context)


def _all(sections: dict[str, list[Block]]) -> list[Block]:
    return [block for blocks in sections.values() for block in blocks]


def _line(block: Block, known: dict, report: Report) -> Line:
    said = [one for one in report.layout.blocks if (one.section, one.place) == (block.section, block.place)]
    reads = " / ".join(_plain(report, one, language()) for one in said)
    return Line(block, reads, (block.section, block.place) in known)


def _plain(report: Report, block: Block, said_in: Language) -> str:
    return report.wording(said_in).text(block.text.en if said_in == "en" else block.text.ko)


@page(allow=roles(*OFFICIALS))
def text(request: HttpRequest, code: str, section: str, place: str) -> HttpResponse:
    """One text: its words, a preview in both languages, the figures to insert, and how it was worded before."""
    at, (_form, as_of) = clock.now(), asked_day(request)
    try:
        block = queries.text_at(code, section, place)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("reports_desk:desk")
    report = kept.page(code, as_of=as_of, at=at)
    row = rewording.latest(code, as_of=as_of, at=at).get((section, place))
    now = Both(row.ko, row.en) if row else block.text
    form = RewordingForm(request.POST or None, initial={"ko": now.ko, "en": now.en, "since": as_of.isoformat()})
    preview: dict[str, SafeString] = {}
    if form.is_bound and form.is_valid():
        answer, preview = _answered(request, form, block, report, code)
        if answer:
            return answer
    context = {
        "code": code,
        "section": section,
        "as_of": as_of,
        "original": block.text,
        "form": form,
        "preview": preview,
        "row": row,
        "history": queries.rewordings(code, section, place),
        "figures": _figures(section, report),
        "may_reword": policy.may_reword(request.actor, at),  # type: ignore[attr-defined]
    }
    return render(request, "reports/desk/text.html", context)


def _answered(
    request: HttpRequest, form: RewordingForm, block: Block, report: Report, code: str
) -> tuple[HttpResponse | None, dict[str, SafeString]]:
    """Save and go on, or show the text as it would read; what is wrong is said beside its field."""
    then, said = request.POST.get("then", "preview"), form.cleaned_data
    wanted = block.text if then == "restore" else Both(said["ko"], said["en"])
    wrong = {} if then == "restore" else rewording.faults(wanted, block.text, report)
    for field, sentence in wrong.items():
        form.add_error(field, sentence)
    if wrong:
        return None, {}
    if then == "preview":
        return None, _preview(block, wanted, report)
    try:
        actions.reword(
            by=request.actor,  # type: ignore[attr-defined]
            at=clock.now(),
            report=code,
            section=block.section,
            place=block.place,
            text=wanted,
            since=said["since"],
            reason=said["reason"],
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return None, {}
    messages.success(request, _("The text was saved."))
    return redirect(f"{reverse('reports_desk:texts', args=[code])}?section={block.section}"), {}


def _preview(block: Block, wanted: Both, report: Report) -> dict[str, SafeString]:
    blocks = rewording.as_blocks(block, wanted)
    return {
        said_in: mark_safe(  # noqa: S308 - the writer escapes every text itself
            body_html(report.excerpt(blocks, said_in), link=lambda name: figure_path(name, report.values.as_of))
        )
        for said_in in ("ko", "en")
        if blocks
    }


def _figures(section: str, report: Report) -> Sequence[tuple[str, str, str]]:
    """What can be inserted: the figures of the programme and those that the section names, with label and value."""
    named = {
        name
        for block in report.layout.blocks
        if block.section == section
        for name in (*names_in_text(block.text.ko), *names_in_text(block.text.en))
    }
    found = [value for name, value in report.values.items() if name in named or value.figure.programme == section]
    return [
        (
            value.figure.name,
            pick(value.figure.ko, value.figure.en),
            f"{printed_value(value)} {unit(report.values, value)}",
        )
        for value in found
    ]
