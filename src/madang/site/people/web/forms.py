"""Forms about oneself."""

from django import forms
from django.utils.translation import gettext_lazy as _

from madang.site.people.models import Area


class AreaField(forms.ModelChoiceField):
    """A choice among areas, by their names."""

    def label_from_instance(self, area: Area) -> str:
        """The area's name in the reader's language."""
        return area.name


class MockIdentityForm(forms.Form):
    """What the mock agency asks."""

    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("Invent one. It is not stored."))
    born_on = forms.DateField(label=_("Date of birth"), widget=forms.DateInput(attrs={"type": "date"}))
    sex = forms.ChoiceField(
        label=_("Sex"), choices=[("f", _("female")), ("m", _("male"))], widget=forms.RadioSelect, initial="f"
    )
    lives_in = AreaField(
        label=_("Lives in"),
        queryset=Area.objects.filter(level=Area.Level.DISTRICT).order_by("pk"),
        required=False,
        empty_label=_("outside the city"),
    )


class NicknameForm(forms.Form):
    """The public name."""

    nickname = forms.CharField(
        label=_("Public name"),
        max_length=40,
        required=False,
        help_text=_("Shown beside what you write. Leave it empty to stay under your pseudonym."),
    )
