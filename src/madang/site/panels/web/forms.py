"""Forms of draws."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from madang.sortition import Quota


class Moment(forms.DateTimeInput):
    """A day and a time, picked by the browser's own calendar; in the city's zone."""

    input_type = "datetime-local"


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

    draws_at = forms.DateTimeField(
        label=_("When it is drawn"),
        required=False,
        help_text=_("Announced with the list; nobody can draw before."),
        widget=Moment(),
    )
    chance = forms.CharField(
        label=_("Which public chance is used"),
        max_length=200,
        required=False,
        help_text=_(
            "Something nobody can know yet, and everybody can look up then: for example the lottery of that day."
        ),
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


class QuotasForm(forms.Form):
    """The fewest and most people of each group, and why they are changed."""

    def __init__(
        self,
        *arguments: Any,
        quotas: Sequence[Quota],
        names: Mapping[str, str],
        candidates: Mapping[str, int],
        seats: int,
        **more: Any,
    ) -> None:
        super().__init__(*arguments, **more)
        self.quotas, self.names, self.candidates = quotas, names, candidates
        for place, quota in enumerate(quotas):
            for bound, word, value in (("low", _("at least"), quota.low), ("high", _("at most"), quota.high)):
                self.fields[f"{bound}_{place}"] = forms.IntegerField(
                    label=f"{names[quota.name]}: {word}", min_value=0, max_value=seats, initial=value
                )
        self.fields["reason"] = forms.CharField(
            label=_("Why the quotas are changed"), max_length=300, required=False, help_text=_("Everybody can read it.")
        )

    def rows(self) -> Iterator[tuple[str, int, forms.BoundField, forms.BoundField]]:
        """Each group with its candidates and its two fields."""
        for place, quota in enumerate(self.quotas):
            yield self.names[quota.name], self.candidates[quota.name], self[f"low_{place}"], self[f"high_{place}"]

    def clean(self) -> dict[str, Any]:
        """No group may ask for more than it allows."""
        cleaned = super().clean() or {}
        for place in range(len(self.quotas)):
            low, high = cleaned.get(f"low_{place}"), cleaned.get(f"high_{place}")
            if low is not None and high is not None and low > high:
                self.add_error(f"high_{place}", gettext("At most must not be below at least."))
        return cleaned

    def wanted(self) -> list[Quota]:
        """The quotas as they were typed."""
        return [
            Quota(one.feature, one.value, self.cleaned_data[f"low_{place}"], self.cleaned_data[f"high_{place}"])
            for place, one in enumerate(self.quotas)
        ]


class RehearsalForm(forms.Form):
    """How often the draw is rehearsed."""

    draws = forms.TypedChoiceField(
        label=_("How many draws"),
        coerce=int,
        choices=[(1_000, "1,000"), (10_000, "10,000"), (100_000, "100,000")],
        error_messages={"invalid_choice": _("Choose one of the numbers of draws.")},
    )
