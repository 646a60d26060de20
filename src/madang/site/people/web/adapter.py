"""Where sign-in by django-allauth meets the city's people."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.http import HttpRequest

from madang.site.kit import clock
from madang.site.kit.actor import SYSTEM
from madang.site.kit.language import pick
from madang.site.kit.web.context import city_names
from madang.site.people import vault
from madang.site.people.actions import open_account
from madang.site.people.models import Account, Person
from madang.site.people.web.limits import count_attempt

WINDOW = 300


def shown_as(account: Account) -> str:
    """How an account is called to its owner."""
    return account.email


class AccountAdapter(DefaultAccountAdapter):
    """Gives each new account its person, and limits attempts to sign in across all processes."""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt for the address and for the network address. Raises TooMany."""
        at = clock.now()
        address = str(credentials.get("email", "")).lower()
        count_attempt(what="sign-in", who=address, at=at, most=10, seconds=WINDOW)
        count_attempt(what="sign-in from", who=self.get_client_ip(request), at=at, most=60, seconds=WINDOW)
        super().pre_authenticate(request, **credentials)

    def save_user(self, request: HttpRequest, user: Account, form: Any, commit: bool = True) -> Account:
        """Save a new account together with its person."""
        account: Account = super().save_user(request, user, form, commit=commit)
        if commit:
            open_account(by=SYSTEM, at=clock.now(), account=account)
        return account


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of authenticators under the vault's key, and names the city in the app."""

    def encrypt(self, text: str) -> str:
        """Seal a secret for the database."""
        return vault.seal(text).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a sealed secret."""
        return vault.unseal(encrypted_text.encode())

    def get_totp_issuer(self) -> str:
        """What the app shows above the code."""
        return f"{pick(*city_names(str(settings.CITY_FOLDER)))} Madang".strip()


class OtherServiceAdapter(DefaultSocialAccountAdapter):
    """Signs in by another service (Kakao, Naver), and keeps nothing of what that service knows.

    It proves "the same person as last time"; it is never an identity check.
    """

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> Account:
        """Forget what the service told beyond its number of the account, before anything is saved."""
        sociallogin.account.extra_data = {}
        account: Account = super().populate_user(request, sociallogin, data)
        return account

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> Account:
        """Save a new account together with its person."""
        account: Account = super().save_user(request, sociallogin, form)
        if not Person.objects.filter(account=account).exists():
            open_account(by=SYSTEM, at=clock.now(), account=account)
        return account
