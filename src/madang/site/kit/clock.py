"""The clock is read at doors only. A demo city lives at a set date and its clock runs on from there."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

# The days whose first and last moments exist in every zone; a visitor may ask for any day that a form reads.
FIRST, LAST = date(1, 1, 2), date(9999, 12, 30)
_started = datetime.now(UTC)


def now() -> datetime:
    """The present moment (UTC); in a demo city, the demo's moment."""
    start: datetime | None = settings.CLOCK_STARTS_AT
    present = datetime.now(UTC)
    return present if start is None else start + (present - _started)


def zone() -> ZoneInfo:
    """The time zone in which the city thinks."""
    return ZoneInfo(settings.TIME_ZONE)


def day_of(at: datetime) -> date:
    """The city's calendar day of a moment."""
    return at.astimezone(zone()).date()


def start_of(day: date) -> datetime:
    """The first moment of a day in the city, in UTC."""
    return datetime.combine(max(day, FIRST), time.min, zone()).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The moment a day is over in the city, in UTC: intervals are half-open."""
    return start_of(min(day, LAST) + timedelta(days=1))
