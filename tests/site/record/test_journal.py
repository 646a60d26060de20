"""An action is one transaction that records what it did."""

import pytest
from record_world import AT, CLERK, add_and_fail, add_area, add_despite_failure, add_in_silence, wrap_silence

from madang.chain import GENESIS
from madang.site.people.models import Area
from madang.site.record.journal import batch, write
from madang.site.record.models import Book, Event

pytestmark = pytest.mark.django_db


def codes() -> list[str]:
    """The areas there are."""
    return list(Area.objects.order_by("code").values_list("code", flat=True))


def recorded() -> list[tuple[str, int, str]]:
    """What the books hold."""
    return list(Event.objects.order_by("book__code", "number").values_list("book__code", "number", "subject"))


def test_an_action_records_what_it_did_in_the_same_transaction():
    add_area(code="one")
    event = Event.objects.get()
    assert (event.verb, event.actor, event.subject, event.data) == (
        "area.added",
        "synthetic-clerk",
        "area:one",
        {"code": "one"},
    )
    assert (event.at, event.number, event.previous) == (AT, 1, GENESIS)
    book = Book.objects.get()
    assert (book.code, book.length, book.head) == ("areas", 1, event.hash)


def test_events_of_a_book_are_chained():
    add_area(code="one")
    add_area(code="two")
    first, second = Event.objects.order_by("number")
    assert second.previous == first.hash
    assert Book.objects.get().head == second.hash


def test_an_action_that_records_nothing_fails_and_is_undone():
    with pytest.raises(RuntimeError, match="add_in_silence recorded nothing"):
        add_in_silence(code="one")
    assert (codes(), recorded()) == ([], [])


def test_an_inner_action_that_records_nothing_fails_even_if_the_outer_one_did_record():
    with pytest.raises(RuntimeError, match="add_in_silence recorded nothing"):
        wrap_silence(code="one")
    assert (codes(), recorded()) == ([], [])


def test_a_failing_action_leaves_neither_rows_nor_events():
    with pytest.raises(ValueError, match="synthetic failure"):
        add_and_fail(code="one")
    assert (codes(), recorded()) == ([], [])


def test_a_nested_action_that_fails_is_undone_and_the_outer_one_goes_on():
    add_despite_failure(code="one")
    assert codes() == ["one"]
    assert recorded() == [("areas", 1, "area:one")]


def test_writing_outside_an_action_is_an_error():
    with pytest.raises(RuntimeError, match="outside an action"):
        write(book="areas", verb="area.added", subject="area:one", by=CLERK, at=AT)


def test_a_batch_chains_all_its_actions_at_the_end():
    with batch():
        add_area(code="one")
        add_area(code="two", books=("areas", "other"))
        assert recorded() == []
    assert recorded() == [("areas", 1, "area:one"), ("areas", 2, "area:two"), ("other", 1, "area:two")]


def test_a_batch_happens_whole_or_not_at_all():
    with pytest.raises(ValueError, match="synthetic failure"), batch():
        add_area(code="one")
        add_and_fail(code="two")
    assert (codes(), recorded()) == ([], [])
    add_area(code="three")
    assert recorded() == [("areas", 1, "area:three")]


@pytest.mark.django_db(transaction=True)
def test_what_an_action_did_is_committed_when_it_returns():
    add_area(code="one")
    with pytest.raises(ValueError, match="synthetic failure"):
        add_and_fail(code="two")
    assert (codes(), recorded()) == (["one"], [("areas", 1, "area:one")])


@pytest.mark.django_db(transaction=True)
def test_the_books_are_empty_again_after_a_test_with_its_own_transactions():
    assert (codes(), recorded()) == ([], [])
    add_area(code="one")
