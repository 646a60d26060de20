"""The public API: the same data as the pages, by cursor, without a person in it, errors as problem documents."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from madang.site.docket import conductor
from madang.site.docket.models import Matter
from madang.site.kit.actor import SYSTEM
from madang.site.kit.stages import Outcome
from madang.site.ledger import actions as ledger
from madang.site.ledger.actions import NewLine
from madang.site.people.actions import NewPerson, NewSeat, register_people, seat
from madang.site.people.models import Area, Organisation
from madang.site.programmes.models import Process, Programme, Stage
from madang.site.record.journal import action
from madang.site.reports import queries as reports

AT = datetime(2021, 3, 2, 1, tzinfo=UTC)


@action
def file(*, stage: Stage, title: str, author_id: int | None, **more) -> Matter:
    """A synthetic proposal."""
    return conductor.file_matter(
        stage=stage, kind="proposal", title=title, form="f@1", data={"phone": "010-0000-0000"}, by=SYSTEM, at=AT,
        author_id=author_id, **more,
    )  # fmt: skip


@action
def end(*, stage: Stage, matter: Matter, outcome: str) -> None:
    """A synthetic decision that ends a matter's journey."""
    decided = [Outcome(matter.pk, outcome, False, reason="synthetic reason")]
    conductor.pass_on(stage=stage, outcomes=decided, by=SYSTEM, at=AT + timedelta(days=1))


@pytest.fixture
def city(db):
    """A synthetic city with one process, five matters and a budget line."""
    town = Area.objects.create(code="town", level="city", name_ko="마을", name_en="Town")
    east = Area.objects.create(code="town/east", level="district", parent=town, name_ko="동구", name_en="East")
    bureau = Organisation.objects.create(code="bureau", kind="bureau", name_ko="국", name_en="Bureau")
    department = Organisation.objects.create(
        code="dept", kind="department", parent=bureau, name_ko="과", name_en="Division"
    )
    body = Organisation.objects.create(code="assembly", kind="body", name_ko="회의", name_en="Assembly")
    programme = Programme.objects.create(
        code="1-1", slug="a", department=department, order=1, name_ko="사업", name_en="Programme"
    )
    process = Process.objects.create(
        code="1-1/2021", programme=programme, department=department, year=2021, recipe={}, title_ko="회차",
        title_en="Process",
    )  # fmt: skip
    stage = Stage.objects.create(process=process, order=1, kind="screen", title_ko="심사", title_en="Screening")
    Stage.objects.filter(pk=stage.pk).update(opened_at=AT)
    stage.refresh_from_db()
    people = register_people(by=SYSTEM, at=AT, people=[NewPerson("p-secret", nickname="Synthetic Name")])
    seat(by=SYSTEM, at=AT, body=body, rows=[NewSeat(people[0].pk, "citizen", "lot", "2021")])
    titles = ["one", "=HYPERLINK(1)", "three", "four", "five"]
    matters = [
        file(stage=stage, title=title, author_id=people[0].pk, area=east if number == 0 else None)
        for number, title in enumerate(titles)
    ]
    end(stage=stage, matter=matters[3], outcome="unsuitable")
    (line,) = ledger.load_lines(by=SYSTEM, at=AT, rows=[NewLine("L-1", 2021, "dept", "과목", "Line", "1-1", 1)])
    ledger.appropriate(by=SYSTEM, at=AT, line=line, amount_won=5_000, kind="original", on=date(2021, 1, 1))
    ledger.appropriate(by=SYSTEM, at=AT, line=line, amount_won=700, kind="supplementary", on=date(2021, 6, 1))
    return process


def get(path: str, status: int = 200):
    """What the API answers."""
    answer = Client().get(f"/api/{path}")
    assert answer.status_code == status, answer.content
    return json.loads(answer.content)


def rows_of(path: str) -> list[list[str]]:
    """The lines of a CSV file."""
    answer = Client().get(f"/api/data/{path}")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))


def test_a_process_is_given_with_its_stages(city):
    shown = get("processes/1-1/2021")
    assert {key: shown[key] for key in ("code", "programme", "department", "year", "matters_filed")} == {
        "code": "1-1/2021", "programme": "1-1", "department": "dept", "year": 2021, "matters_filed": 5,
    }  # fmt: skip
    (stage,) = shown["stages"]
    assert (stage["kind"], stage["state"], stage["waiting"], stage["decided"], stage["passed"]) == (
        "screen", "open", 4, 1, 0,
    )  # fmt: skip
    assert [row["code"] for row in get("processes?programme=1-1&year=2021")["rows"]] == ["1-1/2021"]
    assert get("processes?year=2020")["rows"] == []


def test_pages_follow_each_other_by_cursor_although_matters_are_filed_meanwhile(city):
    first = get("matters?limit=2")
    file(stage=Stage.objects.get(), title="six", author_id=None)
    second = get(f"matters?limit=2&cursor={first['following']}")
    third = get(f"matters?limit=2&cursor={second['following']}")
    titles = [[row["title"] for row in part["rows"]] for part in (first, second, third)]
    assert (titles, third["following"]) == ([["five", "four"], ["three", "=HYPERLINK(1)"], ["one"]], None)


