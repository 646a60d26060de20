"""Work queues: what waits for whom in this room, the most urgent first. Each costs one query."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from madang.site.docket.models import Matter
from madang.site.kit.actor import Actor
from madang.site.kit.navigation import Queue, Task
from madang.site.people.claims import valid_at
from madang.site.people.models import Claim
from madang.site.reviews.models import Assignment, Objection, Pause
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


def _screening_tasks(by: Actor, at: datetime, limit: int) -> Sequence[Task]:
    rows = _screenings(by).annotate(due=F("screening__due_on")).select_related("stage")
    return [
        Task(
            title=row.title,
            url=reverse("reviews_desk:screening", args=[row.stage_id, row.pk]),
            due=row.due,
            context=row.number,
        )
        for row in rows.order_by(F("due").asc(nulls_last=True), "number")[:limit]
    ]


def _sheets(by: Actor, at: datetime) -> QuerySet[Assignment]:
    if by.person_id is None:
        return Assignment.objects.none()
    seated = Claim.objects.filter(valid_at(at), person_id=by.person_id, kind="member_of")
    rows = Assignment.objects.filter(Exists(seated), person_id=by.person_id, recused=False, sheet=None)
    return rows.filter(stage__opened_at__isnull=False, stage__closed_at=None, matter__stage=F("stage"))


def _sheet_tasks(by: Actor, at: datetime, limit: int) -> Sequence[Task]:
    rows = _sheets(by, at).select_related("matter", "stage").order_by(F("stage__closes_on").asc(nulls_last=True))
    return [
        Task(
            title=row.matter.title,
            url=reverse("reviews:score", args=[row.pk]),
            due=row.stage.closes_on,
            context=row.matter.number,
        )
        for row in rows[:limit]
    ]


def _objections(by: Actor) -> QuerySet[Objection]:
    rows = Objection.objects.filter(decided_at=None).filter(Q(stage__closed_at=None) | Q(stage__kind="screen"))
    return rows.filter(in_departments(by))


def _objection_tasks(by: Actor, at: datetime, limit: int) -> Sequence[Task]:
    rows = _objections(by).select_related("matter", "stage").order_by("at")
    return [
        Task(
            title=row.matter.title,
            url=reverse("reviews_desk:objection", args=[row.pk]),
            due=row.stage.closes_on,
            context=row.matter.number,
        )
        for row in rows[:limit]
    ]


QUEUES = [
    Queue(
        name="reviews.screenings",
        title=_("Screenings due"),
        roles=OFFICIALS,
        count=lambda by, at: _screenings(by).count(),
        tasks=_screening_tasks,
    ),
    Queue(
        name="reviews.sheets",
        title=_("Matters to score"),
        roles=(),
        count=lambda by, at: _sheets(by, at).count(),
        tasks=_sheet_tasks,
    ),
    Queue(
        name="reviews.objections",
        title=_("Objections to decide on"),
        roles=OFFICIALS,
        count=lambda by, at: _objections(by).count(),
        tasks=_objection_tasks,
    ),
]
