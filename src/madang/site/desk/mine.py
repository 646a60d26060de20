"""Everything the site knows about one person, for My page and for the download."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, OuterRef, Q, Subquery, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _

from madang.site.desk.inbox import own_work
from madang.site.desk.queries import Step, open_steps
from madang.site.docket.models import Follow, Matter, Notice, Reader
from madang.site.forums.models import Support
from madang.site.intake.queries import begun
from madang.site.kit.actor import Actor
from madang.site.kit.verdict import YES, Verdict
from madang.site.people.claims import Names, check_set, names_of, valid_at
from madang.site.people.models import Claim, Identity, Person, Seat
from madang.site.people.queries import confirmed
from madang.site.record.models import Event

MOST_NOTICES, MOST_STEPS = 25, 12
CLAIM_NAMES = {
    "verified": _("Identity verified"),
    "birth_year": _("Year of birth"),
    "age_band": _("Age band"),
    "sex": _("Sex"),
    "lives_in": _("Lives in"),
    "works_in": _("Works or studies in"),
    "course_done": _("Course completed"),
    "member_of": _("Member of"),
}
WAYS = {"mock": _("mock agency")}


@dataclass(frozen=True)
class Fact:
    """A claim in words."""

    name: Any
    value: Any
    until: datetime | None


@dataclass(frozen=True)
class Chance:
    """An open stage that asks for claims, and whether this person may take part."""

    step: Step
    verdict: Verdict


def facts_of(claims: Iterable[Claim], names: Names) -> list[Fact]:
    """Claims in words. No query."""
    return [
        Fact(
            CLAIM_NAMES.get(row.kind, row.kind),
            names.get((row.kind, row.value), WAYS.get(row.value, row.value)),
            row.valid_until,
        )
        for row in claims
    ]


def chances_of(steps: Iterable[Step], claims: Iterable[Claim], names: Names, at: datetime) -> list[Chance]:
    """Whether these claims are enough for stages that are open to citizens. No query."""
    held = frozenset(map(str, claims))
    return [Chance(step, _may_take_part(step, held, names, at)) for step in steps]


def _may_take_part(step: Step, claims: frozenset[str], names: Names, at: datetime) -> Verdict:
    """Whether the claims meet the rules of the stage, or those of one of its electorates."""
    verdicts = [check_set(claims=claims, rules=rules, at=at, names=names) if rules else YES for rules in _groups(step)]
    return next((verdict for verdict in verdicts if verdict.ok), verdicts[0])


def _groups(step: Step) -> list[list[str]]:
    settings = step.stage.settings
    return [group["who"] for group in settings.get("electorates", ())] or [settings.get("who") or []]


def data_of(person: Person, at: datetime) -> dict[str, Any]:
    """All data about a person as plain values (PIPA art. 35: the right to access)."""
    identity = Identity.objects.filter(person=person).values("method", "verified_at", "expires_at", "purpose").first()
    return {
        "pseudonym": person.pseudonym,
        "nickname": person.nickname,
        "email": person.account.email if person.account else None,
        "created_at": person.created_at,
        "exported_at": at,
        "identity": identity,
        "claims": list(person.claims.order_by("pk").values("kind", "value", "valid_from", "valid_until", "evidence")),
        "consents": list(person.consents.order_by("pk").values("purpose", "version", "given_at", "withdrawn_at")),
        "roles": list(person.role_grants.values("role", "organisation__code", "valid_from", "valid_until")),
        "seats": list(person.seats.values("body__code", "role", "appointed_by", "term", "valid_from", "valid_until")),
        "matters": [_matter(row) for row in person.matters.order_by("pk").prefetch_related("revisions")],
        "following": list(Follow.objects.filter(person=person).order_by("pk").values_list("matter__number", flat=True)),
        "supports": list(Support.objects.filter(person=person).order_by("pk").values_list("matter__number", flat=True)),
        "votes_begun": list(
            person.begun_votes.order_by("pk").values("election__stage__process__code", "at", "reminded_at")
        ),
        "bookings": list(
            person.bookings.order_by("pk").values(
                "slot__space__name_ko", "slot__begins", "purpose", "group", "size", "state"
            )
        ),
        "searches": list(person.searches.order_by("pk").values("name", "wanted", "at")),
        "notices_by_mail": Reader.objects.filter(person=person).values("pace", "language", "since").first(),
        "comments": list(person.comments.order_by("pk").values("text", "stance", "at", "hidden_at")),
        "notices": list(person.notices.order_by("pk").values("text_ko", "text_en", "at", "read_at")),
        "events": list(
            Event.objects.filter(actor=person.pseudonym)
            .order_by("pk")
            .values("book__code", "number", "at", "verb", "subject")
        ),
    }


def _matter(matter: Matter) -> dict[str, Any]:
    return {
        "number": matter.number,
        "title": matter.title,
        "filed_at": matter.filed_at,
        "ending": matter.ending,
        "revisions": [{"number": row.number, "at": row.at, "data": row.data} for row in matter.revisions.all()],
    }


@dataclass(frozen=True)
class News:
    """What was told about one matter (or about none) and has not been read yet, the latest first."""

    matter: Matter | None
    notices: list[Notice]


def news_of(notices: Iterable[Notice]) -> list[News]:
    """Unread notices by their matter, the matter with the latest one first."""
    told: dict[int | None, list[Notice]] = {}
    for notice in notices:
        told.setdefault(notice.matter_id, []).append(notice)
    return [News(rows[0].matter, rows) for rows in told.values()]


def notices_of(person: Person) -> dict[str, Any]:
    """What a person was told: the unread by matter, how many those are, and what was read. One query."""
    rows = Notice.objects.filter(person=person).select_related("matter__stage").annotate(is_new=Q(read_at__isnull=True))
    latest = rows.annotate(
        total=Window(Count("pk"), partition_by=F("is_new")),
        place=Window(RowNumber(), partition_by=F("is_new"), order_by=[F("at").desc(), F("pk").desc()]),
    ).filter(place__lte=MOST_NOTICES)
    found = sorted(latest, key=lambda notice: (notice.at, notice.pk), reverse=True)
    unread = [notice for notice in found if notice.read_at is None]
    total = unread[0].total if unread else 0
    return {
        "news": news_of(unread),
        "unread": total,
        "unshown": total - len(unread),
        "changed": {notice.matter_id for notice in unread},
        "read": [notice for notice in found if notice.read_at is not None],
    }


def overview(person: Person, by: Actor, at: datetime) -> dict[str, Any]:
    """What My page shows."""
    claims = list(Claim.objects.filter(valid_at(at), person=person).order_by("kind", "value"))
    steps = open_steps(MOST_STEPS)
    names = names_of([*map(str, claims), *(rule for step in steps for rules in _groups(step) for rule in rules)])
    # What hangs on the person once is asked for together.
    own = Person.objects.select_related("identity", "reader").filter(pk=person.pk)
    known = own.annotate(mail_to=Subquery(confirmed(OuterRef("account_id"))[:1])).get()
    return {
        "person": person,
        "identity": getattr(known, "identity", None),
        "work": own_work(by, at),
        "facts": facts_of(claims, names),
        "chances": chances_of(steps, claims, names, at),
        "begun": begun(person.pk),
        "matters": list(person.matters.select_related("stage", "process").order_by("-filed_at", "-pk")[:25]),
        "follows": list(
            Follow.objects.filter(person=person)
            .exclude(matter__author=person)
            .select_related("matter__stage")
            .order_by("-at", "-pk")[:25]
        ),
        "supports": list(
            Support.objects.filter(person=person).select_related("matter__stage").order_by("-at", "-pk")[:25]
        ),
        "seats": list(Seat.objects.filter(valid_at(at), person=person).select_related("body").order_by("valid_from")),
        "searches": [(row, urlencode(row.wanted)) for row in person.searches.order_by("-at", "-pk")],
        "reader": getattr(known, "reader", None),
        "mail_to": known.mail_to or "",
        **notices_of(person),
    }
