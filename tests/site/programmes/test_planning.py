"""The laws of plans: order, moving neighbours, and a recipe for another year or area."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from madang.site.people.models import Area
from madang.site.programmes.planning import (
    CLOSES_BEFORE_OPENING,
    OPENS_BEFORE_EARLIER,
    Span,
    adapted,
    disorder,
    moved,
    spans_of_recipe,
)

FIRST = date(2030, 1, 1)
STEPS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=9)


def spans(steps: list[tuple[int, int]]) -> list[Span]:
    """Days in order: each stage opens some days after the one before and lasts some days."""
    day, found = FIRST, []
    for gap, length in steps:
        day += timedelta(days=gap)
        found.append(Span(day, day + timedelta(days=length)))
    return found


@given(STEPS)
def test_days_in_order_have_no_disorder(steps):
    assert list(disorder(spans(steps))) == []


@given(STEPS)
def test_nothing_moves_where_nothing_was_changed(steps):
    assert moved(spans(steps), spans(steps)) == spans(steps)


@given(STEPS, st.data())
def test_all_that_follow_a_changed_stage_move_by_as_many_days_and_stay_in_order(steps, data):
    before = spans(steps)
    place = data.draw(st.integers(0, len(before) - 1))
    days = timedelta(days=data.draw(st.integers(1, 400)))
    after = list(before)
    after[place] = Span(before[place].opens + days, before[place].closes)
    found = moved(before, after)
    assert found == [*before[:place], *(span.later(days) for span in before[place:])]
    assert list(disorder(found)) == []


@given(STEPS, st.data())
def test_a_later_end_moves_what_follows_and_leaves_the_beginning(steps, data):
    before = spans(steps)
    place = data.draw(st.integers(0, len(before) - 1))
    days = timedelta(days=data.draw(st.integers(1, 400)))
    after = list(before)
    after[place] = Span(before[place].opens, before[place].closes + days)
    expected = [*before[:place], after[place], *(span.later(days) for span in before[place + 1 :])]
    assert moved(before, after) == expected


def test_a_second_change_counts_from_where_it_is():
    before = spans([(0, 5), (10, 5), (10, 5), (10, 5)])
    after = [before[0].later(timedelta(7)), before[1], before[2].later(timedelta(2)), before[3]]
    shifts = [(new.opens - old.opens).days for old, new in zip(before, moved(before, after), strict=True)]
    assert shifts == [7, 7, 2, 2]


def test_stages_without_days_stay_without():
    before = [Span(FIRST, FIRST), Span(None, None), Span(FIRST, None)]
    after = [Span(FIRST + timedelta(3), FIRST), *before[1:]]
    late = FIRST + timedelta(3)
    assert moved(before, after) == [Span(late, late), Span(None, None), Span(late, None)]


def test_what_is_out_of_order_is_named_with_the_day_it_contradicts():
    june, may = date(2030, 6, 1), date(2030, 5, 1)
    found = list(disorder([Span(june, may), Span(None, may), Span(may, june)]))
    assert found == [(0, CLOSES_BEFORE_OPENING, june), (2, OPENS_BEFORE_EARLIER, june)]


def test_a_recipe_gives_its_days_a_year():
    content = {"stages": [{"opens": "02-28", "closes": ""}, {"opens": "", "closes": "12-31"}]}
    assert spans_of_recipe(content, 2032) == [Span(date(2032, 2, 28), None), Span(None, date(2032, 12, 31))]


def test_a_recipe_of_another_year_and_area_asks_for_those_of_the_area():
    group = {"code": "public", "who": ["lives_in:town|works_in:town", "age_at_least:19"]}
    content = {
        "code": "P/x",
        "stages": [
            {"settings": {"who": ["lives_in:town", "lives_in:townsend"], "term": "2021"}},
            {"settings": {"electorates": [group], "term": "third"}},
        ],
    }
    wanted = [
        {"settings": {"who": ["lives_in:town/village", "lives_in:townsend"], "term": "2032"}},
        {
            "settings": {
                "electorates": [{**group, "who": ["lives_in:town/village|works_in:town/village", "age_at_least:19"]}],
                "term": "third",
            }
        },
    ]
    assert adapted(content, 2032, Area(code="town/village"))["stages"] == wanted
    assert adapted(content, 2021, None) == content
