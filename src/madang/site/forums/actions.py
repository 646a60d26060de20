"""Supporting, speaking, liking; forums of the whole city; hiding with a reason and the objection to it."""

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from madang.site.docket import conductor
from madang.site.docket.models import Matter, Passage
from madang.site.forums import policy, queries
from madang.site.forums.models import Appeal, Comment, CommentLike, Forum, Support
from madang.site.forums.moderation import answer_reports
from madang.site.forums.rules import OTHER, RULES
from madang.site.forums.settings import Discuss
from madang.site.forums.settings import Support as SupportRules
from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.kit.stages import Outcome
from madang.site.kit.verdict import Refused, require
from madang.site.people.actors import citizen
from madang.site.people.models import Organisation, Person
from madang.site.people.policy import may_act_for
from madang.site.programmes.models import Process, Stage
from madang.site.record.journal import action, write

LONGEST = 2000


@action
def support(*, by: Actor, at: datetime, matter: Matter) -> Support:
    """Stand behind a matter, once (`WORKFLOWS.md` 1-2 step 3).

    In a rolling stage the matter passes at once when it reaches the threshold of the day. Raises Refused.
    """
    row = _supported(matter, who=by, at=at)
    write(book=matter.process.book, verb="matter.supported", subject=f"matter:{matter.pk}", by=by, at=at)
    _let_pass_if_reached(matter, by, at)
    return row


@action
def support_for(*, by: Actor, at: datetime, matter: Matter, person: Person, consent: str) -> Support:
    """Note at the counter that a citizen supports a matter, who agreed in writing ("signed") or in words ("spoken").

    The citizen's own conditions hold. The support says who entered it, the record how the citizen agreed, and the
    citizen is told. Raises Refused as `support` does, and without consent.
    """
    if matter.stage is None:
        raise Refused(_("%(number)s cannot be supported now.") % {"number": matter.number})
    require(policy.may_help(by, matter.stage, at))
    require(may_act_for(by, person, consent, at))
    row = _supported(matter, who=citizen(person), at=at, entered_by=by.pseudonym)
    subject = f"matter:{matter.pk}"
    write(book=matter.process.book, verb="matter.supported_for", subject=subject, by=by, at=at, consent=consent)
    conductor.tell(
        people=[person.pk],
        matter=matter,
        at=at,
        ko=f"창구에서 담당자가 대신 공감을 표시했습니다: {matter.title}",
        en=f"An official noted your support at the counter: {matter.title}",
        url=f"/matters/{matter.number}/",
    )
    _let_pass_if_reached(matter, by, at)
    return row


def _supported(matter: Matter, *, who: Actor, at: datetime, entered_by: str = "") -> Support:
    require(policy.may_support_in_time(who, matter, at))
    if Support.objects.filter(matter=matter, person_id=who.person_id or 0, withdrawn_at__isnull=True).exists():
        raise Refused(_("You support this already.") if not entered_by else _("This person supports it already."))
    return Support.objects.create(matter=matter, person_id=who.person_id or 0, at=at, entered_by=entered_by)


def _let_pass_if_reached(matter: Matter, by: Actor, at: datetime) -> None:
    stage = matter.stage
    assert stage is not None  # the policy has checked it  # noqa: S101
    if SupportRules.model_validate(stage.settings).rolling:
        needed = queries.threshold_on(stage, day_of(at))
        if needed is not None and queries.supports_of(matter.pk) >= needed:
            let_pass(stage, matter, needed, by, at)


def let_pass(stage: Stage, matter: Matter, needed: int, by: Actor, at: datetime) -> None:
    """Pass a matter on that has reached its threshold."""
    conductor.pass_on(stage=stage, outcomes=[_reached(matter.pk, needed)], by=by, at=at)
    matter.refresh_from_db(fields=["stage", "ended_at", "ending"])


def _reached(matter_id: int, needed: int) -> Outcome:
    # In the city's language, whoever happened to give the last support.
    with override(settings.LANGUAGE_CODE):
        reason = _("The %(needed)d supports needed were reached.") % {"needed": needed}
    return Outcome(matter_id, "supported", passes=True, reason=reason)


