"""Forms of the city's data as pages show them; the answers are checked by `answers.check_answers`."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from madang.site.docket.models import Attachment
from madang.site.intake.answers import Spec, WrongAnswers, asked, label
from madang.site.intake.files import LARGEST, MOST_FILES, Upload
from madang.site.intake.models import Form
from madang.site.kit.language import pick
from madang.site.kit.verdict import Refused
from madang.site.people.models import Area

Choices = Sequence[tuple[str, str]]


class Plain(forms.Field):
    """A field that takes what was typed as it is: only one place checks answers."""

    def clean(self, value: Any) -> Any:
        """The value itself."""
        return value


class Files(forms.FileInput):
    """A choice of several files."""

    allow_multiple_selected = True


class AnswerForm(forms.Form):
    """The page of a form; made by `build_form`."""

    def answers(self) -> dict[str, Any]:
        """What was typed, by field; files are apart."""
        return {
            code: value
            for code, value in self.cleaned_data.items()
            if value not in (None, "", False) and not isinstance(self.fields[code].widget, forms.FileInput)
        }

    def told(self, refused: Refused, *, files_lost: bool = False) -> None:
        """Show what was wrong, at its field where it belongs to one; a browser forgets the files it sent."""
        errors = refused.errors if isinstance(refused, WrongAnswers) else {"": str(refused)}
        for code, sentence in errors.items():
            # The sentences begin with the name of their field, which the page shows beside them anyway.
            name = f"{self.fields[code].label}: " if code in self.fields else ""
            self.add_error(code if code in self.fields else None, sentence.removeprefix(name))
        if files_lost:
            files = [code for code, field in self.fields.items() if isinstance(field.widget, forms.FileInput)]
            self.add_error(files[0] if files else None, _("Please choose your files again."))


def build_form(form: Form, *, fields: Sequence[Mapping[str, str]]) -> type[AnswerForm]:
    """The Django form of a version of a city's form, in the reader's language.

    `fields` are the policy fields to choose from (code, ko, en); without them none is asked.
    """
    return page_of_specs(asked(form, fields), fields)


def page_of_specs(specs: Sequence[Spec], fields: Sequence[Mapping[str, str]]) -> type[AnswerForm]:
    """The Django form of some fields of a city's form, such as those of one step."""
    return type("BuiltForm", (AnswerForm,), {spec["code"]: _field(spec, fields) for spec in specs})


def uploads(request: HttpRequest) -> list[Upload]:
    """The files that came with a request; at most one more than allowed is read, and none that is too large."""
    files = [file for key in request.FILES for file in request.FILES.getlist(key)]
    return [Upload(file.name or "", file.read(LARGEST + 1)) for file in files[: MOST_FILES + 1]]


def _field(spec: Spec, fields: Sequence[Mapping[str, str]]) -> forms.Field:
    return Plain(
        label=label(spec),
        required=bool(spec.get("required")),
        help_text=_help(spec),
        widget=_widget(spec, fields),
    )


def _help(spec: Spec) -> str:
    parts = [pick(spec.get("help_ko", ""), spec.get("help_en", ""))]
    if spec["type"] == "file":
        parts.append(_("PDF, PNG, JPEG, DOCX, XLSX, HWPX or HWP; up to 5 files of 5 MB."))
    if spec.get("personal"):
        purpose = pick(spec.get("purpose_ko", ""), spec.get("purpose_en", ""))
        sentence = _("Not published; kept under seal for %(days)d days, %(purpose)s.")
        parts.append(sentence % {"days": spec.get("keep_days") or 365, "purpose": purpose})
    return " ".join(part for part in parts if part)


def _widget(spec: Spec, fields: Sequence[Mapping[str, str]]) -> forms.Widget:
    kind = spec["type"]
    longest = {"maxlength": spec["max_length"]} if spec.get("max_length") else {}
    if kind == "long_text":
        return forms.Textarea(attrs={"rows": 6, **longest})
    if kind == "consent":
        return forms.CheckboxInput()
    if kind == "file":
        return Files(attrs={"multiple": True, "accept": ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.hwpx,.hwp"})
    if kind in ("won", "whole_number"):
        return forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    choices = _choices(spec, fields)
    if choices is not None:
        return forms.Select(choices=[("", _("Please choose")), *choices])
    return forms.TextInput(attrs=longest)


def _choices(spec: Spec, fields: Sequence[Mapping[str, str]]) -> Choices | None:
    if spec["type"] == "area":
        rows = Area.objects.exclude(level=Area.Level.DONG).order_by("level", "code")
        return [(row.code, row.name) for row in rows]
    rows_of = {"field": fields, "choice": spec["choices"]}.get(spec["type"])
    return None if rows_of is None else [(row["code"], pick(row["ko"], row["en"])) for row in rows_of]


class NoteForm(forms.Form):
    """What was changed, and which files are taken out."""

    removed = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Take out files"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(label=gettext_lazy("What you changed"), max_length=300, required=False)

    def __init__(self, *args: Any, files: Sequence[Attachment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["removed"].choices = [(file.pk, file.name) for file in files]  # type: ignore[attr-defined]
        if not files:
            del self.fields["removed"]


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), required=False
    )


class MergeForm(forms.Form):
    """What is merged into a matter, and why."""

    numbers = forms.CharField(
        label=gettext_lazy("Further receipt numbers"),
        help_text=gettext_lazy("separated by spaces"),
        required=False,
        max_length=1000,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
