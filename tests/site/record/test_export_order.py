"""A chain file holds its books by their codes, whichever was begun first."""

from io import BytesIO

import pytest
from record_world import AT, add_area

from madang import chain
from madang.site.record import queries
from madang.site.record.actions import seal_books

pytestmark = pytest.mark.django_db


def test_books_begun_out_of_order_are_exported_in_order_and_verify():
    add_area(code="last", books=("people",))
    add_area(code="first", books=("1-2/proposals/2021", "Upper", "z"))
    seal_books(at=AT)
    stream = BytesIO()
    queries.export(stream=stream, city="synthetic", at=AT)
    answer = chain.verify(BytesIO(stream.getvalue()))
    assert (answer.faults, answer.counts) == ((), {"books": 4, "events": 4, "seals": 1})
