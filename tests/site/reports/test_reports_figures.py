"""The catalogue and its evaluation: what is derived, what is observed, and mistakes in the files."""

from datetime import date
from decimal import Decimal

import pytest
from reports_world import AT, DAY, FIGURES, OFFICER, World, obligate, write_city

from madang.site.city.documents import CityProblems
from madang.site.kit.verdict import Refused
from madang.site.reports import actions, catalogue, queries
from madang.site.reports.evaluation import records_of


def test_values_are_derived_from_records_or_observed_with_their_source(world: World) -> None:
    values = queries.values(as_of=DAY, at=AT)
    assert (values["obligated:P-01"].value, values["obligated:P-01"].kind) == (333, "derived")
    assert (values["obligation-rate:P-01"].value, values["obligation-rate:P-01"].kind) == (Decimal("33.3"), "derived")
    assert (values["visitors"].value, values["visitors"].kind, values["visitors"].source) == (
        1234,
        "observed",
        "합성 문서",
    )
    assert (values["grant"].exact, values["grant"].value) == (2_500_000, Decimal("2.5"))
    assert (values["both"].value, values["both"].kind) == (1235, "observed")
    assert values["spend-rate:P-02.1"].value == Decimal("0.0")
    assert values["forecast-rate:P-01"].value is None


def test_every_cell_of_a_family_is_what_its_own_records_say(world: World) -> None:
    values = queries.values(as_of=DAY, at=AT)
    checked = 0
    for name in values:
        figure = values[name].figure
        if figure.query and values[name].exact is not None:
            assert (name, records_of(figure, DAY).value()) == (name, values[name].exact)
            checked += 1
    assert checked > 20


def test_a_later_day_sees_later_entries_and_an_earlier_day_does_not(world: World) -> None:
    obligate(world.line, 7_000, on=date(2021, 10, 2))
    assert queries.values(as_of=DAY, at=AT)["obligated:P-01"].exact == 333_000
    assert queries.values(as_of=date(2021, 10, 2), at=AT)["obligated:P-01"].exact == 340_000


def test_records_of_texts_count_longer_but_never_after_the_moment_of_writing(world: World) -> None:
    values = queries.values(as_of=DAY, at=AT)
    assert values["strategies"].as_of == date(2021, 10, 5)
    assert values["obligated:P-01"].as_of == DAY


def test_an_entered_value_counts_from_then_on(world: World) -> None:
    actions.observe(by=OFFICER, at=AT, name="visitors", value=Decimal(1300), as_of=DAY, source="합성 문서 2쪽")
    value = queries.values(as_of=DAY, at=AT)["visitors"]
    assert (value.value, value.source) == (1300, "합성 문서 2쪽")


def test_an_observation_counts_on_its_day_and_later_but_not_before(world: World) -> None:
    write_city(world.folder, **{"figures/1-1.toml": FIGURES.replace("days_later = 31", "days_later = 0")})
    observed = {"by": OFFICER, "name": "visitors", "source": "합성 문서 2쪽"}
    actions.observe(at=AT, value=Decimal(1300), as_of=date(2021, 10, 4), **observed)
    actions.observe(at=AT, value=Decimal(1200), as_of=date(2021, 9, 1), **observed)
    days = (date(2021, 8, 31), date(2021, 9, 1), date(2021, 9, 30), DAY, date(2021, 10, 4))
    found = [queries.values(as_of=day, at=AT)["visitors"] for day in days]
    assert [(value.value, value.as_of, value.source, value.line) for value in found] == [
        (None, date(2021, 8, 31), "", None),
        (1200, date(2021, 9, 1), "합성 문서 2쪽", None),
        (1200, date(2021, 9, 1), "합성 문서 2쪽", None),
        (1234, DAY, "합성 문서", 7),
        (1300, date(2021, 10, 4), "합성 문서 2쪽", None),
    ]


@pytest.mark.parametrize(
    ("name", "source", "sentence"),
    [
        ("obligated:P-01", "x", "기록에서 산출하는 수치입니다. 기록을 바로잡아 주세요."),
        ("nothing", "x", '"nothing" 수치가 없습니다.'),
        ("visitors", " ", "값이 적힌 문서와 쪽 또는 행을 적어 주세요."),
    ],
)
def test_what_cannot_be_entered_is_refused_with_a_sentence(world: World, name: str, source: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        actions.observe(by=OFFICER, at=AT, name=name, value=Decimal(1), as_of=DAY, source=source)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('query = "programmes.strategies"', 'query = "programmes.strategie"', 'no room brings the figure query '
         '"programmes.strategie"; did you mean "programmes.strategies"?'),
        ('query = "programmes.strategies"', 'query = "programmes.strategies"\narguments = { a = 1 }',
         'the query "programmes.strategies" does not take the argument "a" so: Extra inputs are not permitted'),
        ('unit = "million_won"', 'unit = "millions_won"', 'the unit "millions_won" is unknown; did you mean '
         '"million_won"?'),
        ('value = 1234', 'value = 1234\ncomputed = "grant"',
         'the figure "visitors" needs exactly one of query, computed and value'),
        ('computed = "visitors + strategies"', 'computed = "visitor + strategies"',
         '"both" is computed from "visitor", which is not a figure; did you mean "visitors"?'),
        ("observed_on = 2021-10-01\n", "", 'figures with a "value" are observed; say with "observed_on" as of '
         'which day'),
        ('name = "grant"', 'name = "visitors"',
         'the figure "visitors" is already in figures/1-1.toml, line 13; rename one'),
    ],
)  # fmt: skip
def test_a_mistake_in_the_catalogue_is_one_sentence_with_its_line(
    city: object, db: None, tmp_path: object, old: str, new: str, sentence: str
) -> None:
    write_city(tmp_path, **{"figures/1-1.toml": FIGURES.replace(old, new, 1)})  # type: ignore[arg-type]
    with pytest.raises(CityProblems) as problems:
        catalogue.read.__wrapped__(tmp_path)
    assert [(problem.file, problem.text) for problem in problems.value.problems] == [("figures/1-1.toml", sentence)]


def test_figures_that_are_computed_from_each_other_are_named(world: World, tmp_path: object) -> None:
    text = FIGURES.replace('"visitors + strategies"', '"both + strategies"')
    write_city(tmp_path, **{"figures/1-1.toml": text})  # type: ignore[arg-type]
    catalogue.read.cache_clear()
    with pytest.raises(ValueError, match="computed from each other: both → both"):
        queries.values(as_of=DAY, at=AT)["both"]
    catalogue.read.cache_clear()
