"""Forms of the desk's pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from madang.site.programmes.models import Programme


class SearchForm(forms.Form):
    """What to look for among the matters."""

    q = forms.CharField(label=_("Words or receipt number"), required=False, max_length=100)
    programme = forms.ChoiceField(label=_("Programme"), required=False)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("all")), ("open", _("under way")), ("ended", _("ended"))]
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        named = [(row.code, row.name) for row in Programme.objects.all()]
        self.fields["programme"].choices = [("", _("all")), *named]  # type: ignore[attr-defined]


class EraseForm(forms.Form):
    """Asks once more before an account is erased."""

    sure = forms.BooleanField(label=_("I understand that this cannot be undone."))
