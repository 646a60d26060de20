"""Forms of draws."""

from django import forms
from django.utils.translation import gettext_lazy as _


class FreezeForm(forms.Form):
    """The commitment to the secret."""

    commitment = forms.CharField(
        label=_("Commitment (SHA-256 of the secret)"),
        max_length=64,
        help_text=_(
            "Make a secret that nobody can guess, and its hash, on your own computer; "
            "the site must not know the secret yet."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class DrawForm(forms.Form):
    """The secret and what nobody knew before."""

    secret = forms.CharField(label=_("The secret that was committed to"), max_length=200)
    public = forms.CharField(
        label=_("Public chance"),
        max_length=200,
        required=False,
        help_text=_("Something nobody knew when the list was frozen, as announced: for example lottery numbers."),
    )
