"""How numbers, amounts and days are printed; the only place that knows △ and 억."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from madang.figures.amounts import rounded

_DIGITS = "영일이삼사오육칠팔구"
_SMALL = ("", "십", "백", "천")
_LARGE = ("", "만", "억", "조", "경", "해")
_WEEKDAYS_KO = "월화수목금토일"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_ENGLISH_STEPS = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))


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


def short_won(won: int, language: Literal["ko", "en"]) -> str:
    """An amount for a headline: `1억 2,345만원`, `KRW 123.45 million`.

    Korean keeps the two largest of 조, 억 and 만 and rounds the rest half up; below 10,000 won nothing is
    left out. English keeps two decimals. Raises ValueError for another language.
    """
    if language not in ("ko", "en"):
        raise ValueError(f"{language!r} is not a language of this house; use 'ko' or 'en'.")
    return _short_ko(won) if language == "ko" else _short_en(won)


def _short_ko(won: int) -> str:
    sign, amount = "△" if won < 0 else "", abs(won)
    if amount < 10_000:
        return f"{sign}{amount:,}원"
    man = (amount + 5_000) // 10_000
    if man < 10**8:
        parts = [(man // 10_000, "억"), (man % 10_000, "만")]
    else:
        eok = (amount + 50_000_000) // 10**8
        parts = [(eok // 10_000, "조"), (eok % 10_000, "억")]
    return f"{sign}{' '.join(f'{count:,}{name}' for count, name in parts if count)}원"


def _short_en(won: int) -> str:
    sign, amount = "-" if won < 0 else "", abs(won)
    for step, (size, name) in enumerate(_ENGLISH_STEPS):
        value = rounded(Fraction(amount, size), places=2)
        if value < 1:
            continue
        if value >= 1_000 and step:
            size, name = _ENGLISH_STEPS[step - 1]
            value = rounded(Fraction(amount, size), places=2)
        return f"KRW {sign}{f'{value:,}'.rstrip('0').rstrip('.')} {name}"
    return f"KRW {sign}{amount:,}"


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
