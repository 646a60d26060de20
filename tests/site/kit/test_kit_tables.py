"""A declared table: sorting, filters, files that no spreadsheet runs, and the record of personal data that leaves."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.http import HttpRequest, QueryDict
from openpyxl import load_workbook

from madang.documents.lists import csv_lines, xlsx_bytes
from madang.site.kit.web.tables import Choice, Column, Table
from madang.site.people.models import Organisation

ROWS = [("나", 2, date(2021, 3, 5)), ("가", 10, None), ("=다", None, date(2021, 1, 1))]
TABLE = Table(
    name="rows",
    caption="Rows",
    columns=[
        Column("name", "Name", lambda row: row[0], order="value"),
        Column("size", "Size", lambda row: row[1], kind="number", order="value"),
        Column("day", "Day", lambda row: row[2], kind="day"),
        Column("work", "Work", template="kit/none.html", only="page"),
    ],
    find=("value",),
    choices=[Choice("big", "Big", lambda: [("yes", "yes")], lambda rows, value: [row for row in rows if row[1] == 10])],
)


def asked(query: str) -> HttpRequest:
    request = HttpRequest()
    request.GET = QueryDict(query)
    return request


def names(query: str) -> list[str]:
    return [row[0] for row in TABLE.read(asked(query), ROWS).page]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["나", "가", "=다"]),
        ("sort=name", ["=다", "가", "나"]),
        ("sort=size", ["나", "가", "=다"]),
        ("sort=-size", ["가", "나", "=다"]),
        ("sort=day", ["나", "가", "=다"]),
        ("sort=nothing", ["나", "가", "=다"]),
        ("big=yes", ["가"]),
        ("q=가", ["가"]),
        ("q=2021-01", ["=다"]),
        ("q=나+가", []),
    ],
)
def test_rows_are_sorted_and_narrowed(query, found):
    assert names(query) == found


def test_headings_lead_to_the_other_direction_and_keep_what_else_is_asked():
    shown = TABLE.read(asked("sort=size&page=2&ended=1"), ROWS)
    assert [(head.url, head.sorted) for head in shown.headings] == [
        ("?sort=name&ended=1", ""),
        ("?sort=-size&ended=1", "ascending"),
        ("", ""),
        ("", ""),
    ]
    assert (shown.kept, shown.all_url, shown.narrowed) == ([("ended", "1")], "?ended=1", False)


def test_a_csv_file_holds_all_rows_and_runs_no_formula():
    answer, count = TABLE.read(asked("file=csv&sort=-name"), ROWS).file()
    text = b"".join(answer.streaming_content).decode("utf-8")
    assert (text, count) == ("\ufeffName,Size,Day\r\n나,2,2021-03-05\r\n가,10,\r\n'=다,,2021-01-01\r\n", 3)
    assert answer["Content-Disposition"] == 'attachment; filename="rows.csv"'


def test_a_spreadsheet_holds_numbers_days_and_texts():
    answer, _count = TABLE.read(asked("file=xlsx"), ROWS).file()
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert [[cell.value for cell in row] for row in sheet.rows] == [
        ["Name", "Size", "Day"],
        ["나", 2, datetime(2021, 3, 5)],  # noqa: DTZ001 - spreadsheets know no zone
        ["가", 10, None],
        ["=다", None, datetime(2021, 1, 1)],  # noqa: DTZ001
    ]
    assert (sheet["A4"].data_type, sheet["A4"].quotePrefix) == ("s", True)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_text_of_anybody_is_a_formula(start):
    text = f"{start}SUM(A1)"
    assert list(csv_lines(["a"], [[text]]))[1].startswith(("'", "\"'"))
    sheet = load_workbook(io.BytesIO(xlsx_bytes("t", ["a"], [[text]]))).active
    assert sheet["A2"].data_type == "s"


def test_moments_are_written_without_seconds():
    at = datetime(2021, 3, 5, 14, 5, 59, tzinfo=UTC)
    assert list(csv_lines(["a"], [[at]]))[1] == "2021-03-05 14:05\r\n"


@pytest.mark.django_db
def test_a_queryset_is_sorted_and_searched_by_the_database():
    kind = Organisation.Kind.DEPARTMENT
    for code, order in (("a", 2), ("b", 1), ("c", 3)):
        Organisation.objects.create(code=code, kind=kind, order=order, name_ko=f"합성과 {code}", name_en=code)
    columns = [Column("code", "Code", lambda row: row.code, order="order")]
    table = Table("offices", "Offices", columns, find=("name_ko", "code"))
    rows = Organisation.objects.order_by("code")
    assert [row.code for row in table.read(asked("sort=-code"), rows).page] == ["c", "a", "b"]
    assert [row.code for row in table.read(asked("q=합성과+B"), rows).page] == ["b"]


def test_filters_that_are_set_can_be_taken_off_one_by_one():
    shown = TABLE.read(asked("q=가&big=yes&sort=name&page=2&ended=1"), ROWS)
    assert [(chip.value, chip.url) for chip in shown.chips] == [
        ("가", "?big=yes&sort=name&ended=1"),
        ("yes", "?q=%EA%B0%80&sort=name&ended=1"),
    ]
    assert TABLE.asked(asked("q=가&big=no&sort=name&page=2&ended=1")) == "q=%EA%B0%80&sort=name"
    assert TABLE.read(asked("sort=name"), ROWS).chips == []


def test_two_tables_of_a_page_are_asked_apart():
    other = replace(TABLE, name="others", prefix="others")
    request = asked("q=가&others-q=나&others-sort=-name")
    one, two = TABLE.read(request, ROWS), other.read(request, ROWS)
    assert ([row[0] for row in one.page], [row[0] for row in two.page]) == (["가"], ["나"])
    assert two.csv_url == "?q=%EA%B0%80&others-q=%EB%82%98&others-sort=-name&others-file=csv"
    assert (one.kept, two.kept) == ([("others-q", "나"), ("others-sort", "-name")], [("q", "가")])


def test_rows_are_sorted_by_another_value_than_the_one_that_is_shown():
    rate = Column("rate", "Rate", lambda row: f"{row[1]}%", kind="figure", order="value", ordered_by=lambda row: row[1])
    shown = Table("rates", "Rates", [rate]).read(asked("sort=rate"), [("", 10), ("", 9), ("", None)])
    assert [row[1] for row in shown.page] == [9, 10, None]
