"""Officials need a second factor: no door of a desk opens to a session that has not shown one."""

import re
from datetime import UTC, datetime

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings as site
from django.core.cache import cache
from django.test import Client
from django.urls import URLResolver, get_resolver

from madang.site.kit.actor import SYSTEM
from madang.site.people.actions import give_role, open_account
from madang.site.people.actors import ROLES
from madang.site.people.models import Account

AT = datetime(2021, 6, 1, 3, 0, tzinfo=UTC)
PASSWORD = "synthetic-password"
WAY = re.compile(r'href="([^"]*)" *>(?:Set up a second factor|Show my second factor)')


@pytest.fixture(autouse=True)
def needed(settings, db):
    settings.SECOND_FACTOR = True


@pytest.fixture(autouse=True)
def nobody_tried_before():
    """The sign-in package counts attempts in the cache, which outlives a test."""
    cache.clear()


def official(role="officer") -> Account:
    account = Account.objects.create_user(f"{role}@example.invalid", PASSWORD)
    person = open_account(by=SYSTEM, at=AT, account=account)
    if role != "citizen":
        give_role(by=SYSTEM, at=AT, person=person, role=role)
    return account


def signed_in(account) -> Client:
    client = Client(headers={"accept-language": "en"})
    assert client.post("/accounts/login/", {"login": account.email, "password": PASSWORD}).status_code == 302
    return client


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def desk_addresses(resolver=None, before="") -> list[str]:
    """Every address of the desks; numbers and codes in it are made up, for the door comes before the thing."""
    found = []
    for entry in (resolver or get_resolver()).url_patterns:
        path = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            found += desk_addresses(entry, path)
        elif path.startswith("desk/"):
            found.append("/" + re.sub(r"<[^>]*>", "1", path))
    return found


@pytest.mark.parametrize("role", ROLES)
def test_no_door_of_a_desk_opens_without_one(role):
    client = signed_in(official(role))
    open_doors = [
        (path, method)
        for path in desk_addresses()
        for method in ("get", "post")
        if getattr(client, method)(path).status_code not in (403, 404)
    ]
    assert (len(desk_addresses()) > 40, open_doors) == (True, [])


def test_the_page_says_why_and_leads_to_setting_one_up():
    client = signed_in(official())
    answer = client.get("/desk/")
    assert answer.status_code == 403
    assert "<h1>A second factor is needed here</h1>" in answer.text
    assert WAY.findall(answer.text) == ["/accounts/2fa/?next=%2Fdesk%2F"]
    assert client.get("/accounts/2fa/").status_code == 200


def test_a_role_gives_no_right_on_pages_for_everybody_either():
    client = signed_in(official())
    answer = client.get("/")
    assert (answer.status_code, answer.wsgi_request.actor.grants) == (200, frozenset())
    assert "/desk/" not in re.findall('href="([^"]*)"', answer.text)


def test_the_api_gives_an_official_no_more_than_a_visitor():
    client, visitor = signed_in(official()), Client()
    for path in ("/api/processes", "/api/matters", "/api/openapi.json"):
        assert client.get(path).content == visitor.get(path).content


def test_setting_one_up_in_the_session_is_not_yet_showing_it():
    account = official()
    client = signed_in(account)
    assert client.get("/accounts/2fa/totp/activate/")["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    assert client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)}).status_code == 302
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert (secret in stored, Authenticator.objects.count()) == (False, 2)
    answer = client.get("/desk/")
    assert WAY.findall(answer.text) == ["/accounts/2fa/reauthenticate/?next=%2Fdesk%2F"]


def test_signing_in_with_a_code_opens_the_desk():
    account = official()
    secret = generate_totp_secret()
    TOTP.activate(account, secret)
    client = signed_in(account)
    assert client.get("/desk/")["Location"].startswith("/accounts/login/")
    done = client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert (done.status_code, client.get("/desk/").status_code) == (302, 200)


def test_a_recovery_code_opens_the_desk_once():
    account = official()
    TOTP.activate(account, generate_totp_secret())
    code = RecoveryCodes.activate(account).get_unused_codes()[0]
    first, second = signed_in(account), signed_in(account)
    for client in (first, second):
        client.post("/accounts/2fa/authenticate/", {"code": code})
    assert (first.get("/desk/").status_code, second.get("/desk/").status_code) == (200, 302)


def test_a_session_from_before_does_not_gain_the_factor_that_another_set_up():
    account = official()
    early = signed_in(account)
    TOTP.activate(account, generate_totp_secret())
    assert early.get("/desk/").status_code == 403


def test_taking_the_factor_away_closes_the_desk():
    account = official()
    secret = generate_totp_secret()
    TOTP.activate(account, secret)
    client = signed_in(account)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert client.get("/desk/").status_code == 200
    Authenticator.objects.all().delete()
    assert client.get("/desk/").status_code == 403


def test_citizens_need_none():
    client = signed_in(official("citizen"))
    assert client.get("/my/").status_code == 200
    assert "A second factor is needed here" not in client.get("/desk/").text


def test_it_is_asked_for_unless_the_city_says_otherwise(monkeypatch):
    from madang.site.config import read_config

    found = {}
    for demo, told in (("0", None), ("1", None), ("0", "0"), ("1", "1")):
        monkeypatch.setenv("MADANG_DEMO", demo)
        monkeypatch.delenv("MADANG_SECOND_FACTOR", raising=False)
        if told:
            monkeypatch.setenv("MADANG_SECOND_FACTOR", told)
        found[demo, told] = read_config().second_factor
    assert found == {("0", None): True, ("1", None): False, ("0", "0"): False, ("1", "1"): True}
    assert site.MFA_SUPPORTED_TYPES == ["totp", "webauthn", "recovery_codes"]


def test_what_was_typed_when_the_factor_had_lapsed_comes_back_once_it_was_shown():
    account, secret = official(), generate_totp_secret()
    early = signed_in(account)
    TOTP.activate(account, secret)
    typed = {"question_ko": "합성 질문: 무엇을 바꿀까요?", "title_ko": "합성 공론장"}
    answer = early.post("/desk/forums/new/", typed)
    assert (answer.status_code, answer.text.count("What you typed is kept for half an hour.")) == (403, 1)
    (way,) = WAY.findall(answer.text)
    assert way == "/accounts/2fa/reauthenticate/?next=%2Fdesk%2Fforums%2Fnew%2F"
    # Asking again without it shows nothing, and takes nothing away.
    assert typed["question_ko"] not in early.get("/desk/forums/new/").text
    shown = early.post(way, {"code": code_of(secret)}, follow=True)
    assert (shown.request["PATH_INFO"], shown.status_code) == ("/desk/forums/new/", 200)
    assert [shown.text.count(words) for words in typed.values()] == [1, 1]
    assert shown.text.count("What you had typed is still here.") == 1


def test_what_a_get_is_refused_is_no_form():
    account = official()
    client = signed_in(account)
    assert "What you typed is kept" not in client.get("/desk/").text
    assert "unsent" not in client.cookies
