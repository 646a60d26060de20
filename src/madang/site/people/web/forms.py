"""Forms about oneself, and about the roles of officials."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from madang.site.kit.clock import end_of, start_of
from madang.site.people.actions import NewSeat
from madang.site.people.actors import ROLE_NAMES
from madang.site.people.models import Area, Organisation, Person
from madang.site.people.queries import SEAT_ROLES, WAYS, WAYS_BY_HAND


class Day(forms.DateInput):
    """A day, picked by the browser's own calendar."""

    input_type = "date"


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


class LetterForm(forms.Form):
    """What the holder of a letter enters."""

    code = forms.CharField(
        label=_("Code of the letter"),
        max_length=40,
        help_text=_("Twelve letters and digits, such as K7QF-2MXD-9PAT."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    born_on = forms.DateField(label=_("Date of birth"), widget=Day())


class NicknameForm(forms.Form):
    """The public name."""

    nickname = forms.CharField(
        label=_("Public name"),
        max_length=40,
        required=False,
        help_text=_("Shown beside what you write. Leave it empty to stay under your pseudonym."),
    )


class OrganisationField(forms.ModelChoiceField):
    """A choice among organisations, by their names."""

    def label_from_instance(self, organisation: Organisation) -> str:
        """The organisation's name in the reader's language."""
        return organisation.name


def person_meant(told: str) -> Person:
    """The one person of that e-mail address, public name or pseudonym. Raises ValidationError."""
    told = told.strip()
    found = list(Person.objects.filter(Q(account__email__iexact=told) | Q(nickname=told) | Q(pseudonym=told))[:2])
    if len(found) != 1:
        raise forms.ValidationError(_("Nobody is known by that, or several are. They must sign up first."))
    return found[0]


class PersonForm(forms.Form):
    """Names one person."""

    person = forms.CharField(
        label=_("Whose"),
        max_length=254,
        help_text=_("The e-mail address of the account, the public name or the pseudonym."),
    )

    def clean_person(self) -> Person:
        """The one person who is meant."""
        return person_meant(self.cleaned_data["person"])


CONSENTS = {
    "signed": _("signed on a paper that the office keeps"),
    "spoken": _("said to me here, after I read out what is entered"),
}


class OnBehalfForm(PersonForm):
    """For whom an official acts at the counter, and how that person agreed to it."""

    person = forms.CharField(
        label=_("On whose behalf"),
        max_length=254,
        help_text=_("The e-mail address of the account, the public name or the pseudonym."),
    )
    consent = forms.ChoiceField(
        label=_("The citizen agrees that I enter this"), choices=CONSENTS.items, widget=forms.RadioSelect
    )


class OnBehalfOrNobodyForm(OnBehalfForm):
    """The same for what also citizens without an account may do."""

    person = forms.CharField(
        label=_("On whose behalf"),
        max_length=254,
        required=False,
        help_text=_("The address of the account, the public name or the pseudonym. Leave it empty without an account."),
    )

    def clean_person(self) -> Person | None:  # type: ignore[override]
        """The one person who is meant, or nobody."""
        return person_meant(self.cleaned_data["person"]) if self.cleaned_data["person"].strip() else None


class RoleForm(PersonForm):
    """A role to give."""

    role = forms.ChoiceField(label=_("Role"), choices=ROLE_NAMES.items)
    organisation = OrganisationField(
        Organisation.objects.exclude(kind__in=("body", "group", "company")).order_by("order", "pk"),
        label=_("Where"),
        required=False,
        empty_label=_("the whole city"),
    )
    first_day = forms.DateField(label=_("First day"), widget=Day())
    last_day = forms.DateField(
        label=_("Last day"), widget=Day(), required=False, help_text=_("Leave it empty if the end is not known.")
    )

    def grant(self) -> dict[str, Any]:
        """What the form asks for, as the action takes it: the last day is a whole one."""
        told = self.cleaned_data
        return {
            "person": told["person"],
            "role": told["role"],
            "organisation": told["organisation"],
            "valid_from": start_of(told["first_day"]),
            "valid_until": end_of(told["last_day"]) if told["last_day"] else None,
        }


class SeatForm(forms.Form):
    """A seat by office or by nomination."""

    person = forms.CharField(
        label=_("Whose"),
        max_length=254,
        help_text=_("The e-mail address of the account, the public name or the pseudonym."),
    )
    role = forms.ChoiceField(label=_("Sits as"), choices=SEAT_ROLES.items)
    appointed_by = forms.ChoiceField(label=_("Appointed"), choices=[(way, WAYS[way]) for way in WAYS_BY_HAND])
    term = forms.CharField(label=_("Term"), max_length=20, help_text=_("Such as the year in which the term begins."))
    last_day = forms.DateField(
        label=_("Last day"), widget=Day(), required=False, help_text=_("Leave it empty if the end is not known.")
    )

    def clean_person(self) -> Person:
        """The one person who is meant."""
        return person_meant(self.cleaned_data["person"])

    def seat(self) -> NewSeat:
        """The seat that the form asks for; the last day is a whole one."""
        told = self.cleaned_data
        until = end_of(told["last_day"]) if told["last_day"] else None
        return NewSeat(told["person"].pk, told["role"], told["appointed_by"], told["term"].strip(), until)


class EndSeatForm(forms.Form):
    """Why a seat ends."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("Kept for the office and auditors; it is not in the public record."),
    )
