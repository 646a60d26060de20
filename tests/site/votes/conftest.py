"""A small synthetic city for votes: a process with vote and allotment, members and public as electorates."""

from datetime import timedelta
from types import SimpleNamespace

import boards
import pytest
from boards import AT

from madang.site.docket import conductor
from madang.site.kit.actor import SYSTEM, Actor, Grant
from madang.site.people.models import Area, Organisation
from madang.site.programmes.models import Process, Programme, Stage
from madang.site.record.journal import action
from madang.site.votes.models import Election
from madang.site.votes.voters import Voter

PUBLIC = {"code": "public", "ko": "시민", "en": "Citizens", "who": ["lives_in:town|works_in:town"]}
MEMBERS = {"code": "members", "ko": "위원", "en": "Members", "who": ["member_of:assembly"]}


@action
def open_stage(*, stage):
    return conductor.open_stage(stage=stage, by=SYSTEM, at=AT)


@action
def close_stage(*, stage, at=AT + timedelta(days=20)):
    return conductor.close_stage(stage=stage, by=SYSTEM, at=at)


@action
def file_matters(*, stage, costs, titles):
    return [
        conductor.file_matter(
            stage=stage, kind="project", title=title, form="f@1", data={}, by=SYSTEM, at=AT, amount_won=cost
        )
        for title, cost in zip(titles, costs, strict=True)
    ]


def voter(name, electorate="public", claims=("lives_in:town/east",)):
    return Voter(f"key-{name}", frozenset(claims), electorate)


def member(name):
    return voter(name, "members", ("member_of:assembly",))


def official(name):
    return Actor(name, 9000 + len(name), frozenset({Grant("officer", "dept")}))


@pytest.fixture
def make(db):
    """Make a synthetic vote: `make(costs, **settings)` opens it and gives everything a test needs."""
    Area.objects.create(code="town", level="city", name_ko="마을", name_en="Town")
    department = Organisation.objects.create(code="dept", kind="department", name_ko="과", name_en="Division")
    programme = Programme.objects.create(
        code="1-3", slug="b", department=department, order=1, name_ko="사업", name_en="P"
    )
    process = Process.objects.create(
        code="1-3/2021",
        programme=programme,
        department=department,
        year=2021,
        title_ko="예산",
        title_en="PB",
        recipe={},
    )

    def vote(
        costs=(10, 20, 30), electorates=(PUBLIC,), choose=2, allot=None, closes_on=None, before=None, titles=(), **more
    ):
        rules = {
            "choose": choose if isinstance(choose, dict) else {"min": 1, "max": choose},
            "electorates": list(electorates),
            **more,
        }
        call = Stage.objects.create(process=process, order=1, kind="vote", title_ko="투표", settings=rules)
        call.closes_on = closes_on
        call.save()
        money = Stage.objects.create(
            process=process, order=2, kind="allot", title_ko="배정", settings=allot or {"ceiling_won": 40}
        )
        # A matter is filed at an open stage; the ballot paper is made when the stage opens.
        Stage.objects.filter(pk=call.pk).update(opened_at=AT)
        call.refresh_from_db()
        matters = file_matters(
            stage=call, costs=costs, titles=titles or [f"사업; {n}" for n, _cost in enumerate(costs, 1)]
        )
        Stage.objects.filter(pk=call.pk).update(opened_at=None)
        call.refresh_from_db()
        made = before(call) if before else None
        open_stage(stage=call)
        election = Election.objects.select_related("stage__process__department").get(stage=call)
        return SimpleNamespace(
            stage=call,
            money=money,
            matters=matters,
            election=election,
            process=process,
            at=AT,
            later=AT + timedelta(days=21),
            open=open_stage,
            close=close_stage,
            voter=voter,
            member=member,
            officer=official("officer"),
            second=official("second officer"),
            MEMBERS=MEMBERS,
            PUBLIC=PUBLIC,
            made=made,
        )

    return vote


@pytest.fixture
def encrypted(make):
    """Make a synthetic vote that is encrypted: `encrypted(voters=4)` opens it; `made` has the secrets."""

    def vote(voters=4, group="Ed25519", **more):
        def before(stage):
            return boards.set_up(stage, by=official("officer"), at=AT, voters=voters)

        return make(before=before, encrypted={"group": group}, **more)

    return vote
