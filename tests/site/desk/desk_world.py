"""A small made-up city for the desk's tests: one department, one programme, one process with three stages."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from madang.site.docket import conductor
from madang.site.docket.models import Matter
from madang.site.kit.actor import SYSTEM
from madang.site.kit.stages import Outcome, Settings, StageKind, kinds, register_kind
from madang.site.people.actions import give_role, open_account
from madang.site.people.models import Account, Area, Organisation, Person
from madang.site.programmes.models import Process, Programme, Stage, Strategy
from madang.site.record.journal import action

AT = datetime(2021, 6, 1, 3, 0, tzinfo=UTC)


class SyntheticCall(Settings):
    """Settings of a stage kind that exists in these tests only."""

    who: list[str] = []


def _all_pass(stage, *, by, at):
    return [
        Outcome(pk, "suitable", passes=True) for pk in Matter.objects.filter(stage=stage).values_list("pk", flat=True)
    ]


if "synthetic_call" not in kinds():
    register_kind(
        StageKind(
            "synthetic_call",
            "시험 공모",
            "test call",
            SyntheticCall,
            citizen_page="desk_desk:start",
            for_citizens=True,
            closed=_all_pass,
        )
    )


@dataclass
class World:
    """What the tests speak about."""

    department: Organisation
    other: Organisation
    programme: Programme
    process: Process
    call: Stage
    second: Stage
    planned: Stage


def build() -> World:
    """The made-up city."""
    city = Area.objects.create(code="testville", level="city", name_ko="시험시", name_en="Testville")
    Area.objects.create(code="testville/north", level="district", parent=city, name_ko="북구", name_en="North")
    department = Organisation.objects.create(
        code="office", kind="department", name_ko="숙의과", name_en="Deliberation office"
    )
    other = Organisation.objects.create(code="other", kind="department", name_ko="다른과", name_en="Other office")
    strategy = Strategy.objects.create(number=1, name_ko="시민 참여", name_en="Participation")
    programme = Programme.objects.create(
        code="1-1",
        slug="ideas",
        strategy=strategy,
        department=department,
        order=1,
        name_ko="시민 제안",
        name_en="Citizen ideas",
        purpose_ko="시민의 생각을 듣는다.",
        purpose_en="Listening to citizens.",
    )
    process = Process.objects.create(
        code="1-1/ideas/2021",
        programme=programme,
        department=department,
        year=2021,
        title_ko="시민 제안 공모",
        title_en="Call for ideas",
        recipe={"code": "1-1/ideas"},
    )
    rows = [
        ("synthetic_call", "제안 접수", "Call", date(2021, 6, 1), date(2021, 6, 30)),
        ("synthetic_call", "심사", "Screening", date(2021, 7, 1), None),
        ("agree", "협약", "Agreement", None, None),
    ]
    call, second, planned = [
        Stage.objects.create(
            process=process,
            order=order,
            kind=kind,
            title_ko=ko,
            title_en=en,
            opens_on=opens,
            closes_on=closes,
            settings={"who": ["lives_in:testville"]} if order == 1 else {},
        )
        for order, (kind, ko, en, opens, closes) in enumerate(rows, start=1)
    ]
    return World(department, other, programme, process, call, second, planned)


def person(name: str, *roles: str, organisation: Organisation | None = None) -> Account:
    """A synthetic person with an account and roles."""
    account = Account.objects.create_user(f"{name}@example.invalid", "synthetic-password")
    row = open_account(by=SYSTEM, at=AT, account=account)
    Person.objects.filter(pk=row.pk).update(synthetic=True)
    for role in roles:
        give_role(by=SYSTEM, at=AT, person=row, role=role, organisation=organisation)
    return account


@action
def file(*, stage: Stage, title: str, author: Person | None = None) -> Matter:
    """A synthetic matter in an open stage."""
    return conductor.file_matter(
        stage=stage,
        kind="proposal",
        title=title,
        form="idea@1",
        data={"title": title},
        by=SYSTEM,
        at=AT,
        author_id=author.pk if author else None,
        synthetic=True,
    )
