"""From an account or a person to the actor that actions and policies know."""

from datetime import datetime

from django.utils.translation import gettext_lazy

from madang.site.kit.actor import VISITOR, Actor, Grant
from madang.site.people.claims import valid_at
from madang.site.people.models import Account, Person

ROLE_NAMES = {
    "officer": gettext_lazy("officer"),
    "head": gettext_lazy("head of department"),
    "finance": gettext_lazy("finance officer"),
    "auditor": gettext_lazy("auditor"),
    "administrator": gettext_lazy("administrator"),
    "moderator": gettext_lazy("moderator"),
    "district_officer": gettext_lazy("official of a district"),
    "operator": gettext_lazy("operator of courses"),
}
ROLES = tuple(ROLE_NAMES)


def actor_of(account: Account | None, at: datetime) -> Actor:
    """The actor behind a signed-in account; the visitor if there is none."""
    if account is None or not account.is_authenticated:
        return VISITOR
    person = getattr(account, "person", None)
    return VISITOR if person is None else actor_for(person, at)


def actor_for(person: Person, at: datetime) -> Actor:
    """The actor of a person with the roles held at a moment."""
    grants = person.role_grants.filter(valid_at(at)).values_list("role", "organisation__code")
    return Actor(
        pseudonym=person.pseudonym,
        person_id=person.pk,
        grants=frozenset(Grant(role, organisation) for role, organisation in grants),
    )


def citizen(person: Person) -> Actor:
    """The actor of a person who holds no role; needs no query."""
    return Actor(pseudonym=person.pseudonym, person_id=person.pk)
