"""Amounts as of a day, by programme and department, and the records behind each figure."""

from datetime import UTC, date, datetime, timedelta

import pytest
from ledger_world import AT, DAY, OFFICER, OTHER_OFFICER, World, obligate, pay

from madang.site.kit.actor import SYSTEM
from madang.site.kit.figures import query_named
from madang.site.ledger import actions, queries
from madang.site.ledger.models import Line
from madang.site.ledger.queries import Amounts
from madang.site.programmes.models import Programme


@pytest.fixture
def year(world: World) -> World:
    """Obligations in March and June, payments in April and July, forecasts."""
    first = obligate(world.line, 400_000, on=date(2021, 3, 1))
    pay(first, 100_000, on=date(2021, 4, 1))
    second = obligate(world.parted, 50_000, on=date(2021, 6, 1), part=world.part)
    pay(second, 20_000, on=date(2021, 7, 1))
    obligate(world.parted, 7_000, on=date(2021, 6, 1))
    for part, won, on in (
        (None, 300_000, date(2021, 5, 1)),
        (None, 310_000, date(2021, 6, 1)),
        (None, 320_000, date(2021, 6, 1)),
        (world.part, 150_000, date(2021, 6, 1)),
    ):
        actions.forecast(by=OFFICER, at=AT, line=world.parted, part=part, year_end_won=won, on=on)
    return world


def value(name: str, as_of: date = DAY, **arguments: object) -> object:
    query = query_named(name)
    return query.records(query.Arguments(**arguments), as_of).value()


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (date(2020, 12, 31), None),
        (date(2021, 2, 28), Amounts(1_000_000, 0, 0)),
        (date(2021, 3, 1), Amounts(1_000_000, 400_000, 0)),
        (date(2021, 3, 31), Amounts(1_000_000, 400_000, 0)),
        (date(2021, 4, 1), Amounts(1_000_000, 400_000, 100_000)),
    ],
)
def test_balances_as_of_a_day(year: World, as_of: date, expected: Amounts | None):
    assert queries.balances(as_of=as_of, lines=[year.line]).get(year.line.pk) == expected


def test_amounts_by_programme_count_parts_where_they_are_shown(year: World):
    codes = dict(Programme.objects.values_list("pk", "code"))
    found = {codes.get(key): amounts for key, amounts in queries.by_programme(as_of=DAY).items()}
    assert found == {
        "1-1": Amounts(1_000_000, 400_000, 100_000),
        "1-3": Amounts(200_000, 50_000, 20_000),
        None: Amounts(300_000, 7_000, 0),
    }


def test_rates_are_computed_half_up():
    assert str(Amounts(486_970, 0, 273_910).spend_rate) == "56.2"
    assert str(Amounts(237_252, 201_388, 0).obligation_rate) == "84.9"
    assert Amounts().spend_rate is None


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("ledger.appropriated", {}, 1_500_000),
        ("ledger.appropriated", {"line": "P-02"}, 500_000),
        ("ledger.appropriated", {"part": "P-02.1"}, 200_000),
        ("ledger.appropriated", {"department": "roads"}, 0),
        ("ledger.appropriated", {"year": 2020}, 0),
        ("ledger.obligated", {"department": "parks"}, 457_000),
        ("ledger.obligated", {"programme": "1-3"}, 50_000),
        ("ledger.obligated", {"programme": "1-2"}, 0),
        ("ledger.spent", {}, 120_000),
        ("ledger.spent", {"programme": "1-1"}, 100_000),
        ("ledger.forecast", {"line": "P-02"}, 320_000),
        ("ledger.forecast", {"part": "P-02.1"}, 150_000),
        ("ledger.forecast", {"programme": "1-3"}, 150_000),
        ("ledger.forecast", {"programme": "1-1"}, 0),
    ],
)
def test_figures(year: World, name: str, arguments: dict, expected: int):
    assert value(name, **arguments) == expected


def test_what_was_carried_over_is_a_part_of_the_appropriation(year: World):
    before = value("ledger.appropriated", line="P-01")
    actions.appropriate(by=SYSTEM, at=AT, line=year.line, amount_won=30_000, kind="carry_over", on=date(2021, 3, 1))
    assert value("ledger.carried_over", line="P-01") == 30_000
    assert value("ledger.carried_over", date(2021, 2, 28), line="P-01") == 0
    assert value("ledger.appropriated", line="P-01") == before + 30_000


