"""A replay files thousands: one action costs few queries, and their number does not grow with what is there."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import AT, IDEA_DATA, OPEN_CALL, citizen, file_matter, opened

from madang.site.forums import actions as forums
from madang.site.intake import actions
from madang.site.record.journal import batch

pytestmark = pytest.mark.django_db


def queries_of(act: Callable[[], object], times: int) -> int:
    """The queries of the last of some runs, so that what is read once does not count."""
    with batch():
        for _ in range(times):
            with CaptureQueriesContext(connection) as seen:
                act()
    return len(seen)


def test_filing_costs_the_same_with_two_and_with_twenty():
    (call,) = opened(("call", {**OPEN_CALL, "who": ["lives_in:town"]}))
    people = iter([citizen("lives_in:town") for _ in range(22)])

    def own() -> None:
        by = next(people)
        actions.submit(by=by, at=AT, stage=call, data=IDEA_DATA, author_id=by.person_id, synthetic=True)

    few = queries_of(own, 2)
    assert few == queries_of(own, 20)
    assert few <= 9


def test_support_and_comment_cost_few_queries():
    (stage,) = opened(("support", {"thresholds": [{"since": "2021-01-01", "supports": 99}], "rolling": True}))
    matter = file_matter(stage=stage)
    people = iter([citizen() for _ in range(24)])
    support = [queries_of(lambda: forums.support(by=next(people), at=AT, matter=matter), n) for n in (2, 10)]
    comment = [
        queries_of(lambda: forums.comment(by=next(people), at=AT, matter=matter, text="합성"), n) for n in (2, 10)
    ]
    assert (support, comment) == ([4, 4], [1, 1])
