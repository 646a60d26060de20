"""Forms of the money pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from madang.site.docket.models import Matter
from madang.site.ledger.files import LARGEST
from madang.site.ledger.models import Line, Part
from madang.site.ledger.uploads import KINDS

LARGEST_WON = 10**15
KIND_NAMES = {
    "lines": _("budget lines"),
    "entries": _("appropriations, obligations and payments"),
    "collections": _("revenue assessed and collected"),
}


class Day(forms.DateInput):
    """A day, picked by the browser's own calendar."""

    input_type = "date"


def won(label: Any) -> forms.IntegerField:
    """A field for an amount of whole won."""
    return forms.IntegerField(label=label, min_value=1, max_value=LARGEST_WON)


class AsOf(forms.Form):
    """As of which day amounts are shown."""

    as_of = forms.DateField(label=_("As of"), required=False, widget=Day())


class ObligationForm(forms.Form):
    """A request for an obligation."""

    amount_won = won(_("Amount (won)"))
    part = forms.ModelChoiceField(Part.objects.none(), label=_("Part of the line"), required=False)
    matter = forms.CharField(label=_("Receipt number of the matter"), required=False, max_length=40)
    payee = forms.CharField(label=_("Payee (seen by finance and auditors only)"), max_length=200)
    note = forms.CharField(label=_("What for"), max_length=300)
    on = forms.DateField(label=_("Accounting day"), widget=Day())

    def __init__(self, *args: Any, line: Line, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["part"].queryset = line.parts.all()  # type: ignore[attr-defined]
        self.fields["part"].label_from_instance = lambda part: f"{part.code} {part.name}"  # type: ignore[attr-defined]

    def clean_matter(self) -> Matter | None:
        """The matter of that receipt number."""
        number = self.cleaned_data["matter"].strip()
        if not number:
            return None
        matter = Matter.objects.filter(number=number).first()
        if matter is None:
            raise forms.ValidationError(_("There is no matter with this receipt number."))
        return matter


class PaymentForm(forms.Form):
    """A request for a payment."""

    amount_won = won(_("Amount (won)"))
    note = forms.CharField(label=_("What for"), max_length=300)
    on = forms.DateField(label=_("Accounting day"), widget=Day())


class BackForm(PaymentForm):
    """A release of an obligation, or a refund."""

    kind = forms.ChoiceField(
        label=_("What came back"),
        choices=[("release", _("money no longer needed (release)")), ("refund", _("money paid back (refund)"))],
    )
    field_order = ["kind", "amount_won", "note", "on"]


class ForecastForm(forms.Form):
    """A forecast of the year's end."""

    part = forms.ModelChoiceField(Part.objects.none(), label=_("Part of the line"), required=False)
    year_end_won = forms.IntegerField(
        label=_("Executed at the end of the year (won)"), min_value=0, max_value=LARGEST_WON
    )
    on = forms.DateField(label=_("As of"), widget=Day())

    def __init__(self, *args: Any, line: Line, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["part"].queryset = line.parts.all()  # type: ignore[attr-defined]
        self.fields["part"].label_from_instance = lambda part: f"{part.code} {part.name}"  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class UploadForm(forms.Form):
    """A file of rows."""

    kind = forms.ChoiceField(label=_("What the file holds"), choices=[(kind, KIND_NAMES[kind]) for kind in KINDS])
    file = forms.FileField(label=_("CSV or XLSX file"))

    def clean_file(self) -> Any:
        """The file, if it is not too large; what it is, is found out by reading it."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("The file is too large; at most 5 MB are read."))
        return file
