"""What happens to a matter that was filed: changing, withdrawing, merging."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from madang.site.docket import conductor
from madang.site.docket.models import Follow, Link, Matter, Revision
from madang.site.intake import policy
from madang.site.intake.actions.keeping import attach, detach, keep_personal
from madang.site.intake.answers import check_answers
from madang.site.intake.files import Upload, check_files
from madang.site.intake.queries import fields_of, form_named
from madang.site.kit.actor import Actor
from madang.site.kit.stages import Outcome
from madang.site.kit.verdict import Refused, require
from madang.site.people import vault
from madang.site.programmes.models import Stage
from madang.site.record.journal import action, write


@action
def revise(
    *,
    by: Actor,
    at: datetime,
    matter: Matter,
    data: Mapping[str, Any],
    note: str = "",
    attachments: Sequence[Upload] = (),
    removed: Collection[int] = (),
) -> Revision:
    """Change what a matter says: a new version beside the old ones, its followers are told.

    `attachments` are added and those with the keys `removed` deleted. Raises Refused.
    """
    require(policy.may_revise(by, matter, at))
    call = matter.process.stages.filter(kind="call").order_by("order").first()
    latest = matter.revisions.latest("number")
    if call is None:
        raise Refused(_("Nothing can be changed here: this process has no call."))
    form, held = form_named(latest.form), list(matter.attachments.order_by("pk"))
    gone = [row for row in held if row.pk in removed]
    files = check_files(attachments, kept=len(held) - len(gone))
    # Personal answers that were left empty stay as they are.
    kept = {row.field: vault.unseal(bytes(row.sealed)) for row in matter.personal_answers.filter(expires_at__gt=at)}
    said = {**kept, **{code: value for code, value in data.items() if value not in ("", None)}}
    staying = len(held) - len(gone) + len(files)
    answers = check_answers(form=form, data=said, fields=fields_of(call), area=matter.area, files=staying)
    revision = Revision.objects.create(
        matter=matter,
        number=latest.number + 1,
        form=form.key,
        data=answers.public,
        by=by.pseudonym,
        at=at,
        note=note.strip()[:300],
    )
    matter.title = answers.title or matter.title
    matter.field = answers.field or matter.field
    matter.area = answers.area or matter.area
    matter.amount_won = matter.amount_won if answers.amount_won is None else answers.amount_won
    matter.save(update_fields=["title", "field", "area", "amount_won"])
    keep_personal(form, [(matter, answers, at)])
    detach(gone)
    attach(matter, files, at)
    _revised(matter, revision, by, at, added=[file.sha256 for file in files], removed=[row.sha256 for row in gone])
    return revision


def _revised(
    matter: Matter, revision: Revision, by: Actor, at: datetime, *, added: list[str], removed: list[str]
) -> None:
    write(
        book=matter.process.book,
        verb="matter.revised",
        subject=f"matter:{matter.pk}",
        by=by,
        at=at,
        number=revision.number,
        files_added=added,
        files_removed=removed,
    )
    people = matter.follows.exclude(person_id=by.person_id or 0).values_list("person_id", flat=True)
    conductor.tell(
        people=people,
        matter=matter,
        at=at,
        ko=f"내용이 바뀌었습니다: {matter.title}",
        en=f"Its text was changed: {matter.title}",
        url=f"/matters/{matter.number}/",
    )


@action
def withdraw(*, by: Actor, at: datetime, matter: Matter, reason: str = "") -> Matter:
    """Withdraw the own matter; what is known of it stays. Raises Refused."""
    require(policy.may_withdraw(by, matter, at))
    stage = matter.stage
    assert stage is not None  # the policy has checked it  # noqa: S101
    outcome = Outcome(matter.pk, "withdrawn", passes=False, reason=reason.strip())
    conductor.pass_on(stage=stage, outcomes=[outcome], by=by, at=at)
    matter.refresh_from_db(fields=["stage", "ended_at", "ending"])
    return matter


@action
def merge(*, by: Actor, at: datetime, stage: Stage, into: Matter, matters: Sequence[Matter], reason: str) -> list[Link]:
    """Merge matters of a stage into another of the same process (`WORKFLOWS.md` 1-3 step 5).

    Their journeys end as "merged", linked to where they went; their followers follow that one, and its
    supports count theirs too, since supports are counted over the links. Raises Refused.
    """
    require(policy.may_merge(by, stage, at))
    _require_mergeable(stage, into, matters, reason)
    keys = [matter.pk for matter in matters]
    outcomes = [Outcome(key, "merged", passes=False, reason=f"{into.number}: {reason.strip()}") for key in keys]
    conductor.pass_on(stage=stage, outcomes=outcomes, by=by, at=at)
    # What was merged into one of them earlier is linked too, so that one step along the links finds everything.
    earlier = Link.objects.filter(target__in=keys, kind=Link.Kind.MERGED_INTO).values_list("source_id", flat=True)
    links = [
        Link(source_id=key, target=into, kind=Link.Kind.MERGED_INTO, at=at)
        for key in dict.fromkeys([*keys, *earlier])
        if key != into.pk
    ]
    Link.objects.bulk_create(links, ignore_conflicts=True)
    followers = Follow.objects.filter(matter__in=keys).values_list("person_id", flat=True).distinct()
    Follow.objects.bulk_create(
        [Follow(person_id=person, matter=into, at=at) for person in followers], ignore_conflicts=True
    )
    numbers = sorted(matter.number for matter in matters)
    write(book=stage.process.book, verb="matter.merged", subject=f"matter:{into.pk}", by=by, at=at, merged=numbers)
    return links


def _require_mergeable(stage: Stage, into: Matter, matters: Sequence[Matter], reason: str) -> None:
    if not matters:
        raise Refused(_("Please choose what is to be merged."))
    if not reason.strip():
        raise Refused(_("Please say why these are merged; the authors will read it."))
    if any(matter.pk == into.pk for matter in matters):
        raise Refused(_("A matter cannot be merged into itself."))
    if into.process_id != stage.process_id or into.stage_id is None:
        raise Refused(_("%(number)s is not under way in this process.") % {"number": into.number})
