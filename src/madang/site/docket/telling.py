"""Telling people that the days of a process have changed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from madang.site.docket.models import Follow, Notice
from madang.site.kit.templatetags.madang import day
from madang.site.people.claims import valid_at
from madang.site.people.models import Claim
from madang.site.programmes.models import DateChange, Process, Stage


def tell_of_days(*, process: Process, changes: Sequence[DateChange], at: datetime) -> int:
    """Tell all who follow a matter of the process, its authors among them, and the members of bodies that act in it.

    Each person is told once. Gives how many were told.
    """
    people = set(Follow.objects.filter(matter__process=process).values_list("person_id", flat=True))
    people |= set(_members([change.stage for change in changes], at))
    korean, english = _text(process.title_ko, changes, "ko"), _text(process.title_en, changes, "en")
    url = f"/processes/{process.code}/"
    Notice.objects.bulk_create(
        [Notice(person_id=key, at=at, text_ko=korean, text_en=english, url=url) for key in sorted(people)],
        batch_size=500,
    )
    return len(people)


def _members(stages: Sequence[Stage], at: datetime) -> Sequence[int]:
    seated = Q()
    for settings in (stage.settings for stage in stages):
        for code in {settings.get("body"), settings.get("bodies")} - {None, ""}:
            seated |= Q(value__startswith=code[:-1]) if code.endswith("/*") else Q(value=code)
    if not seated:
        return []
    return list(Claim.objects.filter(valid_at(at), seated, kind="member_of").values_list("person_id", flat=True))


def _text(title: str, changes: Sequence[DateChange], language: str) -> str:
    """What fits into a notice: the first stage that moved, how many others did, and the reason."""
    first, others = changes[0], len(changes) - 1
    days: Any = [_days(*pair, language) for pair in (_before(first), (first.opens_on, first.closes_on))]
    if language == "ko":
        more = f" 외 {others}개 단계" if others else ""
        text = (
            f"{title}: 기간이 바뀌었습니다. {first.stage.title_ko}{more}: {days[0]} → {days[1]}. 사유: {first.reason}"
        )
    else:
        more = f" and {others} more" if others else ""
        name = first.stage.title_en or first.stage.title_ko
        text = f"{title}: days have changed. {name}{more}: {days[0]} → {days[1]}. Reason: {first.reason}"
    return text if len(text) <= 300 else f"{text[:299]}…"


def _before(change: DateChange) -> tuple[date | None, date | None]:
    return change.opens_before, change.closes_before


def _days(opens: date | None, closes: date | None, language: str) -> str:
    return " – ".join(day(one, language) for one in (opens, closes) if one) or "–"
