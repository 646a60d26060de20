"""Signing in: who an account is, whose it is and whether it has a second factor, in one query of each page."""

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.db.models import OuterRef, Subquery

from madang.site.people.models import Account

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class AccountBackend(AuthenticationBackend):
    """The sign-in of django-allauth; an account comes with its person and the kind of its second `factor`, if any."""

    def get_user(self, user_id: int) -> Account | None:
        """The account that a session names, if it may still sign in."""
        held = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS).order_by("type")
        accounts = Account.objects.select_related("person").annotate(factor=Subquery(held.values("type")[:1]))
        account = accounts.filter(pk=user_id).first()
        return account if account is not None and self.user_can_authenticate(account) else None
