"""Figures about seats in bodies, posts and claims. None of them shows who somebody is."""

from datetime import date
from typing import Literal

from django.db.models import Q

from madang.site.kit.clock import end_of
from madang.site.kit.figures import Arguments, Records, figure_query
from madang.site.people.models import Claim, Organisation, Post, Seat


class SeatsOf(Arguments):
    """Seats of one body (`body`) or of all whose code begins with `prefix`; by role, term and way of appointment.

    With a term all seats begun by the day count, also those that have ended; without one, those that hold.
    """

    body: str = ""
    prefix: str = ""
    role: str = ""
    term: str = ""
    appointed_by: str = ""


class PostsOf(Arguments):
    """Posts of a department, or of all: authorised by the day, or filled on it.

    `counted_apart` picks posts that are (true) or are not (false) counted apart; both if it is left out.
    """

    department: str = ""
    job_type: str = ""
    state: Literal["authorised", "filled"] = "authorised"
    counted_apart: bool | None = None


class ClaimsOf(Arguments):
    """People with a claim of a kind and, if given, a value (its parts included)."""

    kind: str
    value: str = ""


class BodiesOf(Arguments):
    """The bodies that belong to a body."""

    parent: str


@figure_query("people.bodies", BodiesOf)
def bodies(arguments: BodiesOf, as_of: date) -> Records:
    """How many bodies belong to another one, such as councils of single fields to the councils."""
    rows = Organisation.objects.filter(kind=Organisation.Kind.BODY, parent__code=arguments.parent)
    return Records(rows.order_by("order", "code"), "count", (("code", "Code"), ("name", "Name")))


@figure_query("people.seats", SeatsOf)
def seats(arguments: SeatsOf, as_of: date) -> Records:
    """How many seats there are."""
    end = end_of(as_of)
    chosen = Q(valid_from__lt=end)
    if not arguments.term:
        chosen &= Q(valid_until__isnull=True) | Q(valid_until__gte=end)
    if arguments.body:
        chosen &= Q(body__code=arguments.body)
    if arguments.prefix:
        chosen &= Q(body__code__startswith=arguments.prefix)
    for name in ("role", "term", "appointed_by"):
        if getattr(arguments, name):
            chosen &= Q(**{name: getattr(arguments, name)})
    rows = Seat.objects.filter(chosen).select_related("body").order_by("body__order", "body__code", "pk")
    columns = (("body.name", "Body"), ("role", "Role"), ("term", "Term"), ("appointed_by", "Appointed by"))
    return Records(rows, "count", columns)


@figure_query("people.posts", PostsOf)
def posts(arguments: PostsOf, as_of: date) -> Records:
    """How many posts are authorised or filled."""
    chosen = Q(authorised_from__lte=as_of)
    if arguments.state == "filled":
        chosen &= Q(filled_from__lte=as_of) & (Q(filled_until__isnull=True) | Q(filled_until__gt=as_of))
    if arguments.department:
        chosen &= Q(organisation__code=arguments.department)
    if arguments.job_type:
        chosen &= Q(job_type=arguments.job_type)
    if arguments.counted_apart is not None:
        chosen &= Q(counted_apart=arguments.counted_apart)
    rows = Post.objects.filter(chosen).select_related("organisation").order_by("organisation__order", "code", "pk")
    columns = (
        ("code", "Post"),
        ("organisation.name", "Department"),
        ("job_type", "Type"),
        ("filled_from", "Filled since"),
    )
    return Records(rows, "count", columns)


@figure_query("people.claims", ClaimsOf)
def claims(arguments: ClaimsOf, as_of: date) -> Records:
    """How many claims of a kind hold, such as completions of a course."""
    end = end_of(as_of)
    rows = Claim.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=end), kind=arguments.kind, valid_from__lt=end
    )
    if arguments.value:
        rows = rows.filter(Q(value=arguments.value) | Q(value__startswith=f"{arguments.value}/"))
    columns = (("kind", "Kind"), ("value", "Value"), ("valid_from", "Since"))
    return Records(rows.order_by("kind", "value", "valid_from", "pk"), "count", columns)
