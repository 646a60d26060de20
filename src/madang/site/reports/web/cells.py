"""How the page of a figure shows the records behind it: each cell in the reader's words, and how they add up."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from madang.figures import printed
from madang.site.docket.outcomes import OUTCOME_NAMES
from madang.site.kit import clock
from madang.site.kit.figures import Records
from madang.site.kit.language import pick
from madang.site.reports.evaluation import Value

WORDS = {
    "for": gettext_lazy("for it"),
    "against": gettext_lazy("against it"),
    "neutral": gettext_lazy("neither"),
    "written": gettext_lazy("in writing"),
    "video": gettext_lazy("by video"),
    "face_to_face": gettext_lazy("face to face"),
    "combined": gettext_lazy("face to face and by video"),
    "citizen": gettext_lazy("citizen"),
    "expert": gettext_lazy("expert"),
    "official": gettext_lazy("official"),
    "lot": gettext_lazy("by lot"),
    "nomination": gettext_lazy("by nomination"),
    "office": gettext_lazy("by office"),
    "selection": gettext_lazy("by selection"),
    "selected": gettext_lazy("selected"),
    "reserve": gettext_lazy("reserve"),
    "not_drawn": gettext_lazy("not drawn"),
    "online": gettext_lazy("online"),
    "onsite": gettext_lazy("on site"),
    "paper": gettext_lazy("on paper"),
}
"""Words of the records that their rooms name nowhere else, in the reader's language."""


def shown(row: Any, path: str) -> str:
    """The cell of a record at a path such as "matter.number"."""
    found: Any = row
    *steps, last = path.split(".")
    for step in steps:
        found = getattr(found, step, None)
    if isinstance(found, Model) and hasattr(found, f"get_{last}_display"):
        code = getattr(found, last)
        return str(WORDS.get(code, getattr(found, f"get_{last}_display")()))
    found = getattr(found, last, None)
    if found in OUTCOME_NAMES and last == "outcome":
        return pick(*OUTCOME_NAMES[found])
    if last == "year":
        return str(found)
    return _value(found() if callable(found) else found)


def _value(found: Any) -> str:
    if found is None or found == "":
        return "–"
    if isinstance(found, bool):
        return _("yes") if found else _("no")
    if isinstance(found, datetime):
        return f"{clock.day_of(found):%Y-%m-%d}"
    if isinstance(found, int | Decimal):
        return printed(found)
    if isinstance(found, str):
        return str(WORDS.get(found, found))
    if isinstance(found, Sequence):
        return ", ".join(map(str, found))
    return str(getattr(found, "name", found))


def how_they_make(records: Records, value: Value) -> str:
    """A sentence on how the records make the figure; the sum itself is the figure's exact value."""
    how, _sep, field = records.reduce.partition(":")
    column = next((_(str(heading)) for path, heading in records.columns if path == field), "")
    if how == "count":
        return _("The figure is the number of these records.")
    if how == "distinct":
        return _("The figure is the number of different places among these records.")
    if how == "sum":
        words = {"column": column, "total": _value(int(value.exact or 0))}  # type: ignore[arg-type]
        if not column:
            return _("The figure is the sum over these records: %(total)s.") % words
        return _('The figure is the sum of "%(column)s" over these records: %(total)s.') % words
    if how in ("max", "min"):
        largest = _('The figure is the largest "%(column)s" of these records.')
        return (largest if how == "max" else _('The figure is the smallest "%(column)s" of these records.')) % {
            "column": column or _("value")
        }
    return _("The figure is the value of the first of these records.")
