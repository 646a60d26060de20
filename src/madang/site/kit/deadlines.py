"""The deadline clock: working days of the city's calendar, with pauses in which the clock stands still.

The first day is not counted (Civil Act of Korea, article 157); Saturdays, Sundays and public holidays
with their substitutes are not working days (STACK section 8, "Proposals").
"""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

import holidays
from django.conf import settings

Pauses = Sequence[tuple[date, date]]
_ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=8)
def _calendar(country: str) -> holidays.HolidayBase:
    return holidays.country_holidays(country)


def is_working_day(day: date, *, country: str | None = None) -> bool:
    """Whether offices work on that day; `country` is a code such as "KR", the deployment's by default."""
    return day.weekday() < 5 and day not in _calendar(country or getattr(settings, "HOLIDAYS_COUNTRY", "KR"))


def working_days(*, after: date, until: date, country: str | None = None) -> int:
    """The number of working days after `after`, up to and with `until`; 0 if `until` is not later."""
    span = range(1, (until - after).days + 1)
    return sum(is_working_day(after + timedelta(days=number), country=country) for number in span)


def due_day(*, start: date, days: int, pauses: Pauses = (), country: str | None = None) -> date:
    """The last day of a deadline of `days` working days from `start`, which itself is not counted.

    `pauses` are half-open intervals [from, until) of days on which the clock stood still. Raises
    ValueError for a negative number of days.
    """
    if days < 0:
        raise ValueError(f"A deadline of {days} working days cannot be; give 0 or more.")
    day = start
    while days > 0:
        day += _ONE_DAY
        stopped = any(first <= day < end for first, end in pauses)
        if not stopped and is_working_day(day, country=country):
            days -= 1
    return day


def resumed(*, due: date, paused_on: date, resumed_on: date, country: str | None = None) -> date:
    """The new last day of a deadline whose clock stood still in [paused_on, resumed_on).

    A deadline that was over before the pause stays as it was.
    """
    left = working_days(after=paused_on - _ONE_DAY, until=due, country=country)
    if left == 0:
        return due
    return due_day(start=resumed_on - _ONE_DAY, days=left, country=country)
