"""Which tables statements read and write, and that a book says with which of its events a table was written to."""

import pytest
from record_world import AT

from madang.site.kit.actor import SYSTEM
from madang.site.people.models import Area
from madang.site.record.journal import action, batch, write
from madang.site.record.models import Book
from madang.site.record.tables import ANY, read, written

STATEMENTS = {
    'INSERT INTO "docket_matter" ("id") VALUES (1)': {"docket_matter"},
    "INSERT INTO votes_ballot (id) VALUES (%s)": {"votes_ballot"},
    ' update "docket_matter" SET "title" = %s': {"docket_matter"},
    'DELETE FROM "people_area" WHERE "id" IN (SELECT "id" FROM "docket_matter")': {"people_area"},
    'SELECT "id" FROM "docket_matter" FOR UPDATE': set(),
    'SAVEPOINT "s1"': set(),
    "WITH gone AS (DELETE FROM people_area RETURNING id) SELECT 1": {ANY},
    'CREATE TABLE "x" ("id" integer)': {ANY},
}


@pytest.mark.parametrize("sql", STATEMENTS)
def test_a_statement_that_writes_names_its_table_or_counts_for_all(sql):
    assert written(sql) == STATEMENTS[sql]


def test_a_statement_reads_what_it_selects_from_and_joins():
    sql = 'SELECT 1 FROM "a_b" INNER JOIN "c" ON (x) LEFT OUTER JOIN "d" T4 ON (y) WHERE EXISTS(SELECT 1 FROM "e" U0)'
    assert read(sql) == {"a_b", "c", "d", "e"}


@action
def note(*, code: str, areas: tuple[str, ...] = ()) -> None:
    for area in areas:
        Area.objects.create(code=area, level="district", name_ko=area, name_en=area)
    write(book=code, verb="synthetic.noted", subject="synthetic", by=SYSTEM, at=AT)


@pytest.mark.django_db
def test_a_book_says_with_which_event_a_table_was_last_written_to():
    note(code="one", areas=("north", "south"))
    note(code="one")
    note(code="two")
    one, two = (Book.objects.get(code=code).touched for code in ("one", "two"))
    assert one == {"people_area": 1, "record_book": 2, "record_event": 2}
    assert two == {"record_book": 1, "record_event": 1}


@pytest.mark.django_db
def test_what_a_batch_writes_is_noted_in_every_book_of_it():
    with batch():
        note(code="one", areas=("north",))
        note(code="two")
    assert {book.code: book.touched["people_area"] for book in Book.objects.all()} == {"one": 1, "two": 1}