@action
def unsupport(*, by: Actor, at: datetime, matter: Matter) -> None:
    """Take the own support back while the stage is open. Raises Refused."""
    require(policy.may_support(by, matter, at))
    assert by.person_id is not None  # the policy has checked it  # noqa: S101
    standing = Support.objects.filter(matter=matter, person_id=by.person_id, withdrawn_at__isnull=True)
    if not standing.update(withdrawn_at=at):
        raise Refused(_("You do not support this."))
    write(book=matter.process.book, verb="support.withdrawn", subject=f"matter:{matter.pk}", by=by, at=at)


@action
def settle_support(*, by: Actor, at: datetime, stage: Stage) -> list[Passage]:
    """Pass on what has its support by now and end what missed it in time; gives their passages.

    A matter may have it without a new support: by a merger, or since the threshold was lowered. Only a
    rolling stage passes matters on before it closes. Raises Refused if there is nothing to do.
    """
    require(policy.may_settle_support(by, stage, at))
    outcomes = to_settle(stage, at)
    if not outcomes:
        raise Refused(_("No matter is overdue here."))
    return conductor.pass_on(stage=stage, outcomes=outcomes, by=by, at=at)


def to_settle(stage: Stage, at: datetime) -> list[Outcome]:
    """What settling would decide: what has its support by now, and what missed it in time."""
    needed = queries.threshold_on(stage, day_of(at))
    rolling = SupportRules.model_validate(stage.settings).rolling
    enough = [_reached(key, needed) for key in queries.reached(stage, at) if rolling and needed is not None]
    with override(settings.LANGUAGE_CODE):
        reason = _("The supports needed were not reached in time.")
    late = [Outcome(key, "not_supported", passes=False, reason=reason) for key in queries.overdue(stage, at)]
    return [*enough, *late]


@action
def conclude(*, by: Actor, at: datetime, stage: Stage, matters: Sequence[Matter], note: str) -> list[Passage]:
    """Pass matters on whose debate is over; the note is the reason told to everybody. Raises Refused."""
    require(policy.may_conclude(by, stage, at))
    if not matters:
        raise Refused(_("Please choose matters first."))
    if not note.strip():
        raise Refused(_("Please say what came of the debate."))
    outcomes = [Outcome(matter.pk, "discussed", passes=True, reason=note.strip()) for matter in matters]
    return conductor.pass_on(stage=stage, outcomes=outcomes, by=by, at=at)


@action
def comment(
    *,
    by: Actor,
    at: datetime,
    matter: Matter | None = None,
    forum: Forum | None = None,
    text: str,
    stance: str = "neutral",
    parent: Comment | None = None,
    synthetic: bool = False,
) -> Comment:
    """Say something on a matter or in a forum, or in reply to a comment there. Raises Refused."""
    require(policy.may_comment(by, matter, forum, at))
    text = text.replace("\x00", "").strip()
    require_sayable(text, stance, matter, forum, parent)
    row = Comment.objects.create(
        matter=matter,
        forum=forum,
        parent=parent,
        person_id=by.person_id,
        text=text,
        stance=stance,
        at=at,
        synthetic=synthetic,
    )
    on = f"matter:{matter.pk}" if matter is not None else f"forum:{forum.pk}"  # type: ignore[union-attr]
    process = (matter or forum).process  # type: ignore[union-attr]
    if parent is not None and parent.person_id not in (None, by.person_id):
        _tell_author(parent, at, "댓글에 답글이 달렸습니다.", "Somebody replied to your comment.")
    # The text stays out of the chain, which cannot forget.
    write(book=process.book, verb="comment.made", subject=on, by=by, at=at, comment=row.pk, stance=stance)
    return row


