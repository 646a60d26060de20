"""A passkey in a real browser: added to an account, then the only thing that is needed to sign in."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_an_official_adds_a_passkey_and_signs_in_with_it_to_the_desk(visitor, settings):
    settings.SECOND_FACTOR = True
    officer = visitor()
    session = officer.context.new_cdp_session(officer.page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})

    officer.open("/accounts/login/").judge("sign-in").sign_in("officer")
    officer.page.goto("/desk/")
    assert officer.text("main h1") == "2단계 인증이 필요합니다"
    # The browser tells a 403 as an error of the page; here it is what is wanted.
    officer.faults.clear()
    officer.press("2단계 인증 설정하기").judge("second-factors")
    officer.open("/accounts/2fa/webauthn/add/")
    officer.fill(password="synthetic words for a test").press("확인")
    officer.judge("passkey-add")
    officer.page.locator("[name=passwordless]").check()
    with officer.page.expect_navigation():
        officer.page.locator("#mfa_webauthn_add").click()
    officer.look()
    assert officer.page.url.endswith("/accounts/2fa/recovery-codes/")
    officer.judge("recovery-codes")

    officer.context.clear_cookies()
    officer.open("/accounts/login/?next=/desk/")
    with officer.page.expect_navigation(url="**/desk/"):
        officer.page.locator("#passkey_login").click()
    officer.look()
    assert officer.page.url.endswith("/desk/")
    assert officer.texts(".desk-nav a[aria-current]") != []
