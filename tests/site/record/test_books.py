"""Books can be checked by a stranger, and nobody changes them: neither through Django nor beside it."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import DatabaseError, connection, transaction
from record_world import AT, add_area

from madang import chain
from madang.site.record import queries
from madang.site.record.actions import seal_books
from madang.site.record.models import Event, Seal
from madang.site.record.triggers import allow_changes, forbid_changes

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def exported(book: str | None = None) -> bytes:
    """The chain as a file."""
    stream = BytesIO()
    queries.export(stream=stream, city="synthetic", at=AT + 5 * DAY, book=book)
    return stream.getvalue()


def build() -> None:
    """Two books with five events and two seals."""
    add_area(code="one")
    add_area(code="two", books=("areas", "other"))
    seal_books(at=AT + DAY)
    add_area(code="three", books=("other", "areas"))
    seal_books(at=AT + 2 * DAY)


def test_an_export_verifies_without_the_site():
    build()
    answer = chain.verify(BytesIO(exported()))
    assert (answer.ok, answer.faults, answer.counts) == (True, (), {"books": 2, "events": 5, "seals": 2})


def test_an_export_of_one_book_verifies_too():
    build()
    answer = chain.verify(BytesIO(exported("other")))
    assert (answer.ok, answer.faults, answer.counts) == (True, (), {"books": 1, "events": 2, "seals": 2})


def test_seals_are_chained_and_hold_the_heads_of_all_books():
    build()
    first, second = Seal.objects.order_by("number")
    assert (first.number, second.number, first.previous, second.previous) == (1, 2, chain.GENESIS, first.hash)
    assert {book: head["number"] for book, head in first.heads.items()} == {"areas": 2, "other": 1}
    assert {book: head["number"] for book, head in second.heads.items()} == {"areas": 3, "other": 2}
    assert second.heads["areas"]["hash"] == Event.objects.get(book__code="areas", number=3).hash


def test_events_of_a_subject_are_found_in_all_books():
    build()
    found = [(event.book.code, event.number) for event in queries.events_of("area:three")]
    assert found == [("areas", 3), ("other", 2)]


@pytest.mark.parametrize("model", [Event, Seal])
@pytest.mark.parametrize("verb", ["update", "delete"])
def test_the_database_refuses_to_change_what_was_recorded(model, verb):
    build()
    rows = model.objects.filter(pk=model.objects.earliest("pk").pk)
    before = list(model.objects.order_by("pk").values())
    with pytest.raises(DatabaseError, match=f"{model._meta.db_table} is append-only"), transaction.atomic():
        rows.update(hash="0" * 64) if verb == "update" else rows.delete()
    assert list(model.objects.order_by("pk").values()) == before


def test_the_database_refuses_it_beside_django_too():
    build()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE record_event SET actor = 'somebody-else'")


@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_flips_despite_the_trigger_is_found_by_a_stranger():
    build()
    event = Event.objects.get(book__code="areas", number=2)
    with connection.schema_editor() as editor:
        allow_changes(editor, "record_event")
    Event.objects.filter(pk=event.pk).update(actor="somebody-else")
    with connection.schema_editor() as editor:
        forbid_changes(editor, "record_event")
    answer = chain.verify(BytesIO(exported()))
    assert answer.faults == ("Line 3: the content of event 2 of the book areas does not have the hash it states.",)


def test_a_book_that_somebody_cuts_short_does_not_fit_its_seal():
    build()
    lines = exported().splitlines(keepends=True)
    kept = [line for line in lines if (json.loads(line).get("book"), json.loads(line).get("number")) != ("other", 2)]
    answer = chain.verify(kept)
    assert answer.faults == (
        "Line 7: seal 2 has 2 events of the book other; the file has 1.",
        "Line 8: the footer counts 8 lines before it; there are 7.",
        "Line 8: the bytes before the footer do not have the hash it states.",
    )
