"""Lotteries, draws and their records: bounds, chances over many seeds, and that nothing in a record can be changed."""

import copy
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sortition_instances import ADDRESS, drawn, folder, people, types

from madang import sortition
from madang.sortition.recording import below, deal_of

LOTTERIES = ["small_a_20", "small_b_20", "budget_344_344", "seoul2023_120", "seoul2012_150", "seoul_marginal_1081"]


@pytest.fixture(scope="session")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("instances")


@pytest.fixture(scope="session")
def record(out: Path) -> dict[str, Any]:
    return drawn(types("small_b_20", out))


@pytest.mark.parametrize("name", LOTTERIES)
def test_a_thousand_panels_keep_every_quota_and_everybody_is_within_one_ticket(name: str, out: Path) -> None:
    pool = types(name, out)
    ideal = sortition.leximin(pool)
    lot = sortition.tickets(pool, ideal, 1000, "synthetic")
    assert [pool.holds(panel) for panel in lot.panels] == [True] * 1000
    assert lot.deviation(pool, ideal) < 1
    assert min(lot.totals() // pool.sizes) == int(1000 * ideal.levels[0].probability)


def test_tickets_of_people_are_those_of_the_panels(record: dict[str, Any]) -> None:
    deal = deal_of(record["published"])
    panels = [deal.people(ticket) for ticket in range(100)]
    counts = Counter(name for panel in panels for name in panel)
    assert counts == Counter({name: tickets for name, tickets in deal.counts().items() if tickets})
    for t, names in enumerate(record["published"]["pool"]):
        held = [deal.tickets(t, name) for name in names]
        assert held == [[ticket for ticket, panel in enumerate(panels) if name in panel] for name in names]
        assert max(map(len, held)) - min(map(len, held)) <= 1


def test_households_have_one_seat_and_their_members_even_chances(out: Path) -> None:
    pool = types("seoul_households_1081", out, ADDRESS)
    record = drawn(pool, count=200)
    assert sortition.verify(record) == []
    deal = deal_of(record["published"])
    for ticket in (0, 99, 199):
        homes = Counter(deal.households[name] for name in deal.people(ticket) if name in deal.households)
        assert max(homes.values()) == 1
    ideal = {n: p for t, p in enumerate(sortition.leximin(pool).probabilities) for n in pool.members[t]}
    assert max(abs(held - 200 * ideal[name]) for name, held in deal.counts().items()) < 2


def chi_square(counts: list[int], expected: list[float]) -> float:
    return sum((count - wanted) ** 2 / wanted for count, wanted in zip(counts, expected, strict=True))


def test_numbers_are_uniform_over_many_seeds() -> None:
    """20,000 seeds, 100 numbers: chi-square with 99 degrees of freedom is below 148.2 in 999 of 1,000 cases."""
    found = Counter(below(sha256(f"synthetic {seed}".encode()).hexdigest(), 100) for seed in range(20_000))
    assert chi_square([found[number] for number in range(100)], [200.0] * 100) < 148.2


def test_people_are_drawn_as_often_as_stated(record: dict[str, Any]) -> None:
    """4,000 draws: the sum over people of (observed - stated)^2 / variance has mean 200 and stays below 262 + slack.

    People of one panel are not independent, so that the bound is on each person too: 5 standard deviations.
    """
    deal, published = deal_of(record["published"]), record["published"]
    panels = [deal.people(ticket) for ticket in range(100)]
    mixed = (sha256(f"{record['published_hash']} {seed}".encode()).hexdigest() for seed in range(4000))
    found = Counter(name for number in (below(seed, 100) for seed in mixed) for name in panels[number])
    for t, names in enumerate(published["pool"]):
        for name in names:
            stated = len(deal.tickets(t, name)) / 100
            spread = (4000 * stated * (1 - stated)) ** 0.5
            assert abs(found[name] - 4000 * stated) <= 5 * spread + 1e-9


@settings(max_examples=30)
@given(
    st.integers(2, 9), st.integers(2, 9), st.integers(1, 4), st.integers(1, 4), st.text(min_size=1).filter(str.strip)
)
def test_every_draw_verifies_and_keeps_its_quotas(women: int, men: int, first: int, second: int, seed: str) -> None:
    first, second = min(first, women), min(second, men)
    quotas = [sortition.Quota("sex", "f", first, first), sortition.Quota("sex", "m", second, second)]
    pool = sortition.types_of([*people(women, sex="f"), *people(men, sex="m")], quotas, first + second)
    found = drawn(pool, seed=seed, count=17)
    assert sortition.verify(json.loads(json.dumps(found))) == []
    assert Counter(name[0] for name in found["draw"]["panel"]) == {"f": first, "m": second}
    assert len(found["reserves"]) == women + men - first - second


# ------------------------------------------------------------------ the record
def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*path, key))
    else:
        yield path


