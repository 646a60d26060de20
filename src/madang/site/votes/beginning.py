"""Ballots that were begun and not cast: who is reminded, once, and what is forgotten.

What somebody picked is in their browser. That they began is noted without an event: it is nobody's business.
"""

from datetime import datetime, timedelta

from madang.site.docket.conductor import tell
from madang.site.kit.actor import Actor
from madang.site.kit.templatetags.madang import day
from madang.site.kit.verdict import require
from madang.site.people import vault
from madang.site.people.models import Person
from madang.site.people.policy import may_manage_self
from madang.site.record.journal import action, write
from madang.site.votes import policy
from madang.site.votes.models import Begun, Election
from madang.site.votes.voters import on_roll

REST = timedelta(hours=12)
"""Whoever put the ballot aside a moment ago is not reminded of it yet."""
BOOK = "votes"


def note_begun(*, by: Actor, at: datetime, election: Election) -> None:
    """Note that somebody with an account has begun to vote; a visitor leaves nothing behind."""
    if by.person_id is not None and policy.may_cast_now(election, at).ok:
        Begun.objects.get_or_create(election=election, person_id=by.person_id, defaults={"at": at})


def begun(at: datetime) -> list[Election]:
    """The running votes in which somebody began long enough ago, and was not reminded."""
    rows = Election.objects.filter(
        stage__opened_at__lte=at, stage__closed_at=None, counted_at=None,
        begun__at__lte=at - REST, begun__reminded_at=None,
    )  # fmt: skip
    found = rows.select_related("stage__process__department").distinct().order_by("pk")
    return [election for election in found if policy.may_cast_now(election, at).ok]


@action
def remind_voters(*, by: Actor, at: datetime, election: Election) -> int:
    """Remind everybody who began to vote and has not cast, once; who has voted is only forgotten here.

    The record tells how many were reminded. Raises Refused outside the time to vote.
    """
    require(policy.may_remind(by, election, at))
    rows = election.begun.filter(at__lte=at - REST, reminded_at=None).select_related("person__identity")
    keys = {row: vault.voter_key(election.code, subject) for row in rows if (subject := _subject(row.person))}
    roll = on_roll(election, list(keys.values()))
    voted = [row.pk for row, key in keys.items() if key in roll]
    _in_parts(voted, lambda part: Begun.objects.filter(pk__in=part).delete())
    due = [row for row in rows if keys.get(row) not in roll]
    tell(people=[row.person_id for row in due], matter=None, at=at, **_text(election))
    _in_parts([row.pk for row in due], lambda part: Begun.objects.filter(pk__in=part).update(reminded_at=at))
    stage = election.stage
    write(book=stage.process.book, verb="voters.reminded", subject=f"stage:{stage.pk}", by=by, at=at, reminded=len(due))
    return len(due)


def _subject(person: Person) -> str:
    identity = getattr(person, "identity", None)
    return identity.subject if identity else ""


def _in_parts(keys: list[int], do: object) -> None:
    for start in range(0, len(keys), 500):
        do(keys[start : start + 500])  # type: ignore[operator]


def _text(election: Election) -> dict[str, str]:
    stage = election.stage
    until = stage.closes_on
    korean = f"{stage.process.title_ko}: 투표를 시작하셨지만 아직 투표함에 넣지 않으셨습니다."
    english = f"{stage.process.title_en or stage.process.title_ko}: you began to vote and have not cast your ballot."
    if until:
        korean = f"{korean} {day(until, 'ko')}까지 투표할 수 있습니다."
        english = f"{english} You can until {day(until, 'en')}."
    return {"ko": korean, "en": english, "url": f"/votes/{stage.pk}/"}


@action
def forget_voter(*, by: Actor, at: datetime, person: Person) -> None:
    """Forget which votes a person has begun, at their own wish. Raises Refused for somebody else's."""
    require(may_manage_self(by, person, at))
    rows, _models = Begun.objects.filter(person=person).delete()
    write(book=BOOK, verb="voter.forgotten", subject=f"person:{person.pseudonym}", by=by, at=at, begun=rows)
