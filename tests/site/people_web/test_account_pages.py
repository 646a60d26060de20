"""The pages that another package brings wear our dress, speak Korean, and run no script but our own files."""

import re
from html import unescape

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.test import Client

from madang.site.kit.actor import SYSTEM
from madang.site.kit.clock import now
from madang.site.people.actions import open_account
from madang.site.people.models import Account

PASSWORD = "synthetic-password"
ENTRANCE = ("login", "signup", "password/reset", "password/reset/done", "confirm-email", "inactive")
INSIDE = (
    "email", "password/change", "logout", "reauthenticate", "2fa", "2fa/totp/activate", "2fa/webauthn",
    "2fa/webauthn/add", "2fa/recovery-codes", "2fa/recovery-codes/generate", "2fa/totp/deactivate",
    "2fa/reauthenticate",
)  # fmt: skip
WITH_FACTOR = ("2fa/recovery-codes", "2fa/totp/deactivate")
# Words that Korean writes in Latin letters, and what is no word: addresses of the test, codes, examples.
LATIN = {"English", "PIN", "URL", "example", "invalid"}


@pytest.fixture(autouse=True)
def nobody_tried_before():
    """The sign-in package counts attempts in the cache, which outlives a test."""
    cache.clear()


def signed_in(*, second_factor: bool = False) -> Client:
    account = Account.objects.create_user("someone@example.invalid", PASSWORD)
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    open_account(by=SYSTEM, at=now(), account=account)
    client = Client(headers={"accept-language": "ko"})
    client.post("/accounts/login/", {"login": account.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    if second_factor:
        TOTP.activate(account, generate_totp_secret())
        RecoveryCodes.activate(account)
    return client


def main_of(page: str) -> str:
    return page.partition('<main id="content"')[2].partition(">")[2].partition("</main>")[0]


def words(page: str) -> set[str]:
    """Latin words that somebody reads in a page."""
    text = re.sub(r"<(script|svg|textarea|title)\b.*?</\1>", " ", main_of(page), flags=re.DOTALL)
    text = unescape(re.sub(r"<[^>]*>", " ", text))
    return set(re.findall(r"(?<![\w.@-])[A-Za-z]{4,}(?![\w@])", text)) - LATIN


@pytest.mark.parametrize("name", ENTRANCE)
def test_the_way_in_is_ours_and_korean(db, name):
    page = Client(headers={"accept-language": "ko"}).get(f"/accounts/{name}/").text
    assert (page.count('class="site-header"'), page.count("<h1>"), words(page)) == (1, 1, set())


@pytest.mark.parametrize("name", INSIDE)
@pytest.mark.parametrize("second_factor", [False, True])
def test_the_pages_of_an_account_are_ours_and_korean(db, name, second_factor):
    answer = signed_in(second_factor=second_factor).get(f"/accounts/{name}/", follow=True)
    page = answer.text
    assert answer.status_code == (404 if name in WITH_FACTOR and not second_factor else 200)
    assert (page.count('class="site-header"'), page.count("<h1>"), words(page)) == (1, 1, set())


@pytest.mark.parametrize("name", ["login", "2fa/webauthn/add"])
def test_scripts_are_own_files_and_nothing_else_runs(db, name):
    answer = signed_in().get(f"/accounts/{name}/") if "2fa" in name else Client().get(f"/accounts/{name}/")
    assert answer.status_code == 200
    policy = answer["Content-Security-Policy"]
    assert re.findall(r"script-src ([^;]*)", policy) == ["'self'"]
    runs = [tag for tag in re.findall(r"<script\b[^>]*>", answer.text) if 'type="application/json"' not in tag]
    assert [re.sub('src="/static/[a-z/]+-?[a-z]*[.]js"', "", tag) for tag in runs] == [
        "<script  defer>",
        *["<script >"] * 3,
    ]
    assert re.findall(r"\son[a-z]+=|style=", main_of(answer.text)) == []
