"""Signing in by Kakao or Naver: off unless keys are given, nothing kept, and never an identity check."""

import os
import subprocess
import sys

import pytest
from allauth.socialaccount.models import SocialAccount, SocialLogin, SocialToken
from django.conf import settings as site
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse

from madang.site.config import ConfigurationError, read_config
from madang.site.people.claims import claims_of
from madang.site.people.models import Account, Identity, Person
from madang.site.people.web.adapter import OtherServiceAdapter

ANSWER = {"id": 7, "kakao_account": {"name": "synthetic name", "birthyear": "1985", "ci": "synthetic-ci"}}
PROBE = """
import django; django.setup()
from django.conf import settings
from django.urls import reverse
from allauth.socialaccount.adapter import get_adapter
for name in ("kakao", "naver"):
    print(reverse(f"{name}_login"), settings.SOCIALACCOUNT_PROVIDERS[name]["APPS"][0]["client_id"])
print(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"][1:])
"""


def test_without_keys_there_is_no_such_way_in(db):
    assert site.SOCIALACCOUNT_PROVIDERS == {}
    assert "kakao" not in Client().get("/accounts/login/").text.lower()
    with pytest.raises(NoReverseMatch):
        reverse("kakao_login")


def test_keys_in_the_environment_switch_them_on(tmp_path):
    keys = {f"MADANG_{name}_{part}": f"{name}-{part}" for name in ("KAKAO", "NAVER") for part in ("CLIENT", "SECRET")}
    env = {**os.environ, **keys, "MADANG_HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    told = subprocess.run([sys.executable, "-c", PROBE], env=env, capture_output=True, text=True, check=True)
    assert told.stdout.splitlines() == [
        "/accounts/kakao/login/ KAKAO-CLIENT",
        "/accounts/naver/login/ NAVER-CLIENT",
        "['https://kauth.kakao.com', 'https://nid.naver.com']",
    ]


def test_half_a_key_is_a_sentence(monkeypatch):
    monkeypatch.setenv("MADANG_KAKAO_CLIENT", "synthetic")
    with pytest.raises(
        ConfigurationError, match=r"^Set both MADANG_KAKAO_CLIENT and MADANG_KAKAO_SECRET, or neither\.$"
    ):
        read_config()


def test_a_new_account_gets_its_person_and_nothing_that_the_service_knows(db):
    request = RequestFactory().get("/")
    request.session = Client().session
    account = SocialAccount(provider="kakao", uid="7", extra_data=ANSWER)
    token = SocialToken(account=account, token="synthetic token")
    login = SocialLogin(user=Account(), account=account, token=token)
    adapter = OtherServiceAdapter(request)
    adapter.populate_user(request, login, {"email": "someone@example.invalid"})
    saved = adapter.save_user(request, login)
    person = Person.objects.get()
    assert (person.account, saved.email, saved.has_usable_password()) == (saved, "someone@example.invalid", False)
    kept = SocialAccount.objects.get()
    assert (kept.provider, kept.uid, kept.extra_data, SocialToken.objects.count()) == ("kakao", "7", {}, 0)
    assert (Identity.objects.count(), claims_of(person.pk, person.created_at)) == (0, frozenset())
