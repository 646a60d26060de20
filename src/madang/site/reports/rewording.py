"""Texts of a report in officials' words: they stand beside the layout, which stays as the city's folder has it.

Figures are inserted by name, never typed, so that no text can say another number than the records
(`WORKFLOWS.md`, the report to the council).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from madang.site.city.rows import Both
from madang.site.reports.evaluation import Values
from madang.site.reports.layout import Block, Layout
from madang.site.reports.models import Rewording
from madang.site.reports.wording import FORMS, PLACE, Language, Unknown, names_in_text, printed_value

if TYPE_CHECKING:
    from madang.site.reports.compose import Report

# What is no figure although it is written with digits: days, years, months, articles of a law, numbers of times.
_NO_FIGURE = re.compile(
    r"""[\'’]\d\d(?:\.\s?\d{1,2}){0,2}\.?
    | \b(?:19\d\d|20[0-3]\d)(?:년|[.-]\s?\d{1,2}(?:[.-]\s?\d{1,2})?\.?|(?![\d,.]*\d)(?!\s?[가-힣]))
    | \b\d{1,2}\.\d{1,2}\.(?!\d) | ~\s?\d{1,2}(?:\.\d{1,2})?\.(?!\d) | \b\d{1,2}\s?(?:월|일|분기|시)(?!간)
    | 제\s?\d+\s?(?:조|항|호|회|차|기|대) | \b\d+\s?(?:차|기|단계)
    | \b(?:Article|No\.|Nos\.|phase|round)\s?\d+ | \b\d+(?:st|nd|rd|th)\b
    | \b\d{1,2}\s(?:January|February|March|April|May|June|July|August|September|October|November|December)""",
    re.VERBOSE,
)
_NUMBER = re.compile(r"\d[\d,.]*\d|\d")


def reworded(page: Layout, *, as_of: date, at: datetime) -> Layout:
    """The layout with the texts that count for a report as of a day, as they were known at a moment. One query."""
    found = latest(page.code, as_of=as_of, at=at)
    if not found:
        return page
    blocks = [one for block in page.blocks for one in _in_their_words(block, found.get((block.section, block.place)))]
    return replace(page, blocks=tuple(blocks))


def latest(report: str, *, as_of: date, at: datetime) -> dict[tuple[str, str], Rewording]:
    """The rewordings that count, by section and place."""
    rows = Rewording.objects.filter(report=report, since__lte=as_of, at__lte=at).order_by("since", "pk")
    return {(row.section, row.place): row for row in rows}


def _in_their_words(block: Block, row: Rewording | None) -> Iterator[Block]:
    if row is None or not block.place:
        yield block
        return
    yield from as_blocks(block, Both(row.ko, row.en))


def as_blocks(block: Block, text: Both) -> list[Block]:
    """A text of the layout in other words: a block for each line; both languages must have as many (ValueError)."""
    pairs = enumerate(zip(_filled(text.ko), _filled(text.en), strict=True))
    # Only the first stands for the line of the original report.
    return [replace(block, text=Both(*pair), line=None if number else block.line) for number, pair in pairs]


def _filled(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def typed_numbers(text: str, original: str) -> list[str]:
    """Numbers that a text writes out and the city's own text does not; days, years and articles are no figures."""
    known = set(_NUMBER.findall(_without_names(original)))
    return [number for number in _NUMBER.findall(_NO_FIGURE.sub(" ", _without_names(text))) if number not in known]


def _without_names(text: str) -> str:
    return re.sub(r"\{[^{}]*\}|<[^<>]*>", " ", text)


def fitting(number: str, values: Values) -> list[str]:
    """The names of figures that are printed like a number, the first three."""
    return [name for name in values if printed_value(values[name]) == number][:3]


def inserted(text: str, names: Mapping[str, tuple[str, str]]) -> set[str]:
    """The names of the figures that a text inserts."""
    return {name for name in names_in_text(text) if name not in names}


def faults(text: Both, original: Both, page: "Report") -> dict[str, str]:
    """What is wrong with a text in an official's words: a sentence by language ("ko", "en"), none if it may stand."""
    found: dict[str, str] = {}
    sides: tuple[tuple[Language, str, str], ...] = (("ko", text.ko, original.ko), ("en", text.en, original.en))
    for language, said, before in sides:
        sentence = _names_fault(said, language, page) or _typed_fault(said, before, page)
        if sentence:
            found[language] = sentence
    if found:
        return found
    if len(_filled(text.ko)) != len(_filled(text.en)):
        found["en"] = _("Korean and English must have as many lines: each line is a text of its own.")
    elif missing := sorted(inserted(text.ko, page.names) ^ inserted(text.en, page.names)):
        found["en"] = _("Both languages must insert the same figures; only one has: %(names)s.") % {
            "names": ", ".join(missing)
        }
    return found


def _names_fault(text: str, language: Language, page: "Report") -> str:
    if set(PLACE.sub("", text)) & set("{}"):
        return _("A brace stands alone; a figure is inserted as {name} or {name|form}.")
    for match in PLACE.finditer(text):
        if match[2] and match[2] not in FORMS:
            return _('"%(form)s" is no way to print a figure; there are: %(forms)s.') % {
                "form": match[2],
                "forms": ", ".join(sorted(FORMS)),
            }
    try:
        page.wording(language).text(text)
    except Unknown:
        unknown = [name for name in names_in_text(text) if name not in page.names and name not in page.values]
        return _("There is no figure of this name: %(names)s. Look it up in the list of figures.") % {
            "names": ", ".join(unknown)
        }
    except (KeyError, TypeError):
        return _("A figure is printed in a form that is not for it; leave the form out.")
    return ""


def _typed_fault(text: str, original: str, page: "Report") -> str:
    typed = typed_numbers(text, original)
    if not typed:
        return ""
    names = fitting(typed[0], page.values)
    if names:
        return _("%(number)s is typed. Insert the figure instead, as %(names)s.") % {
            "number": typed[0],
            "names": " / ".join(f"{{{name}}}" for name in names),
        }
    return _("%(number)s is typed, and no figure says so. Insert a figure, or enter it first with its source.") % {
        "number": typed[0]
    }
