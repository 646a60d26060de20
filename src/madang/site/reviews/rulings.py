"""What a ruling of a screening says, and what stands in its way; the desk shows it before anything is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from madang.site.docket.models import Matter
from madang.site.docket.outcomes import OUTCOME_NAMES
from madang.site.kit.actor import Actor
from madang.site.kit.language import pick
from madang.site.kit.templatetags.madang import moment
from madang.site.programmes.models import Stage
from madang.site.reviews import policy
from madang.site.reviews.models import Screening

RULINGS = {True: ("suitable",), False: ("unsuitable", "transferred", "hidden")}
# When somebody last looked at the rulings of matters: the moment of each ruling, or None where there was none.
Seen = Mapping[int, datetime | None]


@dataclass(frozen=True)
class Ruled:
    """A ruling on one matter; without an `outcome` it is suitable or unsuitable. A refusal needs a reason."""

    matter_id: int
    passes: bool
    reason: str = ""
    outcome: str = ""

    @property
    def named(self) -> str:
        """The outcome, spelled out."""
        return self.outcome or RULINGS[self.passes][0]


def known_in(stage: Stage, matter_ids: Sequence[int]) -> dict[int, Screening]:
    """The screenings of matters in a stage so far, by matter."""
    rows = Screening.objects.filter(stage=stage, matter_id__in=matter_ids).select_related("department")
    known = {row.matter_id: row for row in rows}
    for row in known.values():
        row.stage = stage
    return known


def ruling_hindrances(
    *,
    by: Actor,
    at: datetime,
    stage: Stage,
    matters: Mapping[int, Matter],
    rulings: Sequence[Ruled],
    seen: Seen | None = None,
) -> dict[int, str]:
    """Why rulings cannot be made, a sentence by matter; those that can be are left out. Two queries."""
    known = known_in(stage, [ruled.matter_id for ruled in rulings])
    everywhere = policy.may_rule(by, stage, at)
    found = {}
    for ruled in rulings:
        held, matter = known.get(ruled.matter_id), matters[ruled.matter_id]
        verdict = everywhere if everywhere.ok or held is None else policy.may_rule_on(by, held, at)
        if not verdict.ok:
            found[matter.pk] = str(verdict.reason)
        elif sentence := _overtaken(matter, held, stage, seen) or _unsound(ruled, matter):
            found[matter.pk] = sentence
    return found


def referral_hindrances(*, stage: Stage, matters: Sequence[Matter]) -> dict[int, str]:
    """Why matters cannot be referred, a sentence by matter; those that can be are left out. One query."""
    known = known_in(stage, [matter.pk for matter in matters])
    found = {}
    for matter in matters:
        held = known.get(matter.pk)
        if matter.stage_id != stage.pk:
            found[matter.pk] = _("%(number)s is not in this stage.") % {"number": matter.number}
        elif held is not None and held.ruled_at is not None:
            found[matter.pk] = _("%(number)s has been ruled on already.") % {"number": matter.number}
    return found


def _overtaken(matter: Matter, held: Screening | None, stage: Stage, seen: Seen | None) -> str:
    """Somebody else was faster; empty if nobody was."""
    ruled_at = held.ruled_at if held else None
    if held is not None and ruled_at is not None and seen is not None and seen.get(matter.pk) != ruled_at:
        words = {
            "number": matter.number,
            "moment": moment(ruled_at),
            "outcome": pick(*OUTCOME_NAMES[held.outcome]),
        }
        return _("%(number)s was ruled on meanwhile, on %(moment)s: %(outcome)s.") % words
    if matter.stage_id != stage.pk:
        return _("%(number)s is not in this stage.") % {"number": matter.number}
    return ""


def _unsound(ruled: Ruled, matter: Matter) -> str:
    if ruled.named not in RULINGS[ruled.passes]:
        words = {"outcome": ruled.named, "known": ", ".join(RULINGS[ruled.passes])}
        return _("%(outcome)s is not a ruling here; use one of: %(known)s.") % words
    if not ruled.passes and not ruled.reason.strip():
        return _("%(number)s needs a reason: the author reads it.") % {"number": matter.number}
    return ""
