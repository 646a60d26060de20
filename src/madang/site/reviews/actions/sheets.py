"""Scoring by the members of bodies: who scores what, stepping back, and the sheets themselves."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from madang.site.docket import conductor
from madang.site.docket.models import Matter
from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of, start_of
from madang.site.kit.templatetags.madang import day as words_of
from madang.site.kit.verdict import Refused, require
from madang.site.people.models import Person
from madang.site.programmes.models import Stage
from madang.site.record.journal import action, write
from madang.site.record.models import Event
from madang.site.reviews import bodies, policy
from madang.site.reviews.models import Assignment, Sheet
from madang.site.reviews.settings import Review, rules_of

Points = Mapping[str, int]


@action
def assign(*, by: Actor, at: datetime, stage: Stage, assignments: Sequence[tuple[int, int]]) -> list[Assignment]:
    """Assign reviewers to matters, as (key of the matter, key of the person); known pairs are left alone.

    Raises Refused if a matter is not in the stage, or a person does not sit in its body, wrote it,
    belongs to the organisation behind it, or stepped back from it (WORKFLOWS 1-3 step 6).
    """
    require(policy.may_assign(by, stage, at))
    matters = _in_stage(stage, [matter for matter, _person in assignments])
    known = set(Assignment.objects.filter(stage=stage).values_list("matter_id", "person_id"))
    wanted = [pair for pair in dict.fromkeys(assignments) if pair not in known]
    for (matter_id, _person), reason in bodies.assignment_hindrances(stage, matters, wanted, at).items():
        raise Refused(f"{matters[matter_id].number}: {reason}")
    return _assigned(by=by, at=at, stage=stage, pairs=wanted)


@action
def assign_all(*, by: Actor, at: datetime, stage: Stage) -> list[Assignment]:
    """Assign every matter to all members of its body who have no conflict of interest.

    Raises Refused if a body has no members, naming it.
    """
    require(policy.may_assign(by, stage, at))
    matters = list(Matter.objects.filter(stage=stage).select_related("organisation"))
    return _assigned(by=by, at=at, stage=stage, pairs=bodies.missing_pairs(stage, matters, at))


@action
def remind(*, by: Actor, at: datetime, stage: Stage) -> int:
    """Remind the reviewers whose sheets are missing, once a day; gives how many. Raises Refused if there are none."""
    require(policy.may_assign(by, stage, at))
    missing = Assignment.objects.filter(stage=stage, recused=False, sheet=None, matter__stage=stage)
    people = set(missing.values_list("person_id", flat=True))
    if not people:
        raise Refused(_("No score sheet is missing."))
    today = Event.objects.filter(verb="review.reminded", subject=f"stage:{stage.pk}", at__gte=start_of(day_of(at)))
    if today.exists():
        raise Refused(_("They have been reminded today already."))
    _tell(stage, people, at, "아직 제출하지 않은 채점표가 있습니다", "Some of your score sheets are still missing")
    write(
        book=stage.process.book, verb="review.reminded", subject=f"stage:{stage.pk}", by=by, at=at, people=len(people)
    )
    return len(people)


@action
def recuse(*, by: Actor, at: datetime, stage: Stage, matter: Matter, reason: str) -> Assignment:
    """Step back from a matter; a sheet handed in before no longer counts. Raises Refused.

    Raises Refused if the reviewer is not assigned to the matter, stepped back before, or gives no reason.
    """
    require(policy.may_recuse(by, stage, at))
    assignment = Assignment.objects.filter(stage=stage, matter=matter, person_id=by.person_id or 0).first()
    if assignment is None:
        raise Refused(_("You are not a reviewer of %(number)s.") % {"number": matter.number})
    if assignment.recused:
        raise Refused(_("You stepped back from %(number)s.") % {"number": matter.number})
    if not reason.strip():
        raise Refused(_("Say in a few words why you step back."))
    assignment.recused, assignment.recused_at, assignment.recusal_reason = True, at, reason.strip()[:300]
    assignment.save(update_fields=["recused", "recused_at", "recusal_reason"])
    write(
        book=stage.process.book, verb="review.recused", subject=f"matter:{matter.pk}", by=by, at=at, stage=stage.order
    )
    return assignment


@action
def submit_scores(
    *,
    by: Actor,
    at: datetime,
    stage: Stage,
    sheets: Mapping[int, Points],
    person_id: int | None = None,
) -> list[Sheet]:
    """Hand in score sheets: {key of the matter: {code of the criterion: points}}; may be repeated until the end.

    Afterwards only those that were sent back come in again.
    The record says that a sheet came, never its points. Raises Refused if a matter is not the
    reviewer's to score, or a sheet is not exactly one whole number within the range for each criterion.
    """
    person = by.person_id if person_id is None else person_id
    require(policy.may_submit_scores(by, stage, person, at))
    found = Assignment.objects.filter(stage=stage, person_id=person or 0, matter_id__in=list(sheets))
    mine = {row.matter_id: row for row in found.select_related("matter", "sheet")}
    if len(mine) < len(sheets) or not sheets:
        raise Refused(_("You can only score the matters that were assigned to you."))
    require(policy.may_hand_in(stage, list(mine.values())))
    rows = [_sheet(by=by, at=at, stage=stage, assignment=mine[key], points=points) for key, points in sheets.items()]
    fresh, held = [row for row in rows if row.pk is None], [row for row in rows if row.pk is not None]
    Sheet.objects.bulk_create(fresh, batch_size=500)
    Sheet.objects.bulk_update(held, ["points", "total", "submitted_at"], batch_size=300)
    Assignment.objects.filter(pk__in=[row.pk for row in mine.values() if row.sent_back_at]).update(sent_back_at=None)
    for row in rows:
        write(
            book=stage.process.book,
            verb="sheet.submitted",
            subject=f"matter:{row.assignment.matter_id}",
            by=by,
            at=at,
            stage=stage.order,
        )
    return rows


def _sheet(*, by: Actor, at: datetime, stage: Stage, assignment: Assignment, points: Points) -> Sheet:
    assignment.stage = stage
    require(policy.may_score(by, assignment, at))
    if assignment.matter.stage_id != stage.pk:
        raise Refused(_("%(number)s is not in this stage.") % {"number": assignment.matter.number})
    _require_readable(stage, assignment.matter, points)
    row = getattr(assignment, "sheet", None) or Sheet(assignment=assignment)
    row.points, row.total, row.submitted_at = dict(points), sum(points.values()), at
    return row


def _require_readable(stage: Stage, matter: Matter, points: Points) -> None:
    criteria = {criterion.code: criterion for criterion in rules_of(stage, Review).criteria}
    if set(points) != set(criteria):
        words = {"number": matter.number, "codes": ", ".join(criteria)}
        raise Refused(_("%(number)s: give points for each of these and nothing else: %(codes)s.") % words)
    for code, given in points.items():
        top = criteria[code].points
        if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= top:
            words = {"number": matter.number, "code": code, "top": str(top), "given": str(given)}
            raise Refused(
                _("%(number)s: %(code)s takes whole points from 0 to %(top)s, and %(given)s is not one of them.")
                % words
            )


def _in_stage(stage: Stage, matter_ids: Sequence[int]) -> dict[int, Matter]:
    matters = Matter.objects.filter(stage=stage).select_related("organisation").in_bulk(set(matter_ids))
    strangers = [key for key in matter_ids if key not in matters]
    if strangers:
        raise Refused(_("Matter %(id)s is not in this stage.") % {"id": strangers[0]})
    return matters


def _assigned(*, by: Actor, at: datetime, stage: Stage, pairs: Sequence[tuple[int, int]]) -> list[Assignment]:
    unknown = {person for _matter, person in pairs} - set(
        Person.objects.filter(pk__in={person for _matter, person in pairs}).values_list("pk", flat=True)
    )
    if unknown:
        raise Refused(_("Person %(id)s is not known.") % {"id": min(unknown)})
    rows = Assignment.objects.bulk_create(
        [Assignment(stage=stage, matter_id=matter, person_id=person) for matter, person in pairs], batch_size=500
    )
    write(book=stage.process.book, verb="review.assigned", subject=f"stage:{stage.pk}", by=by, at=at, count=len(rows))
    _tell(stage, {person for _matter, person in pairs}, at, "채점할 안건이 배정되었습니다", "You have matters to score")
    return rows


def _tell(stage: Stage, people: set[int], at: datetime, ko: str, en: str) -> None:
    until_ko = f" ({words_of(stage.closes_on, 'ko')}까지)" if stage.closes_on else ""
    until_en = f" (until {words_of(stage.closes_on, 'en')})" if stage.closes_on else ""
    conductor.tell(
        people=sorted(people),
        matter=None,
        at=at,
        ko=f"{ko}: {stage.title_ko}{until_ko}",
        en=f"{en}: {stage.title_en or stage.title_ko}{until_en}",
        url=f"/reviews/reviews/{stage.pk}/mine/",
    )
