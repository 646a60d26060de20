"""Checks of identities by letter, at the counter and without an account; and what the night leaves of them."""

from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from people_world import AT, areas, member, person, verified

from madang.site.kit.actor import SYSTEM, VISITOR, Actor, Grant
from madang.site.kit.clock import day_of
from madang.site.kit.verdict import Refused
from madang.site.people import claims, vault
from madang.site.people.actions import (
    Addressee,
    check_visitor,
    forget_expired,
    print_letters,
    read_letter,
    verify_at_counter,
    verify_identity,
)
from madang.site.people.actors import citizen
from madang.site.people.figures import ClaimsOf
from madang.site.people.figures import claims as claims_figure
from madang.site.people.models import Claim, Identity, Letter
from madang.site.record.models import Event

pytestmark = pytest.mark.django_db

BORN = date(1990, 4, 1)
OFFICER = Actor("officer-1", 9001, frozenset({Grant("officer")}))
ADDRESSEE = Addressee("Synthetic Kim", BORN, "f", "town/east", "1 Synthetic Street")
LIKE = {"likeness": vault.likeness_hash(name="Synthetic Kim", born_on=BORN, sex="f")}


@pytest.fixture(autouse=True)
def world(db):
    """Areas, and refusals in English."""
    areas()
    with translation.override("en"):
        yield


def own(row, at=AT, **more):
    return verify_identity(by=citizen(row), at=at, person=row, verified=verified(**more))


def letter(at=AT) -> str:
    return print_letters(by=OFFICER, at=at, addressees=[ADDRESSEE])[0]


@given(st.text(" \t", max_size=3), st.booleans())
def test_a_name_is_the_same_however_it_is_spaced_or_capitalised(blanks, capitals):
    name = f"{blanks}synthetic{blanks}KIM"
    hashed = vault.likeness_hash(name=name.upper() if capitals else name, born_on=BORN, sex="f")
    assert hashed == LIKE["likeness"]


def test_a_letters_code_confirms_where_somebody_lives_once():
    row, code = member("one@example.invalid"), letter()
    told = read_letter(code=code.lower().replace("-", " "), born_on=BORN, at=AT)
    verify_identity(by=citizen(row), at=AT, person=row, verified=told)
    assert claims.claims_of(row.pk, AT) == {
        "verified:letter", "birth_year:1990", "age_band:30s", "sex:f", "lives_in:town/east",
    }  # fmt: skip
    with pytest.raises(Refused) as refusal:
        read_letter(code=code, born_on=BORN, at=AT)
    assert str(refusal.value) == "This code does not fit. Compare it and your date of birth with the letter."
    with pytest.raises(Refused):
        verify_identity(by=citizen(row), at=AT, person=row, verified=told)


def test_a_code_needs_the_day_of_birth_and_its_time():
    code = letter()
    for born_on, at in ((date(1990, 4, 2), AT), (BORN, AT + timedelta(days=30))):
        with pytest.raises(Refused):
            read_letter(code=code, born_on=born_on, at=at)
    assert read_letter(code=code, born_on=BORN, at=AT + timedelta(days=29)).lives_in == "town/east"


def test_a_new_letter_replaces_the_one_before():
    first, second = letter(), letter()
    with pytest.raises(Refused):
        read_letter(code=first, born_on=BORN, at=AT)
    assert (read_letter(code=second, born_on=BORN, at=AT).method, Letter.objects.count()) == ("letter", 1)


def test_neither_code_nor_name_nor_address_of_a_letter_is_in_the_database():
    code = letter()
    stored = str(list(Letter.objects.values())) + str(list(Event.objects.values()))
    assert [word in stored for word in (code, code.replace("-", ""), "Kim", "Street", "1990-04-01")] == [False] * 5


def test_letters_are_printed_by_officials_and_to_places_that_exist():
    with pytest.raises(Refused, match=r"^Only an official may print letters with codes\.$"):
        print_letters(by=citizen(member("one@example.invalid")), at=AT, addressees=[ADDRESSEE])
    elsewhere = Addressee("Synthetic Lee", BORN, "m", "nowhere", "2 Synthetic Street")
    with pytest.raises(Refused, match=r"^The area nowhere is not known in this city\.$"):
        print_letters(by=OFFICER, at=AT, addressees=[ADDRESSEE, elsewhere])
    assert Letter.objects.count() == 0


def test_the_counter_is_an_event_with_the_kind_of_the_paper_and_who_saw_it():
    row = member("one@example.invalid")
    seen = verified("likeness:synthetic", method="counter", **LIKE)
    verify_at_counter(by=OFFICER, at=AT, person=row, verified=seen, paper="passport")
    event = Event.objects.get(verb="identity.noted")
    assert (event.actor, event.data) == ("officer-1", {"method": "counter", "paper": "passport"})
    with pytest.raises(Refused, match=r"^Only an official at a counter may note an identity check\.$"):
        verify_at_counter(by=citizen(row), at=AT, person=row, verified=seen, paper="passport")
    with pytest.raises(Refused, match=r"^Nobody notes the own identity check; ask another official\.$"):
        itself = Actor("officer-2", row.pk, frozenset({Grant("officer")}))
        verify_at_counter(by=itself, at=AT, person=row, verified=seen, paper="passport")


