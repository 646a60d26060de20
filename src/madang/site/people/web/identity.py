"""The port to an identity agency (본인확인): it proves "this resident, once", and is no way to sign in.

A real agency (PASS, NICE, a mobile identity card) is another class with these two methods, named in
the setting IDENTITY_VERIFIER. The mock is for demonstrations and tests.
"""

from collections.abc import Mapping
from typing import Protocol

from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from madang.site.kit.verdict import Refused
from madang.site.people.actions import Verified
from madang.site.people.web.forms import MockIdentityForm


class Verifier(Protocol):
    """What an identity agency offers."""

    def start(self, *, state: str, back: str) -> str:
        """The address to which the person goes; the agency returns to `back` with the same `state`."""

    def finish(self, *, answer: Mapping[str, str]) -> Verified:
        """What the agency confirmed. Raises Refused when the answer is incomplete, forged or too old."""


class MockVerifier:
    """A plain page instead of an agency: whoever one says one is, one is. Never outside a demonstration."""

    def start(self, *, state: str, back: str) -> str:
        """The mock's own page on this site."""
        return f"{reverse('people:mock_identity')}?{urlencode({'state': state})}"

    def finish(self, *, answer: Mapping[str, str]) -> Verified:
        """Take the form's word. The same name, birthday and sex are the same human."""
        form = MockIdentityForm(answer)
        if not form.is_valid():
            raise Refused(_("The identity check was not completed. Please start it again."))
        told = form.cleaned_data
        return Verified(
            subject=f"mock:{told['name']}:{told['born_on']}:{told['sex']}",
            method="mock",
            birth_year=told["born_on"].year,
            sex=told["sex"],
            lives_in=told["lives_in"].code if told["lives_in"] else "",
        )


def verifier() -> Verifier | None:
    """The agency this site works with; None if it has none."""
    return import_string(settings.IDENTITY_VERIFIER)() if settings.IDENTITY_VERIFIER else None
