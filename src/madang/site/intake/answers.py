"""Checks the answers to a form: one sentence for everything that is wrong, and what goes where if nothing is."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from madang.site.intake.models import Form
from madang.site.kit.language import pick
from madang.site.kit.verdict import Refused
from madang.site.people.models import Area

TEXT, LONG_TEXT = 300, 10_000
TITLE = 200
LARGEST = 10**15
# Thirteen digits with or without a hyphen: a resident registration number, which only a statute lets us keep
# (Personal Information Protection Act, article 24-2).
REGISTRATION_NUMBER = re.compile(r"(?<!\d)\d{6}\s?-\s?[1-8]\d{6}(?!\d)")

Spec = Mapping[str, Any]


class WrongAnswers(Refused):
    """Answers that cannot be taken; `errors` has the sentences of each field."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = dict(errors)


@dataclass
class Answers:
    """Answers that were checked: the public ones, the personal ones, and what they say about the matter."""

    public: dict[str, Any] = field(default_factory=dict)
    personal: dict[str, str] = field(default_factory=dict)
    title: str = ""
    field: str = ""
    amount_won: int | None = None
    area: Area | None = None


def label(spec: Spec) -> str:
    """The name of a field in the reader's language."""
    return pick(spec["ko"], spec["en"])


def asked(form: Form, fields: Sequence[Mapping[str, str]]) -> list[Spec]:
    """The fields that are asked: a policy field only where the process has a set of them."""
    return [spec for spec in form.fields if spec["type"] != "field" or fields]


def check_answers(
    *,
    form: Form,
    data: Mapping[str, Any],
    fields: Sequence[Mapping[str, str]] = (),
    area: Area | None = None,
    files: int = 0,
) -> Answers:
    """Check answers against a form.

    `fields` are the policy fields to choose from (code, ko, en), `area` is the area already known, `files`
    how many files came along. Numbers may be written with commas. Raises WrongAnswers with one sentence
    for each field that is wrong; unknown keys are wrong too.
    """
    specs = {spec["code"]: spec for spec in asked(form, fields)}
    errors = {key: _("This form has no field %(field)s.") % {"field": key} for key in data if key not in specs}
    found = Answers()
    for code, spec in specs.items():
        try:
            _take(found, spec, data.get(code), fields, area, files)
        except ValueError as error:
            errors[code] = str(error)
    if errors:
        raise WrongAnswers(errors)
    return found


def _take(
    found: Answers,
    spec: Spec,
    raw: Any,
    fields: Sequence[Mapping[str, str]],
    area: Area | None,
    files: int,
) -> None:
    kind, code = spec["type"], spec["code"]
    if kind == "file":
        if raw not in (None, "", []):
            raise ValueError(_("%(field)s: please send files, not a text.") % {"field": label(spec)})
        if spec.get("required") and not files:
            raise ValueError(_("%(field)s: please add a file.") % {"field": label(spec)})
        return
    value = _value(spec, raw, fields)
    if value is None:
        return
    if spec.get("personal"):
        found.personal[code] = str(value)
        return
    if kind == "area":
        found.area = area if area is not None and area.code == value else Area.objects.filter(code=value).first()
        if found.area is None:
            raise ValueError(_("%(field)s: please choose an area from the list.") % {"field": label(spec)})
    found.public[code] = value
    if spec.get("title"):
        found.title = value[:TITLE]
    elif kind == "field":
        found.field = value
    elif kind == "won" and found.amount_won is None:
        found.amount_won = value


def _value(spec: Spec, raw: Any, fields: Sequence[Mapping[str, str]]) -> Any:
    """The answer as it is kept; None where there is none. Raises ValueError with a sentence."""
    kind, name = spec["type"], {"field": label(spec)}
    if kind == "consent":
        if raw not in (True, False, None, "", "on", "true"):
            raise ValueError(_("%(field)s: please tick the box or leave it empty.") % name)
        if spec.get("required") and not raw:
            raise ValueError(_("%(field)s: without it we may not take this in.") % name)
        return bool(raw)
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        if spec.get("required"):
            raise ValueError(_("%(field)s: please fill this in.") % name)
        return None
    if kind in ("won", "whole_number"):
        return _whole(raw, name)
    if not isinstance(raw, str):
        raise ValueError(_("%(field)s: please write text.") % name)
    text = raw.replace("\r\n", "\n").replace("\x00", "").strip()
    if kind in ("text", "long_text"):
        return _text(spec, text, name)
    known = _codes(spec, fields)
    if known is not None and text not in known:
        raise ValueError(_("%(field)s: please choose from the list.") % name)
    return text


def _codes(spec: Spec, fields: Sequence[Mapping[str, str]]) -> Collection[str] | None:
    if spec["type"] == "area":
        return None
    return {choice["code"] for choice in (fields if spec["type"] == "field" else spec["choices"])}


def _text(spec: Spec, text: str, name: Mapping[str, str]) -> str:
    longest = spec.get("max_length") or (LONG_TEXT if spec["type"] == "long_text" else TEXT)
    if len(text) > longest:
        sentence = _("%(field)s: at most %(most)d characters, these are %(count)d.")
        raise ValueError(sentence % {**name, "most": longest, "count": len(text)})
    if REGISTRATION_NUMBER.search(text):
        raise ValueError(_("%(field)s: please take the resident registration number out.") % name)
    return text


def _whole(raw: Any, name: Mapping[str, str]) -> int:
    if isinstance(raw, str):
        digits = raw.strip().replace(",", "").removesuffix("원").strip()
        raw = int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= 16 else None
    if not isinstance(raw, int) or isinstance(raw, bool) or not 0 <= raw <= LARGEST:
        raise ValueError(_("%(field)s: please write a whole number, 0 or more.") % name)
    return raw