@pytest.mark.parametrize(
    ("wanted", "count"),
    [("state=open", 4), ("state=ended", 1), ("area=town", 1), ("area=tow", 0), ("process=1-1/2021", 5), ("field=x", 0)],
)
def test_matters_are_filtered(city, wanted, count):
    assert len(get(f"matters?{wanted}")["rows"]) == count


def test_a_matter_says_what_became_of_it(city):
    shown = get("matters/1-1-2021-00004")
    assert (shown["ending"], shown["stage"], shown["money"]) == (
        "unsuitable", None, {"appropriated_won": 0, "obligated_won": 0, "spent_won": 0},
    )  # fmt: skip
    (passage,) = shown["passages"]
    assert (passage["outcome"], passage["passed"], passage["reason"], passage["stage"]) == (
        "unsuitable", False, "synthetic reason", 1,
    )  # fmt: skip


def test_a_hidden_matter_is_not_given(city):
    end(stage=Stage.objects.get(), matter=Matter.objects.get(title="five"), outcome="hidden")
    assert get("matters/1-1-2021-00005", 404)["status"] == 404
    assert [row["title"] for row in get("matters?limit=1")["rows"]] == ["four"]
    assert len(rows_of("matters.csv")) == 5


def test_lines_are_as_of_a_day(city):
    amounts = [get(f"lines?as_of={day}")["rows"][0]["appropriated_won"] for day in ("2021-05-31", "2021-06-01")]
    assert amounts == [5_000, 5_700]
    header, row = rows_of("lines.csv?as_of=2021-05-31")
    assert dict(zip(header, row, strict=True)) == {
        "code": "L-1", "fiscal_year": "2021", "department": "dept", "programme": "1-1", "name_ko": "과목",
        "name_en": "Line", "appropriated_won": "5000", "obligated_won": "0", "spent_won": "0",
    }  # fmt: skip


def test_a_title_is_no_formula_in_a_spreadsheet(city):
    header, *rows = rows_of("matters.csv")
    assert [row[header.index("title")] for row in rows] == ["one", "'=HYPERLINK(1)", "three", "four", "five"]


def test_bodies_are_given_with_their_seats_only(city):
    assert get("bodies") == [{"code": "assembly", "name_ko": "회의", "name_en": "Assembly", "seats": 1}]


def test_events_of_a_book_come_oldest_first_with_their_hashes(city):
    first = get("books/1-1/2021?limit=4")
    rest = get(f"books/1-1/2021?limit=4&cursor={first['following']}")
    found = [*first["rows"], *rest["rows"]]
    assert [row["number"] for row in found] == list(range(1, 7))
    assert [row["previous"] for row in found[1:]] == [row["hash"] for row in found[:-1]]
    assert rest["following"] is None


def test_no_answer_names_a_person_or_what_they_wrote_in_a_form(city):
    paths = ["processes", "processes/1-1/2021", "matters", "matters/1-1-2021-00001", "bodies", "lines"]
    told = "".join(json.dumps(get(path), ensure_ascii=False) for path in paths)
    told += str(rows_of("matters.csv"))
    assert [word for word in ("p-secret", "Synthetic Name", "010-0000", "author") if word in told] == []


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        ("matters/nothing", 404, "There is nothing at this address."),
        ("matters?cursor=x", 400, "'x' is no cursor; take the one that the page before gave as `following`."),
        ("lines?as_of=yesterday", 422, None),
        ("matters?limit=1000", 422, None),
        ("matters?state=lost", 422, None),
    ],
)
def test_errors_are_problem_documents(city, path, status, detail):
    answer = Client().get(f"/api/{path}")
    body = json.loads(answer.content)
    assert (answer.status_code, answer["Content-Type"], body["status"]) == (status, "application/problem+json", status)
    assert detail is None or body["detail"] == detail


def test_the_api_only_reads(city):
    assert [Client().post(f"/api/{path}").status_code for path in ("matters", "processes", "lines")] == [405] * 3


@pytest.mark.parametrize(("path", "most"), [("matters", 1), ("processes", 1), ("lines?as_of=2021-06-01", 2)])
def test_a_page_costs_a_fixed_number_of_queries(city, django_assert_num_queries, path, most):
    with django_assert_num_queries(most):
        get(path)


def test_figures_are_those_of_the_city_as_of_a_day(city):
    day = date(2021, 6, 1)
    expected = json.loads(json.dumps(reports.listed(as_of=day, at=AT + timedelta(days=365))))
    shown = get("figures?as_of=2021-06-01")
    assert (shown["as_of"], shown["figures"]) == ("2021-06-01", expected)
    _header, *rows = rows_of("figures.csv?as_of=2021-06-01")
    assert [row[0] for row in rows] == [figure["name"] for figure in expected]
    assert len(rows) > 0
