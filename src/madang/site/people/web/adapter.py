"""Where sign-in by django-allauth meets the city's people."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from madang.site.kit import clock
from madang.site.kit.actor import SYSTEM
from madang.site.people.actions import open_account
from madang.site.people.models import Account
from madang.site.people.web.limits import count_attempt

WINDOW = 300


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
