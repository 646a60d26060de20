"""Titles that resemble each other, in groups."""

from hypothesis import given
from hypothesis import strategies as st

from madang.site.docket.alike import SAME, _dice, _pairs, groups

WORDS = st.lists(st.sampled_from(["골목", "쉼터", "공원", "나무", "길", "만들기", "심기"]), max_size=4)
TITLES = st.lists(WORDS.map(" ".join), max_size=25)


def plain(titles: dict[int, str]) -> list[list[int]]:
    """The same by comparing each with each."""
    found: dict[int, list[int]] = {}
    for key, title in titles.items():
        own = _pairs(title)
        scored = [(_dice(own, _pairs(titles[head])), -place, head) for place, head in enumerate(found)]
        best = max(scored, default=(0.0, 0, key))
        if own and best[0] >= SAME:
            found[best[2]].append(key)
        else:
            found[key] = [key]
    return [keys for keys in found.values() if len(keys) > 1]


@given(TITLES)
def test_groups_are_those_of_comparing_each_with_each(titles):
    numbered = dict(enumerate(titles))
    assert groups(numbered) == plain(numbered)


def test_a_chain_of_likenesses_does_not_end_at_something_else():
    assert groups({1: "가나다라", 2: "나다라마", 3: "다라마바"}) == [[1, 2]]


def test_titles_without_two_letters_resemble_nothing():
    assert groups({1: "가", 2: "가", 3: ""}) == []
