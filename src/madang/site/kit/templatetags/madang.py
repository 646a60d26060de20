"""Filters and tags of all templates: money, days, people's words. Built in, so templates need no {% load %}."""

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import nh3
from django import template
from django.conf import settings
from django.template import Context
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from madang.site.kit import clock
from madang.site.kit.area_map import AreaMap, drawn
from madang.site.kit.flows import Drawing, Row
from madang.site.kit.flows import drawn as drawn_flows
from madang.site.kit.language import pick
from madang.site.kit.words import words_of

register = template.Library()
WEEKDAYS = ("월", "화", "수", "목", "금", "토", "일")
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
_ALLOWED = {"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "code", "pre", "a", "h3", "h4", "h5", "hr"} | {
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}


def _english() -> bool:
    return (get_language() or "ko").startswith("en")


@register.filter
def won(amount: int | None) -> str:
    """An amount exactly: "1,234,000원"; nothing for None."""
    if amount is None:
        return ""
    return f"{printed(amount)} won" if _english() else f"{printed(amount)}원"


@register.filter
def short_won(amount: int | None) -> str:
    """An amount as it is said: "3억 5,000만원", "350 million won"; below 10,000 won exactly.

    Rounds half up at ten thousand won (Korean) and at a hundred thousand won (English).
    """
    if amount is None:
        return ""
    size, sign = abs(amount), "△" if amount < 0 else ""
    if size < 10_000:
        return won(amount)
    if _english():
        return f"{sign}{_short_english(size)} won"
    man = (size + 5_000) // 10_000
    eok, man = divmod(man, 10_000)
    words = [f"{eok:,}억"] if eok else []
    words += [f"{man:,}만"] if man else []
    return f"{sign}{' '.join(words)}원"


def _short_english(size: int) -> str:
    for unit, word in ((1_000_000_000, "billion"), (1_000_000, "million")):
        if size >= unit:
            tenths = (size * 10 + unit // 2) // unit
            whole, rest = divmod(tenths, 10)
            return f"{whole:,}.{rest} {word}" if rest else f"{whole:,} {word}"
    return f"{size:,}"


@register.filter
def is_exact(amount: int) -> bool:
    """Whether the short form leaves nothing out: below ten thousand won."""
    return abs(amount) < 10_000


@register.simple_tag(takes_context=True)
def next_id(context: Context) -> int:
    """A number that nothing else on the page has yet, for ids of components."""
    request = context.get("request")
    number = getattr(request, "ids_given", 0) + 1
    if request is not None:
        request.ids_given = number
    return number


@register.filter
def printed(number: int | None) -> str:
    """A whole number with thousands and △ for minus, as Korean budgets print it."""
    if number is None:
        return "-"
    return f"△{-number:,}" if number < 0 else f"{number:,}"


@register.filter
def day(value: date | datetime | None, language: str = "") -> str:
    """A day with its weekday: "2021. 3. 5.(금)", "Fri 5 Mar 2021"; a moment gives its day in the city.

    In the reader's language, or in the one that is named.
    """
    if not value:
        return ""
    shown = clock.day_of(value) if isinstance(value, datetime) else value
    if language == "en" or (not language and _english()):
        return f"{WEEKDAYS_EN[shown.weekday()]} {shown.day} {MONTHS[shown.month - 1]} {shown.year}"
    return f"{shown.year}. {shown.month}. {shown.day}.({WEEKDAYS[shown.weekday()]})"


@register.filter
def moment(value: datetime | None) -> str:
    """A moment in the city's time: "2021. 3. 5.(금) 14:05"."""
    if not value:
        return ""
    return f"{day(value)} {value.astimezone(clock.zone()):%H:%M}"


@register.filter
def machine_time(value: date | datetime | None) -> str:
    """The value of a <time datetime> attribute."""
    if not value:
        return ""
    return value.astimezone(clock.zone()).isoformat(timespec="minutes") if isinstance(value, datetime) else f"{value}"


@register.filter
def dday(value: date | datetime | None, today: date) -> str:
    """Days to go: "D-3" before, "D-Day" on the day, "D+2" after."""
    if not value:
        return ""
    until = clock.day_of(value) if isinstance(value, datetime) else value
    left = (until - today).days
    return "D-Day" if left == 0 else f"D-{left}" if left > 0 else f"D+{-left}"


@register.filter
def dday_kind(value: date | datetime | None, today: date) -> str:
    """How a badge with days to go looks: "bad" when the day is over, "warn" within three days, else "dday"."""
    text = dday(value, today)
    if text.startswith("D+"):
        return "bad"
    return "warn" if text in ("D-Day", "D-1", "D-2", "D-3") else "dday"


@register.filter
def named(thing: Any, prefix: str = "name") -> str:
    """The name of something that carries `<prefix>_ko` and `<prefix>_en`, in the reader's language."""
    if isinstance(thing, dict):
        key = f"{prefix}_" if f"{prefix}_ko" in thing else ""
        return pick(thing.get(f"{key}ko", ""), thing.get(f"{key}en", ""))
    # A name that a query found nothing for is None.
    return pick(getattr(thing, f"{prefix}_ko", "") or "", getattr(thing, f"{prefix}_en", "") or "")


@register.filter
def markdown(text: str | None) -> SafeString:
    """What people write, as safe HTML: no scripts, no images, no HTML of their own; links say nofollow."""
    html = _markdown.render("" if text is None else str(text))
    clean = nh3.clean(html, tags=_ALLOWED, attributes={"a": {"href"}}, link_rel="nofollow noopener ugc")
    return mark_safe(clean)  # noqa: S308 - cleaned one line above


@register.filter
def percent(part: int, whole: int) -> str:
    """A share with one decimal, half up: "12.3%"; "-" of nothing."""
    if not whole:
        return "-"
    tenths = (part * 2000 + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}%"


@register.filter
def share(part: Fraction | float | None) -> str:
    """A share of one with one decimal, half up: "12.3%"; "-" of nothing."""
    exact = None if part is None else Fraction(part)
    return "-" if exact is None else percent(exact.numerator, exact.denominator)


@register.filter
def stage_state(state: str) -> str:
    """The state of a stage in words."""
    return {"planned": _("planned"), "waiting": _("not yet open"), "open": _("open now"), "closed": _("closed")}[state]


@register.filter
def words(verb: str) -> str:
    """What a verb of the record means, in the reader's language."""
    return words_of(verb)


@register.filter
def file_size(size: int) -> str:
    """A size in bytes, rounded up to whole kB, or MB with one decimal."""
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{-(-size // 1000)} kB"


@register.simple_tag
def bars(rows: Sequence[tuple[Any, int]], width: int = 280) -> dict[str, Any]:
    """A bar chart's geometry, in units of the drawing: its height, and the bars with label, value, length and y."""
    top = max((value for _label, value in rows), default=0) or 1
    drawn = [
        {"label": label, "value": value, "length": max(value * width // top, 1 if value else 0), "y": number * 48}
        for number, (label, value) in enumerate(rows)
    ]
    return {"bars": drawn, "height": 48 * len(drawn)}


@register.simple_tag
def flows(rows: Sequence[Row]) -> Drawing:
    """The drawing of flows for rows (source, target, amount, whether it stands out)."""
    return drawn_flows(rows)


@register.simple_tag
def area_map(rows: Sequence[tuple[str, str, int, str]]) -> AreaMap | None:
    """The map of the city's areas for rows (code, name, count, address); None where the city brings no map."""
    return drawn(str(settings.CITY_FOLDER), rows)
