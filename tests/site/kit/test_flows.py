"""Drawings of flows: nothing is lost between the columns."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from madang.site.kit.flows import drawn

ROWS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.integers(0, 10**9), st.booleans()), max_size=12
)


@given(ROWS)
def test_the_table_holds_every_amount_and_each_flow_above_nothing_is_drawn(rows):
    found = drawn(rows)
    assert sum(sum(cells) for _name, cells in found.table) == sum(row[2] for row in rows)
    pairs = {(row[0], row[1]) for row in rows if row[2]}
    assert len(found.links) == len(pairs)
    assert [node.name for node in found.targets] == [name for name, _cells in found.table]


@given(ROWS)
def test_nodes_of_a_column_never_overlap(rows):
    found = drawn(rows)
    for column in (found.sources, found.targets):
        for above, below in pairwise(column):
            assert above.y + above.height < below.y
        assert all(node.y + node.height <= found.height for node in column)
