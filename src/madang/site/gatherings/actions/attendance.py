"""Writes on attendance: ticked off, counted, or noted by the members themselves with the code of the meeting."""

import hmac
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from madang.site.gatherings import policy
from madang.site.gatherings.actions.meetings import note
from madang.site.gatherings.models import Attendance, Gathering
from madang.site.kit.actor import Actor
from madang.site.kit.verdict import Refused, require
from madang.site.record.journal import action

MOST_MINUTES = 240


@action
def mark_present(
    *, by: Actor, at: datetime, gathering: Gathering, shown: Collection[int], present: Collection[int]
) -> int:
    """Set who of the members `shown` took part: those `present` did, the others did not. Raises Refused.

    So a member who was ticked by mistake is taken out again.
    """
    require(policy.may_note(by, gathering, at))
    absent = set(shown) - set(present)
    rows = Attendance.objects.filter(gathering=gathering, part="participant")
    removed, _rows = rows.filter(person_id__in=absent).delete()
    here = sorted(set(shown) & set(present))
    Attendance.objects.bulk_create(
        [Attendance(gathering=gathering, person_id=person) for person in here], batch_size=500, ignore_conflicts=True
    )
    note(gathering, verb="gathering.marked", by=by, at=at, present=len(here), removed=removed)
    return len(here)


@action
def record_attendance(
    *,
    by: Actor,
    at: datetime,
    gathering: Gathering,
    person_ids: Sequence[int] = (),
    heads: int | None = None,
    part: str = "participant",
) -> int:
    """Note who attended: people by key (once each), and a head count of those without a name.

    A head count takes the place of an earlier one of the same part, so that a wrong number can be mended.
    """
    require(policy.may_note(by, gathering, at))
    if heads is not None and heads < 0:
        raise Refused(_("A head count cannot be below zero."))
    rows = [Attendance(gathering=gathering, person_id=person, part=part) for person in dict.fromkeys(person_ids)]
    if heads is not None:
        Attendance.objects.filter(gathering=gathering, person=None, part=part).delete()
    if heads:
        rows.append(Attendance(gathering=gathering, person=None, part=part, heads=heads))
    Attendance.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    total = len(set(person_ids)) + (heads or 0)
    note(gathering, verb="gathering.attended", by=by, at=at, part=part, heads=total)
    return total


def code_of(gathering: Gathering) -> str:
    """The six digits of the meeting's code while it has one, made with a key, so that no table holds them."""
    if gathering.code_from is None:
        return ""
    text = f"attendance\n{gathering.pk}\n{gathering.code_from.isoformat()}".encode()
    number = int.from_bytes(hmac.digest(settings.VAULT_KEY.encode(), text, "sha256")[:8], "big")
    return f"{number % 1_000_000:06}"


@action
def open_code(*, by: Actor, at: datetime, gathering: Gathering, minutes: int) -> Gathering:
    """Let members note their own attendance with a new code for some minutes. Raises Refused."""
    require(policy.may_open_code(by, gathering, at))
    if not 1 <= minutes <= MOST_MINUTES:
        raise Refused(_("A code holds for 1 to %(most)d minutes.") % {"most": MOST_MINUTES})
    gathering.code_from, gathering.code_until = at, at + timedelta(minutes=minutes)
    gathering.save(update_fields=["code_from", "code_until"])
    note(gathering, verb="gathering.code_opened", by=by, at=at, until=gathering.code_until.isoformat())
    return gathering


@action
def close_code(*, by: Actor, at: datetime, gathering: Gathering) -> Gathering:
    """End the time of the code now. Raises Refused without a code that still holds."""
    require(policy.may_close_code(by, gathering, at))
    gathering.code_until = at
    gathering.save(update_fields=["code_until"])
    note(gathering, verb="gathering.code_closed", by=by, at=at)
    return gathering


@action
def attend_by_code(*, by: Actor, at: datetime, gathering: Gathering, code: str) -> Attendance:
    """Note one's own attendance with the code shown in the meeting. Raises Refused for a wrong or a late one."""
    require(policy.may_attend_by_code(by, gathering, at))
    given = "".join(character for character in code if not character.isspace())
    if not hmac.compare_digest(given.encode(), code_of(gathering).encode()):
        raise Refused(_("This is not the code that is shown in the meeting now; please look at its six digits again."))
    row, _new = Attendance.objects.get_or_create(gathering=gathering, person_id=by.person_id or 0, part="participant")
    note(gathering, verb="gathering.attended_by_code", by=by, at=at)
    return row
