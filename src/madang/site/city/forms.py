"""A city's forms as the room intake keeps them. A version that is loaded never changes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from madang.site.city.documents import Problem
from madang.site.city.rows import City, FormField, FormRow
from madang.site.intake import actions
from madang.site.intake.models import Form
from madang.site.kit.actor import Actor


@dataclass(frozen=True)
class NewForm:
    """A version of a form to load.

    Each of `fields` has code, type, ko, en, help_ko, help_en, required, max_length (or None), choices (a
    list of code, ko, en), title, personal, purpose (in Korean, as it is kept with an answer), purpose_en
    and keep_days (or None).
    """

    code: str
    version: int
    title_ko: str
    title_en: str
    fields: list[dict[str, Any]]


def new_forms(city: City) -> list[NewForm]:
    """The forms of the folder that are not loaded yet."""
    loaded = _loaded()
    return [_content(form) for form in city.forms if (form.code, form.version) not in loaded]


def changed_forms(city: City) -> list[Problem]:
    """A sentence for each form whose version is loaded with another content."""
    loaded = _loaded()
    return [
        Problem(
            form.file,
            form.line,
            f"version {form.version} of this form is loaded already and says something else; "
            f"write the change as forms/{form.code}@{form.version + 1}.toml",
        )
        for form in city.forms
        if loaded.get((form.code, form.version), _content(form)) != _content(form)
    ]


def load_new_forms(forms: list[NewForm], *, by: Actor, at: datetime) -> None:
    """Let intake make the forms."""
    if forms:
        actions.load_forms(by=by, at=at, forms=forms)


def _loaded() -> dict[tuple[str, int], NewForm]:
    """The forms in the database."""
    rows = Form.objects.values_list("code", "version", "title_ko", "title_en", "fields")
    return {(row[0], row[1]): NewForm(*row) for row in rows}


def _content(form: FormRow) -> NewForm:
    return NewForm(form.code, form.version, form.title.ko, form.title.en, [_field(row) for row in form.fields])


def _field(row: FormField) -> dict[str, Any]:
    return {
        "code": row.code,
        "type": row.type,
        "ko": row.name.ko,
        "en": row.name.en,
        "help_ko": row.help.ko,
        "help_en": row.help.en,
        "required": row.required,
        "max_length": row.max_length,
        "choices": [{"code": code, "ko": name.ko, "en": name.en} for code, name in row.choices],
        "title": row.title,
        "personal": row.personal,
        "purpose": row.purpose.ko,
        "purpose_en": row.purpose.en,
        "keep_days": row.keep_days,
    }