def test_a_human_who_comes_another_way_has_no_second_person():
    first, second = member("one@example.invalid"), member("two@example.invalid")
    own(first, **LIKE)
    with pytest.raises(Refused) as refusal:
        told = read_letter(code=letter(), born_on=BORN, at=AT)
        verify_identity(by=citizen(second), at=AT, person=second, verified=told)
    assert str(refusal.value) == (
        "This identity already belongs to another account. Sign in there, or ask the help desk."
    )
    assert Letter.objects.get().used_at is None


def test_namesakes_of_one_day_are_two_humans_to_an_agency():
    first, second = member("one@example.invalid"), member("two@example.invalid")
    own(first, subject="synthetic-a", **LIKE)
    own(second, subject="synthetic-b", **LIKE)
    assert Identity.objects.count() == 2


def test_a_human_keeps_one_subject_whichever_way_they_are_checked_again():
    row = member("one@example.invalid")
    before = own(row, **LIKE).subject
    later = AT + timedelta(days=1)
    told = read_letter(code=letter(), born_on=BORN, at=later)
    after = verify_identity(by=citizen(row), at=later, person=row, verified=told)
    assert (after.subject, after.method) == (before, "letter")


def visit(at=AT, until=AT + timedelta(days=9), **more) -> Identity:
    return check_visitor(by=VISITOR, at=at, verified=verified(**more), purpose="election:1", until=until)


def test_a_visitor_has_no_person_and_no_claims():
    identity = visit()
    assert (identity.person_id, identity.purpose, Claim.objects.count()) == (None, "election:1", 0)
    assert day_of(identity.verified_at) == day_of(AT)
    assert identity.verified_at != AT
    event = Event.objects.get(verb="visitor.checked")
    assert (event.subject, event.actor, event.data) == ("visitor", "visitor", {"method": "mock"})


def test_a_visitor_who_has_an_account_is_known_by_the_same_hash_and_nothing_changes():
    row = member("one@example.invalid")
    before = own(row)
    assert visit().pk == before.pk
    after = Identity.objects.get()
    assert (after.person, after.verified_at, after.expires_at) == (row, before.verified_at, before.expires_at)


def test_a_visitor_may_open_an_account_later_and_is_still_one_human():
    hashed = visit().subject
    row = member("one@example.invalid")
    assert (own(row).subject, Identity.objects.count()) == (hashed, 1)


def test_somebody_signed_in_is_no_visitor():
    by = citizen(member("one@example.invalid"))
    with pytest.raises(Refused, match=r"^You are signed in: check your identity on My page\.$"):
        check_visitor(by=by, at=AT, verified=verified(), purpose="election:1", until=AT)


# --- what the night leaves ----------------------------------------------------------------------------

OVER = AT.replace(year=2023)


def test_the_night_deletes_what_is_over_and_nothing_else():
    row, other = member("one@example.invalid"), member("two@example.invalid")
    own(row)
    own(other, at=AT + timedelta(days=1), subject="another")
    letter()
    assert forget_expired(by=SYSTEM, at=OVER - timedelta(seconds=1)) == 0
    assert forget_expired(by=SYSTEM, at=OVER) == 1
    assert list(Identity.objects.values_list("person", flat=True)) == [other.pk]
    assert (Letter.objects.count(), row.claims.count(), other.claims.count()) == (0, 0, 5)
    assert forget_expired(by=SYSTEM, at=OVER) == 0


@pytest.mark.parametrize("kind", ["verified", "birth_year", "sex", "lives_in", "age_band"])
def test_past_figures_stay_as_they_were(kind):
    for name in ("one", "two", "three"):
        own(member(f"{name}@example.invalid"), subject=name, at=AT + timedelta(days=len(name), hours=7))
    days = [day_of(AT) + timedelta(days=n) for n in (-1, 0, 3, 4, 5, 300, 731, 733, 734, 735, 800)]

    def counted():
        rows = [claims_figure(ClaimsOf(kind=kind), as_of=day).rows for day in days]
        return [one.count() for one in rows]

    before = counted()
    assert before[0] == 0
    assert max(before) == 3
    forget_expired(by=SYSTEM, at=AT.replace(year=2024))
    assert counted() == before


def test_what_is_left_of_a_check_names_nobody_and_no_moment():
    own(member("one@example.invalid"))
    forget_expired(by=SYSTEM, at=OVER)
    rows = list(Claim.objects.values_list("person", "evidence", "valid_from__minute", "valid_until__minute").distinct())
    assert rows == [(None, "", 0, 0)]


def test_claims_that_no_check_gave_stay_with_their_person():
    row = person("synthetic", ("course_done", "school"), ("lives_in", "town/east"))
    forget_expired(by=SYSTEM, at=OVER)
    assert row.claims.count() == 2


def test_only_the_night_forgets():
    with pytest.raises(Refused, match=r"^Only the night's task deletes what is over\.$"):
        forget_expired(by=OFFICER, at=OVER)
