"""Seats by population: the method of the largest remainder."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madang.sortition import seats_by_population


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
