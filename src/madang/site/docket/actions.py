"""What people do with matters and stages as such; what stages do inside is their rooms' business."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from madang.site.docket import conductor, policy
from madang.site.docket.models import Follow, Link, Matter, Notice, Passage, Reader, Search
from madang.site.docket.telling import tell_of_days
from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.kit.stages import Outcome
from madang.site.kit.verdict import Refused, require
from madang.site.people.models import Person
from madang.site.programmes.actions import locked, refuse_faults, require_unchanged
from madang.site.programmes.checks import spans_of, wrong_change
from madang.site.programmes.models import DateChange, Process, Stage
from madang.site.programmes.planning import Span
from madang.site.programmes.stages import put_days
from madang.site.record.journal import action, write

BOOK = "docket"


@action
def start(*, by: Actor, at: datetime, stage: Stage) -> Stage:
    """Open a stage. Raises Refused, also as the kind's `opened` does."""
    require(policy.may_start(by, stage, at))
    return conductor.open_stage(stage=stage, by=by, at=at)


@action
def finish(*, by: Actor, at: datetime, stage: Stage) -> list[Passage]:
    """Close a stage: its kind decides on every matter in it. Raises Refused, also as the kind's `closed` does."""
    require(policy.may_finish(by, stage, at))
    return conductor.close_stage(stage=stage, by=by, at=at)


@action
def hand_over(*, by: Actor, at: datetime, matter: Matter, to_stage: Stage) -> Matter:
    """File a matter anew in the process of another recipe, linked to where it came from.

    Its journey here ends with the outcome "handed_over"; author, text and followers go along. Raises
    Refused unless both stages are open and the recipe names that process.
    """
    require(policy.may_hand_over(by, matter, to_stage, at))
    stage = matter.stage
    assert stage is not None  # the policy has checked it  # noqa: S101
    latest = matter.revisions.latest("number")
    heir = conductor.file_matter(
        stage=to_stage,
        kind=matter.kind,
        title=matter.title,
        form=latest.form,
        data=latest.data,
        by=by,
        at=at,
        author_id=matter.author_id,
        organisation_id=matter.organisation_id,
        area_id=matter.area_id,
        field=matter.field,
        amount_won=matter.amount_won,
        channel="hand_over",
        synthetic=matter.synthetic,
    )
    Link.objects.create(source=heir, target=matter, kind=Link.Kind.DERIVED_FROM, at=at)
    followers = matter.follows.exclude(person_id=matter.author_id or 0).values_list("person_id", flat=True)
    Follow.objects.bulk_create([Follow(person_id=person, matter=heir, at=at) for person in followers])
    outcome = Outcome(matter.pk, "handed_over", passes=False, reason=heir.number)
    conductor.pass_on(stage=stage, outcomes=[outcome], by=by, at=at)
    return heir


@action
def link(*, by: Actor, at: datetime, source: Matter, target: Matter, kind: str) -> Link:
    """Note how two matters belong together: source `kind` target, such as derived_from. Raises Refused."""
    require(policy.may_link(by, source, at))
    if source.pk == target.pk or kind not in Link.Kind.values:
        raise Refused(_("Choose another matter, and one of the known kinds of link."))
    row, _created = Link.objects.get_or_create(source=source, target=target, kind=kind, defaults={"at": at})
    write(
        book=source.process.book,
        verb="matter.linked",
        subject=f"matter:{source.pk}",
        by=by,
        at=at,
        kind=kind,
        target=target.number,
    )
    return row


@action
def follow(*, by: Actor, at: datetime, matter: Matter) -> Follow:
    """Hear from now on what becomes of a matter; following twice changes nothing. Raises Refused for visitors."""
    require(policy.may_follow(by, matter, at))
    row, created = Follow.objects.get_or_create(person_id=_own(by), matter=matter, defaults={"at": at})
    _note("matter.followed", matter, by, at, changed=created)
    return row


@action
def unfollow(*, by: Actor, at: datetime, matter: Matter) -> None:
    """Hear no more of a matter. Raises Refused for visitors."""
    require(policy.may_follow(by, matter, at))
    deleted, _rows = Follow.objects.filter(person_id=_own(by), matter=matter).delete()
    _note("matter.unfollowed", matter, by, at, changed=bool(deleted))


@action
def read_notices(*, by: Actor, at: datetime, person: Person) -> int:
    """Mark the own notices as read; gives how many were new. Raises Refused for somebody else's."""
    require(policy.may_read_notices(by, person, at))
    count = Notice.objects.filter(person=person, read_at__isnull=True).update(read_at=at)
    write(book=BOOK, verb="notices.read", subject=f"person:{person.pseudonym}", by=by, at=at, count=count)
    return count


@action
def forget_reader(*, by: Actor, at: datetime, person: Person) -> None:
    """Delete what one follows, which lists one saved and what one was told. Raises Refused for somebody else's."""
    require(policy.may_read_notices(by, person, at))
    follows, _rows = Follow.objects.filter(person=person).delete()
    notices, _rows = Notice.objects.filter(person=person).delete()
    Search.objects.filter(person=person).delete()
    Reader.objects.filter(person=person).delete()
    subject = f"person:{person.pseudonym}"
    write(book=BOOK, verb="reader.forgotten", subject=subject, by=by, at=at, follows=follows, notices=notices)


def _own(by: Actor) -> int:
    assert by.person_id is not None  # the policy has checked it  # noqa: S101
    return by.person_id


def _note(verb: str, matter: Matter, by: Actor, at: datetime, *, changed: bool) -> None:
    write(book=BOOK, verb=verb, subject=f"matter:{matter.pk}", by=by, at=at, changed=changed)


@action
def reschedule(
    *, by: Actor, at: datetime, process: Process, before: Sequence[Span], after: Sequence[Span], reason: str
) -> list[DateChange]:
    """Change days that are public, with a reason that everybody reads; those concerned are told.

    `before` are the days that the official saw. Raises Refused if they are others by now, if the new ones cannot be,
    or without a reason.
    """
    process = locked(process)
    require(policy.may_reschedule(by, process, at))
    stages, reason = list(process.stages.all()), reason.strip()
    require_unchanged(stages, before)
    if not reason:
        raise Refused(_("Give the reason; everybody reads it."))
    if list(after) == list(before):
        raise Refused(_("No day was changed."))
    refuse_faults(wrong_change(stages, after, process.year, day_of(at)))
    changes = DateChange.objects.bulk_create(list(_changes(stages, after, by, at, reason[:300])))
    put_days(stages, after)
    Process.objects.filter(pk=process.pk).update(planned_at_desk=True)
    told = tell_of_days(process=process, changes=changes, at=at)
    write(
        book=process.book,
        verb="process.rescheduled",
        subject=f"process:{process.pk}",
        by=by,
        at=at,
        days=[[change.stage.order, str(change.opens_on or ""), str(change.closes_on or "")] for change in changes],
        told=told,
    )
    return changes


def _changes(
    stages: Sequence[Stage], after: Sequence[Span], by: Actor, at: datetime, reason: str
) -> Iterator[DateChange]:
    for stage, old, new in zip(stages, spans_of(stages), after, strict=True):
        if new != old:
            yield DateChange(
                stage=stage,
                at=at,
                by=by.pseudonym,
                opens_before=old.opens,
                closes_before=old.closes,
                opens_on=new.opens,
                closes_on=new.closes,
                reason=reason,
            )
