"""Exact means and rankings."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madang.site.reviews.scoring import needed, printed_mean, rank, trimmed_mean

TOTALS = st.lists(st.integers(0, 100), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("totals", "trim", "mean"),
    [
        ([90, 80, 70, 10, 100], 1, Fraction(240, 3)),
        ([90, 80, 71, 70], 0, Fraction(311, 4)),
        ([50, 60, 70], 1, Fraction(60)),
        ([50, 61], 1, Fraction(111, 2)),
        ([77], 3, Fraction(77)),
        ([1, 2, 3, 4, 5, 6], 2, Fraction(7, 2)),
        ([1, 2, 3, 4], 2, Fraction(5, 2)),
        ([33, 33, 34], 0, Fraction(100, 3)),
    ],
)
def test_trimmed_means(totals: list[int], trim: int, mean: Fraction) -> None:
    assert trimmed_mean(totals, trim) == mean


@pytest.mark.parametrize(
    ("totals", "trim", "sentence"),
    [
        ([], 1, "There is no mean without a score sheet."),
        ([1], -1, "-1 totals cannot be left out; give 0 or more."),
    ],
)
def test_no_mean(totals: list[int], trim: int, sentence: str) -> None:
    with pytest.raises(ValueError) as caught:
        trimmed_mean(totals, trim)
    assert str(caught.value) == sentence


@given(totals=TOTALS, trim=st.integers(0, 4))
def test_the_order_of_sheets_does_not_matter(totals: list[int], trim: int) -> None:
    assert trimmed_mean(totals, trim) == trimmed_mean(totals[::-1], trim)
    assert min(totals) <= trimmed_mean(totals, trim) <= max(totals)


@given(totals=TOTALS, trim=st.integers(0, 4), more=st.integers(1, 9))
def test_more_points_for_all_raise_the_mean_by_as_much(totals: list[int], trim: int, more: int) -> None:
    assert trimmed_mean([total + more for total in totals], trim) == trimmed_mean(totals, trim) + more


def test_equal_means_rank_by_receipt_number() -> None:
    rows = rank(
        totals={3: [70, 70], 1: [60, 80], 2: [90]},
        numbers={1: "a-00001", 2: "a-00002", 3: "a-00003"},
        trim=0,
        passes=2,
        minimum=Decimal(0),
    )
    assert [(row.matter_id, row.rank, row.shortlisted) for row in rows] == [(2, 1, True), (1, 2, True), (3, 3, False)]


def test_the_minimum_bars_even_the_best() -> None:
    rows = rank(totals={1: [59]}, numbers={1: "a-1"}, trim=0, passes=5, minimum=Decimal("59.5"))
    assert [(row.rank, row.shortlisted) for row in rows] == [(1, False)]
    assert needed(rows, passes=5, minimum=Decimal("59.5")) == Fraction(119, 2)


@pytest.mark.parametrize(
    ("mean", "printed"),
    [(Fraction(250, 3), "83.33"), (Fraction(200, 3), "66.67"), (Fraction(1, 200), "0.01"), (Fraction(70), "70.00")],
)
def test_means_are_printed_half_up(mean: Fraction, printed: str) -> None:
    assert printed_mean(mean) == printed
