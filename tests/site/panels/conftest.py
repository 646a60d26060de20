"""A small synthetic city for draws: two districts, a department, a process with draw and appointment."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from madang.site.docket import conductor
from madang.site.kit.actor import SYSTEM, Actor, Grant
from madang.site.panels import actions
from madang.site.panels.models import Drawn
from madang.site.people.actions import NewPerson, register_people
from madang.site.people.models import Area, Organisation
from madang.site.programmes.models import Process, Programme, Stage
from madang.site.record.journal import action

AT = datetime(2021, 3, 2, 1, tzinfo=UTC)


@action
def open_stage(*, stage):
    return conductor.open_stage(stage=stage, by=SYSTEM, at=AT)


@action
def close_stage(*, stage, at=AT):
    return conductor.close_stage(stage=stage, by=SYSTEM, at=at)


@action
def file_matter(*, stage, author):
    return conductor.file_matter(
        stage=stage, kind="candidacy", title="신청", form="f@1", data={}, by=SYSTEM, at=AT, author_id=author.pk
    )


@pytest.fixture
def town(db):
    """A synthetic town with an open draw stage; `candidates(sexes)` files candidacies."""
    city = Area.objects.create(code="town", level="city", name_ko="마을", name_en="Town")
    for name in ("east", "west"):
        Area.objects.create(
            code=f"town/{name}",
            level="district",
            parent=city,
            name_ko=name,
            name_en=name,
            population={"f/30s": 300, "m/30s": 100},
        )
    department = Organisation.objects.create(code="dept", kind="department", name_ko="과", name_en="Division")
    Organisation.objects.create(code="assembly", kind="body", name_ko="회의", name_en="Assembly")
    programme = Programme.objects.create(
        code="1-1", slug="a", department=department, order=1, name_ko="사업", name_en="P"
    )
    process = Process.objects.create(
        code="1-1/2021", programme=programme, department=department, year=2021, title_ko="회", title_en="T", recipe={}
    )
    rules = {
        "seats": 4,
        "strata": ["sex"],
        "quotas": [{"stratum": {"sex": "f"}, "seats": 2}, {"stratum": {"sex": "m"}, "seats": 2}],
        "reserves": 2,
        "reply_days": 5,
    }
    draw = Stage.objects.create(process=process, order=1, kind="draw", title_ko="추첨", title_en="Draw", settings=rules)
    seat = {"body": "assembly", "term": "2021", "months": 12}
    appoint = Stage.objects.create(
        process=process, order=2, kind="appoint", title_ko="위촉", title_en="Appointment", settings=seat
    )
    open_stage(stage=draw)

    def candidates(sexes, district="east"):
        start = draw.process.matters.count()
        people = register_people(
            by=SYSTEM,
            at=AT,
            people=[
                NewPerson(f"p-{start + i}", synthetic=True, claims=[("sex", sex), ("lives_in", f"town/{district}")])
                for i, sex in enumerate(sexes)
            ],
        )
        return [file_matter(stage=draw, author=person) for person in people]

    def accept(at=AT):
        """Everybody drawn who has not replied accepts."""
        waiting = Drawn.objects.filter(status="selected", accepted=None)
        for entry in waiting.select_related("draw__stage__process__department", "matter"):
            actions.reply(by=SYSTEM, at=at, drawn=entry, accepts=True)

    officer = Actor("officer", 9001, frozenset({Grant("officer", "dept")}))
    return SimpleNamespace(
        draw=draw,
        appoint=appoint,
        process=process,
        candidates=candidates,
        accept=accept,
        officer=officer,
        at=AT,
        open=open_stage,
        close=close_stage,
    )
