"""Answering a matter in the city's name, and carrying out what was promised."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from madang.site.docket import conductor
from madang.site.docket.conductor import tell
from madang.site.docket.models import Attachment, Matter
from madang.site.docket.outcomes import OUTCOME_NAMES
from madang.site.followups import policy, queries
from madang.site.followups.models import Answer, Measure, Milestone, Referral, Visit
from madang.site.followups.photographs import Photograph, add_photographs
from madang.site.followups.settings import Answer as AnswerRules
from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.kit.deadlines import due_day
from madang.site.kit.language import pick
from madang.site.kit.stages import Outcome
from madang.site.kit.verdict import Refused, require
from madang.site.people.models import Organisation
from madang.site.programmes.models import Stage
from madang.site.record.journal import action, write

BOOK = "followups"
PASSES = {"accepted": True, "partly_accepted": True, "not_accepted": False}


@dataclass(frozen=True)
class NewMeasure:
    """Something an answer promises, with an indicator before and after where there is one."""

    title: str
    indicator: str = ""
    before: str = ""
    after: str = ""


@action
def refer(
    *,
    by: Actor,
    at: datetime,
    stage: Stage,
    matters: Sequence[Matter],
    department: Organisation,
    due_on: date | None = None,
) -> list[Referral]:
    """Ask a department for its answer (WORKFLOWS 1-1 step 8); a second referral replaces the first.

    `due_on` is the last day; without it, the stage's working days from today. Raises Refused if
    nothing is chosen, a matter is not in the stage, or the day has passed.
    """
    require(policy.may_refer(by, stage, at))
    if not matters:
        raise Refused(_("Choose at least one matter."))
    day = due_on or due_day(start=day_of(at), days=AnswerRules.model_validate(stage.settings).days)
    if day < day_of(at):
        raise Refused(_("The deadline %(day)s has already passed.") % {"day": day.isoformat()})
    for matter in matters:
        _require_here(stage, matter)
    rows = [Referral(matter=matter, stage=stage, department=department, due_on=day, at=at) for matter in matters]
    Referral.objects.bulk_create(
        rows,
        batch_size=200,
        update_conflicts=True,
        unique_fields=["stage", "matter"],
        update_fields=["department", "due_on", "at"],
    )
    for matter in matters:
        _note(
            stage,
            "answer.asked",
            matter,
            by,
            at,
            stage=stage.order,
            department=department.code,
            due_on=day.isoformat(),
        )
    return rows


@action
def answer(
    *,
    by: Actor,
    at: datetime,
    stage: Stage,
    matter: Matter,
    outcome: str,
    reply: str,
    measures: Sequence[NewMeasure] = (),
    seen: Sequence[datetime] | None = None,
) -> Answer:
    """Answer a matter (WORKFLOWS 1-2 steps 5 and 7).

    `outcome` is "accepted", "partly_accepted" or "not_accepted", which ends the matter's journey. In a
    rolling stage it takes effect at once, otherwise when the stage closes, and may be changed until
    then. `seen` is the moment of the answer that the official read, () if there was none; whoever was answered by
    a colleague since is not answered over it. Raises Refused without a reply, for another outcome, or if the
    matter is not in the stage.
    """
    # Locked, so that of two officials who answer at the same moment the second is told of the first.
    Matter.objects.select_for_update().get(pk=matter.pk)
    referral = Referral.objects.filter(stage=stage, matter=matter).select_related("department").first()
    require(policy.may_answer(by, stage, referral, at))
    _require_unanswered(stage, matter, seen)
    _require_here(stage, matter)
    if outcome not in PASSES:
        words = {"outcome": outcome, "known": ", ".join(PASSES)}
        raise Refused(_("%(outcome)s is not an answer; use one of: %(known)s.") % words)
    if not reply.strip():
        raise Refused(_("Write the reply: the author and everybody else reads it."))
    department = referral.department if referral else stage.process.department
    row, created = Answer.objects.update_or_create(
        stage=stage,
        matter=matter,
        defaults={
            "department": department,
            "outcome": outcome,
            "reply": reply.strip(),
            "by": by.pseudonym,
            "at": at,
        },
    )
    _set_measures(row, measures, fresh=created)
    _note(stage, "matter.answered", matter, by, at, stage=stage.order, outcome=outcome, department=department.code)
    if AnswerRules.model_validate(stage.settings).rolling:
        conductor.pass_on(stage=stage, outcomes=[outcome_of(row)], by=by, at=at)
    return row


@action
def remind(*, by: Actor, at: datetime) -> int:
    """Tell the officials of each department what is due soon or overdue, once a day; how many were told.

    Run by the night (HOUSE section 9). Raises Refused for others than the system, and if nobody is to be told.
    """
    require(policy.may_remind(by, at))
    told = 0
    for department, (answers, milestones) in sorted(queries.due_soon(at).items()):
        people = queries.officials_to_remind(department, at)
        told += len(people)
        tell(
            people=people,
            matter=None,
            at=at,
            ko=f"기한이 다가오거나 지난 일이 있습니다: 답변 {answers}건, 이행 단계 {milestones}건",
            en=f"Due soon or overdue: {answers} answers, {milestones} milestones",
            url=queries.REMINDER,
        )
    if not told:
        raise Refused(_("There is nobody to remind today."))
    write(book=BOOK, verb="officials.reminded", subject="officials", by=by, at=at, people=told)
    return told


def outcome_of(row: Answer) -> Outcome:
    """What an answer means for the matter's journey."""
    return Outcome(matter_id=row.matter_id, outcome=row.outcome, passes=PASSES[row.outcome], reason=row.reply)