def require_sayable(text: str, stance: str, matter: Matter | None, forum: Forum | None, parent: Comment | None) -> None:
    """Check a comment before it is kept. Raises Refused with what is wrong."""
    if not text:
        raise Refused(_("Please write something."))
    if len(text) > LONGEST:
        raise Refused(_("At most %(most)d characters, these are %(count)d.") % {"most": LONGEST, "count": len(text)})
    if stance not in Comment.Stance.values:
        raise Refused(_("Please choose for, against or neither."))
    stage = matter.stage if matter is not None else None
    takes_sides = stage is None or stage.kind != "discuss" or Discuss.model_validate(stage.settings).stances
    if stance != Comment.Stance.NEUTRAL and not takes_sides:
        raise Refused(_("This debate is not for or against; please write your comment without taking a side."))
    if parent is not None and parent.hidden_at is not None:
        raise Refused(_("This comment is hidden."))
    if parent is not None and (parent.matter_id, parent.forum_id) != (matter and matter.pk, forum and forum.pk):
        raise Refused(_("The comment you answer is somewhere else."))


@action
def like(*, by: Actor, at: datetime, comment: Comment) -> CommentLike:
    """Like a comment of somebody else, once. Raises Refused."""
    require(policy.may_like(by, comment, at))
    assert by.person_id is not None  # the policy has checked it  # noqa: S101
    if CommentLike.objects.filter(comment=comment, person_id=by.person_id).exists():
        raise Refused(_("You like this already."))
    row = CommentLike.objects.create(comment=comment, person_id=by.person_id, at=at)
    process = policy.process_of(comment)
    write(book=process.book, verb="comment.liked", subject=f"comment:{comment.pk}", by=by, at=at)
    return row


@action
def unlike(*, by: Actor, at: datetime, comment: Comment) -> None:
    """Take the own like back. Raises Refused."""
    require(policy.may_like(by, comment, at))
    deleted, _rows = CommentLike.objects.filter(comment=comment, person_id=by.person_id or 0).delete()
    if not deleted:
        raise Refused(_("You do not like this."))
    _note(comment, "like.withdrawn", by, at)


@action
def open_forum(
    *,
    by: Actor,
    at: datetime,
    process: Process,
    kind: str,
    title_ko: str,
    question_ko: str,
    opens_on: date,
    closes_on: date,
    title_en: str = "",
    question_en: str = "",
    matters: Sequence[Matter] = (),
) -> Forum:
    """Open a forum of the whole city (`WORKFLOWS.md` 1-2 step 6); `matters` are what it grew from.

    It is opened for the department in charge, or for the one that asks in a process of another. Raises Refused.
    """
    require(policy.may_open_forum(by, process, kind, at))
    _require_openable(kind, title_ko, question_ko, opens_on, closes_on)
    asking = None if policy.runs(by, process) else policy.office_of(by)
    forum = Forum.objects.create(
        process=process,
        department=process.department if asking is None else Organisation.objects.get(code=asking),
        kind=kind,
        title_ko=title_ko.strip(),
        title_en=title_en.strip(),
        question_ko=question_ko.strip(),
        question_en=question_en.strip(),
        opens_on=opens_on,
        closes_on=closes_on,
        opened_at=at,
    )
    forum.matters.set(matters)
    write(
        book=process.book,
        verb="forum.opened",
        subject=f"forum:{forum.pk}",
        by=by,
        at=at,
        kind=kind,
        opens_on=opens_on.isoformat(),
        closes_on=closes_on.isoformat(),
        matters=sorted(matter.number for matter in matters),
    )
    for matter in matters:
        _tell_followers(matter, forum, at, "공론장이 열렸습니다", "A forum has opened")
    return forum


def _require_openable(kind: str, title_ko: str, question_ko: str, opens_on: date, closes_on: date) -> None:
    if kind not in Forum.Kind.values:
        raise Refused(_("There is no such kind of forum: %(kind)s.") % {"kind": kind})
    if closes_on < opens_on:
        raise Refused(_("A forum cannot close before it opens."))
    if not title_ko.strip() or not question_ko.strip():
        raise Refused(_("A forum needs a title and a question in Korean."))


def _tell_followers(matter: Matter, forum: Forum, at: datetime, ko: str, en: str) -> None:
    conductor.tell(
        people=matter.follows.values_list("person_id", flat=True),
        matter=matter,
        at=at,
        ko=f"{ko}: {forum.title_ko}",
        en=f"{en}: {forum.title_en or forum.title_ko}",
        url=f"/forums/{forum.pk}/",
    )


