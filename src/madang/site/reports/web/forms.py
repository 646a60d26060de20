"""Forms of the pages of reports."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from madang.site.kit import clock
from madang.site.reports import queries


class Day(forms.DateInput):
    """A day, picked by the browser's own calendar."""

    input_type = "date"


class AsOf(forms.Form):
    """As of which day figures are shown."""

    as_of = forms.DateField(label=_("As of"), required=False, widget=Day())


class FreezeForm(forms.Form):
    """A report to be handed in."""

    as_of = forms.DateField(label=_("As of"), widget=Day())
    note = forms.CharField(label=_("Note (may be left empty)"), max_length=300, required=False)


class ObservationForm(forms.Form):
    """A figure that no record shows, entered with its source."""

    name = forms.ChoiceField(label=_("Figure"))
    value = forms.DecimalField(label=_("Value in the figure's unit"), max_digits=24, decimal_places=4)
    as_of = forms.DateField(label=_("As of"), widget=Day())
    source = forms.CharField(label=_("Source (document and page or line)"), max_length=300)

    def __init__(self, *args: Any, names: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].choices = names  # type: ignore[attr-defined]


class RewordingForm(forms.Form):
    """A text of a report in other words; each line is a text of its own."""

    ko = forms.CharField(label=_("Korean"), required=False, max_length=4000, widget=forms.Textarea({"rows": 5}))
    en = forms.CharField(label=_("English"), required=False, max_length=4000, widget=forms.Textarea({"rows": 5}))
    since = forms.DateField(
        label=_("For reports as of this day and later"),
        widget=Day(),
        help_text=_("Reports as of an earlier day keep their words."),
    )
    reason = forms.CharField(label=_("Why it is changed"), max_length=300)


def asked_day(request: HttpRequest) -> tuple[AsOf, date]:
    """The day the page is asked for, or the day the city's report is usually as of."""
    usual = queries.report_day(clock.day_of(clock.now()))
    form = AsOf(request.GET if "as_of" in request.GET else None, initial={"as_of": usual.isoformat()})
    if form.is_bound and form.is_valid() and form.cleaned_data["as_of"]:
        return form, form.cleaned_data["as_of"]
    return form, usual
