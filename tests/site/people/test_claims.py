"""Rules and claims: who may take part, and the sentence that says why not."""

from datetime import timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as some
from people_world import AT, areas, person

from madang.site.kit.actor import SYSTEM
from madang.site.people import claims
from madang.site.people.actions import NewSeat, grant_claims, seat
from madang.site.people.models import Claim, Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world(db):
    """Areas, and refusals in English."""
    areas()
    with translation.override("en"):
        yield


def ok(row, *rules, at=AT) -> bool:
    """Whether somebody meets the rules."""
    return claims.check(person_id=row.pk, rules=rules, at=at).ok


@pytest.mark.parametrize(
    ("claim", "rule", "expected"),
    [
        (("lives_in", "town"), "lives_in:town", True),
        (("lives_in", "town/east"), "lives_in:town", True),
        (("lives_in", "town"), "lives_in:town/east", False),
        (("lives_in", "township"), "lives_in:town", False),
        (("works_in", "town/east"), "lives_in:town", False),
        (("works_in", "town/east"), "lives_in:town|works_in:town", True),
        (("course_done", "school"), "course_done:school", True),
        (("birth_year", "2002"), "age_at_least:19", True),
        (("birth_year", "2003"), "age_at_least:19", False),
        (("age_band", "20s"), "age_at_least:19", False),
    ],
)
def test_a_rule_is_met_by_its_claim_and_by_parts_of_an_area(claim, rule, expected):
    row = person("p-1", claim)
    assert ok(row, rule) is expected
    if not rule.startswith("age_at_least"):
        assert list(claims.holders(rule, AT)) == ([row] if expected else [])


def test_every_rule_must_be_met():
    row = person("p-1", ("lives_in", "town/east"), ("birth_year", "1990"))
    assert ok(row, "lives_in:town", "age_at_least:19")
    assert not ok(row, "lives_in:town", "age_at_least:40")


def test_without_rules_everybody_may_and_with_rules_a_visitor_may_not():
    assert claims.check(person_id=None, rules=[], at=AT).ok
    refusal = claims.check(person_id=None, rules=["lives_in:town"], at=AT)
    assert str(refusal.reason) == "Please sign in first: this is open to people who meet a condition."


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (
            "lives_in:town|works_in:town/east",
            "Open only to somebody who lives in Town or works or studies in East. "
            "You can show this on My page, under identity check.",
        ),
        (
            "member_of:assembly",
            "Open only to somebody who is a member of Assembly. "
            "Members are appointed; there is nothing you need to do.",
        ),
        (
            "age_at_least:19",
            "Open only to somebody who is at least 19 years old. You can show this on My page, under identity check.",
        ),
    ],
)
def test_the_reason_names_the_rule_that_fails_and_the_way_there(rule, sentence):
    assert str(claims.check(person_id=person("p-1").pk, rules=[rule], at=AT).reason) == sentence


def test_a_claim_holds_from_its_first_moment_and_no_longer_at_its_last():
    row, end = person("p-1", ("lives_in", "town")), AT + timedelta(days=9)
    Claim.objects.update(valid_until=end)
    moments = [AT - timedelta(microseconds=1), AT, end - timedelta(microseconds=1), end]
    assert [ok(row, "lives_in:town", at=at) for at in moments] == [False, True, True, False]


def test_a_claim_that_holds_already_is_not_noted_twice():
    row = person("p-1")
    rows = [(row.pk, "course_done", "school")]
    first = grant_claims(by=SYSTEM, at=AT, rows=[*rows, *rows], evidence="synthetic")
    second = grant_claims(by=SYSTEM, at=AT + timedelta(days=1), rows=rows, evidence="synthetic")
    assert (first, second, Claim.objects.count()) == (1, 0, 1)


def test_a_seat_makes_a_member_for_as_long_as_it_lasts():
    row, end = person("p-1"), AT + timedelta(days=365)
    body = Organisation.objects.get(code="assembly")
    seat(by=SYSTEM, at=AT, body=body, rows=[NewSeat(row.pk, "citizen", "lot", "2021", end)])
    assert [ok(row, "member_of:assembly", at=at) for at in (AT, end)] == [True, False]


def test_strata_give_the_claims_of_some_kinds_by_person():
    one = person("p-1", ("sex", "f"), ("age_band", "20s"), ("lives_in", "town"))
    two = person("p-2", ("sex", "m"))
    found = claims.strata([one.pk, two.pk], ["sex", "age_band"], AT)
    assert found == {one.pk: {"sex": "f", "age_band": "20s"}, two.pk: {"sex": "m"}}


WORDS = some.sampled_from(["lives_in:a", "lives_in:a/b", "works_in:a", "sex:f", "course_done:x"])


@given(held=some.sets(WORDS), more=some.sets(WORDS), rules=some.lists(some.lists(WORDS, min_size=1, max_size=3)))
def test_more_claims_never_close_what_fewer_opened(held, more, rules):
    asked = ["|".join(parts) for parts in rules]
    opened = claims.check_set(claims=held, rules=asked, at=AT).ok
    assert not opened or claims.check_set(claims=held | more, rules=asked, at=AT).ok
