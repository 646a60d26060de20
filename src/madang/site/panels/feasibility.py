"""Whether the candidates can meet the quotas, told in words while they are being set, before anything is frozen."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.utils.translation import gettext as _

from madang import sortition
from madang.site.docket.models import Matter
from madang.site.kit.language import pick
from madang.site.panels.queries import quota_names
from madang.site.panels.quotas import pool_of
from madang.site.programmes.models import Stage
from madang.sortition import CROSSING, Change, Person, Quota


@dataclass(frozen=True)
class Feasibility:
    """What the quotas mean for the candidates there are now.

    `changes` is the smallest change with which a panel exists (none: it exists already); `problem` says what no
    change of the quotas mends. `never` are the groups of whom nobody can be drawn, `lowest` and `highest` the
    chances as they would be, as shares of one.
    """

    candidates: int
    outside: int
    seats: int
    problem: str = ""
    changes: Sequence[str] = ()
    lowest: Fraction | None = None
    highest: Fraction | None = None
    never: Sequence[str] = ()


def candidates_of(stage: Stage, quotas: Sequence[Quota], at: datetime) -> tuple[list[Person], int]:
    """The people who would be on the list if it were frozen now, and how many fit no group."""
    matters = list(Matter.objects.filter(stage=stage).order_by("pk"))
    pool, outside = pool_of(matters=matters, stage=stage, quotas=quotas, at=at)
    return [person for _matter, person in pool], len(outside)


def counted(people: Sequence[Person], quotas: Sequence[Quota]) -> dict[str, int]:
    """How many candidates each quota has, by its name."""
    parts = {quota.feature: quota.feature.split(CROSSING) for quota in quotas}
    found: Counter[str] = Counter()
    for person in people:
        for feature, kinds in parts.items():
            found[f"{feature}={CROSSING.join(person.values.get(kind, '') for kind in kinds)}"] += 1
    return {quota.name: found[quota.name] for quota in quotas}


def feasibility(*, stage: Stage, quotas: Sequence[Quota], people: Sequence[Person], outside: int) -> Feasibility:
    """Try the quotas on the candidates."""
    seats: int = stage.rules.seats  # type: ignore[attr-defined]
    found = Feasibility(len(people), outside, seats)
    if not people:
        return _with(found, problem=_("There are no candidates yet, so nothing can be said."))
    if len(people) < seats:
        told = _("There are fewer candidates than seats; all of them would be drawn.")
        return _with(found, problem=told)
    try:
        types = sortition.types_of(people, quotas, seats)
        changes = sortition.relaxation(types).changes
    except sortition.Refusal as refusal:
        return _with(found, problem=refusal.said(pick("ko", "en")))
    if changes:
        names = quota_names((quota.feature, quota.value) for quota in quotas)
        return _with(found, changes=[_in_words(names[change.name], change) for change in changes])
    levels = sortition.leximin(types).levels
    lowest, highest = levels[0], levels[-1]
    never = [", ".join(_group(types.labels[one])) for one in lowest.types] if lowest.probability == 0 else []
    return _with(found, lowest=lowest.probability, highest=highest.probability, never=never)


def _with(found: Feasibility, **more: object) -> Feasibility:
    return Feasibility(found.candidates, found.outside, found.seats, **more)  # type: ignore[arg-type]


def _group(label: Sequence[str]) -> list[str]:
    named = quota_names(tuple(text.split("=", 1)) for text in label if "=" in text)  # type: ignore[misc]
    return list(named.values())


def _in_words(name: str, change: Change) -> str:
    parts = []
    if change.new_low != change.low:
        parts.append(_("at least %(new)d instead of %(old)d") % {"new": change.new_low, "old": change.low})
    if change.new_high != change.high:
        parts.append(_("at most %(new)d instead of %(old)d") % {"new": change.new_high, "old": change.high})
    return f"{name}: {', '.join(parts)}"
