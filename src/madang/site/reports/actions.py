"""Entering observed figures and handing in reports."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from madang.site.city.rows import Both
from madang.site.kit import clock
from madang.site.kit.actor import Actor
from madang.site.kit.verdict import Refused, require
from madang.site.record.journal import action, write
from madang.site.record.models import Book
from madang.site.reports import policy, queries, rewording
from madang.site.reports.freezing import described, fingerprint, packed
from madang.site.reports.models import FrozenReport, Observation, Rewording

BOOK = "reports"


@action
def observe(*, by: Actor, at: datetime, name: str, value: Decimal, as_of: date, source: str) -> Observation:
    """Enter the value of a figure in its unit, with where it is written; from now on it counts.

    A figure that is derived from records cannot be entered by hand. Raises Refused.
    """
    require(policy.may_observe(by, at))
    figure = queries.values(as_of=as_of, at=at).catalogue.figures.get(name)
    if figure is None:
        raise Refused(_('There is no figure "%(name)s".') % {"name": name})
    if figure.query or figure.computed:
        raise Refused(_("This figure is derived from records; correct the records instead."))
    if not source.strip():
        raise Refused(_("Say where the value is written: a document and its page or line."))
    if as_of > clock.day_of(at):
        raise Refused(_("A figure cannot be observed in the future; give today or an earlier day."))
    row = Observation.objects.create(name=name, value=value, as_of=as_of, source=source.strip(), by=by.pseudonym, at=at)
    write(
        book=BOOK,
        verb="figure.observed",
        subject=f"figure:{name}",
        by=by,
        at=at,
        value=str(value),
        as_of=as_of.isoformat(),
        source=row.source,
    )
    return row


@action
def freeze(*, by: Actor, at: datetime, report: str, as_of: date, note: str = "") -> FrozenReport:
    """Hand in a report as of a day: its text in both languages and its figures are kept with their fingerprint.

    Raises Refused for a day to come, an unknown report and a report that was handed in with the same content.
    """
    require(policy.may_freeze(by, at))
    page = queries.report(report, as_of=as_of, at=at)
    composed = {language: page.compose(language) for language in ("ko", "en")}
    shown = list(dict.fromkeys(name for one in composed.values() for name in one.figures))
    documents = {language: packed(one.document) for language, one in composed.items()}
    figures = [described(page.values[name]) for name in shown]
    heads = dict(Book.objects.order_by("code").values_list("code", "head"))
    made = FrozenReport(
        report=report,
        as_of=as_of,
        made_at=at,
        by=by.pseudonym,
        note=note,
        documents=documents,
        figures=figures,
        heads=heads,
    )
    last = FrozenReport.objects.filter(report=report, as_of=as_of).first()
    if last and _said(last.documents, last.figures) == _said(documents, figures):
        raise Refused(_("This very report was handed in already."))
    made.sha256 = fingerprint(made.content)
    made.save()
    write(
        book=BOOK,
        verb="report.frozen",
        subject=f"report:{made.pk}",
        by=by,
        at=at,
        report=report,
        as_of=as_of.isoformat(),
        sha256=made.sha256,
    )
    return made


@action
def reword(
    *, by: Actor, at: datetime, report: str, section: str, place: str, text: Both, since: date, reason: str
) -> Rewording:
    """Put a text of a report in other words, for reports as of `since` and later; figures are inserted by name.

    Each line is a text of its own; without any the text is left out. Raises Refused for a text that is not there, for
    numbers that are typed, for names that are unknown, and where the languages do not insert the same figures.
    """
    require(policy.may_reword(by, at))
    block = queries.text_at(report, section, place)
    wrong = rewording.faults(text, block.text, queries.report(report, as_of=min(since, clock.day_of(at)), at=at))
    if wrong:
        raise Refused(next(iter(wrong.values())))
    if not reason.strip():
        raise Refused(_("Say why the text is changed."))
    row = Rewording.objects.create(
        report=report,
        section=section,
        place=place,
        ko=text.ko.strip(),
        en=text.en.strip(),
        since=since,
        reason=reason.strip(),
        by=by.pseudonym,
        at=at,
    )
    write(
        book=BOOK,
        verb="report.reworded",
        subject=f"rewording:{row.pk}",
        by=by,
        at=at,
        report=report,
        section=section,
        ko=row.ko,
        en=row.en,
        since=since.isoformat(),
        reason=row.reason,
    )
    return row


def _said(documents: Mapping[str, Any], figures: Any) -> str:
    """The fingerprint of what a report says, whenever it was written."""
    texts = {language: {**document, "created_at": None} for language, document in documents.items()}
    return fingerprint({"documents": texts, "figures": figures})
