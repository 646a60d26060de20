"""The reference city as it loads: the numbers are those of the report."""

import csv
from collections import Counter

import pytest
from county_world import ADMINISTRATOR, AT, SEOUL, everything

from madang.site.city.load import checked_city, load
from madang.site.people.models import Area, Organisation, Post
from madang.site.programmes.models import Process, Programme, Stage, Strategy


@pytest.fixture(scope="module")
def seoul():
    return checked_city(SEOUL)


def test_the_amounts_are_those_of_section_four_of_the_report(seoul):
    assert len(seoul.lines) == 44
    assert sum(row.appropriation_won for row in seoul.lines) == 78_233_299_000
    by_department = Counter()
    for row in seoul.lines:
        by_department[row.department] += row.appropriation_won
    assert by_department == {
        "citizen_participation": 4_111_137_000,
        "deliberative_budget": 1_538_816_000,
        "local_community": 31_080_077_000,
        "social_cooperation": 10_991_211_000,
        "conflict_governance": 30_512_058_000,
    }
    assert {row.budget_line: row.appropriation_won for row in seoul.parts} == {
        "CP-01": 475_200_000,
        "CP-04": 639_087_000,
        "CG-01": 117_400_000,
        "LC-02": 320_000_000,
    }


def test_revenue_is_the_tree_of_the_report(seoul):
    total = seoul.revenue[0]
    assert (len(seoul.revenue), total.budget_prior_won, total.budget_current_won) == (13, 5_780_042_000, 5_834_259_000)


def test_posts_are_those_of_the_report(seoul):
    table = {}
    for row in seoul.posts:
        if not row.counted_apart:
            authorised, filled = table.get(row.department, (0, 0))
            table[row.department] = (authorised + row.authorised, filled + row.filled)
    assert table == {
        "citizen_participation": (23, 23),
        "deliberative_budget": (15, 15),
        "local_community": (17, 16),
        "social_cooperation": (30, 28),
        "conflict_governance": (21, 21),
    }
    filled = Counter()
    for row in seoul.posts:
        filled[row.job_type] += row.filled
    assert filled == {
        "administrative": 91,
        "technical": 5,
        "open_position": 2,
        "fixed_term": 4,
        "facility_operation": 1,
        "part_time_fixed_term": 17,
    }


def test_every_programme_and_every_duty_without_one_has_a_recipe(seoul):
    programmes = [row.code for row in seoul.programmes]
    assert programmes == [
        *(f"1-{number}" for number in range(1, 6)),
        *(f"2-{number}" for number in range(1, 6)),
        *(f"3-{number}" for number in range(1, 6)),
        *(f"4-{number}" for number in range(1, 5)),
        *(f"D-{number}" for number in range(1, 8)),
    ]
    assert sorted({recipe.programme for recipe in seoul.recipes}) == sorted(programmes)
    assert all(recipe.programme == recipe.code.split("/")[0] for recipe in seoul.recipes)


@pytest.mark.parametrize(
    ("code", "chain"),
    [
        ("1-1/members", ["call", "draw", "appoint"]),
        ("1-1/themes", ["meet", "call", "discuss", "review", "vote", "answer", "deliver"]),
        ("1-2/proposals", ["call", "screen", "support", "discuss", "answer", "deliver"]),
        ("1-3/metro", ["call", "screen", "review", "object", "vote", "allot", "decide", "deliver"]),
        ("1-3/democracy-seoul", ["call", "decide", "deliver"]),
        ("1-3/district-plan", ["call", "decide", "deliver"]),
        ("1-3/dong-plan", ["call", "decide", "deliver"]),
        ("1-3/members", ["call", "draw", "appoint"]),
        ("1-3/deliberative", ["call", "meet", "decide"]),
        ("1-5/budget-school", ["learn"]),
        ("4-2/grants", ["call", "screen", "review", "review", "decide", "agree", "evaluate", "settle"]),
    ],
)
def test_the_chains_are_those_of_the_house(seoul, code, chain):
    recipe = next(row for row in seoul.recipes if row.code == code)
    assert [stage.kind for stage in recipe.stages] == chain


def test_places_and_people_in_charge(seoul):
    levels = Counter(row.level for row in seoul.areas)
    assert levels == {"city": 1, "district": 25, "dong": 9}
    kinds = Counter(row.kind for row in seoul.organisations)
    assert (kinds["bureau"], kinds["department"], kinds["district_office"]) == (1, 5, 25)
    assert len(seoul.duties) == 32
    (fields,) = seoul.field_sets
    assert len(fields.fields) == 18


def test_the_population_file_counts_every_district_sex_and_band_once():
    with (SEOUL / "population.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len({(row["area"], row["sex"], row["age_band"]) for row in rows}) == len(rows) == 25 * 2 * 7


@pytest.mark.django_db
def test_seoul_loads_and_loading_it_again_changes_nothing():
    loaded = load(folder=SEOUL, by=ADMINISTRATOR, at=AT)

    assert Area.objects.filter(level="district").count() == 25
    assert Organisation.objects.filter(kind="department").count() == 5
    counted = Post.objects.filter(counted_apart=False)
    assert (counted.count(), counted.filter(filled_from__isnull=False).count()) == (106, 103)
    assert Post.objects.filter(counted_apart=True).count() == 17
    assert Strategy.objects.count() == 4
    assert Programme.objects.filter(strategy__isnull=False).count() == 19
    assert Process.objects.count() == sum(len(recipe.years) for recipe in loaded.city.recipes)
    assert Stage.objects.count() == sum(len(recipe.years) * len(recipe.stages) for recipe in loaded.city.recipes)
    for stage in Stage.objects.all():
        assert stage.rules.model_dump(mode="json") == stage.settings

    before = everything()
    assert load(folder=SEOUL, by=ADMINISTRATOR, at=AT).counts == {}
    assert everything() == before