@action
def close_forum(*, by: Actor, at: datetime, forum: Forum, result_ko: str, result_en: str = "") -> Forum:
    """Close a forum with its result. Raises Refused."""
    require(policy.may_close_forum(by, forum, at))
    if not result_ko.strip():
        raise Refused(_("Please write the result of the forum in Korean."))
    forum.closed_at, forum.result_ko, forum.result_en = at, result_ko.strip(), result_en.strip()
    forum.save(update_fields=["closed_at", "result_ko", "result_en"])
    write(book=forum.process.book, verb="forum.closed", subject=f"forum:{forum.pk}", by=by, at=at)
    for matter in forum.matters.all():
        _tell_followers(matter, forum, at, "공론장 결과가 나왔습니다", "A forum has its result")
    return forum


@action
def hide_comment(*, by: Actor, at: datetime, comment: Comment, reason: str = "", rule: str = OTHER) -> Comment:
    """Hide a comment that breaks a rule; its author is told why and may object once. Raises Refused.

    A rule of the list says enough; for any other there must be a reason. Who had reported it is told.
    """
    require(policy.may_moderate(by, comment, at))
    if comment.hidden_at is not None:
        raise Refused(_("This comment is hidden already."))
    if not reason.strip() and rule not in RULES:
        raise Refused(_("Please say why; the author will read it."))
    with override(settings.LANGUAGE_CODE):
        why = reason.strip()[:300] or str(RULES[rule])
    comment.hidden_at, comment.hidden_by, comment.hidden_reason, comment.broken_rule = at, by.pseudonym, why, rule
    comment.save(update_fields=["hidden_at", "hidden_by", "hidden_reason", "broken_rule"])
    _note(comment, "comment.hidden", by, at, rule=rule)
    _tell_author(comment, at, f"댓글을 가렸습니다: {why}", f"Your comment was hidden: {why}")
    answer_reports(comment, at, "신고하신 댓글을 가렸습니다.", "The comment you reported was hidden.")
    return comment


@action
def appeal(*, by: Actor, at: datetime, comment: Comment, text: str) -> Appeal:
    """Object to the hiding of the own comment, once. Raises Refused."""
    require(policy.may_appeal(by, comment, at))
    if not text.strip():
        raise Refused(_("Please say why it should be shown again."))
    row = Appeal.objects.create(comment=comment, text=text.strip()[:1000], at=at)
    _note(comment, "appeal.made", by, at)
    return row


@action
def decide_appeal(*, by: Actor, at: datetime, appeal: Appeal, upheld: bool, reason: str) -> Appeal:
    """Decide on an objection; an upheld one shows the comment again. Raises Refused."""
    require(policy.may_decide_appeal(by, appeal, at))
    if not reason.strip():
        raise Refused(_("Please say why; the author will read it."))
    appeal.decided_at, appeal.decided_by, appeal.upheld, appeal.reason = at, by.pseudonym, upheld, reason.strip()[:300]
    appeal.save(update_fields=["decided_at", "decided_by", "upheld", "reason"])
    comment = appeal.comment
    if upheld:
        comment.hidden_at, comment.hidden_by, comment.hidden_reason = None, "", ""
        comment.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    _note(comment, "appeal.upheld" if upheld else "appeal.rejected", by, at)
    ko, en = ("인용", "upheld") if upheld else ("기각", "rejected")
    _tell_author(comment, at, f"댓글 이의신청 {ko}: {appeal.reason}", f"Your objection was {en}: {appeal.reason}")
    return appeal


def _note(comment: Comment, verb: str, by: Actor, at: datetime, **data: str) -> None:
    write(book=policy.process_of(comment).book, verb=verb, subject=f"comment:{comment.pk}", by=by, at=at, **data)


def _tell_author(comment: Comment, at: datetime, ko: str, en: str) -> None:
    if comment.person_id is not None:
        url = f"/forums/comments/{comment.pk}/"
        conductor.tell(people=[comment.person_id], matter=comment.matter, at=at, ko=ko, en=en, url=url)
