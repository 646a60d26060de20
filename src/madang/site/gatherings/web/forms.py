"""Forms of meetings and courses."""

import re
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from madang.site.gatherings.actions.attendance import MOST_MINUTES
from madang.site.gatherings.models import Course
from madang.site.kit import clock
from madang.site.people.models import Person
from madang.site.programmes.models import Stage

MODES = (
    ("face_to_face", _("face to face")),
    ("video", _("by video")),
    ("written", _("in writing")),
    ("combined", _("face to face and by video")),
)
AUDIENCES = (
    ("citizens", _("citizens")),
    ("members", _("members of bodies")),
    ("officials", _("officials")),
    ("students", _("students")),
)
PARTS = (("participant", _("took part")), ("speaker", _("spoke")), ("viewer", _("watched")))
MOST_PEOPLE = 2000


class Day(forms.DateInput):
    """A day, picked by the browser's own calendar."""

    input_type = "date"


class Moment(forms.DateTimeInput):
    """A day and a time, picked by the browser's own calendar; in the city's zone."""

    input_type = "datetime-local"


class People(forms.CharField):
    """Pseudonyms, one a line or parted by commas; gives the keys of the people."""

    def __init__(self, **more: Any) -> None:
        super().__init__(label=_("Pseudonyms, one a line"), widget=forms.Textarea(attrs={"rows": 3}), **more)

    def clean(self, value: Any) -> list[int]:  # type: ignore[override]
        """The keys. Raises ValidationError with the pseudonyms that nobody has."""
        names = [name for name in dict.fromkeys(re.split(r"[\s,;]+", super().clean(value))) if name]
        if len(names) > MOST_PEOPLE:
            raise forms.ValidationError(gettext("Give at most %(most)s people at once.") % {"most": MOST_PEOPLE})
        found = dict(Person.objects.filter(pseudonym__in=names).values_list("pseudonym", "pk"))
        unknown = [name for name in names if name not in found]
        if unknown:
            raise forms.ValidationError(
                gettext("Nobody has the pseudonym %(names)s.") % {"names": ", ".join(unknown[:5])}
            )
        return [found[name] for name in names]


class ChangeForm(forms.Form):
    """What a meeting to come is about, how and when it is held; only ways that its stage has."""

    title_ko = forms.CharField(label=_("Title in Korean"), max_length=160)
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    mode = forms.ChoiceField(label=_("How"), choices=MODES)
    held_at = forms.DateTimeField(
        label=_("Day and time"),
        widget=Moment(),
        help_text=_("Of a meeting in writing: until when members may write."),
    )
    agenda = forms.CharField(label=_("Agenda"), required=False, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *arguments: Any, stage: Stage | None = None, **more: Any) -> None:
        super().__init__(*arguments, **more)
        if stage is not None:
            ways = [way for way in MODES if way[0] in stage.rules.modes]  # type: ignore[attr-defined]
            self.fields["mode"].choices = ways  # type: ignore[attr-defined]


class HoldForm(ChangeForm):
    """A new meeting of a stage."""

    number = forms.IntegerField(label=_("Number"), min_value=1, max_value=9999)
    field_order = ("number",)


class CancelForm(forms.Form):
    """Why a meeting is cancelled."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class ContributionForm(forms.Form):
    """What a member says in a meeting in writing."""

    text = forms.CharField(label=_("What I want to say"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 8}))


class CodeForm(forms.Form):
    """The code that is shown in the meeting."""

    code = forms.CharField(
        label=_("Code shown in the meeting"),
        max_length=20,
        help_text=_("Six digits."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class ShowCodeForm(forms.Form):
    """How long a code holds."""

    minutes = forms.IntegerField(label=_("Minutes for which the code holds"), min_value=1, max_value=MOST_MINUTES)


class AttendanceForm(forms.Form):
    """Who attended: pseudonyms, a head count, or both."""

    part = forms.ChoiceField(label=_("What they did"), choices=PARTS)
    person_ids = People(required=False)
    heads = forms.IntegerField(
        label=_("Heads without a name"),
        min_value=0,
        max_value=1_000_000,
        required=False,
        help_text=_("It takes the place of the number noted before."),
    )

    def clean(self) -> dict[str, Any]:
        """At least one of both."""
        cleaned = super().clean() or {}
        if not self.errors and cleaned.get("heads") is None and not cleaned.get("person_ids"):
            raise forms.ValidationError(gettext("Give pseudonyms or a head count."))
        return cleaned


class MinutesForm(forms.Form):
    """The minutes of a meeting."""

    text = forms.CharField(label=_("Minutes"), max_length=50_000, widget=forms.Textarea(attrs={"rows": 12}))


class CourseForm(forms.Form):
    """A course."""

    code = forms.SlugField(label=_("Code"), max_length=60)
    title_ko = forms.CharField(label=_("Title in Korean"), max_length=160)
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    audience = forms.ChoiceField(label=_("For whom"), choices=AUDIENCES)
    hours = forms.IntegerField(label=_("Hours"), min_value=1, max_value=1000)
    lectures = forms.IntegerField(label=_("Lectures"), min_value=1, max_value=1000, required=False)
    group_size = forms.IntegerField(label=_("Places"), min_value=1, max_value=10_000, required=False)


class RunForm(forms.Form):
    """A run of a course."""

    title_ko = forms.CharField(label=_("Title in Korean"), max_length=160)
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    mode = forms.ChoiceField(label=_("How"), choices=MODES)
    starts_on = forms.DateField(label=_("Begins on"), widget=Day())
    institution = forms.CharField(label=_("Institution that keeps its learners' data"), max_length=120, required=False)

    def __init__(self, *arguments: Any, course: Course, **more: Any) -> None:
        more.setdefault("initial", {"title_ko": course.title_ko, "title_en": course.title_en})
        super().__init__(*arguments, **more)


class EnrolForm(forms.Form):
    """People to enrol."""

    person_ids = People()


class AttendForm(forms.Form):
    """Hours attended by enrolled people."""

    person_ids = People(required=False, help_text=_("Empty: everybody who is enrolled."))
    hours = forms.IntegerField(
        label=_("Hours attended"),
        min_value=-1000,
        max_value=1000,
        help_text=_("A negative number takes back hours that were noted by mistake."),
    )


class CompleteForm(forms.Form):
    """People who completed the course."""

    person_ids = People(required=False, help_text=_("Empty: everybody who has attended all hours."))


class HeadcountForm(forms.Form):
    """How many took part, as the institution reports it."""

    headcount = forms.IntegerField(label=_("Learners"), min_value=0, max_value=1_000_000)
    source = forms.CharField(label=_("Letter or message it comes from"), max_length=200)


def first_moment() -> dict[str, Any]:
    """What the form of a meeting suggests: today in the city, at two o'clock."""
    day = clock.now().astimezone(clock.zone())
    return {"held_at": typed(day.replace(hour=14, minute=0, second=0, microsecond=0))}


def typed(at: datetime) -> str:
    """A moment as a browser's field wants it, in the city's zone."""
    return at.astimezone(clock.zone()).strftime("%Y-%m-%dT%H:%M")
