"""Forms of the desk's pages."""

from django import forms
from django.utils.translation import gettext_lazy as _


class EraseForm(forms.Form):
    """Asks once more before an account is erased."""

    sure = forms.BooleanField(label=_("I understand that this cannot be undone."))
