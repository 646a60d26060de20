"""A form in four short steps, so that a phone shows few questions at a time.

Which question belongs where follows from its type, so that every form of a city has steps without saying so: what it
is about (the title, and the first long text), the details (other long texts), particulars (place, cost, contact data),
and a last look, where files are chosen: a browser that comes back no longer has them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from madang.site.intake.answers import Spec, asked
from madang.site.intake.models import Form

ABOUT, DETAILS, PARTICULARS, LOOK = "about", "details", "particulars", "look"


@dataclass(frozen=True)
class Step:
    """One step: its number, which part of the form it is, and the fields it asks for."""

    number: int
    part: str
    specs: Sequence[Spec]

    @property
    def codes(self) -> list[str]:
        """The codes of its fields."""
        return [spec["code"] for spec in self.specs]

    @property
    def name(self) -> str:
        """What the reader is asked for."""
        if self.part == PARTICULARS and not any(spec["type"] in ("area", "won") for spec in self.specs):
            return _("Further particulars")
        names = {ABOUT: _("The subject"), DETAILS: _("The details"), PARTICULARS: _("Place and cost")}
        return names.get(self.part, _("Check and file"))


def steps_of(form: Form, fields: Sequence[Mapping[str, Any]]) -> list[Step]:
    """The steps of a form in their order; a part that asks for nothing is left out, the last look never."""
    parts: dict[str, list[Spec]] = {ABOUT: [], DETAILS: [], PARTICULARS: [], LOOK: []}
    for spec in asked(form, fields):
        parts[_part_of(spec, parts)].append(spec)
    kept = [(part, specs) for part, specs in parts.items() if specs or part == LOOK]
    return [Step(number, part, specs) for number, (part, specs) in enumerate(kept, start=1)]


def _part_of(spec: Spec, parts: Mapping[str, Sequence[Spec]]) -> str:
    if spec["type"] == "file":
        return LOOK
    if spec.get("personal"):
        return PARTICULARS
    if spec.get("title"):
        return ABOUT
    if spec["type"] == "long_text":
        return DETAILS if any(other["type"] == "long_text" for other in parts[ABOUT]) else ABOUT
    return PARTICULARS
