"""The forms of this room. What is allowed is decided by the actions; forms read and keep what was typed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from madang.site.docket.outcomes import OUTCOME_NAMES
from madang.site.followups.actions import PASSES, NewMeasure
from madang.site.kit.language import pick
from madang.site.kit.verdict import Refused
from madang.site.people.models import Organisation


def carried_out(form: forms.Form, act: Callable[[dict[str, Any]], object]) -> bool:
    """Whether a sound form's action was carried out; a refusal becomes an error of the form."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True


class DayInput(forms.DateInput):
    """A day, picked or typed."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DepartmentField(forms.ModelChoiceField):
    """A department, named in the reader's language."""

    def label_from_instance(self, obj: Organisation) -> str:
        """The department's name."""
        return obj.name


class ReferForm(forms.Form):
    """The department that answers, and the last day."""

    department = DepartmentField(label=_("Department"), queryset=Organisation.objects.none())
    due_on = forms.DateField(
        label=_("Due on"), widget=DayInput, required=False, help_text=_("Empty: the working days of this stage.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = ("department", "district_office")
        departments = Organisation.objects.filter(kind__in=kinds).order_by("order", "code")
        self.fields["department"].queryset = departments  # type: ignore[attr-defined]


class ReplyForm(forms.Form):
    """The answer, and what it promises: one measure a line, "what | indicator | before | after"."""

    outcome = forms.ChoiceField(label=_("Answer"))
    reply = forms.CharField(label=_("Reply"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 10}))
    measures = forms.CharField(
        label=_("Measures"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One measure a line: what | indicator | before | after. The last three may be left out."),
    )
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [(code, pick(*OUTCOME_NAMES[code])) for code in PASSES]  # type: ignore[attr-defined]

    def clean_seen(self) -> list[datetime]:
        """The moment of the answer that the page showed; none where it cannot be read."""
        try:
            return [datetime.fromisoformat(self.cleaned_data["seen"])]
        except ValueError:
            return []

    def clean_measures(self) -> list[NewMeasure]:
        """The lines as measures."""
        return [_measure(line) for line in self.cleaned_data["measures"].splitlines() if line.strip()]


def _measure(line: str) -> NewMeasure:
    parts = [part.strip() for part in line.split("|")]
    if len(parts) > 4 or not parts[0]:
        raise forms.ValidationError(
            _("“%(line)s” is not a measure: write what | indicator | before | after.") % {"line": line}
        )
    lengths = (200, 120, 60, 60)
    return NewMeasure(*[part[:length] for part, length in zip(parts, lengths, strict=False)])


class MilestoneForm(forms.Form):
    """A step and its day."""

    title = forms.CharField(label=_("Milestone"), max_length=200)
    due_on = forms.DateField(label=_("Due on"), widget=DayInput)


class NoteForm(forms.Form):
    """What was done."""

    note = forms.CharField(label=_("What was done"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))


class ReasonForm(forms.Form):
    """Why it is stopped."""

    reason = forms.CharField(label=_("Reason"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))


class VisitForm(forms.Form):
    """What a monitor saw."""

    text = forms.CharField(label=_("What did you see?"), max_length=5000, widget=forms.Textarea(attrs={"rows": 6}))
