"""The rehearsal: what it states is what the record states, and what it draws is what the draw would draw."""

from collections import Counter

import numpy as np
import pytest

from madang import sortition
from madang.sortition import rehearsing
from madang.sortition.recording import below


def frozen(women=9, men=6, seats=4):
    people = [sortition.Person(f"p{place:02}", {"sex": "f" if place < women else "m"}) for place in range(women + men)]
    quotas = [sortition.Quota("sex", "f", 1, 2), sortition.Quota("sex", "m", 2, 3)]
    types = sortition.types_of(people, quotas, seats)
    ideal = sortition.attained(types, sortition.leximin(types)).ideal
    lot = sortition.tickets(types, ideal, 1000, sortition.pool_seed(types, None))
    return sortition.freeze(types, ideal, lot, salt=None)


@pytest.fixture(scope="module")
def published():
    return frozen()


def test_every_draw_keeps_the_quotas_and_every_chance_comes_true(published):
    found = sortition.rehearse(published, 20_000)
    assert found.kept
    assert [(row.name, row.fewest, row.most) for row in found.rows] == [
        ("sex=f", 2, 2), ("sex=m", 2, 2), ("seats", 4, 4),
    ]  # fmt: skip
    for level in found.levels:
        assert level.stated == level.realised
        assert abs(level.observed - float(level.stated)) < 1e-12
    assert 1e-4 < found.by_chance < 1 - 1e-4


def test_each_person_is_drawn_as_often_as_the_tickets_say(published):
    deal = sortition.deal_of(published.published)
    seeds = [sortition.mixed_seed(published.hash, "", f"people {place}") for place in range(4000)]
    drawn = Counter(name for seed in seeds for name in deal.people(below(seed, 1000)))
    tickets = deal.counts()
    assert set(drawn) == set(tickets)
    wanted = np.array([4 * tickets[name] for name in sorted(tickets)])
    seen = np.array([drawn[name] for name in sorted(tickets)])
    spread = np.sqrt(wanted * (1 - wanted / 4000))
    assert (abs(seen - wanted) < 4.5 * spread).all()


def test_a_rehearsal_is_repeated_bit_for_bit_and_another_seed_gives_another(published):
    one, again, other = (sortition.rehearse(published, 500, seed) for seed in ("a", "a", "b"))
    assert (one == again, one == other) == (True, False)


def test_a_panel_that_breaks_a_quota_is_told(published):
    broken = {**published.published, "rows": [["sex=f", 3, 4], *published.published["rows"][1:]]}
    assert not sortition.rehearse(sortition.Frozen(broken, published.hash), 50).kept


@pytest.mark.parametrize(
    ("statistic", "degrees", "chance"), [(999.0, 999, 0.494), (1073.6, 999, 0.05), (926.6, 999, 0.95), (0.0, 0, 1.0)]
)
def test_the_chance_of_a_chi_square_is_that_of_its_table(statistic, degrees, chance):
    assert abs(rehearsing._by_chance(statistic, degrees) - chance) < 2e-3
