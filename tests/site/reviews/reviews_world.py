"""A small synthetic city for the tests of reviews and followups."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from madang.site.docket import conductor
from madang.site.docket.models import Matter
from madang.site.kit.actor import SYSTEM, Actor, Grant
from madang.site.people.models import Account, Claim, Organisation, Person
from madang.site.programmes.models import Process, Programme, Stage
from madang.site.record.journal import action, write

AT = datetime(2021, 3, 2, 1, 0, tzinfo=UTC)
CRITERIA = [
    {"code": "need", "ko": "필요성", "en": "need", "points": 60},
    {"code": "effect", "ko": "효과", "en": "effect", "points": 40},
]


@dataclass
class World:
    """A process of one department with stages of given kinds; synthetic people and matters."""

    department: Organisation
    other: Organisation
    process: Process
    stages: list[Stage]
    people: list[Person] = field(default_factory=list)

    @property
    def officer(self) -> Actor:
        return Actor("officer", None, frozenset({Grant("officer", self.department.code)}))

    @property
    def other_officer(self) -> Actor:
        return Actor("other", None, frozenset({Grant("officer", self.other.code)}))

    def person(self, *claims: tuple[str, str]) -> Person:
        row = Person.objects.create(pseudonym=f"synthetic-{Person.objects.count()}", synthetic=True, created_at=AT)
        for kind, value in claims:
            Claim.objects.create(person=row, kind=kind, value=value, valid_from=AT)
        return row

    def matters(self, count: int, *, stage: int = 0, author: Person | None = None, **fields: Any) -> list[Matter]:
        return [filed(by=SYSTEM, at=AT, stage=self.stages[stage], author=author, fields=fields) for _ in range(count)]

    def open(self, order: int, at: datetime = AT) -> Stage:
        return opened(by=SYSTEM, at=at, stage=self.stages[order])


@action
def filed(*, by: Actor, at: datetime, stage: Stage, author: Person | None, fields: dict[str, Any]) -> Matter:
    """File a synthetic matter."""
    return conductor.file_matter(
        stage=stage,
        kind="proposal",
        title=fields.pop("title", "합성 제안"),
        form="synthetic@1",
        data={},
        by=by,
        at=at,
        author_id=author.pk if author else None,
        synthetic=True,
        **fields,
    )


@action
def opened(*, by: Actor, at: datetime, stage: Stage) -> Stage:
    """Open a stage."""
    return conductor.open_stage(stage=stage, by=by, at=at)


@action
def closed(*, by: Actor, at: datetime, stage: Stage) -> Stage:
    """Close a stage."""
    conductor.close_stage(stage=stage, by=by, at=at)
    return stage


@action
def ended(*, by: Actor, at: datetime, stage: Stage, outcomes: list[Any]) -> None:
    """Let outcomes take effect."""
    conductor.pass_on(stage=stage, outcomes=outcomes, by=by, at=at)
    write(book=stage.process.book, verb="test.ended", subject=f"stage:{stage.pk}", by=by, at=at)


def as_actor(person: Person) -> Actor:
    """The actor of a citizen."""
    return Actor(person.pseudonym, person.pk)


def make_world(*stages: tuple[str, dict[str, Any]], code: str = "pb-2021") -> World:
    """A city with one process whose stages have the given kinds and settings."""
    department = Organisation.objects.create(
        code=f"budget-{code}", kind="department", name_ko="예산과", name_en="Budget"
    )
    other = Organisation.objects.create(code=f"parks-{code}", kind="department", name_ko="공원과", name_en="Parks")
    programme = Programme.objects.create(
        code=code, slug=code, department=department, order=1, name_ko="합성 사업", name_en="Synthetic programme"
    )
    process = Process.objects.create(
        code=code,
        programme=programme,
        department=department,
        year=2021,
        title_ko="합성 회차",
        title_en="Synthetic process",
        recipe={},
    )
    rows = [
        Stage.objects.create(
            process=process,
            order=order,
            kind=kind,
            title_ko=f"{kind} 단계",
            title_en=f"{kind} stage",
            settings=settings,
        )
        for order, (kind, settings) in enumerate(stages, 1)
    ]
    return World(department, other, process, rows)


def sign_in(client: Any, person: Person, *roles: tuple[str, Organisation | None]) -> None:
    """Sign a synthetic person in, with roles."""
    account = Account.objects.create_user(f"{person.pseudonym}@example.org", "synthetic password")
    person.account = account
    person.save(update_fields=["account"])
    for role, organisation in roles:
        person.role_grants.create(role=role, organisation=organisation, valid_from=AT)
    client.force_login(account)
