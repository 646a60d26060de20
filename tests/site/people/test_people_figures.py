"""Figures about seats, posts and claims, as of a day."""

from datetime import UTC, date, datetime

import pytest

from madang.site.kit.figures import query_named
from madang.site.people.models import Claim, Organisation, Person, Post, Seat

DAY = date(2021, 6, 1)


def at(year, month=1):
    return datetime(year, month, 1, tzinfo=UTC)


def figure(name, day=DAY, **arguments):
    query = query_named(name)
    return query.records(query.Arguments(**arguments), day).value()


@pytest.fixture
def department(db):
    return Organisation.objects.create(code="dept", kind="department", name_ko="과", name_en="Division")


@pytest.mark.django_db
def test_seats_hold_on_the_day_or_belong_to_a_term():
    first, second = (
        Organisation.objects.create(code=code, kind="body", name_ko=code, name_en=code) for code in ("c/1", "c/2")
    )
    rows = [
        (first, "citizen", "2020", "lot", at(2020), at(2021)),
        (first, "citizen", "2021", "lot", at(2021), None),
        (first, "expert", "2021", "nomination", at(2021), None),
        (second, "citizen", "2021", "lot", at(2021, 7), None),
    ]
    for body, role, term, way, start, end in rows:
        Seat.objects.create(body=body, role=role, term=term, appointed_by=way, valid_from=start, valid_until=end)
    assert figure("people.seats", body="c/1") == 2
    assert figure("people.seats", body="c/1", term="2020") == 1
    assert figure("people.seats", body="c/1", role="citizen") == 1
    assert figure("people.seats", prefix="c/", appointed_by="lot") == 1
    assert figure("people.seats", date(2021, 12, 31), prefix="c/", appointed_by="lot") == 2


def test_posts_are_authorised_or_filled(department):
    rows = [
        ("p1", "general", False, date(2020, 1, 1), None),
        ("p2", "general", False, None, None),
        ("p3", "general", False, date(2020, 1, 1), date(2021, 1, 1)),
        ("p4", "fixed_term", True, date(2020, 1, 1), None),
    ]
    for code, job_type, apart, start, end in rows:
        Post.objects.create(
            code=code,
            organisation=department,
            job_type=job_type,
            counted_apart=apart,
            authorised_from=date(2020, 1, 1),
            filled_from=start,
            filled_until=end,
        )
    assert figure("people.posts") == 4
    assert figure("people.posts", counted_apart=False) == 3
    assert figure("people.posts", state="filled") == 2
    assert figure("people.posts", state="filled", department="dept", job_type="general", counted_apart=False) == 1
    assert figure("people.posts", date(2019, 12, 31)) == 0


@pytest.mark.django_db
def test_claims_that_hold_are_counted_with_their_parts():
    for number, (value, end) in enumerate(
        [("school", None), ("school/basic", None), ("schooling", None), ("school", 1)]
    ):
        person = Person.objects.create(pseudonym=f"p-{number}", created_at=at(2021), synthetic=True)
        Claim.objects.create(
            person=person,
            kind="course_done",
            value=value,
            valid_from=at(2021),
            valid_until=at(2021, 3) if end else None,
        )
    assert figure("people.claims", kind="course_done") == 3
    assert figure("people.claims", kind="course_done", value="school") == 2
    assert figure("people.claims", date(2021, 2, 1), kind="course_done", value="school") == 3
