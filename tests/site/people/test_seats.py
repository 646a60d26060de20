"""Adding and ending seats: who may, what is refused, what becomes of the claim."""

from datetime import timedelta
from functools import partial

import pytest
from factories import AT, citizen, make_person

from madang.site.kit.actor import Actor, Grant
from madang.site.kit.verdict import Refused
from madang.site.people import queries
from madang.site.people.actions import NewSeat, add_seat, end_seat, seat
from madang.site.people.claims import claims_of
from madang.site.people.models import Organisation, Seat
from madang.site.record.models import Event

LATER = AT + timedelta(days=3)


def bodies() -> tuple[Organisation, Organisation]:
    """A body two floors below a department, and one that belongs to none."""
    office = Organisation.objects.create(code="office", kind="department", name_ko="합성과", name_en="Office")
    councils = Organisation.objects.create(code="c", kind="body", parent=office, name_ko="협의회", name_en="Councils")
    parks = Organisation.objects.create(code="c/parks", kind="body", parent=councils, name_ko="공원", name_en="Parks")
    return parks, Organisation.objects.create(code="council", kind="body", name_ko="의회", name_en="Council")


def official(role: str = "officer", office: str | None = "office") -> Actor:
    """An official of a department, or of the whole city."""
    person = make_person()
    return Actor(person.pseudonym, person.pk, frozenset({Grant(role, office)}))


@pytest.fixture
def body(db: None) -> Organisation:
    """The body of the department."""
    return bodies()[0]


def add(body: Organisation, person, by: Actor | None = None, **wanted) -> Seat:
    fields = {"role": "expert", "appointed_by": "nomination", "term": "2021", **wanted}
    return add_seat(by=by or official(), at=AT, body=body, new=NewSeat(person.pk, **fields))


def test_a_seat_by_nomination_brings_the_rights_of_a_member(body):
    person = make_person()
    made = add(body, person)
    assert (made.role, made.appointed_by, made.term, made.valid_until) == ("expert", "nomination", "2021", None)
    assert claims_of(person.pk, AT) == {"member_of:c/parks"}
    told = Event.objects.get(verb="body.appointed")
    assert (told.subject, told.data) == ("body:c/parks", {"seats": 1})


def test_an_ended_seat_takes_the_rights_along_and_keeps_the_reason_from_the_record(body):
    person = make_person()
    made = add(body, person)
    end_seat(by=official("head"), at=LATER, seat=made, reason=" 합성 사유 ")
    made.refresh_from_db()
    assert (made.valid_until, made.ended_because) == (LATER, "합성 사유")
    assert (claims_of(person.pk, AT), claims_of(person.pk, LATER)) == ({"member_of:c/parks"}, frozenset())
    assert Event.objects.get(verb="seat.ended").data == {"role": "expert", "term": "2021"}


def test_who_sits_there_twice_stays_a_member_when_one_seat_ends(body):
    person = make_person()
    by = official()
    rows = [NewSeat(person.pk, "citizen", "lot", "1")]
    one, _two = (seat(by=by, at=at, body=body, rows=rows)[0] for at in (AT, LATER))
    end_seat(by=by, at=LATER, seat=one, reason="합성")
    assert claims_of(person.pk, LATER) == {"member_of:c/parks"}


@pytest.mark.parametrize(
    ("by", "body_number"),
    [
        (("officer", "other"), 0),
        (("auditor", None), 0),
        (("moderator", "office"), 0),
        (("officer", "office"), 1),
    ],
)
def test_others_neither_add_nor_end_seats(db, by, body_number):
    body = bodies()[body_number]
    held = seat(by=official(), at=AT, body=body, rows=[NewSeat(make_person().pk, "citizen", "lot", "2021")])[0]
    sentence = f"{body.name}의 자리는 담당 부서의 담당 공무원이나 부서장만 바꿀 수 있습니다."
    for refused in (
        partial(add, body, make_person(), official(*by)),
        partial(end_seat, by=official(*by), at=LATER, seat=held, reason="합성"),
        partial(add, body, make_person(), citizen()),
    ):
        with pytest.raises(Refused) as raised:
            refused()
        assert str(raised.value) == sentence
    assert list(Seat.objects.filter(valid_until=None)) == [held]


def test_a_body_without_a_department_is_kept_by_officials_of_the_whole_city(db):
    council = bodies()[1]
    assert add(council, make_person(), official("officer", None)).body == council


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"appointed_by": "lot"}, "구분을 고르고, 당연직인지 추천인지 골라 주세요."),
        ({"role": "king"}, "구분을 고르고, 당연직인지 추천인지 골라 주세요."),
        ({"valid_until": AT}, "자리가 시작하기 전에 끝납니다. 더 늦은 마지막 날을 골라 주세요."),
    ],
)
def test_a_seat_that_cannot_be_is_refused(body, wanted, sentence):
    with pytest.raises(Refused) as refused:
        add(body, make_person(), **wanted)
    assert (str(refused.value), Seat.objects.count()) == (sentence, 0)


def test_nobody_is_seated_twice(body):
    person = make_person()
    add(body, person)
    with pytest.raises(Refused, match="이미 공원에 자리가 있는 분입니다"):
        add(body, person)


def test_a_seat_ends_once_and_with_a_reason(body):
    made = add(body, make_person())
    with pytest.raises(Refused, match="사유를 적어 주세요"):
        end_seat(by=official(), at=LATER, seat=made, reason=" ")
    end_seat(by=official(), at=LATER, seat=made, reason="합성")
    with pytest.raises(Refused, match="이미 끝난 자리입니다"):
        end_seat(by=official(), at=LATER, seat=made, reason="합성")


def test_two_officials_who_seat_somebody_at_once_seat_them_once(in_threads):
    ((body, _council),) = in_threads(bodies)
    person, one, two = (in_threads(make)[0] for make in (make_person, official, official))
    said = in_threads(*(partial(add, body, person, by) for by in (one, two)))
    assert sorted(type(each).__name__ for each in said) == ["Refused", "Seat"]
    assert in_threads(Seat.objects.count) == [1]


def test_seats_are_counted_by_sex(body):
    for claim in ("sex:f", "sex:f", "sex:m", ""):
        add(body, make_person(*([claim] if claim else [])))
    seat(by=official(), at=AT, body=body, rows=[NewSeat(None, "citizen", "lot", "2021")])
    assert queries.counts_of(queries.seats_of(body=body, at=AT)) == {"total": 5, "women": 2, "men": 1, "unknown": 2}


def test_a_masked_name_shows_its_first_letter_only(db):
    person = make_person()
    assert (queries.masked(None), queries.masked(person)) == ("", "***")
    person.nickname = "합성아라"
    assert queries.masked(person) == "합**"


def test_bodies_are_those_of_the_department_or_all_for_auditors(db):
    bodies()
    listed = [
        [row.code for row in queries.bodies(official(*by), AT)]
        for by in (("officer", "office"), ("head", "other"), ("auditor", "other"), ("officer", None))
    ]
    assert listed == [["c", "c/parks"], [], ["c", "c/parks", "council"], ["c", "c/parks", "council"]]
