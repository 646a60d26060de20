"""Sign-in, its limits, the identity check and the roles of a demonstration."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from madang.site.kit.actor import SYSTEM
from madang.site.kit.web.limits import TooMany
from madang.site.people.actions import open_account
from madang.site.people.claims import claims_of
from madang.site.people.demo import ROLES, prepare_accounts
from madang.site.people.models import Account, Area, Attempt, Identity, Organisation, Person
from madang.site.people.vault import subject_hash
from madang.site.people.web.limits import count_attempt
from madang.site.record.models import Event

AT = datetime(2021, 6, 1, 3, 0, tzinfo=UTC)
MOCK = "madang.site.people.web.identity.MockVerifier"
ANSWER = {"name": "합성인물", "born_on": "1985-05-05", "sex": "f"}


@pytest.fixture
def account(db):
    made = Account.objects.create_user("someone@example.invalid", "synthetic-password")
    open_account(by=SYSTEM, at=AT, account=made)
    return made


@pytest.fixture
def client(account):
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(account)
    return browser


RIGHT = "synthetic-password"


def sign_in(client, password=RIGHT):
    return client.post("/accounts/login/", {"login": "someone@example.invalid", "password": password})


def test_signing_up_makes_a_person_with_a_pseudonym(db):
    client = Client()
    data = {"email": "new@example.invalid", "password1": "a-synthetic-word", "password2": "a-synthetic-word"}
    assert client.post("/accounts/signup/", data).status_code == 302
    person = Person.objects.get()
    assert (person.account.email, person.pseudonym[:2], person.nickname) == ("new@example.invalid", "p-", "")
    assert client.get("/my/").status_code == 200


def test_signing_in_and_out(account):
    client = Client()
    assert sign_in(client)["Location"] == "/my/"
    assert client.get("/my/").status_code == 200
    assert client.post("/accounts/logout/").status_code == 302
    assert client.get("/my/").status_code == 302


def test_an_inactive_account_cannot_sign_in(account):
    Account.objects.update(is_active=False)
    client = Client()
    sign_in(client)
    assert client.get("/my/").status_code == 302


def test_the_sign_in_pages_look_like_ours_in_korean(db):
    for path, title in (("/accounts/login/", "로그인"), ("/accounts/signup/", "회원가입")):
        page = Client(headers={"accept-language": "ko"}).get(path).text
        assert re.findall("<h1>(.*?)</h1>", re.sub(r"\s+", " ", page))[0].strip() == title
        assert len(re.findall('class="site-header"', page)) == 1


def test_the_eleventh_attempt_in_a_window_is_refused_even_with_the_right_password(account):
    client = Client()
    answers = [sign_in(client, "wrong").status_code for _ in range(5)]
    Attempt.objects.update(count=10)
    refused = sign_in(client)
    assert (answers, refused.status_code) == ([200] * 5, 429)
    assert 0 < int(refused["Retry-After"]) <= 300
    assert client.get("/my/").status_code == 302


def test_attempts_name_nobody(account):
    sign_in(Client(), "wrong")
    assert [len(row.key) for row in Attempt.objects.all()] == [64, 64]


class Limits(TestCase):
    @settings(max_examples=20)
    @given(most=st.integers(1, 6), tries=st.integers(0, 12))
    def test_at_most_so_many_of_all_attempts_in_a_window_pass(self, most, tries):
        passed = 0
        for second in range(tries):
            try:
                count_attempt(what="x", who="y", at=AT + timedelta(seconds=second), most=most, seconds=60)
                passed += 1
            except TooMany as refusal:
                assert refusal.seconds == 60 - second
        assert passed == min(most, tries)


def test_windows_people_and_purposes_are_counted_apart_and_old_windows_are_swept(db):
    for what, who, minutes in (("a", "x", 0), ("a", "y", 0), ("b", "x", 0), ("a", "x", 1)):
        count_attempt(what=what, who=who, at=AT + timedelta(minutes=minutes), most=1, seconds=60)
    assert Attempt.objects.count() == 1


@pytest.fixture
def agency(settings):
    settings.IDENTITY_VERIFIERS = [MOCK]


def start(client):
    return client.post("/my/identity/", {"way": "mock"})["Location"].partition("state=")[2]


def test_the_identity_check_keeps_a_hash_and_claims_and_no_name(client, account, agency):
    home = Area.objects.create(code="testville/north", level="district", name_ko="북구", name_en="North")
    state = start(client)
    assert client.get(f"/identity/mock/?state={state}").status_code == 200
    client.post("/identity/back/", {**ANSWER, "lives_in": home.pk, "state": state})
    row = Identity.objects.get()
    assert (row.subject, row.method, row.sealed) == (subject_hash("mock:합성인물:1985-05-05:f"), "mock", None)
    held = claims_of(account.person.pk, datetime.now(UTC))
    assert {claim.partition(":")[0] for claim in held} == {"verified", "birth_year", "age_band", "sex", "lives_in"}
    assert [event.data for event in Event.objects.filter(verb="identity.verified")] == [{"method": "mock"}]


def test_an_answer_counts_once_and_only_for_the_check_that_was_started(client, agency):
    assert client.post("/identity/back/", {**ANSWER, "state": "forged"}).status_code == 403
    state = start(client)
    assert client.post("/identity/back/", {**ANSWER, "state": "forged"}).status_code == 403
    assert client.post("/identity/back/", {**ANSWER, "state": state}).status_code == 403
    state = start(client)
    assert client.post("/identity/back/", {**ANSWER, "state": state}).status_code == 302
    assert client.post("/identity/back/", {**ANSWER, "state": state}).status_code == 403
    assert Identity.objects.count() == 1


def test_one_human_has_one_person(client, agency):
    client.post("/identity/back/", {**ANSWER, "state": start(client)})
    second = Account.objects.create_user("second@example.invalid", "synthetic-password")
    open_account(by=SYSTEM, at=AT, account=second)
    other = Client(headers={"accept-language": "en"})
    other.force_login(second)
    refused = other.post("/identity/back/", {**ANSWER, "state": start(other)})
    assert re.findall('class="lead">(.*?)<', refused.text) == [
        "This identity already belongs to another account. Sign in there, or ask the help desk."
    ]


def test_identity_checks_are_limited_to_five_an_hour(client, agency):
    assert [client.post("/my/identity/", {"way": "mock"}).status_code for _ in range(6)] == [302] * 5 + [429]


def test_without_an_agency_there_is_no_check_and_no_mock(client, settings):
    settings.IDENTITY_VERIFIERS = []
    assert client.get("/my/identity/").status_code == 200
    assert client.post("/my/identity/", {"way": "mock"}).status_code == 403
    assert client.get("/identity/mock/").status_code == 404
    assert client.post("/identity/back/", {**ANSWER, "state": ""}).status_code == 403


def test_there_are_no_demo_roles_outside_a_demonstration(db, settings):
    settings.DEMO = False
    prepare_accounts(by=SYSTEM, at=AT)
    client = Client()
    assert (client.get("/demo/").status_code, client.post("/demo/officer/").status_code) == (404, 404)
    assert client.get("/my/").status_code == 302


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.code)
def test_one_click_signs_in_as_a_demo_role(db, settings, role):
    settings.DEMO = True
    body = Organisation.objects.create(code="council", kind="body", name_ko="위원회", name_en="Council")
    prepare_accounts(by=SYSTEM, at=AT, body=body)
    client = Client()
    assert client.get(f"/demo/{role.code}/").status_code == 405
    assert client.post(f"/demo/{role.code}/")["Location"] == ("/desk/" if role.grants else "/")
    page = client.get("/my/")
    assert (page.status_code, page.context["person"].nickname) == (200, role.nickname)
    assert {grant.role for grant in page.context["actor"].grants} == set(role.grants)
    assert [seat.body for seat in page.context["seats"]] == ([body] if role.member else [])


def test_the_demo_never_sends_elsewhere(db, settings):
    settings.DEMO = True
    prepare_accounts(by=SYSTEM, at=AT)
    assert Client().post("/demo/citizen/", {"next": "https://evil.invalid/"})["Location"] == "/"
    assert Client().post("/demo/citizen/", {"next": "/record/"})["Location"] == "/record/"


def test_demo_people_are_synthetic_and_made_once(db):
    assert len(prepare_accounts(by=SYSTEM, at=AT)) == len(ROLES)
    assert prepare_accounts(by=SYSTEM, at=AT) == []
    assert Person.objects.filter(synthetic=True).count() == len(ROLES)
    assert [account.has_usable_password() for account in Account.objects.all()] == [False] * len(ROLES)


def test_behind_a_web_server_the_limit_counts_the_address_that_it_saw(account, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(3):
        # What a client claims before it does not count.
        told = f"203.0.113.{number}, 198.51.100.7"
        Client(headers={"x-forwarded-for": told}).post("/accounts/login/", {"login": f"{number}@a.invalid"})
        Client(headers={"x-forwarded-for": told}).post(
            "/accounts/login/", {"login": f"{number}@a.invalid", "password": "x"}
        )
    assert sorted(Attempt.objects.values_list("count", flat=True)) == [1, 1, 1, 3]