def small_record() -> dict[str, Any]:
    quotas = [sortition.Quota("sex", "f", 1, 2), sortition.Quota("sex", "m", 1, 2)]
    pool = [*people(5, sex="f"), *people(3, sex="m")]
    couple = [sortition.Person("home-f", {"sex": "f"}, "1 Lottery Street")]
    couple.append(sortition.Person("home-m", {"sex": "m"}, "1 Lottery Street"))
    types = sortition.types_of([*pool, *couple], quotas, 3)
    found = drawn(types, count=10)
    return sortition.replace(found, found["draw"]["panel"][:1])


def changed(record: dict[str, Any], path: tuple[Any, ...], rehash: bool) -> dict[str, Any]:
    other = copy.deepcopy(record)
    inner = other
    for key in path[:-1]:
        inner = inner[key]
    old = inner[path[-1]]
    inner[path[-1]] = not old if isinstance(old, bool) else old + 1 if isinstance(old, int) else f"{old}x"
    if rehash:
        other["published_hash"] = sortition.hash_of(other["published"])
    return other


def test_any_change_of_a_record_is_found_even_with_a_new_hash() -> None:
    record = small_record()
    assert sortition.verify(record) == []
    places = list(leaves(record))
    assert len(places) > 100
    for path in places:
        # A new hash mends the hash itself; that is no change.
        for rehash in (False, True) if path != ("published_hash",) else (False,):
            assert sortition.verify(changed(record, path, rehash)) != [], path


def test_the_verifier_runs_alone_and_imports_nothing_of_the_house(tmp_path: Path) -> None:
    source = Path(sortition.verifier.__file__).read_text(encoding="utf-8")
    (tmp_path / "verifier.py").write_text(source, encoding="utf-8")
    file = tmp_path / "record.json"
    file.write_text(json.dumps(small_record()), encoding="utf-8")
    run = [sys.executable, "-I", "-S", str(tmp_path / "verifier.py"), str(file)]
    assert subprocess.run(run, capture_output=True, check=False).returncode == 0
    file.write_text(json.dumps({**small_record(), "reserves": []}), encoding="utf-8")
    assert subprocess.run(run, capture_output=True, check=False).returncode == 1
    assert "madang." not in source.replace("madang.sortition", "")


def test_nothing_of_the_process_leaks_into_a_record(out: Path, tmp_path: Path) -> None:
    """Fresh processes with different hash seeds and another order of the rows write the same bytes."""
    where = folder("small_a_20", out)
    mixed = tmp_path / "mixed.csv"
    head, *rows = (where / "respondents.csv").read_text().splitlines()
    mixed.write_text("\n".join([head, *reversed(rows)]) + "\n")
    digests = set()
    for number, pool in enumerate([where / "respondents.csv", mixed]):
        record = tmp_path / f"{number}.json"
        command = [sys.executable, "-m", "madang.cli", "sortition", "draw", str(where / "categories.csv"), str(pool)]
        command += ["--seats", "20", "--seed", "6 12 19 24 34 41", "--record", str(record)]
        source = str(Path(sortition.__file__).parents[2])
        subprocess.run(
            command,
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": str(number), "PYTHONPATH": source},
        )
        digests.add(sha256(record.read_bytes()).hexdigest())
    assert len(digests) == 1


# ------------------------------------------------------------------ seed, number, secret
def test_the_seed_draws_by_the_rule_that_is_written_down(record: dict[str, Any]) -> None:
    text = f"madang-sortition draw\n{record['published_hash']}\n\nsynthetic"
    mixed = sha256(text.encode()).hexdigest()
    number = int(sha256(f"{mixed}\nticket\n0".encode()).hexdigest(), 16) % 100
    assert (record["draw"]["mixed"], record["draw"]["ticket"]) == (mixed, number)


