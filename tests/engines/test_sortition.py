"""The draw by lot: shares of seats, the tickets, filling of empty seats, and the record a stranger can run again."""

import copy
import json
import time
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madang.chain import canonical
from madang.sortition import (
    Candidate,
    Draw,
    Quota,
    Shortfall,
    commitment,
    draw,
    list_hash,
    seats_by_population,
    stratum_key,
    verify,
)

SEXES = ("m", "f")
AGES = ("19-29", "30-39", "40-49", "50-59", "60-69", "70+")
AREAS = tuple(f"district {number:02}" for number in range(1, 26))


def people(count: int, categories: dict[str, tuple[str, ...]]) -> list[Candidate]:
    """Synthetic candidates; the hash of the number decides the values, so that strata are uneven."""
    made = []
    for number in range(count):
        noise = sha256(f"synthetic {number}".encode()).digest()
        strata = {name: values[noise[place] % len(values)] for place, (name, values) in enumerate(categories.items())}
        made.append(Candidate(f"c-{number:05}", strata))
    return made


# ------------------------------------------------------------------ seats by population
def test_largest_remainder_of_a_known_example() -> None:
    """Hamilton's method on the textbook example 1,500 + 1,500 + 900 + 500 + 500 + 200 people and 26 seats."""
    population = {("a",): 1500, ("b",): 1500, ("c",): 900, ("d",): 500, ("e",): 500, ("f",): 200}
    assert list(seats_by_population(population, 26).values()) == [8, 8, 5, 2, 2, 1]


def test_equal_remainders_go_to_the_smaller_key() -> None:
    assert seats_by_population({("b",): 1, ("a",): 1, ("c",): 1}, 2) == {("b",): 1, ("a",): 1, ("c",): 0}


@given(st.dictionaries(st.tuples(st.text(max_size=2)), st.integers(0, 10**7), min_size=1), st.integers(0, 2000))
def test_seats_keep_to_the_exact_share(population: dict[tuple[str, ...], int], seats: int) -> None:
    total = sum(population.values())
    if total == 0:
        population = dict.fromkeys(population, 1)
        total = len(population)
    shared = seats_by_population(population, seats)
    assert list(shared) == list(population)
    assert sum(shared.values()) == seats
    assert all(abs(shared[key] * total - seats * population[key]) < total for key in population)


@pytest.mark.parametrize(("population", "seats"), [({("a",): 0}, 1), ({}, 1), ({("a",): -1}, 0), ({("a",): 1}, -1)])
def test_impossible_shares_are_refused(population: dict[tuple[str, ...], int], seats: int) -> None:
    with pytest.raises(ValueError):
        seats_by_population(population, seats)


def test_no_seats_over_nobody() -> None:
    assert seats_by_population({("a",): 0}, 0) == {("a",): 0}


# ------------------------------------------------------------------ the draw
def test_the_draw_is_what_its_description_says() -> None:
    pool = [Candidate(f"c{number}", {"sex": "f" if number % 2 else "m"}) for number in range(20)]
    drawn = draw(
        candidates=pool,
        quotas=[Quota({"sex": "f"}, 3), Quota({"sex": "m"}, 2)],
        secret="0f" * 32,
        public="6 12 19 24 34 41",
        reserves_per_stratum=2,
    )
    seed = sha256(("0f" * 32 + "\n6 12 19 24 34 41").encode()).hexdigest()
    by_ticket = sorted((person.id for person in pool), key=lambda name: sha256(f"{seed}\n{name}".encode()).hexdigest())
    women = [name for name in by_ticket if int(name[1:]) % 2]
    men = [name for name in by_ticket if not int(name[1:]) % 2]
    assert drawn.selected == tuple(women[:3] + men[:2])
    assert drawn.reserves == {"sex=f": tuple(women[3:5]), "sex=m": tuple(men[2:4])}
    assert drawn.shortfalls == ()
    assert drawn.record["commitment"] == sha256(b"0f" * 32).hexdigest() == commitment("0f" * 32)
    assert drawn.record["input_hash"] == list_hash(pool) == list_hash(pool[::-1])


def test_empty_seats_go_to_the_nearest_stratum() -> None:
    def crowd(sex: str, age: str, area: str, count: int) -> Iterator[Candidate]:
        for number in range(count):
            yield Candidate(f"{sex}/{age}/{area}/{number}", {"sex": sex, "age": age, "area": area})

    cells = [(sex, age, area) for sex in "mf" for area in ("north", "south") for age in ("20", "30", "40")]
    sizes = {("m", "20", "north"): 0, ("m", "30", "north"): 3, ("m", "40", "north"): 4, ("m", "30", "south"): 1}
    pool = [person for cell in cells for person in crowd(*cell, sizes.get(cell, 9))]
    quotas = [Quota({"sex": sex, "age": age, "area": area}, 2) for sex, age, area in cells]
    drawn = draw(candidates=pool, quotas=quotas, secret="synthetic", neighbours=("age", "area"))
    north, south = "sex=m,age=20,area=north", "sex=m,age=30,area=south"
    # 20 north: one from the next age band, the second from the band after it; never from the women.
    # 30 south: 20 and 40 are equally near; 20 stands earlier in the quotas.
    assert drawn.shortfalls == (
        Shortfall(north, 2, 0, {"sex=m,age=30,area=north": 1, "sex=m,age=40,area=north": 1}, 0),
        Shortfall(south, 2, 1, {"sex=m,age=20,area=south": 1}, 0),
    )
    assert Counter(name[0] for name in drawn.selected) == {"m": 12, "f": 12}
    assert [step["step"] for step in drawn.record["steps"]].count("fill") == 3
    areas = draw(candidates=pool, quotas=quotas, secret="synthetic", neighbours=("area", "age"))
    assert areas.shortfalls[0].filled == {"sex=m,age=20,area=south": 2}


