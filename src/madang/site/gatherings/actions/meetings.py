"""Writes on meetings: calling, changing, cancelling, contributions in writing, minutes."""

from datetime import datetime
from hashlib import sha256

from django.utils.translation import gettext as _

from madang.site.docket.conductor import tell
from madang.site.gatherings import policy
from madang.site.gatherings.models import Attendance, Contribution, Gathering
from madang.site.kit.actor import Actor
from madang.site.kit.verdict import Refused, require
from madang.site.people.claims import holders
from madang.site.people.models import Organisation
from madang.site.programmes.models import Process, Stage
from madang.site.record.journal import action, write


@action
def hold(
    *,
    by: Actor,
    at: datetime,
    process: Process,
    number: int,
    mode: str,
    title_ko: str,
    held_at: datetime,
    title_en: str = "",
    stage: Stage | None = None,
    body: Organisation | None = None,
    kind: str = "meeting",
    agenda: str = "",
) -> Gathering:
    """Call or note a meeting of a process; members of its body are told of one to come.

    Of a meeting in writing `held_at` is the moment until which members may write. Raises Refused for a mode that
    its stage does not have, and in a closed stage.
    """
    require(policy.may_run(by, process, at))
    _require_mode(mode, stage)
    if stage is not None and not stage.is_open:
        raise Refused(_("%(stage)s is not open, so no meeting belongs to it.") % {"stage": stage.title})
    gathering = Gathering.objects.create(
        process=process,
        stage=stage,
        body=body,
        kind=kind,
        number=number,
        mode=mode,
        title_ko=title_ko,
        title_en=title_en,
        agenda=agenda,
        held_at=held_at,
        changed_at=at,
    )
    note(gathering, "gathering.held", by, at, kind=kind, mode=mode, number=number)
    _tell_members(
        gathering,
        f"회의가 열립니다: {gathering.title_ko}",
        f"A meeting is called: {gathering.title_en or gathering.title_ko}",
        at=at,
    )
    return gathering


def _require_mode(mode: str, stage: Stage | None) -> None:
    if mode not in Gathering.Mode.values:
        raise Refused(_("A meeting is written, video, face_to_face or combined, not %(mode)s.") % {"mode": mode})
    if stage is not None and mode not in stage.rules.modes:  # type: ignore[attr-defined]
        modes = ", ".join(stage.rules.modes)  # type: ignore[attr-defined]
        raise Refused(_("Meetings of %(stage)s are held so: %(modes)s.") % {"stage": stage.title, "modes": modes})


def _tell_members(gathering: Gathering, ko: str, en: str, *, at: datetime) -> None:
    """Tell the members of the body about a meeting that is still to come."""
    if gathering.body is None or gathering.held_at <= at:
        return
    members = holders(f"member_of:{gathering.body.code}", at).values_list("pk", flat=True)
    url = f"/gatherings/{gathering.pk}/"
    tell(people=members, matter=None, at=at, ko=ko[:300], en=en[:300], url=url)


@action
def change(
    *,
    by: Actor,
    at: datetime,
    gathering: Gathering,
    title_ko: str,
    mode: str,
    held_at: datetime,
    title_en: str = "",
    agenda: str = "",
) -> Gathering:
    """Change a meeting that is still to come; the members of its body are told. Raises Refused afterwards."""
    require(policy.may_change(by, gathering, at))
    _require_mode(mode, gathering.stage)
    gathering.title_ko, gathering.title_en, gathering.mode = title_ko, title_en, mode
    gathering.held_at, gathering.agenda = held_at, agenda
    gathering.changes, gathering.changed_at = gathering.changes + 1, at
    gathering.save(update_fields=["title_ko", "title_en", "mode", "held_at", "agenda", "changes", "changed_at"])
    note(gathering, "gathering.changed", by, at, mode=mode, held_at=held_at.isoformat())
    _tell_members(
        gathering,
        f"회의가 변경되었습니다: {gathering.title_ko}",
        f"A meeting was changed: {gathering.title_en or gathering.title_ko}",
        at=at,
    )
    return gathering


@action
def cancel(*, by: Actor, at: datetime, gathering: Gathering, reason: str) -> Gathering:
    """Cancel a meeting that is still to come; it stays visible with the reason. Raises Refused without one."""
    require(policy.may_change(by, gathering, at))
    if not reason.strip():
        raise Refused(_("Say why the meeting is cancelled; its members read it."))
    gathering.cancelled_at, gathering.cancelled_because = at, reason.strip()[:300]
    gathering.changes, gathering.changed_at = gathering.changes + 1, at
    gathering.save(update_fields=["cancelled_at", "cancelled_because", "changes", "changed_at"])
    note(gathering, "gathering.cancelled", by, at, reason=gathering.cancelled_because)
    _tell_members(
        gathering,
        f"회의가 취소되었습니다: {gathering.title_ko} ({gathering.cancelled_because})",
        f"A meeting was cancelled: {gathering.title_en or gathering.title_ko} ({gathering.cancelled_because})",
        at=at,
    )
    return gathering


@action
def contribute(*, by: Actor, at: datetime, gathering: Gathering, text: str) -> Contribution:
    """Say something in a meeting held in writing, which counts as attendance; until its end it may be changed.

    Raises Refused for others than members of the body, for other meetings, and after the end.
    """
    require(policy.may_contribute(by, gathering, at))
    assert by.person_id is not None  # the policy has checked it  # noqa: S101
    if not text.strip():
        raise Refused(_("Write what you want to say in this meeting."))
    row, _created = Contribution.objects.update_or_create(
        gathering=gathering,
        person_id=by.person_id or 0,
        defaults={"text": text.strip(), "by": by.pseudonym, "at": at},
    )
    Attendance.objects.get_or_create(gathering=gathering, person_id=by.person_id or 0, part="participant")
    note(gathering, "gathering.contributed", by, at)
    return row


@action
def publish_minutes(*, by: Actor, at: datetime, gathering: Gathering, text: str) -> Gathering:
    """Publish the minutes of a meeting that has been held."""
    require(policy.may_note(by, gathering, at))
    if not text.strip():
        raise Refused(_("The minutes are empty; write what was discussed and decided."))
    if gathering.held_at > at:
        raise Refused(_("This meeting has not been held yet."))
    gathering.minutes, gathering.minutes_at = text.strip(), at
    gathering.save(update_fields=["minutes", "minutes_at"])
    # The hash shows later whether the minutes are still those that were published, and how often they changed.
    digest = sha256(gathering.minutes.encode()).hexdigest()
    note(gathering, "gathering.minutes_published", by, at, sha256=digest)
    return gathering


def note(gathering: Gathering, verb: str, by: Actor, at: datetime, **data: object) -> None:
    """Write what happened to a meeting into the book of its process."""
    write(book=gathering.process.book, verb=verb, subject=f"gathering:{gathering.pk}", by=by, at=at, **data)
