"""Work queues: what waits for whom in this room."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from madang.site.docket.models import Matter
from madang.site.kit.actor import Actor
from madang.site.kit.language import pick
from madang.site.kit.navigation import Queue, Task
from madang.site.people.claims import valid_at
from madang.site.people.models import Claim
from madang.site.programmes.models import Stage
from madang.site.programmes.queues import STAGE_SHOWS, in_charge
from madang.site.reviews.models import Assignment, Costing, Letter, Objection, Pause
from madang.site.reviews.policy import OFFICIALS
from madang.site.reviews.queries import in_departments


def _screenings(by: Actor) -> QuerySet[Matter]:
    rows = Matter.objects.filter(stage__kind="screen", stage__opened_at__isnull=False, stage__closed_at=None)
    rows = rows.annotate(
        screening=FilteredRelation("screenings", condition=Q(screenings__stage=F("stage"))),
        paused=Exists(Pause.objects.filter(screening__matter=OuterRef("pk"), ended_at=None)),
    )
    waiting = rows.filter(Q(screening__isnull=True) | Q(screening__ruled_at=None), paused=False)
    return waiting.filter(in_departments(by, "stage", "screening"))


def _screening_task(row: Mapping[str, Any], due: date | None) -> Task:
    return Task(row["title"], reverse("reviews_desk:screening", args=[row["stage"], row["pk"]]), due, row["number"])


def _estimates(by: Actor) -> QuerySet[Costing]:
    later = Costing.objects.filter(matter=OuterRef("matter"), at__gte=OuterRef("at"), pk__gt=OuterRef("pk"))
    rows = Costing.objects.filter(~Exists(later), checked_at=None, matter__stage__kind="screen")
    rows = rows.filter(matter__stage__opened_at__isnull=False, matter__stage__closed_at=None)
    return rows.filter(in_departments(by, "matter__stage")).exclude(by=by.pseudonym)


def _estimate_task(row: Mapping[str, Any], due: date | None) -> Task:
    return Task(row["title"], reverse("reviews_desk:costing", args=[row["stage"], row["matter"]]), due, row["number"])


def _sheets(by: Actor, at: datetime) -> QuerySet[Assignment]:
    if by.person_id is None:
        return Assignment.objects.none()
    seated = Claim.objects.filter(valid_at(at), person_id=by.person_id, kind="member_of")
    rows = Assignment.objects.filter(Exists(seated), person_id=by.person_id, recused=False, sheet=None)
    return rows.filter(stage__opened_at__isnull=False, stage__closed_at=None, matter__stage=F("stage"))


def _sheet_task(row: Mapping[str, Any], due: date | None) -> Task:
    return Task(row["title"], reverse("reviews:score", args=[row["pk"]]), due, row["number"])


def _objections(by: Actor) -> QuerySet[Objection]:
    rows = Objection.objects.filter(decided_at=None).filter(Q(stage__closed_at=None) | Q(stage__kind="screen"))
    return rows.filter(in_departments(by))


def _objection_task(row: Mapping[str, Any], due: date | None) -> Task:
    return Task(row["title"], reverse("reviews_desk:objection", args=[row["pk"]]), due, row["number"])


def _outboxes(by: Actor) -> QuerySet[Stage]:
    """Open stages with letters that were drafted and not sent."""
    unsent = Letter.objects.filter(stage=OuterRef("pk"), sent_at=None)
    return Stage.public.filter(Exists(unsent), in_charge(by, *OFFICIALS), closed_at=None)


def _outbox_task(row: Mapping[str, Any], due: date | None) -> Task:
    title, process = pick(row["stage_ko"], row["stage_en"]), pick(row["process_ko"], row["process_en"])
    return Task(title, reverse("reviews_desk:outbox", args=[row["pk"]]), due, process)


_OF_MATTER = {"pk": "pk", "title": "matter__title", "number": "matter__number"}
QUEUES = [
    Queue(
        name="reviews.screenings",
        title=_("Screenings due"),
        roles=OFFICIALS,
        rows=lambda by, at: _screenings(by),
        due="screening__due_on",
        shows={"pk": "pk", "stage": "stage_id", "title": "title", "number": "number"},
        task=_screening_task,
    ),
    Queue(
        name="reviews.estimates",
        title=_("Estimates for a second look"),
        roles=OFFICIALS,
        rows=lambda by, at: _estimates(by),
        due="matter__stage__closes_on",
        shows={
            "matter": "matter_id",
            "stage": "matter__stage_id",
            "title": "matter__title",
            "number": "matter__number",
        },
        task=_estimate_task,
    ),
    Queue(
        name="reviews.sheets",
        title=_("Matters to score"),
        roles=(),
        rows=_sheets,
        due="stage__closes_on",
        shows=_OF_MATTER,
        task=_sheet_task,
    ),
    Queue(
        name="reviews.outbox",
        title=_("Letters to read and send"),
        roles=OFFICIALS,
        rows=lambda by, at: _outboxes(by),
        due="closes_on",
        shows=STAGE_SHOWS,
        task=_outbox_task,
    ),
    Queue(
        name="reviews.objections",
        title=_("Objections to decide on"),
        roles=OFFICIALS,
        rows=lambda by, at: _objections(by),
        due="stage__closes_on",
        shows=_OF_MATTER,
        task=_objection_task,
    ),
]
