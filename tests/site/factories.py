"""A small made-up city for the tests of rooms: processes of any stages, people with claims, officials, forms."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from madang.site.docket import conductor
from madang.site.docket.models import Matter
from madang.site.intake.models import Form
from madang.site.kit.actor import SYSTEM, Actor, Grant
from madang.site.kit.stages import Outcome
from madang.site.people.models import Area, Claim, Organisation, Person
from madang.site.programmes.models import Process, Programme, Stage
from madang.site.record.journal import action

AT = datetime(2021, 6, 1, 3, 0, tzinfo=UTC)
"""Noon of 1 June 2021 in the city."""

IDEA = "idea@1"
OPEN_CALL = {"form": IDEA, "matter": "proposal"}
_numbers = count(1)


def field(code: str, kind: str = "text", **extra: Any) -> dict[str, Any]:
    """A field of a form as a city's folder gives it."""
    blank = {"help_ko": "", "help_en": "", "required": False, "max_length": None, "choices": [], "title": False}
    personal = {"personal": False, "purpose_ko": "", "purpose_en": "", "keep_days": None}
    return {"code": code, "type": kind, "ko": f"{code} 칸", "en": f"The {code}", **blank, **personal, **extra}


IDEA_FIELDS = [
    field("title", required=True, title=True, max_length=40),
    field("content", "long_text", required=True, max_length=200),
    field("cost", "won"),
    field("phone", personal=True, purpose_ko="연락", purpose_en="to call you", keep_days=30, max_length=20),
]
IDEA_DATA = {"title": "합성 제안: 쉼터", "content": "합성 내용입니다."}


def make_form(key: str = IDEA, fields: Sequence[Mapping[str, Any]] = IDEA_FIELDS) -> Form:
    """A form; the one that is there already if the key is known."""
    code, _sep, version = key.partition("@")
    defaults = {"title_ko": "합성 양식", "title_en": "Synthetic form", "fields": list(fields)}
    return Form.objects.get_or_create(code=code, version=int(version), defaults=defaults)[0]


def make_process(
    *stages: tuple[str, Mapping[str, Any]], code: str = "", field_sets: Mapping[str, Any] | None = None
) -> Process:
    """A process of a department of its own whose stages have the given kinds and settings; none is open."""
    code = code or f"synthetic/{next(_numbers)}"
    department = Organisation.objects.create(
        code=f"office-of-{code}", kind="department", name_ko="합성과", name_en="Synthetic office"
    )
    programme = Programme.objects.create(
        code=code[:20],
        slug=code.replace("/", "-"),
        department=department,
        order=1,
        name_ko="합성 사업",
        name_en="Synthetic programme",
    )
    process = Process.objects.create(
        code=code,
        programme=programme,
        department=department,
        year=2021,
        title_ko="합성 회차",
        title_en="Synthetic process",
        recipe={"code": code, "field_sets": dict(field_sets or {})},
    )
    for order, (kind, settings) in enumerate(stages, start=1):
        Stage.objects.create(
            process=process,
            order=order,
            kind=kind,
            title_ko=f"{order}단계",
            title_en=f"Stage {order}",
            settings=settings,
        )
    return process


def stages_of(process: Process) -> list[Stage]:
    """The stages of a process with their process and department, in order."""
    return list(Stage.objects.filter(process=process).select_related("process__department").order_by("order"))


def make_area(code: str = "town", level: str = "city", parent: Area | None = None) -> Area:
    """An area."""
    return Area.objects.create(code=code, level=level, parent=parent, name_ko=f"{code} 시", name_en=code.title())


def make_person(*claims: str) -> Person:
    """A synthetic person with claims, each "kind:value"."""
    person = Person.objects.create(pseudonym=f"synthetic-{next(_numbers)}", synthetic=True, created_at=AT)
    Claim.objects.bulk_create(
        Claim(person=person, kind=kind, value=value, valid_from=AT)
        for kind, _sep, value in (claim.partition(":") for claim in claims)
    )
    return person


def as_actor(person: Person, *roles: str) -> Actor:
    """A person as an actor, with roles in the whole city."""
    return Actor(person.pseudonym, person.pk, frozenset(Grant(role) for role in roles))


def citizen(*claims: str) -> Actor:
    """A new synthetic person as an actor."""
    return as_actor(make_person(*claims))


def official(process: Process, role: str = "officer") -> Actor:
    """A new official of the department in charge of a process."""
    person = make_person()
    return Actor(person.pseudonym, person.pk, frozenset({Grant(role, process.department.code)}))


@action
def open_stage(*, stage: Stage, at: datetime = AT) -> Stage:
    """Open a stage."""
    return conductor.open_stage(stage=stage, by=SYSTEM, at=at)


@action
def close_stage(*, stage: Stage, at: datetime = AT) -> Stage:
    """Close a stage."""
    conductor.close_stage(stage=stage, by=SYSTEM, at=at)
    return stage


@action
def file_matter(*, stage: Stage, title: str = "합성 제안", author: Person | None = None, **fields: Any) -> Matter:
    """A synthetic matter in an open stage."""
    return conductor.file_matter(
        stage=stage,
        kind="proposal",
        title=title,
        form=IDEA,
        data={"title": title, "content": "합성 내용"},
        by=SYSTEM,
        at=fields.pop("at", AT),
        author_id=author.pk if author else None,
        synthetic=True,
        **fields,
    )


@action
def pass_on(*, stage: Stage, outcomes: Sequence[Outcome], at: datetime = AT) -> None:
    """Let outcomes take effect in an open stage."""
    conductor.pass_on(stage=stage, outcomes=outcomes, by=SYSTEM, at=at)


def opened(*stages: tuple[str, Mapping[str, Any]], **extra: Any) -> list[Stage]:
    """The stages of a new process, all open, and the form they may ask for."""
    make_form()
    return [open_stage(stage=stage) for stage in stages_of(make_process(*stages, **extra))]


def day(number: int) -> date:
    """A day of June 2021."""
    return date(2021, 6, number)