@action
def add_milestone(*, by: Actor, at: datetime, matter: Matter, title: str, due_on: date) -> Milestone:
    """Promise a step in carrying a matter out by a day. Raises Refused without a title."""
    require(policy.may_deliver(by, matter, at))
    if not title.strip():
        raise Refused(_("Give the milestone a title."))
    row = Milestone.objects.create(matter=matter, title=title.strip()[:200], due_on=due_on, added_at=at)
    _note(_stage(matter), "milestone.added", matter, by, at, milestone=row.pk, due_on=due_on.isoformat())
    return row


@action
def reach_milestone(
    *,
    by: Actor,
    at: datetime,
    milestone: Milestone,
    note: str,
    attachments: Sequence[Attachment] = (),
    photographs: Sequence[Photograph] = (),
) -> Milestone:
    """Note that a milestone was reached, with what was done, files of the matter and new photographs.

    Raises Refused if it was reached before, a file belongs to another matter, or a photograph is none.
    """
    matter = milestone.matter
    require(policy.may_deliver(by, matter, at))
    if milestone.reached_at is not None:
        raise Refused(_("This milestone was reached already."))
    if any(file.matter_id != matter.pk for file in attachments):
        raise Refused(_("A file must belong to the matter of the milestone."))
    files = [*attachments, *add_photographs(matter=matter, photographs=photographs, at=at)]
    milestone.reached_at, milestone.note = at, note.strip()
    milestone.save(update_fields=["reached_at", "note"])
    if files:
        milestone.attachments.set(files)
    digests = [file.sha256 for file in files]
    _note(_stage(matter), "milestone.reached", matter, by, at, milestone=milestone.pk, files=digests)
    return milestone


@action
def report_visit(*, by: Actor, at: datetime, matter: Matter, text: str) -> Visit:
    """Report what a citizen monitor saw on the spot (WORKFLOWS 1-3 step 11). Raises Refused without a text."""
    require(policy.may_visit(by, matter, at))
    if not text.strip():
        raise Refused(_("Describe what you saw."))
    row = Visit.objects.create(matter=matter, person_id=by.person_id, text=text.strip(), by=by.pseudonym, at=at)
    _note(_stage(matter), "matter.visited", matter, by, at, visit=row.pk)
    return row


@action
def complete(*, by: Actor, at: datetime, matter: Matter, note: str) -> None:
    """Declare a matter carried out; it passes at once. Raises Refused while a milestone is not reached."""
    require(policy.may_deliver(by, matter, at))
    open_ones = list(
        Milestone.objects.filter(matter=matter, reached_at=None).order_by("due_on").values_list("title", flat=True)[:1]
    )
    if open_ones:
        raise Refused(_("The milestone “%(title)s” has not been reached yet.") % {"title": open_ones[0]})
    if not note.strip():
        raise Refused(_("Say in a few words what was done."))
    _finish(matter, Outcome(matter.pk, "delivered", passes=True, reason=note.strip()), by, at)


@action
def stop(*, by: Actor, at: datetime, matter: Matter, reason: str) -> None:
    """Stop carrying a matter out; its journey ends. Raises Refused without a reason."""
    require(policy.may_deliver(by, matter, at))
    if not reason.strip():
        raise Refused(_("Give the reason: the author and everybody else reads it."))
    _finish(matter, Outcome(matter.pk, "stopped", passes=False, reason=reason.strip()), by, at)


def _finish(matter: Matter, outcome: Outcome, by: Actor, at: datetime) -> None:
    conductor.pass_on(stage=_stage(matter), outcomes=[outcome], by=by, at=at)


def _set_measures(row: Answer, measures: Sequence[NewMeasure], *, fresh: bool) -> None:
    if not fresh:
        row.measures.all().delete()
    Measure.objects.bulk_create(
        Measure(answer=row, title=new.title, indicator=new.indicator, before=new.before, after=new.after)
        for new in measures
    )


def _stage(matter: Matter) -> Stage:
    if matter.stage is None:
        raise Refused(_("%(number)s is not being carried out at present.") % {"number": matter.number})
    return matter.stage


def _require_unanswered(stage: Stage, matter: Matter, seen: Sequence[datetime] | None) -> None:
    held = Answer.objects.filter(stage=stage, matter=matter).first()
    if seen is not None and held is not None and held.at not in seen:
        words = {"number": matter.number, "outcome": pick(*OUTCOME_NAMES[held.outcome])}
        raise Refused(_("A colleague answered %(number)s meanwhile: %(outcome)s. Your text is kept below.") % words)


def _require_here(stage: Stage, matter: Matter) -> None:
    if matter.stage_id != stage.pk:
        raise Refused(_("%(number)s is not in this stage.") % {"number": matter.number})


def _note(where: Stage, verb: str, matter: Matter, by: Actor, at: datetime, **data: object) -> None:
    write(book=where.process.book, verb=verb, subject=f"matter:{matter.pk}", by=by, at=at, **data)
