"""Selection probabilities: against exact values, against all panels of tiny pools, and the laws they obey."""

import itertools
import json
import random
from fractions import Fraction
from math import exp, log
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sortition_instances import ADDRESS, DATA, expected, people, people_by_chance, types

from madang import sortition
from madang.cli.main import main
from madang.sortition import columns
from madang.sortition.columns import _Master

GENERATED = sorted(name for name in expected() if name.rpartition("_")[0] != "nation_100k" and "(" not in name)


@pytest.fixture(scope="session")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("instances")


@pytest.mark.parametrize("name", GENERATED)
def test_leximin_equals_the_expected_fractions(name: str, out: Path) -> None:
    pool = types(name, out)
    found = sortition.leximin(pool)
    assert people_by_chance(pool, found) == expected()[name]
    assert [level.proof is None for level in found.levels] == [level.probability == 1 for level in found.levels]
    assert people_by_chance(pool, sortition.ideal_of(pool, "maximin"))[0][0] == expected()[name][0][0]


def test_leximin_with_at_most_one_person_per_household(out: Path) -> None:
    pool = types("seoul_households_1081", out, ADDRESS)
    found = people_by_chance(pool, sortition.leximin(pool))
    assert found == expected()["seoul_households_1081 (at most one per address)"]


def test_public_instances() -> None:
    """Published: example_small has 10.0 % for everybody; the fixture's smallest chance is 1/11 (measured by others)."""
    small = DATA / "example_small_20"
    quotas = sortition.read_quotas(small / "categories.csv")
    pool = sortition.types_of(sortition.read_people(small / "respondents.csv", quotas), quotas, 20)
    assert people_by_chance(pool, sortition.leximin(pool)) == [(Fraction(1, 10), 200)]
    fixture = DATA / "sortition_foundation_fixture_22"
    quotas = sortition.read_quotas(fixture / "features.csv")
    pool = sortition.types_of(sortition.read_people(fixture / "candidates.csv", quotas), quotas, 22)
    assert sortition.leximin(pool).levels[0].probability == Fraction(1, 11)


