"""Which body reviews a matter, who sits in it, and who has a conflict of interest.

A stage names one body by its code, or a set of bodies "name/*": the body of a matter is then
"name/<field of the matter>".
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from madang.site.docket.models import Matter
from madang.site.kit.verdict import Refused
from madang.site.people.claims import valid_at
from madang.site.people.models import Claim, Organisation, Person, RoleGrant
from madang.site.programmes.models import Stage
from madang.site.reviews.models import Assignment
from madang.site.reviews.settings import Review, rules_of


def body_for(stage: Stage, matter: Matter) -> str:
    """The code of the body that reviews a matter."""
    named = rules_of(stage, Review).bodies
    return f"{named[:-2]}/{matter.field}" if named.endswith("/*") else named


def memberships(person_ids: Iterable[int], at: datetime) -> dict[int, frozenset[str]]:
    """The codes of bodies and organisations that people belong to, by seat or by office."""
    people = set(person_ids)
    found: dict[int, set[str]] = {person: set() for person in people}
    seats = Claim.objects.filter(valid_at(at), kind="member_of", person_id__in=people)
    offices = RoleGrant.objects.filter(valid_at(at), person_id__in=people, organisation__isnull=False)
    for person, code in seats.values_list("person_id", "value"):
        found[person].add(code)
    for person, code in offices.values_list("person_id", "organisation__code"):
        found[person].add(code)
    return {person: frozenset(codes) for person, codes in found.items()}


def members(stage: Stage, matters: Iterable[Matter], at: datetime) -> dict[str, list[int]]:
    """The members of each body that has a matter to review: {code of the body: keys of people}."""
    wanted: dict[str, list[int]] = {body_for(stage, matter): [] for matter in matters}
    rows = Claim.objects.filter(valid_at(at), kind="member_of", value__in=wanted)
    for code, person in rows.order_by("person_id").values_list("value", "person_id").distinct():
        wanted[code].append(person)
    return wanted


@dataclass(frozen=True)
class Reviewer:
    """Somebody who scores a matter, or could: what stands in the way, and how far they are."""

    person: Person
    assignment: Assignment | None
    conflict: str

    @property
    def assignable(self) -> bool:
        """Whether they could be assigned."""
        return self.assignment is None and not self.conflict


def reviewers(stage: Stage, matter: Matter, at: datetime) -> list[Reviewer]:
    """The members of the matter's body and whoever was assigned to it. A fixed number of queries."""
    assigned = {
        row.person_id: row
        for row in Assignment.objects.filter(stage=stage, matter=matter).select_related("person", "sheet")
    }
    seated = members(stage, [matter], at)[body_for(stage, matter)]
    people = Person.objects.in_bulk({*seated, *assigned})
    belongs = memberships(people, at)
    return [
        Reviewer(person, assigned.get(key), conflict(stage, matter, key, belongs[key]))
        for key, person in sorted(people.items())
    ]


def conflict(stage: Stage, matter: Matter, person_id: int, belongs_to: Collection[str]) -> str:
    """Why a person may not score a matter, as a sentence; empty if they may."""
    if body_for(stage, matter) not in belongs_to:
        return _("They do not sit in %(body)s.") % {"body": body_for(stage, matter)}
    if matter.author_id == person_id:
        return _("Nobody scores their own proposal.")
    if matter.organisation is not None and matter.organisation.code in belongs_to:
        return _("Nobody scores what their own organisation proposed.")
    return ""


def assignment_hindrances(
    stage: Stage, matters: Mapping[int, Matter], pairs: Sequence[tuple[int, int]], at: datetime
) -> dict[tuple[int, int], str]:
    """Why pairs of (matter, person) cannot be assigned; those that can be are left out. Two queries."""
    belongs = memberships([person for _matter, person in pairs], at)
    found = {}
    for matter_id, person_id in pairs:
        reason = conflict(stage, matters[matter_id], person_id, belongs.get(person_id, frozenset()))
        if reason:
            found[matter_id, person_id] = reason
    return found


def seated(stage: Stage, at: datetime) -> list[Person]:
    """Everybody who sits in a body that has a matter of the stage to review. Three queries."""
    matters = Matter.objects.filter(stage=stage).only("pk", "field")
    return list(Person.objects.filter(pk__in={key for keys in members(stage, matters, at).values() for key in keys}))


def missing_pairs(stage: Stage, matters: Sequence[Matter], at: datetime) -> list[tuple[int, int]]:
    """Matters with each member of their body who is not assigned yet and has no conflict of interest.

    Raises Refused if a body has no members, naming it.
    """
    seats = members(stage, matters, at)
    empty = sorted({body for body, people in seats.items() if not people})
    if empty:
        names = {body.code: body.name for body in Organisation.objects.filter(code__in=empty)}
        listed = ", ".join(names.get(code, code) for code in empty)
        raise Refused(_("No members are known of: %(bodies)s. Appoint them first.") % {"bodies": listed})
    skip = set(Assignment.objects.filter(stage=stage).values_list("matter_id", "person_id"))
    belongs = memberships({person for people in seats.values() for person in people}, at)
    return [
        (matter.pk, person)
        for matter in matters
        for person in seats[body_for(stage, matter)]
        if (matter.pk, person) not in skip and not conflict(stage, matter, person, belongs[person])
    ]