def test_without_a_rule_seats_stay_empty_and_the_record_says_so() -> None:
    drawn = draw(
        candidates=[Candidate("a", {"sex": "f"}), Candidate("b", {"sex": "m"}), Candidate("c", {"sex": "m"})],
        quotas=[Quota({"sex": "f"}, 3), Quota({"sex": "m"}, 1)],
        secret="synthetic",
    )
    assert drawn.shortfalls == (Shortfall("sex=f", 3, 1, {}, 2),)
    assert drawn.record["steps"][2] == {"step": "left empty", "stratum": "sex=f", "seats": 2, "drawn": []}
    assert len(drawn.selected) == 2


def test_the_citizens_assembly_of_2021() -> None:
    """3,201 candidates, 1,081 seats over sex, age and district (`WORKFLOWS.md`, 1-1) in 100 ms of CPU time."""
    categories = {"sex": SEXES, "age": AGES, "area": AREAS}
    pool = people(3201, categories)
    cells = [(sex, age, area) for sex in SEXES for age in AGES for area in AREAS]
    shares = seats_by_population({cell: 20_000 + 997 * place % 9_000 for place, cell in enumerate(cells)}, 1081)
    quotas = [Quota(dict(zip(categories, cell, strict=True)), seats) for cell, seats in shares.items()]
    taken = []
    for _ in range(3):
        start = time.process_time()
        drawn = draw(candidates=pool, quotas=quotas, secret="synthetic", neighbours=("age", "area"))
        taken.append(time.process_time() - start)
    assert min(taken) < 0.1
    assert len(set(drawn.selected)) == 1081
    sexes = {person.id: person.strata["sex"] for person in pool}
    wanted = Counter({sex: sum(n for cell, n in shares.items() if cell[0] == sex) for sex in SEXES})
    assert Counter(sexes[name] for name in drawn.selected) == wanted
    assert verify(drawn.record).faults == ()


def test_the_budget_members_of_2021() -> None:
    """1,011 candidates, exactly 179 men and 165 women (`WORKFLOWS.md`, 1-3)."""
    pool = people(1011, {"sex": SEXES, "age": AGES})
    seats: dict[tuple[str, ...], int] = {}
    for sex, count in (("m", 179), ("f", 165)):
        seats |= seats_by_population({(sex, age): 100 for age in AGES}, count)
    quotas = [Quota({"sex": sex, "age": age}, count) for (sex, age), count in seats.items()]
    drawn = draw(candidates=pool, quotas=quotas, secret="synthetic", neighbours=("age",), reserves_per_stratum=3)
    sexes = {person.id: person.strata["sex"] for person in pool}
    assert Counter(sexes[name] for name in drawn.selected) == {"m": 179, "f": 165}
    assert verify(drawn.record).counts == {"candidates": 1011, "selected": 344}


def test_everybody_in_a_stratum_has_the_same_chance() -> None:
    """4,000 draws of 2 out of 8: each is drawn 1,000 times, give or take 5 standard deviations (27.4)."""
    pool = [Candidate(f"c{number}", {"sex": "f"}) for number in range(8)]
    found: Counter[str] = Counter()
    for number in range(4000):
        found.update(draw(candidates=pool, quotas=[Quota({"sex": "f"}, 2)], secret=f"synthetic {number}").selected)
    assert sum(found.values()) == 8000
    assert all(abs(found[person.id] - 1000) < 137 for person in pool)


small = st.lists(st.tuples(st.sampled_from("mf"), st.sampled_from(["20", "30", "40"])), max_size=25).map(
    lambda cells: [Candidate(f"c{n}", {"sex": sex, "age": age}) for n, (sex, age) in enumerate(cells)]
)
some_seats = st.lists(st.integers(0, 5), min_size=6, max_size=6)


def small_draw(pool: list[Candidate], seats: list[int], **more: Any) -> Draw:
    cells = [(sex, age) for sex in "mf" for age in ("20", "30", "40")]
    quotas = [Quota({"sex": sex, "age": age}, n) for (sex, age), n in zip(cells, seats, strict=True)]
    return draw(candidates=pool, quotas=quotas, secret="synthetic", **more)


