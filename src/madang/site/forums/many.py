"""Many supports, comments and likes at once, by the rules of the single ones: all are taken, or none.

For what was gathered on paper, at an event or in another system.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from madang.site.docket.models import Matter
from madang.site.forums import policy, queries
from madang.site.forums.actions import let_pass, require_sayable
from madang.site.forums.models import Comment, CommentLike, Forum, Support
from madang.site.forums.settings import Support as SupportRules
from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.kit.verdict import Refused, require
from madang.site.record.journal import action, write


@dataclass(frozen=True)
class Remark:
    """A comment to take in: who said it, when, and what."""

    by: Actor
    at: datetime
    text: str
    stance: str = "neutral"
    synthetic: bool = False


@action
def support_all(*, matter: Matter, supporters: Sequence[Actor], at: datetime) -> list[Support]:
    """Take many supports of one matter; in a rolling stage it passes when they reach the threshold. Raises Refused."""
    for by in supporters:
        require(policy.may_support(by, matter, at))
    stage = matter.stage
    if stage is None or not supporters:
        raise Refused(_("Nobody supports this yet."))
    people = [by.person_id for by in supporters]
    standing = Support.objects.filter(matter=matter, person_id__in=people, withdrawn_at__isnull=True)
    if len(set(people)) < len(people) or standing.exists():
        raise Refused(_("Somebody on the list supports this already."))
    rows = Support.objects.bulk_create([Support(matter=matter, person_id=person, at=at) for person in people])  # type: ignore[misc]
    for by in supporters:
        write(book=stage.process.book, verb="matter.supported", subject=f"matter:{matter.pk}", by=by, at=at)
    if SupportRules.model_validate(stage.settings).rolling:
        needed = queries.threshold_on(stage, day_of(at))
        if needed is not None and queries.supports_of(matter.pk) >= needed:
            let_pass(stage, matter, needed, supporters[-1], at)
    return rows


@action
def comment_all(
    *, remarks: Sequence[Remark], matter: Matter | None = None, forum: Forum | None = None
) -> list[Comment]:
    """Take many comments on one matter or in one forum. Raises Refused for the first that is wrong."""
    for remark in remarks:
        require(policy.may_comment(remark.by, matter, forum, remark.at))
        require_sayable(remark.text.strip(), remark.stance, matter, forum, None)
    rows = Comment.objects.bulk_create(
        [
            Comment(
                matter=matter,
                forum=forum,
                person_id=remark.by.person_id,
                text=remark.text.strip(),
                stance=remark.stance,
                at=remark.at,
                synthetic=remark.synthetic,
            )
            for remark in remarks
        ],
        batch_size=300,
    )
    target = matter or forum
    on = f"matter:{matter.pk}" if matter is not None else f"forum:{forum.pk}"  # type: ignore[union-attr]
    for row, remark in zip(rows, remarks, strict=True):
        write(
            book=target.process.book,  # type: ignore[union-attr]
            verb="comment.made",
            subject=on,
            by=remark.by,
            at=remark.at,
            comment=row.pk,
            stance=row.stance,
        )
    return rows


@action
def like_all(*, likes: Sequence[tuple[Actor, Comment]], at: datetime) -> list[CommentLike]:
    """Take many likes. Raises Refused if one is not allowed or was given before."""
    for by, comment in likes:
        require(policy.may_like(by, comment, at))
    try:
        with transaction.atomic():
            rows = CommentLike.objects.bulk_create(
                [CommentLike(comment=comment, person_id=by.person_id, at=at) for by, comment in likes],  # type: ignore[misc]
                batch_size=300,
            )
    except IntegrityError:
        raise Refused(_("Somebody on the list likes this already.")) from None
    for by, comment in likes:
        process = policy.process_of(comment)
        write(book=process.book, verb="comment.liked", subject=f"comment:{comment.pk}", by=by, at=at)
    return rows
