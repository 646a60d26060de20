"""Counts of supports and comments, as queries: there are no counters that many people would write to."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, Coalesce, Concat, RowNumber, TruncDate

from madang.site.docket.models import Link, Matter, Passage
from madang.site.forums.models import Appeal, Comment, CommentLike, Forum, Report, Support
from madang.site.forums.settings import Support as SupportRules
from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.kit.counting import counted
from madang.site.programmes.models import Process, Stage
from madang.site.record.models import Event


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
    """Matters with `support_count`, merged ones included, and `comment_count`."""
    standing = Support.objects.filter(withdrawn_at__isnull=True)
    own = standing.filter(matter=OuterRef("pk"))
    # Counted apart from the own ones: SQLite reads the whole table for "this one or one of those".
    also_own = standing.filter(matter=OuterRef(OuterRef("pk")), person=OuterRef("person"))
    merged = standing.filter(
        matter__links_out__kind=Link.Kind.MERGED_INTO, matter__links_out__target=OuterRef("pk")
    ).filter(~Exists(also_own))
    comments = Comment.objects.filter(matter=OuterRef("pk"), hidden_at__isnull=True)
    supports = counted(own, "matter") + counted(merged, "matter__links_out__target", "person")
    return matters.annotate(support_count=supports, comment_count=counted(comments, "matter"))


def entered(matters: QuerySet[Matter]) -> Any:
    """Matters with `entered_at`: when they came into the stage they are in, or were taken back into it."""
    last = Passage.objects.filter(matter=OuterRef("pk"), stage__process=OuterRef("process")).order_by("-at")
    ended = Passage.objects.filter(matter=OuterRef("pk"), passed=False)
    subject = Concat(Value("matter:"), Cast(OuterRef("pk"), CharField()))
    back = Event.objects.filter(subject=subject, verb="matter.readmitted").order_by("-at")
    return matters.annotate(
        passed_at=Coalesce(Subquery(last.values("at")[:1]), "filed_at"),
        # Only what had ended can be taken back; asked first, since few matters had and a text key costs more.
        readmitted_at=Case(When(Exists(ended), then=Subquery(back.values("at")[:1]))),
        entered_at=Case(When(readmitted_at__gt=F("passed_at"), then=F("readmitted_at")), default=F("passed_at")),
    )


def days_of(stage: Stage) -> int | None:
    """How many days a matter has for support or debate; None without a limit."""
    days: int | None = stage.settings.get("days")
    return days


def with_end(rows: Iterable[Any], stage: Stage) -> None:
    """Give rows of `entered` their `until`: the last day for support or debate, None without a limit."""
    days = days_of(stage)
    for row in rows:
        row.until = None if days is None else day_of(row.entered_at + timedelta(days=days))


def last_day(matter: Matter) -> date | None:
    """The last day for support or debate of a matter in its stage; None without a limit.

    No query for a row of `entered`, one for any other.
    """
    if matter.stage is None or matter.stage.kind not in ("support", "discuss") or days_of(matter.stage) is None:
        return None
    row = matter if hasattr(matter, "entered_at") else entered(Matter.objects.filter(pk=matter.pk)).get()
    with_end([row], matter.stage)
    until: date | None = row.until  # type: ignore[union-attr]
    return until


def replies(comment: Comment) -> QuerySet[Comment]:
    """The replies to a comment that are not hidden, the oldest first."""
    return comment.replies.filter(hidden_at__isnull=True).select_related("person").order_by("at", "pk")


def overdue(stage: Stage, at: datetime) -> list[int]:
    """The matters whose days for support are over without reaching the threshold."""
    days = SupportRules.model_validate(stage.settings).days
    if days is None:
        return []
    rows = entered(Matter.objects.filter(stage=stage)).filter(entered_at__lt=at - timedelta(days=days))
    late = list(rows.order_by("pk").values_list("pk", flat=True))
    enough = set(reached(stage, at)) if late else set()
    return [key for key in late if key not in enough]


def reached(stage: Stage, at: datetime) -> list[int]:
    """The matters that have the supports needed on the day: by a merger, or since the threshold was lowered."""
    needed = threshold_on(stage, day_of(at))
    counts = supports_by_matter(stage) if needed is not None else {}
    return sorted(key for key, count in counts.items() if needed is not None and count >= needed)


def support_to_settle(at: datetime) -> list[Stage]:
    """The open support stages in which something has its support by now, or missed it in time."""
    rows = Stage.objects.filter(kind="support", opened_at__isnull=False, closed_at__isnull=True)
    stages = list(rows.select_related("process__department").order_by("pk"))
    return [stage for stage in stages if overdue(stage, at) or (stage.settings.get("rolling") and reached(stage, at))]


def waiting_for_desk(by: Actor, at: datetime) -> QuerySet[Stage]:
    """The open support stages of the actor's departments in which the days of a matter are over.

    Each with `until`, the first moment at which they were over, and `last_day`, its day. Two queries before that of
    the stages themselves: the oldest matter of each is looked for once, not in every place that `until` stands in.
    """
    rows = Stage.objects.filter(kind="support", opened_at__isnull=False, closed_at__isnull=True)
    mine = rows.filter(_in_departments(by, "process__")).values_list("pk", "settings__days").order_by()
    days = {key: timedelta(days=given) for key, given in mine if given is not None}
    if not days:
        return Stage.objects.none()
    inside = entered(Matter.objects.filter(stage=OuterRef("pk"))).order_by("entered_at")
    stages = Stage.objects.filter(pk__in=list(days)).annotate(oldest=Subquery(inside.values("entered_at")[:1]))
    over = {key: oldest + days[key] for key, oldest in stages.values_list("pk", "oldest") if oldest is not None}
    late = {key: until for key, until in over.items() if until < at}
    if not late:
        return Stage.objects.none()
    until = Case(*(When(pk=key, then=Value(moment)) for key, moment in late.items()), output_field=DateTimeField())
    rows = Stage.objects.filter(pk__in=list(late)).annotate(until=until)
    return rows.annotate(last_day=TruncDate("until")).order_by("until", "pk")


def unfinished_forums(by: Actor, at: datetime) -> QuerySet[Forum]:
    """The forums of the actor's departments whose days are over and that have no result yet."""
    mine = _in_departments(by, "process__") | _in_departments(by)
    rows = Forum.objects.filter(mine, closed_at__isnull=True, closes_on__lt=day_of(at))
    return rows.order_by("closes_on", "pk")