def test_dice_and_secrets(out: Path) -> None:
    pool = types("small_b_20", out)
    ideal = sortition.leximin(pool)
    lot = sortition.tickets(pool, ideal, 100, "synthetic")
    frozen = sortition.freeze(pool, ideal, lot, salt="secret salt", secret_hash=sortition.commitment("5" * 64))
    by_dice = sortition.draw(frozen, seed="dice in the town hall", secret="5" * 64, number=7)
    assert (by_dice["draw"]["ticket"], sortition.verify(by_dice)) == (7, [])
    assert set(by_dice["draw"]["panel"]) == set(deal_of(frozen.published).people(7))
    for wrong in ({"secret": "6" * 64}, {"number": 100}, {"number": -1}):
        with pytest.raises(sortition.Refusal):
            sortition.draw(frozen, **{"seed": "dice", "secret": "5" * 64} | wrong)
    member = pool.members[0][0]
    assert sortition.pseudonym(member, "secret salt") in frozen.published["pool"][0]
    assert member not in json.dumps(frozen.published)


# ------------------------------------------------------------------ reserves and one person's view
def test_reserves_have_the_same_features_or_keep_the_quotas(out: Path) -> None:
    record = drawn(types("small_a_20", out))
    dropped = record["draw"]["panel"][5:11]
    replaced = sortition.replace(record, dropped)
    again = sortition.replace(replaced, [replaced["replacements"][0]["called"][0][1]])
    assert sortition.verify(again) == []
    type_of = {name: t for t, names in enumerate(record["published"]["pool"]) for name in names}
    rules = [rule for event in again["replacements"] for _leaving, _coming, rule in event["called"]]
    assert set(rules) == {"same features", "quotas hold"}
    panel = set(record["draw"]["panel"])
    for event in again["replacements"]:
        for leaving, coming, rule in event["called"]:
            assert (rule == "same features") == (type_of[leaving] == type_of[coming])
            panel = panel - {leaving} | {coming}
    sums = np.zeros(len(record["published"]["rows"]), dtype=int)
    for name in panel:
        sums[record["published"]["types"][type_of[name]]] += 1
    assert all(low <= n <= high for n, (_name, low, high) in zip(sums, record["published"]["rows"], strict=True))
    with pytest.raises(sortition.Refusal, match="is not on the panel now"):
        sortition.replace(again, dropped[:1])


def test_a_seat_stays_empty_when_nobody_keeps_the_quotas() -> None:
    quotas = [sortition.Quota("sex", "f", 1, 1), sortition.Quota("sex", "m", 1, 1)]
    pool = sortition.types_of([*people(1, sex="f"), *people(3, sex="m")], quotas, 2)
    replaced = sortition.replace(drawn(pool, count=3), ["f-0"])
    assert replaced["replacements"][0]["called"] == [["f-0", None, "empty"]]
    assert sortition.verify(replaced) == []


def test_of_each_type_only_so_many_wait(out: Path) -> None:
    quotas = [sortition.Quota("sex", "f", 1, 1), sortition.Quota("sex", "m", 1, 1)]
    pool = sortition.types_of([*people(6, sex="f"), *people(7, sex="m")], quotas, 2)
    found = drawn(pool, count=3, waiting=2)
    assert Counter(name[0] for name in found["reserves"]) == {"f": 2, "m": 2}
    assert sortition.verify(found) == []


def test_one_person_sees_the_own_chance_tickets_and_result(record: dict[str, Any]) -> None:
    name = record["draw"]["panel"][0]
    found = sortition.standing(record, name)
    assert record["draw"]["ticket"] in found["tickets"]
    assert found["realised"] == Fraction(len(found["tickets"]), 100)
    assert (found["drawn"], found["on_panel"], found["reserve_rank"]) == (True, True, None)
    assert sortition.standing(record, record["reserves"][4])["reserve_rank"] == 5
    with pytest.raises(sortition.Refusal, match="Nobody in this draw has the pseudonym nobody"):
        sortition.standing(record, "nobody")
