"""How pages name what stages decided."""

from typing import Any

from django import template

from madang.site.docket.answers import said
from madang.site.docket.models import Matter, Revision
from madang.site.docket.outcomes import OUTCOME_NAMES
from madang.site.kit.language import pick

register = template.Library()
_GOOD = {"accepted", "approved", "funded", "delivered", "supported", "suitable", "shortlisted", "appointed", "drawn"}
_BAD = {"unsuitable", "not_accepted", "rejected", "stopped", "not_funded", "not_shortlisted", "not_supported"}


@register.filter
def outcome(code: str) -> str:
    """An outcome in the reader's language; nothing for no outcome."""
    return pick(*OUTCOME_NAMES[code]) if code else ""


@register.filter
def outcome_kind(code: str) -> str:
    """The kind of badge for an outcome: good, bad or plain."""
    return "good" if code in _GOOD else "bad" if code in _BAD else "plain"


@register.inclusion_tag("docket/said.html")
def what_it_says(revision: Revision | None, matter: Matter) -> dict[str, Any]:
    """The answers of a revision under the questions of its form."""
    return {"said": said(revision, matter.process.recipe)}
