"""Figures: rounding, printing, amounts in words, and relations between figures."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madang.figures import (
    UNITS,
    ExpressionError,
    FigureValue,
    Relation,
    check,
    day_en,
    day_ko,
    evaluate,
    printed,
    printed_rate,
    rate,
    scaled,
    won_in_words_ko,
    won_ko,
)


# ------------------------------------------------------------------ rates and units
@pytest.mark.parametrize(
    ("numerator", "denominator", "places", "expected"),
    [
        (451_603, 475_200, 1, "95.0"),  # lines 189 and 367 of the report of November 2021
        (527_678, 639_087, 1, "82.6"),
        (-58_254, 388_882, 1, "-15.0"),
        (-151_234, 161_606, 1, "-93.6"),
        (1, 8, 1, "12.5"),
        (1, 8, 0, "13"),
        (-1, 8, 0, "-13"),
        (1, -8, 0, "-13"),
        (1, 3, 4, "33.3333"),
        (-1, 100_000, 1, "0.0"),
        (0, 5, 2, "0.00"),
    ],
)
def test_a_rate_is_rounded_half_away_from_zero(numerator: int, denominator: int, places: int, expected: str) -> None:
    assert str(rate(numerator, denominator, places=places)) == expected


def test_there_is_no_rate_of_nothing() -> None:
    assert rate(5, 0) is None


@given(st.integers(), st.integers().filter(bool), st.integers(0, 6))
def test_a_rate_is_within_half_a_unit_and_odd(numerator: int, denominator: int, places: int) -> None:
    found = rate(numerator, denominator, places=places)
    assert found is not None
    assert found.as_tuple().exponent == -places
    error = Fraction(found) - Fraction(100 * numerator, denominator)
    assert abs(error) <= Fraction(1, 2 * 10**places)
    mirrored = rate(-numerator, denominator, places=places)
    assert mirrored is not None
    assert mirrored == found.copy_negate()


@pytest.mark.parametrize("wrong", [(1.0, 2), (1, 2.0), (True, 2), (Decimal(1), 2)])
def test_a_rate_takes_whole_numbers(wrong: Any) -> None:
    with pytest.raises(TypeError, match="whole numbers"):
        rate(*wrong)


def test_amounts_in_other_units() -> None:
    assert str(scaled(29_744_500_000, "million_won")) == "29745"
    assert str(scaled(29_744_000_000, "eok_won", places=1)) == "297.4"
    assert str(scaled(-1_500, "thousand_won")) == "-2"
    assert str(scaled(-499, "thousand_won")) == "0"
    assert str(scaled(10**40 + 1, "won", places=1)) == f"{10**40 + 1}.0"
    with pytest.raises(ValueError, match="'man_won' is not a unit of money"):
        scaled(1, "man_won")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="-1 decimals"):
        scaled(1, "won", places=-1)


@given(st.integers(), st.sampled_from(sorted(UNITS)))
def test_no_amount_is_lost_with_enough_decimals(won: int, unit: Any) -> None:
    assert Fraction(scaled(won, unit, places=8)) * UNITS[unit] == won


# ------------------------------------------------------------------ printing
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, "0"),
        (-3, "△3"),
        (1_102_301, "1,102,301"),
        (Decimal("-15.0"), "△15.0"),
        (Decimal("-0.0"), "0.0"),
        (Decimal("1234567890123456789012345678901234.5"), "1,234,567,890,123,456,789,012,345,678,901,234.5"),
    ],
)
def test_printed_numbers(value: int | Decimal, expected: str) -> None:
    assert printed(value) == expected


def test_zero_may_be_a_dash() -> None:
    assert [printed(value, dash_for_zero=True) for value in (0, Decimal("0.0"), 1)] == ["-", "-", "1"]


def test_printed_rates() -> None:
    assert [printed_rate(rate(*pair)) for pair in [(629, 1000), (-32, 1000), (1, 0)]] == ["62.9%", "△3.2%", "-"]


@pytest.mark.parametrize(
    ("won", "words"),
    [
        (0, "영"),
        (10, "일십"),
        (113_560, "일십일만삼천오백육십"),
        (123_456, "일십이만삼천사백오십육"),
        (100_000_000, "일억"),
        (123_450_000, "일억이천삼백사십오만"),
        (1_000_000_010_000, "일조일만"),
        (10_001, "일만일"),
    ],
)
def test_amounts_in_words(won: int, words: str) -> None:
    assert won_in_words_ko(won) == f"일금 {words}원정"


@given(st.integers(0, 10**24 - 1))
def test_words_can_be_read_back(won: int) -> None:
    total = group = digit = 0
    for sign in won_in_words_ko(won).removeprefix("일금 ").removesuffix("원정"):
        if sign in "영일이삼사오육칠팔구":
            digit = "영일이삼사오육칠팔구".index(sign)
        elif sign in "십백천":
            group, digit = group + digit * 10 ** ("십백천".index(sign) + 1), 0
        else:
            total, group, digit = total + (group + digit) * 10_000 ** ("만억조경해".index(sign) + 1), 0, 0
    assert total + group + digit == won


@pytest.mark.parametrize("won", [-1, 10**24])
def test_words_have_bounds(won: int) -> None:
    with pytest.raises(ValueError, match="cannot be written out"):
        won_in_words_ko(won)


@pytest.mark.parametrize(
    ("won", "read"),
    [
        (0, "0원"),
        (9_999, "9,999원"),
        (10_000, "1만원"),
        (123_450_000, "1억 2,345만원"),
        (100_000_001, "1억 1원"),
        (29_745_304_120, "297억 4,530만 4,120원"),
        (40_115_612_000_000, "40조 1,156억 1,200만원"),
        (-123_450_000, "△1억 2,345만원"),
    ],
)
def test_amounts_as_they_are_read(won: int, read: str) -> None:
    assert won_ko(won) == read


@given(st.integers(-(10**20), 10**20))
def test_an_amount_as_it_is_read_leaves_no_won_out(won: int) -> None:
    units = {"조": 10**12, "억": 10**8, "만": 10**4}
    words = won_ko(won).removeprefix("△").removesuffix("원").split()
    total = sum(int(word.rstrip("조억만").replace(",", "")) * units.get(word[-1], 1) for word in words)
    assert total == abs(won)


def test_days() -> None:
    assert day_ko(date(2021, 8, 28)) == "2021. 8. 28.(토)"
    assert day_en(date(2021, 8, 28)) == "28 August 2021 (Sat)"
    for day in (day_ko, day_en):
        with pytest.raises(TypeError, match="city's time zone"):
            day(datetime(2021, 8, 28, tzinfo=UTC))


# ------------------------------------------------------------------ expressions and relations
VALUES: dict[str, Any] = {
    "men": 179,
    "women": 165,
    "pb.seats": 344,
    "1-3/applicants": 1011,
    "printed": Decimal("34.0"),
    "status": "완료",
    "opened": date(2021, 8, 1),
    "closed": date(2021, 8, 28),
    "nothing": None,
}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (344, Fraction(344)),
        ("sum(men, women) - pb.seats", Fraction(0)),
        ('rate(pb.seats, value("1-3/applicants"))', Fraction("34.0")),
        ('rate(pb.seats, value("1-3/applicants"), 3)', Fraction("34.026")),
        ("share(men, pb.seats) + share(women, pb.seats)", Fraction(1)),
        ("round(-2.5, 0)", Fraction(-3)),
        ("round(1.005, 2)", Fraction("1.01")),
        ("0.1 + 0.2", Fraction("0.3")),
        ("-(1_000 / 3) * 3", Fraction(-1000)),
        ("closed - opened", Fraction(27)),
        ("min(3, 1, 2) + max(3, 1) + abs(0 - 4) + +1", Fraction(9)),
        ("status", "완료"),
        ("'완료'", "완료"),
        ('date("2021-08-28")', date(2021, 8, 28)),
    ],
)
def test_expressions_are_exact(expression: str | int, expected: Any) -> None:
    assert evaluate(expression, VALUES) == expected


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        ("men +", "The expression 'men +' cannot be read."),
        ("missing", "There is no value for the figure missing."),
        ("nothing + 1", "There is no value for the figure nothing."),
        ('value("a b")', "There is no value for the figure a b."),
        ("men / (men - 179)", "The expression divides by zero."),
        ("rate(men, 0)", "The expression divides by zero."),
        ("men ** 2", "men ** 2 holds an operator other than + - * /."),
        ("status + 1", "status is not a number, so nothing can be computed with it."),
        ("men if men else 0", "men if men else 0 is not allowed in an expression."),
        ("[men][0]", "[men][0] is not allowed in an expression."),
        ("(1).real", "1 is not the name of a figure."),
        ("round(men, 0.5)", "1/2 is not a number of decimals; give 0 to 20."),
        ("round(men)", "round(men) has 1 values, which round does not take."),
        ("rate(men, women, places=1)", "rate(men, women, places=1): functions take plain values, separated by commas."),
        ("1e9", "1e9 is not a number that expressions know; write it as 12 or 12.5."),
        ("True", "True is not a number that expressions know; write it as 12 or 12.5."),
        ('date("28 August")', "'28 August' is not a day; write it as 2021-08-28."),
        ("date(men)", "date(men): date takes one text in quotes."),
        (True, "True is not an expression; write it as text or as a whole number."),
        ("1" * 3000, f"The expression {'1' * 60}… is longer than 2000 characters."),
        (
            "__import__('os')",
            "__import__ is not a function of expressions; "
            "there are abs, date, max, min, rate, round, share, sum, value.",
        ),
    ],
)
def test_everything_else_is_refused_with_a_sentence(expression: Any, sentence: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        evaluate(expression, VALUES)
    assert str(refused.value) == sentence


@given(st.text(alphabet="ab().,+-*/ '12[]:=<", max_size=40))
def test_no_text_crashes_the_evaluator(expression: str) -> None:
    try:
        evaluate(expression, {"a": 1, "b": 2})
    except ExpressionError as error:
        assert str(error).endswith(".")


@given(st.fractions(), st.fractions(), st.fractions().filter(bool))
def test_arithmetic_is_that_of_rational_numbers(a: Fraction, b: Fraction, c: Fraction) -> None:
    assert evaluate("a * b - a / c + b", {"a": a, "b": b, "c": c}) == a * b - a / c + b


def relation(left: str | int, operator: Any, right: str | int) -> Relation:
    return Relation("T1", "T", "합성 관계", "A synthetic relation", left, operator, right)


def test_relations_that_hold_and_differ() -> None:
    relations = [
        relation("sum(men, women)", "=", "pb.seats"),
        relation('rate(pb.seats, value("1-3/applicants"))', "=", "printed"),
        relation("pb.seats", "<=", "men"),
        relation("opened", "<=", "closed"),
        relation("status", "=", "'완료'"),
        relation("closed", "=", "opened"),
    ]
    findings = check(relations, VALUES)
    assert [finding.ok for finding in findings] == [True, True, False, True, True, False]
    assert [finding.relation for finding in findings] == relations
    assert (findings[2].left, findings[2].right, findings[2].sentence) == (344, 179, "")


def test_what_cannot_be_decided_is_a_finding() -> None:
    findings = check(
        [
            relation("gone", "=", 1),
            relation("gone", "=", "gone + 1"),
            relation("status", "<=", 1),
            relation("opened", "=", 1),
            relation("status", "<=", "status"),
            relation(1, "<", 2),
        ],
        VALUES,
    )
    assert [(finding.ok, finding.sentence) for finding in findings] == [
        (False, "There is no value for the figure gone."),
        (False, "There is no value for the figure gone."),
        (False, "A text and a number cannot be compared with <=."),
        (False, "A day and a number cannot be compared with =."),
        (False, "A text and a text cannot be compared with <=."),
        (False, "A number and a number cannot be compared with <."),
    ]
    assert (findings[0].left, findings[0].right) == (None, Fraction(1))


def test_figure_values_are_read_by_their_value() -> None:
    men = FigureValue("men", 179, "persons", "observed", date(2021, 10, 1), "1-3", "남", "Men", "report.txt", 247)
    assert evaluate("men + 1", {"men": men}) == 180
    moment = {"men": datetime(2021, 8, 28, tzinfo=UTC)}
    with pytest.raises(ExpressionError, match="The figure men is a datetime"):
        evaluate("men", moment)
