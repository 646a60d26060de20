"""Concurrent writers, on the configured database engine: threads with a connection each never overspend."""

from collections import Counter
from collections.abc import Callable

from ledger_world import AT, DAY, FINANCE, HEAD, OFFICER, build

from madang.site.kit.verdict import Refused
from madang.site.ledger import actions
from madang.site.ledger.models import Entry, Line, Request

WRITERS = 8


def _prepare() -> list[int]:
    """Eight obligation requests of 300,000 won each, approved by the head, on a line of 1,000,000."""
    world = build()
    line = Line.objects.select_related("department__parent").get(pk=world.line.pk)
    keys = []
    for _number in range(WRITERS):
        request = actions.request_obligation(
            by=OFFICER, at=AT, line=line, amount_won=300_000, payee="synthetic", on=DAY
        )
        actions.approve(by=HEAD, at=AT, request=request)
        keys.append(request.pk)
    return keys


def _approve(key: int) -> Callable[[], str]:
    def call() -> str:
        request = Request.objects.select_related("line__department__parent").get(pk=key)
        return str(actions.approve(by=FINANCE, at=AT, request=request).state)

    return call


def _state() -> tuple[int, int, int]:
    line = Line.objects.get(code="P-01")
    return line.obligated_won, line.spent_won, Entry.objects.filter(line=line, kind="obligation").count()


def test_of_eight_who_want_the_money_three_get_it(in_threads):
    (keys,) = in_threads(_prepare)
    results = in_threads(*(_approve(key) for key in keys))
    assert Counter(type(result).__name__ for result in results) == {"Refused": 5, "str": 3}
    assert {str(result) for result in results if isinstance(result, Refused)} == {
        "P-01 Parks: 300,000 won cannot be obligated. 900,000 of 1,000,000 won are obligated; 100,000 won are left."
    }
    assert in_threads(_state) == [(900_000, 0, 3)]


def test_a_request_approved_by_eight_at_once_is_posted_once(in_threads):
    (keys,) = in_threads(_prepare)
    results = in_threads(*[_approve(keys[0])] * WRITERS)
    assert Counter(type(result).__name__ for result in results) == {"Refused": 7, "str": 1}
    assert in_threads(_state) == [(300_000, 0, 1)]
