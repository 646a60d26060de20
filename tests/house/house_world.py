"""A synthetic city with a stage of every kind, a matter in each, and one row in every table that allows it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import DatabaseError, models, transaction

from madang import ballots
from madang.ballots.printing import printed
from madang.ballots.rehearsing import trustees
from madang.site.docket import conductor
from madang.site.docket.models import Matter
from madang.site.gatherings.models import Slot, Space
from madang.site.kit import clock
from madang.site.kit.actor import SYSTEM, Actor, Grant
from madang.site.kit.stages import kinds
from madang.site.panels import actions as panels
from madang.site.people.actions import NewSeat, give_role, open_account, seat
from madang.site.people.models import Account, Area, Organisation, Person
from madang.site.programmes.models import Process, Programme, Recipe, Stage, Strategy
from madang.site.record.journal import action
from madang.site.reviews import actions as reviews
from madang.site.reviews.models import Screening
from madang.site.votes.board import setting_up
from madang.site.votes.models import Trustee
from madang.sortition import commitment

AT = datetime(2021, 6, 1, 3, tzinfo=UTC)
OFFICIALS = (
    "officer",
    "head",
    "finance",
    "auditor",
    "administrator",
    "moderator",
    "district_officer",
    "operator",
)
ROLES = ("citizen", *OFFICIALS)
CRITERION = {"code": "need", "ko": "필요", "en": "Need", "points": 100}
ELECTORATE = {"code": "public", "ko": "시민", "en": "Citizens", "who": ["lives_in:town"]}
RULES: dict[str, dict[str, Any]] = {
    "hand_over": {"to": "1-1/synthetic"},
    "answer": {},
    "deliver": {},
    "support": {"thresholds": [{"since": "2021-01-01", "supports": 50}]},
    "discuss": {"forums": True},
    "meet": {"body": "assembly"},
    "learn": {"course": "school", "hours": 2},
    "book": {"given": "draw", "no_shows": {}},
    "call": {"form": "synthetic@1", "matter": "proposal"},
    "draw": {"seats": 2},
    "appoint": {"body": "assembly", "term": "2021"},
    "screen": {},
    "review": {"bodies": "assembly", "criteria": [CRITERION]},
    "object": {},
    "decide": {"body": "assembly"},
    "vote": {"choose": {"max": 1}, "electorates": [ELECTORATE]},
    "allot": {"ceiling_won": 1_000_000},
}
# Rows that only an engine can write.
BY_ENGINES = {"votes.Allotment"}
WORDS = {"form": "synthetic@1", "outcome": "suitable", "ending": "suitable"}
VALUES = {
    models.DateTimeField: AT,
    models.DateField: date(2021, 6, 1),
    models.JSONField: {},
    models.BooleanField: False,
    models.DecimalField: 1,
    models.BinaryField: b"synthetic",
}


def build() -> dict[str, Account]:
    """The city, and an account for each role."""
    Area.objects.create(code="town", level="city", name_ko="마을", name_en="Town")
    department = Organisation.objects.create(code="dept", kind="department", name_ko="과", name_en="Division")
    body = Organisation.objects.create(code="assembly", kind="body", name_ko="회의", name_en="Assembly")
    strategy = Strategy.objects.create(number=1, name_ko="전략", name_en="Strategy")
    programme = Programme.objects.create(
        code="1-1", slug="a", strategy=strategy, department=department, order=1, name_ko="사업", name_en="P"
    )
    Recipe.objects.create(
        code="1-1/card", programme=programme, title_ko="카드", title_en="Card",
        content={"code": "1-1/card", "department": department.code, "line": "", "stages": []},
    )  # fmt: skip
    accounts = {role: _account(role) for role in ROLES}
    members = [NewSeat(person.pk, "citizen", "lot", "2021") for person in Person.objects.all()]
    seat(by=SYSTEM, at=AT, body=body, rows=members)
    _fill(only=("intake",))
    for kind in sorted(RULES):
        if kind in kinds():
            _run(kind, programme)
    _open_spaces()
    _screen(accounts["head"], department)
    _draw_by_lot(programme)
    _run("vote", programme, code="encrypted", more={"encrypted": {}}, before=_board)
    _fill()
    return accounts


def _account(role: str) -> Account:
    account = Account.objects.create_user(f"{role}@example.invalid", "synthetic-password")
    person = open_account(by=SYSTEM, at=AT, account=account)
    if role != "citizen":
        give_role(by=SYSTEM, at=AT, person=person, role=role)
    return account


def _run(kind: str, programme: Programme, code: str = "", more: dict | None = None, before: Any = None) -> None:
    """A process with one stage of a kind, with a matter in it, opened after `before` was done to it."""
    process = Process.objects.create(
        code=f"1-1/{code or kind}", programme=programme, department=programme.department, year=2021, recipe={},
        title_ko="회차", title_en="Process",
    )  # fmt: skip
    stage = Stage.objects.create(
        process=process, order=1, kind=kind, title_ko="단계", title_en="Stage", settings=RULES[kind] | (more or {})
    )
    # The matter waits in the stage before it opens, as if a stage before had passed it on.
    Stage.objects.filter(pk=stage.pk).update(opened_at=AT)
    stage.refresh_from_db()
    _file(stage=stage)
    Stage.objects.filter(pk=stage.pk).update(opened_at=None)
    stage.refresh_from_db()
    if before:
        before(stage)
    _open(stage=stage)


def _board(stage: Stage) -> None:
    """The board of an encrypted vote with two trustees, and voting keys that nobody has."""
    board = setting_up.begin_board(by=SYSTEM, at=AT, stage=stage)
    own = ballots.group(board.group)
    publics = sorted(ballots.draw_credential(own, board.uuid)[1] for _ in range(2))
    for number in (1, 2):
        Trustee.objects.create(board=board, number=number, name="Synthetic", owner=str(number), token_hash=str(number))
    setting_up.set_up_board(
        by=SYSTEM, at=AT, board=board, trustees=trustees(own, None).items, credentials=printed(publics).encode()
    )


def _open_spaces() -> None:
    """A space in the stage of bookings with a slot, so that its pages have something to show."""
    stage = Stage.objects.get(kind="book")
    space = Space.objects.create(stage=stage, name_ko="공간", name_en="Space", place="synthetic", capacity=10)
    Slot.objects.create(space=space, begins=AT, ends=AT + timedelta(hours=1))


def _screen(head: Account, department: Organisation) -> None:
    """A screening under way: one matter ruled on by the head today, one referred, costed and paused."""
    stage = Stage.objects.select_related("process__department").get(kind="screen")
    for _more in range(2):
        _file(stage=stage)
    ruled, paused, _waiting = Matter.objects.filter(stage=stage).order_by("pk")
    at, by = clock.now(), Actor(head.person.pseudonym, head.person.pk, frozenset({Grant("head", None)}))
    reviews.refer(by=SYSTEM, at=at, stage=stage, matters=[ruled, paused], department=department)
    reviews.screen(by=by, at=at, stage=stage, rulings=[reviews.Ruled(ruled.pk, passes=True)])
    reviews.estimate_cost(by=SYSTEM, at=at, matter=paused, amount_won=1_000)
    reviews.pause(by=SYSTEM, at=at, screening=Screening.objects.get(matter=paused), reason="synthetic")


def _draw_by_lot(programme: Programme) -> None:
    """A draw that has taken place, with people who may still reply."""
    _run("draw", programme, code="drawn")
    stage = Stage.objects.select_related("process__department").get(process__code="1-1/drawn")
    panels.freeze(by=SYSTEM, at=AT, stage=stage, commitment=commitment("synthetic secret of the draw"))
    panels.draw(by=SYSTEM, at=AT, stage=stage, secret="synthetic secret of the draw")


@action
def _file(*, stage: Stage) -> None:
    author = Person.objects.order_by("pk").first()
    conductor.file_matter(
        stage=stage, kind="proposal", title="Synthetic", form="synthetic@1", data={}, by=SYSTEM, at=AT,
        author_id=author.pk if author else None, amount_won=1_000, synthetic=True,
    )  # fmt: skip


@action
def _open(*, stage: Stage) -> None:
    conductor.open_stage(stage=stage, by=SYSTEM, at=AT)


def _fill(only: tuple[str, ...] = tuple(settings.ROOMS)) -> None:
    """One row in every empty table, as far as its constraints let a row of plain values in."""
    for _round in range(3):
        for room in only:
            for model in apps.get_app_config(room).get_models():
                if model._meta.label not in BY_ENGINES and not model._default_manager.exists():
                    _plain_row(model)


def _plain_row(model: type[models.Model]) -> None:
    try:
        with transaction.atomic():
            model(**{field.name: _value(field) for field in model._meta.fields if _needed(field)}).save()
    except DatabaseError:
        return


def _needed(field: models.Field) -> bool:
    return not (field.primary_key or field.has_default() or (field.null and not field.is_relation))


def _value(field: models.Field) -> Any:
    if field.is_relation:
        return field.related_model._default_manager.order_by("pk").first()
    if isinstance(field, models.FileField):
        return ContentFile(b"synthetic", name="synthetic.txt")
    if field.choices:
        return field.choices[0][0]
    if isinstance(field, models.CharField | models.TextField):
        return WORDS.get(field.name, "synthetic")[: field.max_length]
    if isinstance(field, models.IntegerField) and field.name in ("year", "fiscal_year"):
        return 2021
    return next((value for kind, value in VALUES.items() if isinstance(field, kind)), 1)
