"""One human, one person; only a keyed hash is kept; and people can be forgotten."""

from datetime import timedelta

import pytest
from django.utils import translation
from people_world import AT, areas, member, person, verified

from madang.site.kit.actor import SYSTEM
from madang.site.kit.verdict import Refused
from madang.site.people import claims, vault
from madang.site.people.actions import age_band, forget, give_role, open_account, rename, verify_identity
from madang.site.people.actors import actor_for, actor_of, citizen
from madang.site.people.models import Account, Claim, Identity, Person
from madang.site.record.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world(db):
    """Areas, and refusals in English."""
    areas()
    with translation.override("en"):
        yield


def verify(row: Person, at=AT, **more) -> Identity:
    """An identity check of somebody."""
    return verify_identity(by=citizen(row), at=at, person=row, verified=verified(**more))


def test_an_identity_check_gives_claims_for_two_years():
    row = member("one@example.invalid")
    identity = verify(row)
    assert claims.claims_of(row.pk, AT) == {
        "verified:mock", "birth_year:1990", "age_band:30s", "sex:f", "lives_in:town/east",
    }  # fmt: skip
    assert identity.expires_at == AT.replace(year=2023)
    assert claims.claims_of(row.pk, AT.replace(year=2023)) == set()


def test_one_human_has_one_person():
    first, second = member("one@example.invalid"), member("two@example.invalid")
    verify(first)
    with pytest.raises(Refused) as refusal:
        verify(second)
    assert str(refusal.value) == (
        "This identity already belongs to another account. Sign in there, or ask the help desk."
    )
    assert (Identity.objects.count(), claims.claims_of(second.pk, AT)) == (1, set())


def test_a_second_check_of_the_same_human_replaces_the_facts():
    row, later = member("one@example.invalid"), AT + timedelta(days=100)
    verify(row)
    verify(row, at=later, lives_in="township")
    held = {one for one in claims.claims_of(row.pk, later) if one.startswith("lives_in:")}
    assert (held, Identity.objects.count()) == ({"lives_in:township"}, 1)


def test_an_unknown_area_is_refused_and_nothing_is_kept():
    row = member("one@example.invalid")
    with pytest.raises(Refused, match=r"^The area nowhere is not known in this city\.$"):
        verify(row, lives_in="nowhere")
    assert (Identity.objects.count(), Claim.objects.count()) == (0, 0)


def test_nobody_checks_the_identity_of_another():
    row, other = member("one@example.invalid"), member("two@example.invalid")
    with pytest.raises(Refused, match=r"^You can only change your own data\.$"):
        verify_identity(by=citizen(other), at=AT, person=row, verified=verified())


def test_the_agencys_subject_is_nowhere_in_the_database_or_the_record():
    row = member("one@example.invalid")
    identity = verify(row, subject="synthetic-subject-77")
    stored = str(list(Identity.objects.values())) + str(list(Claim.objects.values()))
    stored += str(list(Event.objects.values()))
    assert "synthetic-subject-77" not in stored
    assert identity.subject == vault.subject_hash("synthetic-subject-77")


def test_the_hash_of_an_identity_needs_the_deployments_key(settings):
    first = vault.subject_hash("synthetic")
    settings.VAULT_KEY = "another synthetic key"
    assert vault.subject_hash("synthetic") != first


def test_what_the_vault_seals_it_alone_opens():
    sealed = vault.seal("synthetic 010-0000-0000")
    assert (b"0000" in sealed, vault.unseal(sealed)) == (False, "synthetic 010-0000-0000")


def test_rolls_of_two_elections_cannot_be_joined():
    keys = {vault.voter_key(election, "synthetic") for election in ("a", "b")}
    assert (len(keys), vault.voter_key("a", "synthetic") in keys) == (2, True)


def test_a_forgotten_person_leaves_only_a_pseudonym():
    row = member("one@example.invalid")
    verify(row)
    rename(by=citizen(row), at=AT, person=row, nickname="Synthetic name")
    forget(by=citizen(row), at=AT, person=row)
    kept = Person.objects.get(pk=row.pk)
    assert (kept.pseudonym, kept.nickname, kept.account) == (row.pseudonym, "", None)
    assert (Account.objects.count(), Identity.objects.count(), Claim.objects.count()) == (0, 0, 0)
    last = Event.objects.order_by("-pk").values_list("verb", "subject", "data").first()
    assert last == ("person.forgotten", f"person:{row.pseudonym}", {})


def test_a_forgotten_human_may_come_back():
    row = member("one@example.invalid")
    verify(row)
    forget(by=citizen(row), at=AT, person=row)
    assert verify(member("one@example.invalid")).person_id != row.pk


def test_a_public_name_is_used_once():
    one, two = member("one@example.invalid"), member("two@example.invalid")
    rename(by=citizen(one), at=AT, person=one, nickname=" Name ")
    with pytest.raises(Refused, match=r"^Somebody else uses the name Name; please choose another\.$"):
        rename(by=citizen(two), at=AT, person=two, nickname="Name")
    assert list(Person.objects.order_by("pk").values_list("nickname", flat=True)) == ["Name", ""]


def test_an_account_has_one_person():
    row = member("one@example.invalid")
    with pytest.raises(Refused, match=r"^This account already has a person\.$"):
        open_account(by=SYSTEM, at=AT, account=row.account)


def test_roles_are_given_by_administrators_only():
    row, other = person("p-1"), person("p-2")
    with pytest.raises(Refused, match=r"^Only an administrator may give roles\.$"):
        give_role(by=citizen(other), at=AT, person=row, role="head")
    give_role(by=SYSTEM, at=AT, person=row, role="head")
    assert actor_for(row, AT).holds("head")
    assert not actor_for(row, AT - timedelta(seconds=1)).holds("head")
    assert not actor_of(None, AT).known


@pytest.mark.parametrize(
    ("age", "band"), [(14, "10s"), (19, "10s"), (20, "20s"), (59, "50s"), (60, "60s+"), (99, "60s+")]
)
def test_age_bands(age, band):
    assert age_band(age) == band
