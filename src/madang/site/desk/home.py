"""What the first page shows: what is open, what is near, and what changed because of citizens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, QuerySet, Window
from django.utils.translation import gettext_lazy as _

from madang.site.desk.queries import Step, open_steps, public_matters
from madang.site.docket.models import Matter
from madang.site.docket.queries import HIDDEN, UNSHOWN
from madang.site.followups.models import Answer, Milestone
from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.kit.stages import kinds
from madang.site.ledger.models import Entry, EntryKind
from madang.site.people.claims import valid_at
from madang.site.people.models import Area, Claim
from madang.site.programmes.models import Stage

INVITATIONS = (
    ("propose", _("Propose"), _("Tell the city what to do.")),
    ("discuss", _("Discuss"), _("Support and debate what others propose.")),
    ("vote", _("Vote"), _("Choose what gets the money.")),
    ("", _("Also open"), ""),
)
MOST_STEPS, MOST_MATTERS, MOST_CHANGES = 60, 5, 6


@dataclass(frozen=True)
class Invitation:
    """One of the things that citizens do here: what is open for it now, or the day on which something opens."""

    name: str
    title: Any
    lead: Any
    steps: Sequence[Step]
    next_day: date | None

    @property
    def url(self) -> str:
        """Straight to the only thing that is open, else to all of them on this page."""
        return self.steps[0].url if len(self.steps) == 1 else f"#{self.name}"


def invitations(at: datetime) -> list[Invitation]:
    """The three great actions and the rest, each with what is open; the one that closes first on top. Two queries."""
    steps, coming = open_steps(MOST_STEPS), _coming(day_of(at))
    return [
        Invitation(
            name,
            title,
            lead,
            [step for step in steps if step.stage.behaviour.invites == name],
            coming.get(name),
        )
        for name, title, lead in INVITATIONS
    ]


def _coming(today: date) -> dict[str, date]:
    """The next day on which something opens for each invitation."""
    register = kinds()
    invited = [name for name, kind in register.items() if kind.invites and not kind.planned]
    rows = Stage.objects.filter(opened_at=None, opens_on__gte=today, kind__in=invited).order_by("-opens_on")
    return {register[kind].invites: opens_on for kind, opens_on in rows.values_list("kind", "opens_on")}


@dataclass(frozen=True)
class Near:
    """A district and what was filed there last, or all districts to choose from."""

    area: Area | None
    matters: Sequence[Matter]
    total: int
    choices: Sequence[tuple[str, str, int, str]]


def near(code: str, by: Actor, at: datetime) -> Near:
    """The district that is asked for, else the one a person lives in, else those to choose from. Three queries."""
    districts = list(Area.objects.filter(level=Area.Level.DISTRICT).order_by("code"))
    home = code or _home_of(by, at)
    # A claim may name a neighbourhood, and its district is what begins its code.
    area = next((row for row in districts if home == row.code or home.startswith(f"{row.code}/")), None)
    if area is None:
        return Near(None, [], 0, _choices(districts))
    rows = _in_area(area).select_related("stage", "process").defer(*UNSHOWN).order_by("-filed_at", "-pk")
    shown = list(rows.annotate(total=Window(Count("pk")))[:MOST_MATTERS])
    return Near(area, shown, shown[0].total if shown else 0, [])


def _home_of(by: Actor, at: datetime) -> str:
    if not by.known:
        return ""
    rows = Claim.objects.filter(valid_at(at), person_id=by.person_id, kind="lives_in").order_by("-value")
    return rows.values_list("value", flat=True).first() or ""


def _in_area(area: Area) -> QuerySet[Matter]:
    return public_matters().filter(area__code=area.code) | public_matters().filter(
        area__code__startswith=f"{area.code}/"
    )


def _choices(districts: Sequence[Area]) -> list[tuple[str, str, int, str]]:
    counts = dict(public_matters().order_by().values_list("area_id").annotate(n=Count("pk")))
    rows = sorted(districts, key=lambda row: row.name)
    return [(row.code, row.name, counts.get(row.pk, 0), f"?area={row.code}#near") for row in rows]


@dataclass(frozen=True)
class Changed:
    """Something that came of what a citizen filed."""

    matter: Matter
    kind: str
    on: date
    outcome: str = ""
    text: str = ""
    won: int | None = None


def changed() -> list[Changed]:
    """The latest good answers, milestones and payments, the latest first. Three queries."""
    visible = {"matter__isnull": False}
    answers = Answer.objects.filter(outcome__in=("accepted", "partly_accepted")).exclude(matter__ending=HIDDEN)
    reached = Milestone.objects.filter(reached_at__isnull=False).exclude(matter__ending=HIDDEN)
    paid = Entry.objects.filter(kind=EntryKind.PAYMENT, **visible).exclude(matter__ending=HIDDEN)
    found = [
        *(
            Changed(row.matter, "answer", day_of(row.at), outcome=row.outcome, text=row.department.name)
            for row in answers.select_related("matter", "department").order_by("-at", "-pk")[:MOST_CHANGES]
        ),
        *(
            Changed(row.matter, "milestone", day_of(row.reached_at), text=row.title)
            for row in reached.select_related("matter").order_by(F("reached_at").desc(), "-pk")[:MOST_CHANGES]
            if row.reached_at
        ),
        *(
            Changed(row.matter, "payment", row.on, won=row.amount_won)
            for row in paid.select_related("matter").order_by("-on", "-pk")[:MOST_CHANGES]
            if row.matter
        ),
    ]
    return sorted(found, key=lambda one: one.on, reverse=True)[:MOST_CHANGES]
