"""Forms of the counter. No number of any document is asked for: there is no field for one."""

import csv
from datetime import date
from io import StringIO

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from madang.site.people.actions import Addressee
from madang.site.people.models import Area
from madang.site.people.web.forms import AreaField, Day, PersonForm

PAPERS = {
    "identity_card": _("identity card"),
    "driving_licence": _("driving licence"),
    "passport": _("passport"),
    "residence_card": _("residence card of a foreigner"),
    "youth_card": _("youth card"),
}
SEXES = {"f": _("female"), "m": _("male")}
MOST_LETTERS = 200


class CounterForm(PersonForm):
    """What an official saw on a paper."""

    paper = forms.ChoiceField(
        label=_("Paper"), choices=PAPERS.items, help_text=_("Look at it and give it back. Never note a number.")
    )
    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("It is hashed and not stored."))
    born_on = forms.DateField(label=_("Date of birth"), widget=Day())
    sex = forms.ChoiceField(label=_("Sex"), choices=SEXES.items, widget=forms.RadioSelect)
    lives_in = AreaField(
        label=_("Lives in"),
        queryset=Area.objects.filter(level=Area.Level.DISTRICT).order_by("pk"),
        required=False,
        empty_label=_("outside the city"),
    )


class LettersForm(forms.Form):
    """To whom letters go, one a line."""

    addressees = forms.CharField(
        label=_("To whom"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "One a line: name, date of birth (1985-05-05), sex (f or m), code of the district, address. For example: "
            "Kim Synthetic,1985-05-05,f,%(area)s,1 Example Street"
        ),
    )

    def __init__(self, *arguments: object, **more: object) -> None:
        super().__init__(*arguments, **more)  # type: ignore[arg-type]
        area = Area.objects.filter(level=Area.Level.DISTRICT).order_by("pk").first()
        field = self.fields["addressees"]
        field.help_text = str(field.help_text) % {"area": area.code if area else "…"}

    def clean_addressees(self) -> list[Addressee]:
        """The addressees; the first line that is wrong is named."""
        rows = [row for row in csv.reader(StringIO(self.cleaned_data["addressees"])) if any(row)]
        if len(rows) > MOST_LETTERS:
            raise forms.ValidationError(gettext("Print at most %(most)d letters at once.") % {"most": MOST_LETTERS})
        return [_addressee(place, [cell.strip() for cell in row]) for place, row in enumerate(rows, 1)]


def _addressee(place: int, row: list[str]) -> Addressee:
    wrong = forms.ValidationError(
        gettext("Line %(place)d must be: name, date of birth (1985-05-05), sex (f or m), code of a district, address.")
        % {"place": place}
    )
    if len(row) < 5 or not row[0] or row[2] not in SEXES:
        raise wrong
    try:
        born_on = date.fromisoformat(row[1])
    except ValueError:
        raise wrong from None
    return Addressee(row[0], born_on, row[2], row[3], ", ".join(row[4:]))
