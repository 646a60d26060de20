"""Reading who holds which role, and who sits in which body."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy

from madang.site.kit.actor import Actor
from madang.site.people.claims import valid_at
from madang.site.people.models import Claim, Organisation, Person, RoleGrant, Seat

SEAT_ROLES = {
    "citizen": gettext_lazy("citizen"),
    "expert": gettext_lazy("expert"),
    "official": gettext_lazy("official"),
    "moderator": gettext_lazy("moderator"),
}
WAYS = {
    "lot": gettext_lazy("by lot"),
    "selection": gettext_lazy("by selection"),
    "nomination": gettext_lazy("by nomination"),
    "office": gettext_lazy("by office"),
}
# By lot and by selection seats are given at the end of a process, where the reason is a record.
WAYS_BY_HAND = ("office", "nomination")
SEES_ALL = ("auditor", "administrator")


def grants(*, at: datetime, ended: bool = False) -> QuerySet[RoleGrant]:
    """The roles that hold or are to begin, or those that have ended, with their people and places."""
    over = Q(valid_until__lte=at)
    rows = RoleGrant.objects.filter(over) if ended else RoleGrant.objects.exclude(over)
    return rows.select_related("person__account", "organisation").order_by("role", "organisation__order", "pk")


def bodies(by: Actor, at: datetime) -> Sequence[Organisation]:
    """The bodies whose seats somebody may see, each with `sitting`, its seats that hold. Three queries."""
    held = Q(seats__valid_from__lte=at) & (Q(seats__valid_until=None) | Q(seats__valid_until__gt=at))
    rows = Organisation.objects.filter(kind=Organisation.Kind.BODY).annotate(sitting=Count("seats", filter=held))
    found = list(rows.select_related("parent__parent__parent").order_by("order", "code"))
    mine = {grant.organisation for grant in by.grants if grant.role in ("officer", "head")}
    if by.holds(*SEES_ALL) or None in mine:
        return found
    return [body for body in found if (office := body.department) is not None and office.code in mine]


def seats_of(*, body: Organisation, at: datetime, ended: bool = False) -> QuerySet[Seat]:
    """The seats of a body that hold or are to begin, or those that have ended; with `sex`, where it is known."""
    over = Q(valid_until__lte=at)
    rows = body.seats.filter(over) if ended else body.seats.exclude(over)
    women = Claim.objects.filter(valid_at(at), person=OuterRef("person"), kind="sex", value="f")
    men = Claim.objects.filter(valid_at(at), person=OuterRef("person"), kind="sex", value="m")
    rows = rows.annotate(is_woman=Exists(women), is_man=Exists(men)).select_related("person")
    return rows.order_by("-term", "role", "valid_from", "pk")


def counts_of(seats: QuerySet[Seat]) -> dict[str, int]:
    """How many seats there are, and how many are held by women, by men, and by people whose sex is not known."""
    counted = seats.order_by().aggregate(
        total=Count("pk"), women=Count("pk", filter=Q(is_woman=True)), men=Count("pk", filter=Q(is_man=True))
    )
    return {**counted, "unknown": counted["total"] - counted["women"] - counted["men"]}


def masked(person: Person | None) -> str:
    """A name of which only the first letter can be read; a pseudonym is not shown, since it leads to the record."""
    if person is None:
        return ""
    return f"{person.nickname[0]}**" if person.nickname else "***"


def confirmed(account: Any) -> QuerySet[Any]:
    """The confirmed addresses of an account (a key, or a reference to one), the main one first."""
    return EmailAddress.objects.filter(user_id=account, verified=True).order_by("-primary", "pk").values("email")


def address_of(person: Person) -> str:
    """Where mail to a person goes: the address that they confirmed; "" without one. One query."""
    found: dict[str, str] | None = confirmed(person.account_id).first()
    return found["email"] if found else ""
