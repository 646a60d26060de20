"""Forms of the money pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from madang.site.docket.models import Matter
from madang.site.ledger.files import LARGEST
from madang.site.ledger.models import APPROPRIATING, Collection, EntryKind, Line, Part, RevenueItem
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


def signed_won(label: Any) -> forms.IntegerField:
    """A field for an amount of whole won that may be negative."""
    return forms.IntegerField(
        label=label, min_value=-LARGEST_WON, max_value=LARGEST_WON, help_text=_("Write a minus sign for less.")
    )


class LineField(forms.ModelChoiceField):
    """A choice among budget lines, by year, code and name."""

    def label_from_instance(self, line: Line) -> str:
        """The line's year, code and name."""
        return f"{line.fiscal_year} {line.code} {line.name}"


class PartField(forms.ModelChoiceField):
    """A choice among parts of lines, by code and name."""

    def label_from_instance(self, part: Part) -> str:
        """The part's code and name."""
        return f"{part.line.fiscal_year} {part.code} {part.name}"


def _check_year(form: forms.Form, told: dict[str, Any], *names: str) -> None:
    """Note an error where the accounting day lies outside the year of what was chosen."""
    for name in names:
        chosen, on = told.get(name), told.get("on")
        if chosen is not None and on is not None and on.year != chosen.fiscal_year:
            form.add_error("on", _("The day must lie in the year %(year)d.") % {"year": chosen.fiscal_year})
            return


class AppropriationForm(forms.Form):
    """What the council appropriated, carried over or moved from one line to another."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(kind.value, kind.label) for kind in EntryKind if kind in APPROPRIATING]
    )
    line = LineField(Line.objects.order_by("-fiscal_year", "department__order", "seq", "code"), label=_("Budget line"))
    part = PartField(Part.objects.select_related("line"), label=_("Part of the line"), required=False)
    to = LineField(
        Line.objects.order_by("-fiscal_year", "department__order", "seq", "code"),
        label=_("To the budget line"),
        required=False,
        help_text=_("For a transfer only: the amount leaves the line above and comes here."),
    )
    amount_won = signed_won(_("Amount (won)"))
    on = forms.DateField(label=_("Accounting day"), widget=Day())
    note = forms.CharField(label=_("What for"), max_length=300)

    def clean(self) -> dict[str, Any]:
        """A transfer has two sides, everything else one; the day lies in the year of the lines."""
        told = super().clean() or {}
        _check_year(self, told, "line", "to")
        transfer, to = told.get("kind") == EntryKind.TRANSFER, told.get("to")
        if transfer != bool(to) and "to" not in self.errors:
            self.add_error("to", _("A transfer names the line that the money goes to, and nothing else does."))
        if transfer and to and to == told.get("line"):
            self.add_error("to", _("Money cannot move from a line to itself."))
        if transfer and (told.get("amount_won") or 1) < 1:
            self.add_error("amount_won", _("Give more than 0 for a transfer."))
        return told

    def rows(self) -> list[dict[str, str]]:
        """The rows of a file of entries that say the same."""
        told = self.cleaned_data
        row = {
            "line": told["line"].code,
            "kind": told["kind"],
            "amount_won": str(told["amount_won"]),
            "on": told["on"].isoformat(),
            "part": told["part"].code if told["part"] else "",
            "note": told["note"],
        }
        if not told["to"]:
            return [row]
        taken = {**row, "amount_won": str(-told["amount_won"])}
        return [taken, {**row, "line": told["to"].code, "part": ""}]


class RevenueForm(forms.Form):
    """Revenue that was assessed or came in."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Collection.Kind.choices, initial=Collection.Kind.COLLECTED)
    item = forms.ModelChoiceField(
        RevenueItem.objects.filter(items__isnull=True).order_by("-fiscal_year", "seq"), label=_("Revenue item")
    )
    amount_won = signed_won(_("Amount (won)"))
    on = forms.DateField(label=_("Accounting day"), widget=Day())
    note = forms.CharField(label=_("What for"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].label_from_instance = lambda row: f"{row.fiscal_year} {row.code} {row.name}"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The day lies in the year of the item."""
        told = super().clean() or {}
        _check_year(self, told, "item")
        return told

    def rows(self) -> list[dict[str, str]]:
        """The row of a file of revenue that says the same."""
        told = self.cleaned_data
        return [
            {
                "item": told["item"].code,
                "kind": told["kind"],
                "amount_won": str(told["amount_won"]),
                "on": told["on"].isoformat(),
                "note": told["note"],
            }
        ]


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
