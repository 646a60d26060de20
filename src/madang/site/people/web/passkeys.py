"""The form for adding a passkey, as people here need it."""

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.utils.translation import gettext_lazy as _


class PasskeyForm(AddWebAuthnForm):
    """A key with which one signs in without a password, unless that is not wanted."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["name"].label = _("Name")
        self.fields["passwordless"].initial = True
