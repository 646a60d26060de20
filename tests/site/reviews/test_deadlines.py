"""The deadline clock across Korean holidays of 2021, counted by hand on the calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madang.site.kit.deadlines import due_day, is_working_day, resumed, working_days

DAYS = st.dates(date(2020, 1, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        # Lunar New Year: Thursday 11 to Saturday 13 February; Wednesday 10, Monday 15 count.
        (date(2021, 2, 9), 2, date(2021, 2, 15)),
        # Substitute holiday for Liberation Day (a Sunday): Monday 16 August is free.
        (date(2021, 8, 13), 1, date(2021, 8, 17)),
        # Chuseok: Monday 20 to Wednesday 22 September.
        (date(2021, 9, 17), 3, date(2021, 9, 27)),
        # Foundation Day and Hangul Day with their substitutes: Mondays 4 and 11 October are free.
        (date(2021, 10, 1), 5, date(2021, 10, 12)),
    ],
)
def test_four_deadlines_across_holidays(start: date, days: int, due: date) -> None:
    assert due_day(start=start, days=days, country="KR") == due


def test_no_days_end_on_the_first_day() -> None:
    assert due_day(start=date(2021, 3, 2), days=0, country="KR") == date(2021, 3, 2)


def test_a_negative_deadline_is_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match=r"^A deadline of -1 working days cannot be; give 0 or more\.$"):
        due_day(start=date(2021, 3, 2), days=-1, country="KR")


def test_the_country_is_an_argument() -> None:
    assert is_working_day(date(2021, 9, 21), country="GB") is True
    assert is_working_day(date(2021, 9, 21), country="KR") is False


@given(start=DAYS, days=st.integers(1, 40))
def test_the_last_day_is_a_working_day_and_the_count_is_right(start: date, days: int) -> None:
    due = due_day(start=start, days=days, country="KR")
    assert is_working_day(due, country="KR") is True
    assert working_days(after=start, until=due, country="KR") == days


@given(start=DAYS, days=st.integers(1, 30), wait=st.integers(0, 40), length=st.integers(0, 40))
def test_resuming_equals_counting_with_the_pause(start: date, days: int, wait: int, length: int) -> None:
    due = due_day(start=start, days=days, country="KR")
    paused = min(start + timedelta(days=wait + 1), due)
    back = paused + timedelta(days=length)
    expected = due_day(start=start, days=days, pauses=[(paused, back)], country="KR")
    assert resumed(due=due, paused_on=paused, resumed_on=back, country="KR") == expected


def test_a_deadline_missed_before_the_pause_stays_missed() -> None:
    due = date(2021, 3, 3)
    assert resumed(due=due, paused_on=date(2021, 3, 10), resumed_on=date(2021, 3, 20), country="KR") == due
