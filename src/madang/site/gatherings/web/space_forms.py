"""Forms of spaces, slots and bookings."""

from datetime import time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from madang.site.gatherings.actions.spaces import MOST_SLOTS
from madang.site.gatherings.models import Slot
from madang.site.gatherings.web.forms import Day
from madang.site.kit import clock
from madang.site.kit.templatetags.madang import moment
from madang.site.people.web.forms import OnBehalfForm


class Clock(forms.TimeInput):
    """A time of day, picked by the browser's own clock."""

    input_type = "time"


class SpaceForm(forms.Form):
    """A space."""

    name_ko = forms.CharField(label=_("Name in Korean"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=160, required=False)
    place = forms.CharField(label=_("Where it is"), max_length=200)
    capacity = forms.IntegerField(label=_("Room for how many people"), min_value=1, max_value=2000)
    about = forms.CharField(
        label=_("What it looks like and what is in it"), max_length=2000, required=False, widget=forms.Textarea
    )
    rules = forms.CharField(
        label=_("What is asked of those who use it"), max_length=2000, required=False, widget=forms.Textarea
    )


class SlotsForm(forms.Form):
    """The weekly pattern of slots between two days."""

    first_day = forms.DateField(label=_("First day"), widget=Day())
    last_day = forms.DateField(label=_("Last day"), widget=Day())
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Weekdays"), coerce=int, choices=list(WEEKDAYS.items()), widget=forms.CheckboxSelectMultiple
    )
    opens = forms.TimeField(label=_("From"), widget=Clock(format="%H:%M"))
    closes = forms.TimeField(label=_("Until"), widget=Clock(format="%H:%M"))
    minutes = forms.IntegerField(label=_("Minutes of each slot"), min_value=15, max_value=24 * 60)

    def __init__(self, *arguments: Any, **more: Any) -> None:
        tomorrow = clock.day_of(clock.now()) + timedelta(days=1)
        suggested = {
            "first_day": tomorrow, "last_day": tomorrow + timedelta(days=27), "weekdays": [0, 1, 2, 3, 4],
            "opens": time(10), "closes": time(18), "minutes": 120,
        }  # fmt: skip
        super().__init__(*arguments, initial=suggested, **more)

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first, nor the end before the beginning."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", gettext("The last day lies before the first one."))
        elif first and last and (last - first).days > MOST_SLOTS:
            self.add_error("last_day", gettext("Choose a shorter time."))
        opens, closes = cleaned.get("opens"), cleaned.get("closes")
        if opens and closes and closes <= opens:
            self.add_error("closes", gettext("It ends before it begins."))
        return cleaned


class ClearForm(forms.Form):
    """Between which days slots that nobody asked for are taken away."""

    first_day = forms.DateField(label=_("First day"), widget=Day())
    last_day = forms.DateField(label=_("Last day"), widget=Day())

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", gettext("The last day lies before the first one."))
        return cleaned


class CloseForm(forms.Form):
    """Why a slot is closed."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("It is shown, and told to those who had the slot or asked for it."),
    )


class DrawForm(forms.Form):
    """Up to which day slots are drawn."""

    until = forms.DateField(label=_("Slots up to and including"), widget=Day())


class BookForm(forms.Form):
    """What a slot is booked for, and for how many people."""

    purpose = forms.CharField(
        label=_("Purpose of use"), max_length=200,
        help_text=_("Only the office reads it; it is forgotten in the night after your slot."),
    )  # fmt: skip

    def __init__(self, *arguments: Any, capacity: int, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["size"] = forms.IntegerField(
            label=_("How many people"), min_value=1, max_value=capacity,
            help_text=gettext("The space has room for %(count)s.") % {"count": capacity},
        )  # fmt: skip
        self.fields["group"] = forms.CharField(
            label=_("Name of the group"), max_length=120, required=False,
            help_text=_("If you come as a group. Only the office reads it, and it is forgotten with the purpose."),
        )  # fmt: skip


class SlotField(forms.ModelChoiceField):
    """A slot, named by its day and hours."""

    def label_from_instance(self, obj: Slot) -> str:
        """When it begins and ends."""
        return f"{moment(obj.begins)} – {obj.ends.astimezone(clock.zone()):%H:%M}"


class BookForForm(OnBehalfForm):
    """What an official at a counter books for a citizen."""

    slot = SlotField(label=_("Slot"), queryset=Slot.objects.none(), empty_label=None)
    purpose = forms.CharField(
        label=_("Purpose of use"), max_length=200,
        help_text=_("Only the office reads it; it is forgotten in the night after your slot."),
    )  # fmt: skip
    size = forms.IntegerField(label=_("How many people"), min_value=1, max_value=10_000)
    field_order = ("slot", "purpose", "size", "person", "consent")

    def __init__(self, *arguments: Any, slots: QuerySet[Slot], **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["slot"].queryset = slots  # type: ignore[attr-defined]
