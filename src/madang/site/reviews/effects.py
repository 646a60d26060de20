"""What an action on many matters would do to each, before it is done; and where it cannot be done, why."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from madang.site.docket import conductor
from madang.site.docket.effects import Effect
from madang.site.docket.models import Matter
from madang.site.docket.outcomes import OUTCOME_NAMES
from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.kit.deadlines import due_day
from madang.site.kit.language import pick
from madang.site.kit.templatetags.madang import day as words_of
from madang.site.people.models import Organisation, Person
from madang.site.programmes.models import Stage
from madang.site.reviews import bodies, decided
from madang.site.reviews.models import Assignment
from madang.site.reviews.rulings import Ruled, Seen, known_in, referral_hindrances, ruling_hindrances
from madang.site.reviews.settings import Screen, rules_of


def of_rulings(
    *,
    by: Actor,
    at: datetime,
    stage: Stage,
    matters: Mapping[int, Matter],
    rulings: Sequence[Ruled],
    seen: Seen | None = None,
) -> list[Effect]:
    """What rulings would do, in their order."""
    hindrances = ruling_hindrances(by=by, at=at, stage=stage, matters=matters, rulings=rulings, seen=seen)
    known = known_in(stage, list(matters))
    following = conductor.next_stage(stage) if rules_of(stage, Screen).rolling else None
    effects = []
    for ruled in rulings:
        matter, held = matters[ruled.matter_id], known.get(ruled.matter_id)
        says = _then(stage, ruled, following)
        if held is not None and held.outcome:
            says = _("%(then)s Replaces: %(outcome)s.") % {"then": says, "outcome": pick(*OUTCOME_NAMES[held.outcome])}
        effects.append(Effect(matter, says, hindrances.get(matter.pk, "")))
    return effects


def _then(stage: Stage, ruled: Ruled, following: Stage | None) -> str:
    words = {"outcome": pick(*OUTCOME_NAMES[ruled.named])}
    if not rules_of(stage, Screen).rolling:
        return _("%(outcome)s; published when the stage is closed.") % words
    if not ruled.passes:
        return _("%(outcome)s; its journey ends here and the author is told now.") % words
    if following is None:
        return _("%(outcome)s; the author is told now.") % words
    return _("%(outcome)s; it goes on to “%(stage)s” and the author is told now.") % {**words, "stage": following.title}


def of_referrals(
    *, at: datetime, stage: Stage, matters: Sequence[Matter], department: Organisation, due_on: date | None
) -> list[Effect]:
    """What referring would do, in the order of the matters."""
    hindrances = referral_hindrances(stage=stage, matters=matters)
    known = known_in(stage, [matter.pk for matter in matters])
    day = due_on or due_day(start=day_of(at), days=rules_of(stage, Screen).days)
    effects = []
    for matter in matters:
        held = known.get(matter.pk)
        says = _("%(department)s, until %(day)s.") % {"department": department.name, "day": words_of(day)}
        if held is not None and held.department is not None:
            says = _("%(then)s Replaces: %(department)s.") % {"then": says, "department": held.department.name}
        effects.append(Effect(matter, says, hindrances.get(matter.pk, "")))
    return effects


def of_assignments(
    *, at: datetime, stage: Stage, matters: Mapping[int, Matter], people: Mapping[int, Person]
) -> tuple[list[Effect], list[tuple[int, int]]]:
    """What assigning people to matters would do to each matter, and the pairs that can be assigned."""
    pairs = [(matter, person) for matter in matters for person in people]
    known = set(Assignment.objects.filter(stage=stage, matter__in=matters).values_list("matter_id", "person_id"))
    hindrances = bodies.assignment_hindrances(stage, matters, pairs, at)
    able = [pair for pair in pairs if pair not in known and pair not in hindrances]
    effects = []
    for key, matter in matters.items():
        added = ", ".join(str(people[person]) for row, person in able if row == key)
        why = [hindrances.get((key, person)) or _("assigned already") for person in people if (key, person) not in able]
        others = _("Without %(count)s who cannot: %(reason)s") % {"count": len(why), "reason": why[0]} if why else ""
        says = f"{_('Assigned: %(people)s.') % {'people': added}} {others}".strip()
        effects.append(Effect(matter, says, "" if added else others))
    return effects, able


def of_assigning_all(stage: Stage, at: datetime) -> list[Effect]:
    """What assigning every matter to its body would do. Raises Refused if a body has no members."""
    matters = list(Matter.objects.filter(stage=stage).select_related("organisation").order_by("number"))
    added: dict[int, list[int]] = {}
    for key, person in bodies.missing_pairs(stage, matters, at):
        added.setdefault(key, []).append(person)
    people = Person.objects.in_bulk({person for keys in added.values() for person in keys})
    nobody = _("Everybody who could be is assigned already.")
    effects = []
    for matter in matters:
        named = ", ".join(str(people[person]) for person in added.get(matter.pk, ()))
        effects.append(Effect(matter, _("Assigned: %(people)s.") % {"people": named}, "" if named else nobody))
    return effects


def of_publishing(stage: Stage) -> list[Effect]:
    """What publishing would do to each matter of a stage. Raises Refused while something is undecided."""
    outcomes = {outcome.matter_id: outcome for outcome in decided.outcomes(stage)}
    following = conductor.next_stage(stage)
    effects = []
    for matter in Matter.objects.filter(pk__in=outcomes).order_by("number"):
        outcome = outcomes[matter.pk]
        words = {"outcome": pick(*OUTCOME_NAMES[outcome.outcome]), "stage": following.title if following else ""}
        goes_on = outcome.passes and following is not None
        says = _("%(outcome)s; it goes on to “%(stage)s”.") if goes_on else _("%(outcome)s; its journey ends here.")
        letter = _("A letter goes to the author.") if matter.author_id else _("It has no author to write to.")
        effects.append(Effect(matter, f"{says % words} {letter}"))
    return effects