def test_a_forecast_is_the_last_one_as_of_the_day(year: World):
    assert value("ledger.forecast", date(2021, 5, 31), line="P-02") == 300_000
    assert value("ledger.forecast", date(2021, 4, 30), line="P-02") == 0


def test_the_records_of_a_figure_lead_to_their_pages(year: World):
    query = query_named("ledger.spent")
    records = query.records(query.Arguments(line="P-01"), DAY)
    (row,) = records.rows
    assert records.link(row) == f"/ledger/entries/{row.pk}/"


def test_the_trail_of_a_matter_without_money_is_empty(year: World):
    assert queries.trail(entries=queries.entries_of_matter(1)) == queries.Trail(None, Amounts(0, 0, 0), [])


def test_revenue_sums_up_the_tree(world: World, django_assert_num_queries):
    new = actions.NewItem
    _total, _group, rent, other = actions.load_revenue(
        by=SYSTEM,
        at=AT,
        rows=[
            new("0", 2021, "합계"),
            new("1", 2021, "세외수입", parent="0"),
            new("1.1", 2021, "임대료", parent="1", budget_prior_won=388_882, budget_current_won=330_628),
            new("1.2", 2021, "그외", parent="0", budget_current_won=100),
        ],
    )
    actions.assess(by=SYSTEM, at=AT, item=rent, amount_won=300_000, on=date(2021, 2, 1))
    actions.collect(by=SYSTEM, at=AT, item=rent, amount_won=270_339, on=date(2021, 3, 1))
    actions.collect(by=SYSTEM, at=AT, item=other, amount_won=40, on=DAY)
    with django_assert_num_queries(2):
        rows = {row.item.code: row for row in queries.revenue(as_of=DAY)}
    assert [rows["0"].collected_won, rows["1"].collected_won, rows["1.1"].arrears_won] == [270_379, 270_339, 29_661]
    assert (str(rows["1.1"].change_rate), str(rows["1.1"].collection_rate)) == ("-15.0", "81.8")
    assert rows["1.2"].change_rate is None
    assert value("ledger.collected") == 270_379
    assert value("ledger.collected", item="1") == 270_339
    assert value("ledger.collected", date(2021, 2, 28), item="1") == 0
    assert value("ledger.assessed", item="0") == 300_000
    assert value("ledger.revenue_budget", item="0") == 330_728
    assert value("ledger.revenue_budget", item="1", budget="prior") == 388_882


def test_balances_cost_one_query(year: World, django_assert_num_queries):
    with django_assert_num_queries(1):
        queries.balances(as_of=DAY)
    with django_assert_num_queries(1):
        queries.by_department(as_of=DAY)


def test_a_line_that_pays_far_less_than_an_even_pace_is_told(year: World):
    # 182 of 365 days are over; P-01 has no forecast and 1,000,000 won, P-02 is forecast at 320,000 won.
    told = [
        (lag.line.code, lag.planned_won, lag.by_now_won, lag.spent_won, lag.missing_won, lag.from_forecast)
        for lag in queries.lags(as_of=date(2021, 7, 1))
    ]
    assert told == [
        ("P-01", 1_000_000, 498_630, 100_000, 398_630, False),
        ("P-02", 320_000, 159_561, 20_000, 139_561, True),
    ]
    assert [lag.line.code for lag in queries.lags(as_of=date(2021, 7, 1), percent=20)] == ["P-02"]
    assert queries.lags(as_of=date(2021, 7, 1), by=OTHER_OFFICER) == []
    assert [lag.line.code for lag in queries.lags(as_of=date(2021, 7, 1), by=OFFICER)] == ["P-01", "P-02"]
    assert queries.lags(as_of=date(2020, 7, 1)) == []


def test_a_line_behind_its_pace_waits_for_a_forecast_of_its_office(year: World):
    at = datetime(2021, 7, 1, 3, tzinfo=UTC)
    assert [line.code for line in queries.to_explain(OFFICER, at).order_by("code")] == ["P-01", "P-02"]
    assert list(queries.to_explain(OTHER_OFFICER, at)) == []
    line = Line.objects.get(code="P-01", fiscal_year=2021)
    actions.forecast(by=OFFICER, at=at, line=line, year_end_won=900_000, on=date(2021, 7, 1))
    assert [line.code for line in queries.to_explain(OFFICER, at)] == ["P-02"]
    later = queries.to_explain(OFFICER, at + timedelta(days=31)).order_by("code")
    assert [line.code for line in later] == ["P-01", "P-02"]
