"""The forms of this room. What is allowed is decided by the actions; forms read and keep what was typed."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from madang.site.docket.outcomes import OUTCOME_NAMES
from madang.site.kit.language import pick
from madang.site.kit.verdict import Refused
from madang.site.people.models import Organisation, Person
from madang.site.reviews.rulings import RULINGS
from madang.site.reviews.settings import Criterion

WON = 10**15


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


def text(label: Any, **more: Any) -> forms.CharField:
    """A field for some sentences."""
    return forms.CharField(label=label, max_length=5000, widget=forms.Textarea(attrs={"rows": 4}), **more)


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
    """The department and the last day of a referral."""

    department = DepartmentField(
        label=_("Department"), queryset=Organisation.objects.none(), empty_label=_("Please choose")
    )
    due_on = forms.DateField(
        label=_("Due on"), widget=DayInput, required=False, help_text=_("Empty: the working days of this stage.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = ("department", "district_office")
        departments = Organisation.objects.filter(kind__in=kinds).order_by("order", "code")
        self.fields["department"].queryset = departments  # type: ignore[attr-defined]


class RuleForm(forms.Form):
    """A ruling with its reason, typed or one that was given before; `seen` is the ruling that the page showed."""

    outcome = forms.ChoiceField(label=_("Ruling"), widget=forms.RadioSelect)
    ready = forms.CharField(label=_("A reason given before"), required=False, widget=forms.Select, max_length=5000)
    reason = text(_("Reason"), required=False, help_text=_("Needed unless it is suitable; the author reads it."))
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, reasons: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = [code for passes in (True, False) for code in RULINGS[passes]]
        self.fields["outcome"].choices = [(code, pick(*OUTCOME_NAMES[code])) for code in codes]  # type: ignore[attr-defined]
        if reasons:
            ready = [("", _("none: I write my own")), *((reason, Truncator(reason).chars(70)) for reason in reasons)]
            self.fields["ready"].widget.choices = ready  # type: ignore[attr-defined]
        else:
            del self.fields["ready"]

    def clean(self) -> dict[str, Any]:
        """What was typed counts before what was chosen; a refusal needs one of them."""
        data: dict[str, Any] = super().clean() or {}
        data["reason"] = (data.get("reason") or "").strip() or data.pop("ready", "")
        if data.get("outcome") not in (None, *RULINGS[True]) and not data["reason"]:
            self.add_error("reason", _("Give the reason: the author reads it."))
        return data


def moment_in(text: str) -> datetime | None:
    """A moment as a hidden field carries it; None for none."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


class AssignForm(forms.Form):
    """Reviewers to assign to the chosen matters."""

    people = forms.MultipleChoiceField(label=_("Reviewers"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, people: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = [(str(row.pk), str(row)) for row in people]  # type: ignore[attr-defined]


class SendBackForm(forms.Form):
    """What a reviewer is to look at again."""

    reason = forms.CharField(label=_("What is to be looked at again"), max_length=300)


class LetterForm(forms.Form):
    """A letter; `seen` is the version that the page showed."""

    text = forms.CharField(label=_("Letter"), max_length=5000, widget=forms.Textarea(attrs={"rows": 16}))
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


class CostForm(forms.Form):
    """An estimate in whole won."""

    amount_won = forms.IntegerField(label=_("Estimate in won"), min_value=0, max_value=WON)
    note = forms.CharField(label=_("How it was estimated"), max_length=300, required=False)


class CostLineForm(forms.Form):
    """A line of an estimate; one that is empty altogether is left out."""

    what = forms.CharField(label=_("What for"), max_length=120, required=False)
    count = forms.IntegerField(label=_("How many"), min_value=1, max_value=1_000_000, required=False)
    unit_won = forms.IntegerField(label=_("Won each"), min_value=0, max_value=WON, required=False)

    def clean(self) -> dict[str, Any]:
        """A line that was begun needs all of it."""
        data: dict[str, Any] = super().clean() or {}
        if any(data.get(name) not in (None, "") for name in self.fields):
            for name in self.fields:
                if data.get(name) in (None, "") and name not in self.errors:
                    self.add_error(name, _("Complete this line, or empty it."))
        return data


class EstimateForm(forms.Form):
    """How lines were estimated; `after` is the estimate that the page showed."""

    note = forms.CharField(label=_("How it was estimated"), max_length=300, required=False)
    after = forms.IntegerField(required=False, widget=forms.HiddenInput)


class CheckForm(forms.Form):
    """The second look at an estimate."""

    agrees = forms.TypedChoiceField(
        label=_("Second look"),
        choices=[("yes", _("I agree with the estimate")), ("no", _("it is to be estimated again"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("What is to be estimated again"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        """Who does not agree says why."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("agrees") is False and not (data.get("note") or "").strip():
            self.add_error("note", _("Say what is to be estimated again."))
        return data


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class PauseForm(forms.Form):
    """What the author is asked for while the clock stands still."""

    reason = forms.CharField(label=_("What is asked of the author"), max_length=300)


class ObjectionForm(forms.Form):
    """An objection."""

    text = text(_("What do you object to, and why?"))


class AnswerForm(forms.Form):
    """The answer to an objection."""

    upheld = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("upheld: the matter goes on")), ("no", _("rejected"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = text(_("Reason"))


class ScoreForm(forms.Form):
    """A score sheet: one field for each criterion."""

    def __init__(self, *args: Any, criteria: list[Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for criterion in criteria:
            label = f"{criterion.name} (0–{criterion.points})"
            self.fields[criterion.code] = forms.IntegerField(label=label, min_value=0, max_value=criterion.points)


class MotionForm(forms.Form):
    """How a body voted."""

    in_favour = forms.IntegerField(label=_("In favour"), min_value=0, max_value=100_000)
    against = forms.IntegerField(label=_("Against"), min_value=0, max_value=100_000)
    abstained = forms.IntegerField(label=_("Abstained"), min_value=0, max_value=100_000)
    minutes = text(_("Minutes"))
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    covers = forms.ChoiceField(
        label=_("What the vote is about"),
        choices=[
            ("page", _("the matters on this page")),
            ("all", _("all matters; on the other pages as decided before, or else approved as they are")),
        ],
        initial="page",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, elsewhere: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not elsewhere:
            del self.fields["covers"]


class DecisionForm(forms.Form):
    """What the motion says about one matter; `key` says which one was on the page."""

    key = forms.IntegerField(widget=forms.HiddenInput)
    approves = forms.BooleanField(label=_("Approved"), required=False)
    amount_won = forms.IntegerField(label=_("Amount in won"), min_value=0, max_value=WON, required=False)
    reason = forms.CharField(label=_("Reason"), max_length=1000, required=False)