def _in_departments(by: Actor, path: str = "") -> Q:
    held = [grant.organisation for grant in by.grants if grant.role in ("officer", "head", "system")]
    return Q() if None in held else Q(**{f"{path}department__code__in": held})


def comments(
    *, matter: Matter | None = None, forum: Forum | None = None, person_id: int | None = None
) -> QuerySet[Comment]:
    """The comments on a matter or in a forum with `like_count` and whether a person `liked` them, oldest first.

    Hidden ones are among them: pages show the reason in place of the text.
    """
    likes = CommentLike.objects.filter(comment=OuterRef("pk"))
    rows = Comment.objects.filter(matter=matter) if matter is not None else Comment.objects.filter(forum=forum)
    return (
        rows.select_related("person", "appeal", "parent__person")
        .annotate(like_count=counted(likes, "comment"), liked=Exists(likes.filter(person_id=person_id or 0)))
        .order_by("at", "pk")
    )


def forums() -> QuerySet[Forum]:
    """All forums with `comment_count`, open ones first, then the latest."""
    spoken = Comment.objects.filter(forum=OuterRef("pk"), hidden_at__isnull=True)
    rows = Forum.objects.select_related("process__programme", "department").annotate(
        comment_count=counted(spoken, "forum")
    )
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


def processes_for_forums(by: Actor) -> QuerySet[Process]:
    """The processes in which an official may open a forum: their own, and those that let every department ask."""
    asking = Stage.objects.filter(
        process=OuterRef("pk"),
        kind="discuss",
        settings__forums=True,
        opened_at__isnull=False,
        closed_at__isnull=True,
    )
    rows = Process.objects.filter(closed_at__isnull=True, draft=False).filter(_in_departments(by) | Exists(asking))
    return rows.select_related("department").defer("recipe", "facts").order_by("-year", "code")


def reported(by: Actor) -> QuerySet[Comment]:
    """The comments that wait for a moderator's decision, for one who may give it, the longest waiting first.

    With `report_count` and `reported_at`.
    """
    there = _in_departments(by, "matter__process__") | _in_departments(by, "forum__process__")
    waiting = Report.objects.filter(comment=OuterRef("pk"), decided_at=None)
    rows = Comment.objects.filter(Q() if by.holds("moderator") else there, Exists(waiting), hidden_at=None)
    first = Subquery(waiting.order_by("at").values("at")[:1])
    rows = rows.annotate(report_count=counted(waiting, "comment"), reported_at=first)
    return rows.select_related("matter", "forum", "person").order_by("reported_at", "pk")


def moderated() -> QuerySet[Comment]:
    """What moderators hid, the latest first, with what became of the objection; also what is shown again."""
    rows = Comment.objects.filter(Q(hidden_at__isnull=False) | Q(appeal__upheld=True))
    rows = rows.select_related("matter", "forum", "appeal").annotate(since=Coalesce("hidden_at", "appeal__at"))
    return rows.order_by("-since", "-pk")


def best(matter: Matter, each: int = 3) -> dict[str, list[Comment]]:
    """The comments on a matter that most people like, at most `each` for, against and neither. One query."""
    likes = CommentLike.objects.filter(comment=OuterRef("pk"))
    rows = Comment.objects.filter(matter=matter, hidden_at__isnull=True).select_related("person")
    rows = rows.annotate(like_count=counted(likes, "comment"))
    place = Window(RowNumber(), partition_by="stance", order_by=[F("like_count").desc(), F("at").desc()])
    found = list(rows.annotate(place=place).filter(place__lte=each).order_by("place"))
    return {stance: [row for row in found if row.stance == stance] for stance in Comment.Stance.values}