@settings(deadline=None)
@given(small, some_seats, st.integers(0, 3), st.randoms(use_true_random=False))
def test_laws_of_every_draw(pool: list[Candidate], seats: list[int], reserves: int, random: Any) -> None:
    drawn = small_draw(pool, seats, neighbours=("age", "sex"), reserves_per_stratum=reserves)
    chosen = [*drawn.selected, *(name for names in drawn.reserves.values() for name in names)]
    assert len(chosen) == len(set(chosen))
    assert set(chosen) <= {person.id for person in pool}
    assert len(drawn.selected) == min(sum(seats), len(pool))
    assert sum(seats) - len(drawn.selected) == sum(shortfall.empty for shortfall in drawn.shortfalls)
    kept = small_draw(pool, seats, neighbours=("age",))
    by_id = {person.id: person.strata["sex"] for person in pool}
    for sex, quota in (("m", sum(seats[:3])), ("f", sum(seats[3:]))):
        there = sum(person.strata["sex"] == sex for person in pool)
        assert sum(by_id[name] == sex for name in kept.selected) == min(quota, there)
    shuffled = list(pool)
    random.shuffle(shuffled)
    assert small_draw(shuffled, seats, neighbours=("age", "sex"), reserves_per_stratum=reserves) == drawn


# ------------------------------------------------------------------ the record
def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*path, key))
    else:
        yield path


def stored(drawn: Draw) -> dict[str, Any]:
    """The record as it comes back from a file: key order lost, tuples gone."""
    return json.loads(canonical(drawn.record))


@settings(deadline=None)
@given(small, some_seats)
def test_every_record_verifies(pool: list[Candidate], seats: list[int]) -> None:
    drawn = small_draw(pool, seats, neighbours=("age",), reserves_per_stratum=1)
    assert verify(stored(drawn)).faults == ()


def test_any_change_of_a_record_is_found() -> None:
    pool = people(14, {"sex": SEXES, "age": ("20", "30", "40")})
    record = stored(small_draw(pool, [4, 2, 1, 0, 1, 3], neighbours=("age",), reserves_per_stratum=1, public="7"))
    assert verify(record).ok
    places = list(leaves(record))
    assert len(places) > 100
    for path in places:
        changed = copy.deepcopy(record)
        inner = changed
        for key in path[:-1]:
            inner = inner[key]
        old = inner[path[-1]]
        inner[path[-1]] = old + 1 if isinstance(old, int) else old + "x"
        assert not verify(changed).ok, path
        inner[path[-1]] = None
        assert not verify(changed).ok, path
        del inner[path[-1]]
        assert not verify(changed).ok, path


def test_faults_say_where() -> None:
    record = stored(small_draw(people(6, {"sex": SEXES, "age": ("20",)}), [1, 0, 0, 1, 0, 0]))
    selected = list(record["selected"])
    record["selected"][0] = "c-friend"
    assert verify(record).faults == (f"the record, selected, 1 states 'c-friend'; the new run gives {selected[0]!r}.",)
    assert verify({"format": "other"}).faults == ("This is not a record of a draw in the format madang-draw/1.",)
    del record["parameters"]["secret"]
    assert verify(record).faults == ("The draw cannot be run again: KeyError: 'secret'",)


WOMAN = Candidate("a", {"sex": "f"})


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"candidates": [WOMAN, WOMAN]}, "The candidate a stands in the list twice."),
        ({"candidates": [Candidate("b", {"sex": "x"})]}, "The candidate b is in no stratum of the quotas;"),
        ({"candidates": [Candidate("b", {})]}, "The candidate b is in no stratum of the quotas;"),
        ({"quotas": []}, "There is no quota, so there is no seat to draw."),
        ({"quotas": [Quota({"sex": "f"}, 1), Quota({"sex": "f"}, 1)]}, "The stratum sex=f has two quotas;"),
        ({"quotas": [Quota({"sex": "f"}, 1), Quota({"age": "20"}, 1)]}, "The quota age=20 must name sex and no more."),
        ({"quotas": [Quota({"sex": "f"}, -1)]}, "The stratum sex=f has -1 seats; give 0 or more."),
        ({"secret": ""}, "The secret must be one line of text;"),
        ({"secret": "a\nb"}, "The secret must be one line of text;"),
        ({"neighbours": ("age",)}, "neighbours must name categories of the quotas (sex), each once."),
        ({"neighbours": "sex"}, "neighbours must name categories of the quotas (sex), each once."),
        ({"reserves_per_stratum": -1}, "-1 reserves cannot be drawn; give 0 or more."),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_a_sentence(wrong: dict[str, Any], sentence: str) -> None:
    good: dict[str, Any] = {"candidates": [WOMAN], "quotas": [Quota({"sex": "f"}, 1)], "secret": "synthetic"}
    with pytest.raises(ValueError) as refused:
        draw(**good | wrong)
    assert str(refused.value)[: len(sentence)] == sentence


def test_names_of_strata_are_unambiguous() -> None:
    assert stratum_key({"sex": "f", "age": "30-39"}) == "sex=f,age=30-39"
    for value in ("", "a,b", "a=b"):
        with pytest.raises(ValueError, match="cannot name a category or its value"):
            stratum_key({"sex": value})
