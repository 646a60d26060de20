"""Reporting comments, and what moderators decide on reports."""

from datetime import datetime

from django.utils.translation import gettext as _

from madang.site.docket import conductor
from madang.site.forums import policy
from madang.site.forums.models import Comment, Report
from madang.site.forums.rules import RULES
from madang.site.kit.actor import Actor
from madang.site.kit.verdict import Refused, require
from madang.site.record.journal import action, write


@action
def report_comment(*, by: Actor, at: datetime, comment: Comment, rule: str) -> Report:
    """Say that a comment breaks a rule; once for each person. A moderator looks at it. Raises Refused."""
    require(policy.may_report(by, comment, at))
    if rule not in RULES:
        raise Refused(_("Please choose the rule that it breaks."))
    if Report.objects.filter(comment=comment, person_id=by.person_id).exists():
        raise Refused(_("You have reported this already."))
    row = Report.objects.create(comment=comment, person_id=by.person_id, rule=rule, at=at)
    write(book=policy.process_of(comment).book, verb="comment.reported", subject=f"comment:{comment.pk}", by=by, at=at)
    return row


@action
def keep_comment(*, by: Actor, at: datetime, comment: Comment) -> None:
    """Leave a reported comment as it is; who reported it is told. Raises Refused."""
    require(policy.may_moderate(by, comment, at))
    if not answer_reports(
        comment, at, "신고하신 댓글을 살펴보고 그대로 두었습니다.", "The comment you reported stays."
    ):
        raise Refused(_("Nobody waits for a decision on this comment."))
    write(book=policy.process_of(comment).book, verb="comment.kept", subject=f"comment:{comment.pk}", by=by, at=at)


def answer_reports(comment: Comment, at: datetime, ko: str, en: str) -> int:
    """Close the open reports of a comment and tell who made them; gives how many there were."""
    rows = Report.objects.filter(comment=comment, decided_at=None)
    people = list(rows.values_list("person_id", flat=True))
    if people:
        rows.update(decided_at=at)
        url = f"/forums/comments/{comment.pk}/"
        conductor.tell(people=people, matter=comment.matter, at=at, ko=ko, en=en, url=url)
    return len(people)
