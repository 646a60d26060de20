"""How numbers, amounts and days are printed; the only place that knows △ and 억."""

from datetime import date, datetime
from decimal import Decimal

_DIGITS = "영일이삼사오육칠팔구"
_SMALL = ("", "십", "백", "천")
_LARGE = ("", "만", "억", "조", "경", "해")
_WEEKDAYS_KO = "월화수목금토일"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def printed(value: int | Decimal, *, dash_for_zero: bool = False) -> str:
    """A number with thousands separators and △ for minus: `△1,234.5`; with `dash_for_zero` a zero is `-`."""
    if value == 0 and dash_for_zero:
        return "-"
    return f"{'△' if value < 0 else ''}{value.copy_abs() if isinstance(value, Decimal) else abs(value):,}"


def printed_rate(rate: Decimal | None) -> str:
    """A rate as printed in a report: `62.9%`, `△3.2%`, and `-` where there is none."""
    return "-" if rate is None else f"{printed(rate)}%"


def won_in_words_ko(won: int) -> str:
    """An amount as it is written out in agreements: 123,456 is `일금 일십이만삼천사백오십육원정`.

    The leading 일 is written (일십, 일백, 일만), so that no digit can be put before it.
    Raises ValueError for a negative amount and for 10^24 won and more.
    """
    if not 0 <= won < 10**24:
        raise ValueError(f"{won} won cannot be written out; only amounts from 0 to below 10^24 won are.")
    return f"일금 {_in_words(won) or '영'}원정"


def _in_words(won: int) -> str:
    parts = []
    for group, large in enumerate(_LARGE):
        four = won // 10_000**group % 10_000
        words = ""
        for place, small in enumerate(_SMALL):
            digit = four // 10**place % 10
            words = (_DIGITS[digit] + small if digit else "") + words
        parts.append(words + large if words else "")
    return "".join(reversed(parts))


def won_ko(won: int) -> str:
    """An amount as it is read, with nothing left out: 29,745,300,000 is `297억 4,530만원`."""
    sign, rest, parts = "△" if won < 0 else "", abs(won), []
    for size, name in ((10**12, "조"), (10**8, "억"), (10**4, "만"), (1, "")):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count:,}{name}")
    return f"{sign}{' '.join(parts) or '0'}원"


def day_ko(day: date) -> str:
    """A day as Korean offices print it: `2021. 8. 28.(토)`. Raises TypeError for a datetime."""
    _require_day(day)
    return f"{day.year}. {day.month}. {day.day}.({_WEEKDAYS_KO[day.weekday()]})"


def day_en(day: date) -> str:
    """A day in English: `28 August 2021 (Sat)`. Raises TypeError for a datetime."""
    _require_day(day)
    return f"{day.day} {_MONTHS_EN[day.month - 1]} {day.year} ({_WEEKDAYS_EN[day.weekday()]})"


def _require_day(day: date) -> None:
    if isinstance(day, datetime):
        raise TypeError(f"{day!r} is a moment; take its day in the city's time zone and print that.")
