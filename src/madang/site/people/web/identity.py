"""The port to identity checks (본인확인): they prove "this resident, once", and are no way to sign in.

A real agency (PASS, NICE, a mobile identity card) is another class like these, named in the setting
MADANG_IDENTITY_VERIFIER. The mock is for demonstrations and tests. What an official sees on a paper at the
counter comes in by the desk (`counter.py`), not by this port.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from madang.site.kit import clock
from madang.site.kit.verdict import Refused
from madang.site.people import vault
from madang.site.people.actions import Verified, read_letter
from madang.site.people.web.forms import LetterForm, MockIdentityForm


class Verifier(Protocol):
    """What a way of checking an identity offers. `title` and `text` are what somebody reads who chooses it."""

    code: str
    title: Any
    text: Any

    def start(self, *, state: str, back: str) -> str:
        """The address to which the person goes; from there they return to `back` with the same `state`."""

    def finish(self, *, answer: Mapping[str, str], back: str) -> Verified:
        """What was confirmed. Raises Refused when the answer is incomplete, forged or too old."""


class MockVerifier:
    """A plain page instead of an agency: whoever one says one is, one is. Never outside a demonstration."""

    code = "mock"
    title = gettext_lazy("Mock identity agency")
    text = gettext_lazy("Only in this demonstration: you invent the answers.")

    def start(self, *, state: str, back: str) -> str:
        """The mock's own page on this site."""
        return f"{reverse('people:mock_identity')}?{urlencode({'state': state})}"

    def finish(self, *, answer: Mapping[str, str], back: str) -> Verified:
        """Take the form's word. The same name, birthday and sex are the same human."""
        form = MockIdentityForm(answer)
        if not form.is_valid():
            raise Refused(_("The identity check was not completed. Please start it again."))
        told = form.cleaned_data
        name, born_on, sex = told["name"], told["born_on"], told["sex"]
        return Verified(
            subject=f"mock:{name}:{born_on}:{sex}",
            method=self.code,
            birth_year=born_on.year,
            sex=sex,
            lives_in=told["lives_in"].code if told["lives_in"] else "",
            likeness=vault.likeness_hash(name=name, born_on=born_on, sex=sex),
        )


class LetterVerifier:
    """The code of a letter that the city sent to the address of a resident."""

    code = "letter"
    title = gettext_lazy("Code from a letter")
    text = gettext_lazy("The city sent you a letter with a code; you enter it here.")

    def start(self, *, state: str, back: str) -> str:
        """The page of this site where the code is entered."""
        return f"{reverse('people:letter_code')}?{urlencode({'state': state})}"

    def finish(self, *, answer: Mapping[str, str], back: str) -> Verified:
        """What the letter of the code confirms."""
        form = LetterForm(answer)
        if not form.is_valid():
            raise Refused(_("This code does not fit. Compare it and your date of birth with the letter."))
        born_on: date = form.cleaned_data["born_on"]
        return read_letter(code=form.cleaned_data["code"], born_on=born_on, at=clock.now())


def verifiers() -> list[Verifier]:
    """The ways of checking an identity on this site, the one to be offered first in front."""
    return [import_string(name)() for name in settings.IDENTITY_VERIFIERS]


def verifier(code: str) -> Verifier | None:
    """The way of that code, if this site has it."""
    return next((way for way in verifiers() if way.code == code), None)
