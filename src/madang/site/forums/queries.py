"""Counts of supports and comments, as queries: there are no counters that many people would write to."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from madang.site.docket.models import Link, Matter, Passage
from madang.site.forums.models import Appeal, Comment, CommentLike, Forum, Support
from madang.site.forums.settings import Support as SupportRules
from madang.site.kit.clock import day_of
from madang.site.programmes.models import Stage


def threshold_on(stage: Stage, day: date) -> int | None:
    """The supports that a matter needs on a day in the city; None before the first rule."""
    rules = SupportRules.model_validate(stage.settings)
    in_force = [rule for rule in rules.thresholds if rule.since <= day]
    return max(in_force, key=lambda rule: rule.since).supports if in_force else None


def supports_of(matter_id: int) -> int:
    """How many people support a matter or one that was merged into it; each person counts once."""
    merged = Link.objects.filter(target=matter_id, kind=Link.Kind.MERGED_INTO).values_list("source_id", flat=True)
    # Two steps, because SQLite reads the whole table for "this one or one of those".
    keys = [matter_id, *merged]
    return Support.objects.filter(matter__in=keys, withdrawn_at__isnull=True).values("person").distinct().count()


def supports_by_matter(stage: Stage) -> dict[int, int]:
    """How many people support each matter in a stage, merged ones included. Two queries."""
    keys = set(Matter.objects.filter(stage=stage).values_list("pk", flat=True))
    heir = {key: key for key in keys}
    links = Link.objects.filter(target__stage=stage, kind=Link.Kind.MERGED_INTO)
    into = dict(links.values_list("source_id", "target_id"))
    heir.update(into)
    people: dict[int, set[int]] = {key: set() for key in keys}
    standing = Support.objects.filter(withdrawn_at__isnull=True).filter(
        Q(matter__stage=stage) | Q(matter__in=list(into))
    )
    for matter, person in standing.values_list("matter_id", "person_id").iterator():
        people[heir[matter]].add(person)
    return {key: len(found) for key, found in people.items()}


def with_counts(matters: QuerySet[Matter]) -> QuerySet[Matter]:
    """Matters with `support_count` (of their own) and `comment_count`."""
    supports = Support.objects.filter(matter=OuterRef("pk"), withdrawn_at__isnull=True)
    comments = Comment.objects.filter(matter=OuterRef("pk"), hidden_at__isnull=True)
    return matters.annotate(support_count=_count(supports, "matter"), comment_count=_count(comments, "matter"))


def _count(rows: QuerySet[Any], key: str) -> Coalesce:
    counted = rows.order_by().values(key).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def entered(matters: QuerySet[Matter]) -> Any:
    """Matters with `entered_at`: when they came into the stage they are in."""
    last = Passage.objects.filter(matter=OuterRef("pk"), stage__process=OuterRef("process")).order_by("-at")
    return matters.annotate(entered_at=Coalesce(Subquery(last.values("at")[:1]), "filed_at"))


def overdue(stage: Stage, at: datetime) -> list[int]:
    """The matters whose days for support are over without reaching the threshold."""
    days = SupportRules.model_validate(stage.settings).days
    if days is None:
        return []
    rows = entered(Matter.objects.filter(stage=stage)).filter(entered_at__lt=at - timedelta(days=days))
    late = list(rows.order_by("pk").values_list("pk", flat=True))
    if not late:
        return []
    needed, counts = threshold_on(stage, day_of(at)), supports_by_matter(stage)
    return [key for key in late if needed is None or counts[key] < needed]


def comments(
    *, matter: Matter | None = None, forum: Forum | None = None, person_id: int | None = None
) -> QuerySet[Comment]:
    """The comments on a matter or in a forum with `like_count` and whether a person `liked` them, oldest first.

    Hidden ones are among them: pages show the reason in place of the text.
    """
    likes = CommentLike.objects.filter(comment=OuterRef("pk"))
    rows = Comment.objects.filter(matter=matter) if matter is not None else Comment.objects.filter(forum=forum)
    return (
        rows.select_related("person", "appeal")
        .annotate(like_count=_count(likes, "comment"), liked=Exists(likes.filter(person_id=person_id or 0)))
        .order_by("at", "pk")
    )


def forums() -> QuerySet[Forum]:
    """All forums with `comment_count`, open ones first, then the latest."""
    spoken = Comment.objects.filter(forum=OuterRef("pk"), hidden_at__isnull=True)
    rows = Forum.objects.select_related("process__programme").annotate(comment_count=_count(spoken, "forum"))
    return rows.order_by(F("closed_at").desc(nulls_first=True), "-opens_on", "-pk")


def stances(rows: Iterable[Comment] | QuerySet[Comment]) -> dict[str, int]:
    """How many comments are for, against and neither; hidden ones do not count."""
    assert isinstance(rows, QuerySet)  # noqa: S101
    counted = rows.filter(hidden_at__isnull=True).order_by().values("stance").annotate(n=Count("pk", distinct=True))
    found = {row["stance"]: row["n"] for row in counted}
    return {stance: found.get(stance, 0) for stance in Comment.Stance.values}


def open_appeals() -> QuerySet[Appeal]:
    """Objections that wait for a decision, the oldest first."""
    return (
        Appeal.objects.filter(decided_at__isnull=True)
        .select_related("comment__matter", "comment__forum")
        .order_by("at", "pk")
    )