def tiny(seed: int) -> sortition.Types:
    """A pool of 5 to 12 people with 2 to 4 features, its quotas around one of its panels."""
    chance = random.Random(seed)  # noqa: S311
    values = [chance.choice([2, 2, 3]) for _ in range(chance.choice([2, 3, 3, 4]))]
    count = chance.randint(5, 12)
    pool = [
        sortition.Person(f"p{i}", {f"f{j}": str(chance.randrange(most)) for j, most in enumerate(values)})
        for i in range(count)
    ]
    panel = chance.sample(pool, chance.randint(2, max(2, count // 2)))
    quotas = []
    for feature, value in ((f"f{j}", str(v)) for j, most in enumerate(values) for v in range(most)):
        there = sum(person.values[feature] == value for person in panel)
        low, high = max(0, there - chance.choice([0, 0, 1])), there + chance.choice([0, 0, 1])
        quotas.append(sortition.Quota(feature, value, low, high))
    return sortition.types_of(pool, quotas, len(panel))


def by_all_panels(pool: sortition.Types) -> list[float]:
    """LEXIMIN over every panel there is."""
    counts = (np.array(panel) for panel in itertools.product(*(range(int(size) + 1) for size in pool.sizes)))
    panels = np.array([panel for panel in counts if pool.holds(panel)])
    free, chances = np.ones(len(pool.sizes), dtype=bool), np.zeros(len(pool.sizes))
    while free.any():
        wanted = np.where(free, 0.0, chances * pool.sizes - 1e-9)
        mixture, _top = _Master(panels, wanted, np.where(free, pool.sizes.astype(float), 0.0)).solve()
        bound = np.flatnonzero(free & (mixture.duals > 1e-7))
        chosen = bound if len(bound) else np.flatnonzero(free)
        chances[chosen] = mixture.z
        free[chosen] = False
    return list(chances)


def test_real_lotteries_attain_what_is_stated_on_tiny_pools() -> None:
    """48 pools small enough to list every panel; on some no lottery attains the linear bound, and the gap says so."""
    gaps = 0
    for seed in range(48):
        pool = tiny(seed)
        bound = sortition.leximin(pool)
        found = sortition.attained(pool, bound)
        assert [float(chance) for chance in found.ideal.probabilities] == pytest.approx(by_all_panels(pool), abs=1e-6)
        below = max(bound.levels[0].probability - found.ideal.levels[0].probability, 0)
        assert found.gap is not None
        assert (float(found.gap), found.gap == 0) == (pytest.approx(float(below), abs=1e-6), found.ideal.exact)
        gaps += not found.ideal.exact
        lot = sortition.tickets(pool, found.ideal, 1000, "synthetic")
        assert lot.deviation(pool, found.ideal) < 1
    assert gaps > 0


@settings(max_examples=40)
@given(st.integers(1000, 10**6))
def test_laws_of_the_probabilities(seed: int) -> None:
    pool = tiny(seed)
    ideal = sortition.leximin(pool)
    assert sum(int(size) * chance for size, chance in zip(pool.sizes, ideal.probabilities, strict=True)) == pool.seats
    assert all(0 <= chance <= 1 for chance in ideal.probabilities)
    assert sortition.ideal_of(pool, "maximin").levels[0].probability == ideal.levels[0].probability
    assert sortition.relaxation(pool).changes == ()


def geometric_mean(pool: sortition.Types, ideal: sortition.Ideal) -> float:
    logs = (int(size) * log(chance) for size, chance in zip(pool.sizes, ideal.probabilities, strict=True))
    return exp(sum(logs) / pool.people)


@pytest.mark.parametrize(("name", "mean"), [("small_a_20", 0.080311), ("small_b_20", 0.086974)])
def test_nash_has_the_geometric_mean_that_others_measured(name: str, mean: float, out: Path) -> None:
    pool = types(name, out)
    nash = sortition.ideal_of(pool, "nash")
    assert geometric_mean(pool, nash) == pytest.approx(mean, abs=1e-6)
    assert (nash.exact, geometric_mean(pool, sortition.leximin(pool)) <= mean) == (False, True)


def test_goldilocks_lowers_the_largest_chance(out: Path) -> None:
    pool = types("small_a_20", out)
    fair, balanced = sortition.leximin(pool), sortition.ideal_of(pool, "goldilocks")

    def cost(ideal: sortition.Ideal) -> Fraction:
        share = Fraction(pool.seats, pool.people)
        return max(ideal.probabilities) / share + share / min(ideal.probabilities)

    assert cost(balanced) < cost(fair)
    assert max(balanced.probabilities) <= balanced.cap < 1


def test_crossed_strata_fixed_members_and_a_priority_group() -> None:
    pool = [
        *people(30, sex="f", age="20", group="none"),
        *people(10, sex="f", age="60", group="none"),
        *people(30, sex="m", age="20", group="none"),
        *people(4, sex="m", age="60", group="priority"),
    ]
    cells = [("f×20", 2), ("f×60", 3), ("m×20", 3), ("m×60", 2)]
    quotas = [sortition.Quota("sex×age", value, seats, seats) for value, seats in cells]
    quotas += [sortition.Quota("group", "priority", 2, 2), sortition.Quota("group", "none", 0, 10)]
    chosen = [pool[0].id, pool[70].id]
    types = sortition.types_of(pool, quotas, 10, fixed=chosen)
    ideal = sortition.leximin(types)
    chances = {name: chance for t, chance in enumerate(ideal.probabilities) for name in types.members[t]}
    assert [chances[name] for name in chosen] == [1, 1]
    assert chances[pool[1].id] == Fraction(1, 29)
    assert chances[pool[71].id] == Fraction(1, 3)
    record = drawn_of(types, ideal)
    assert set(chosen) <= set(record["draw"]["panel"])


def drawn_of(types: sortition.Types, ideal: sortition.Ideal) -> dict[str, object]:
    lot = sortition.tickets(types, ideal, 50, "synthetic")
    return sortition.draw(sortition.freeze(types, ideal, lot, salt=None), seed="synthetic")


def test_order_of_people_and_quotas_changes_nothing(out: Path) -> None:
    where = out / "small_b_20"
    types("small_b_20", out)
    quotas = sortition.read_quotas(where / "categories.csv")
    pool = sortition.read_people(where / "respondents.csv", quotas)

    def record() -> dict[str, object]:
        found = sortition.types_of(pool, quotas, 20)
        return drawn_of(found, sortition.leximin(found))

    first = record()
    pool.reverse()
    quotas.sort(key=lambda quota: quota.value)
    assert record() == first


def test_the_smallest_relaxation_is_named_value_by_value() -> None:
    pool = [*people(3, sex="f", age="20"), *people(9, sex="m", age="60")]
    quotas = [
        sortition.Quota("sex", "f", 5, 5, low_flex=0),
        sortition.Quota("sex", "m", 5, 5),
        sortition.Quota("age", "20", 0, 10),
        sortition.Quota("age", "60", 0, 10),
    ]
    found = sortition.relaxation(sortition.types_of(pool, quotas, 10))
    assert [str(change) for change in found.changes] == [
        "sex=f: at least 3 instead of 5",
        "sex=m: at most 7 instead of 5",
    ]
    assert found.people == 4
    with pytest.raises(sortition.Infeasible):
        sortition.leximin(sortition.types_of(pool, quotas, 10))
    stiff = [sortition.Quota("sex", "f", 5, 5, 4), sortition.Quota("sex", "m", 5, 5), *quotas[2:]]
    with pytest.raises(sortition.Infeasible):
        sortition.relaxation(sortition.types_of(pool, stiff, 10))


def hard(seed: int, count: int, seats: int, features: int) -> tuple[list[sortition.Person], list[sortition.Quota]]:
    """A pool of uneven features whose quotas are exactly those of one of its panels."""
    chance = random.Random(seed)  # noqa: S311
    sizes = [chance.choice([2, 3, 4]) for _ in range(features)]
    weights = [[chance.random() ** 2 + 0.05 for _ in range(size)] for size in sizes]
    pool = [
        sortition.Person(
            f"p{place}", {f"f{j}": str(chance.choices(range(size), weights[j])[0]) for j, size in enumerate(sizes)}
        )
        for place in range(count)
    ]
    panel = chance.sample(pool, seats)
    held = [(f"f{j}", str(value)) for j, size in enumerate(sizes) for value in range(size)]
    counts = {(name, value): sum(person.values[name] == value for person in panel) for name, value in held}
    return pool, [sortition.Quota(name, value, people, people) for (name, value), people in counts.items()]


def test_what_stays_undecided_is_said_and_not_called_exact(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a hundredth of the work allowed this pool stays undecided; what its nearest lottery gives is told."""
    monkeypatch.setattr(columns, "ITERATIONS", 1_000)
    pool, quotas = hard(37, 120, 30, 7)
    categories, respondents = tmp_path / "categories.csv", tmp_path / "respondents.csv"
    rows = [f"{one.feature},{one.value},{one.low},{one.high}" for one in quotas]
    categories.write_text("\n".join(["category,feature,min,max", *rows]))
    names = sorted(pool[0].values)
    people = [",".join([person.id, *(person.values[name] for name in names)]) for person in pool]
    respondents.write_text("\n".join([",".join(["id", *names]), *people]))
    assert main(["sortition", "probabilities", str(categories), str(respondents), "--seats", "30", "--json"]) == 0
    stated = json.loads(capsys.readouterr().out)
    assert (0 < stated["gap"] < 0.5, stated["exact"]) == (True, False)
    assert stated["attained"] == "it could not be decided whether a lottery attains the linear bound"


@pytest.mark.parametrize("objective", ["leximin", "nash"])
def test_a_gap_is_the_bound_less_what_a_real_lottery_gives(objective: str, out: Path) -> None:
    """More than 400 types: 1,000 whole tickets are the witness. Fewer: the weights of real panels, in fractions."""
    wide, small = types("sfe_like_110", out), types("small_b_20", out)
    bound = sortition.ideal_of(wide, objective)
    open_yet = sortition.attained(wide, bound)
    found = sortition.witnessed(wide, open_yet)
    assert (open_yet.gap, found.ideal) == (None, bound)
    lot = sortition.tickets(wide, bound, 1000, "witness")
    realised = [Fraction(int(all_), 1000 * int(size)) for all_, size in zip(lot.totals(), wide.sizes, strict=True)]
    assert found.gap == max(p - q for p, q in zip(bound.probabilities, realised, strict=True))
    assert 0 < found.gap < Fraction(1, 1000)
    near = sortition.attained(small, sortition.ideal_of(small, objective)).gap
    assert near is not None
    assert (near == 0, near < Fraction(1, 10**6)) == (objective == "leximin", True)


def test_weights_in_fractions_give_exactly_the_chances_aimed_at(out: Path) -> None:
    pool = types("small_b_20", out)
    ideal = sortition.leximin(pool)
    panels = columns.Panels(pool)
    weights = columns.exact_weights(panels, columns.decomposed(panels, ideal), ideal)
    assert weights is not None
    assert all(pool.holds(panel) and weight >= 0 for panel, weight in weights)
    for t, chance in enumerate(ideal.probabilities):
        assert sum(weight * int(panel[t]) for panel, weight in weights) == chance * int(pool.sizes[t])
