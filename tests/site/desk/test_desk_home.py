"""The first page leads to what is open, shows what is near, and what changed because of citizens."""

import re
from datetime import date, timedelta

import pytest
from desk_world import AT, file, person
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from factories import make_process, open_stage, stages_of

from madang.site.desk.home import changed, invitations, near
from madang.site.docket import actions
from madang.site.docket.models import Matter
from madang.site.followups.models import Answer, Milestone
from madang.site.kit.actor import SYSTEM, VISITOR
from madang.site.people.actors import citizen
from madang.site.people.models import Area, Claim, Person
from madang.site.programmes.models import Stage

DISCUSS = ("discuss", {})


def told(at=AT) -> dict[str, tuple[list[str], str, date | None]]:
    return {
        one.name: ([step.stage.process.code for step in one.steps], one.url if one.steps else "", one.next_day)
        for one in invitations(at)
    }


def test_an_action_leads_to_the_only_thing_open_or_to_all_of_them(world):
    first, second, third = (stages_of(make_process(DISCUSS, code=code))[0] for code in ("one", "two", "three"))
    assert told()["discuss"] == ([], "", None)
    open_stage(stage=first)
    assert told()["discuss"] == (["one"], reverse("forums:discuss_stage", args=[first.pk]), None)
    Stage.objects.filter(pk=second.pk).update(closes_on=date(2021, 6, 3))
    second.refresh_from_db()
    open_stage(stage=second)
    assert told()["discuss"] == (["two", "one"], "#discuss", None)
    Stage.objects.filter(pk=third.pk).update(opens_on=date(2021, 6, 9))
    assert told()["discuss"][2] == date(2021, 6, 9)


def test_what_is_not_open_says_when_it_will_be(world, enter):
    vote = stages_of(make_process(("vote", {}), code="vote"))[0]
    Stage.objects.filter(pk=vote.pk).update(opens_on=date(2121, 6, 9))
    page = enter().get("/").text
    assert re.findall(r'action-closed"><span class="action-icon.*?</span><b>(.*?)</b><span>(.*?)</span>', page) == [
        ("Propose", "Nothing is open for it today."),
        ("Discuss", "Nothing is open for it today."),
        ("Vote", "Opens on Mon 9 Jun 2121"),
    ]


@pytest.fixture
def north(world) -> Area:
    actions.start(by=SYSTEM, at=AT, stage=world.call)
    area = Area.objects.get(code="testville/north")
    for number in range(6):
        matter = file(stage=world.call, title=f"synthetic {number}")
        Matter.objects.filter(pk=matter.pk).update(area=area)
    return area


def test_near_is_the_district_one_lives_in_or_asks_for(north):
    me = Person.objects.get(account=person("citizen"))
    assert [(row[0], row[2], row[3]) for row in near("", VISITOR, AT).choices] == [
        ("testville/north", 6, "?area=testville/north#near")
    ]
    assert near("", citizen(me), AT).area is None
    Claim.objects.create(person=me, kind="lives_in", value="testville/north/hill", valid_from=AT)
    for found in (near("", citizen(me), AT), near("testville/north", VISITOR, AT)):
        assert (found.area, len(found.matters), found.total) == (north, 5, 6)
    assert near("all", citizen(me), AT).area is None


def test_hidden_matters_are_not_near(north):
    Matter.objects.filter(title="synthetic 0").update(stage=None, ended_at=AT, ending="hidden")
    assert near("testville/north", VISITOR, AT).total == 5


def test_what_changed_is_told_the_latest_first_and_never_of_hidden_matters(world, north):
    rows = list(Matter.objects.order_by("pk"))
    common = {"stage": world.call, "department": world.department, "reply": "synthetic", "by": "s-1"}
    Answer.objects.create(matter=rows[0], outcome="accepted", at=AT, **common)
    Answer.objects.create(matter=rows[1], outcome="not_accepted", at=AT, **common)
    Answer.objects.create(matter=rows[2], outcome="accepted", at=AT, **common)
    reached = AT + timedelta(days=2)
    Milestone.objects.create(matter=rows[3], title="문을 열었다", due_on=AT.date(), reached_at=reached, added_at=AT)
    Milestone.objects.create(matter=rows[4], title="아직", due_on=AT.date(), added_at=AT)
    Matter.objects.filter(pk=rows[2].pk).update(stage=None, ended_at=AT, ending="hidden")
    assert [(one.matter, one.kind, one.on) for one in changed()] == [
        (rows[3], "milestone", date(2021, 6, 3)),
        (rows[0], "answer", date(2021, 6, 1)),
    ]


@pytest.mark.parametrize("path", ["/", "/?area=testville/north"])
def test_home_costs_at_most_fifteen_queries_however_much_there_is(world, north, enter, path):
    account = person("citizen")
    counts = []
    for turn in range(2):
        client = enter(account)
        with CaptureQueriesContext(connection) as caught:
            page = client.get(path)
        counts.append(len(caught))
        assert (page.status_code, len(page.content) < 100_000) == (200, True)
        for number in range(2):
            open_stage(stage=stages_of(make_process(DISCUSS, code=f"more-{turn}-{number}"))[0])
            matter = file(stage=world.call, title="synthetic")
            Matter.objects.filter(pk=matter.pk).update(area=north)
            Answer.objects.create(
                matter=matter, outcome="accepted", at=AT, stage=world.call, department=world.department,
                reply="synthetic", by="s-1",
            )  # fmt: skip
    assert counts[0] == counts[1]
    assert counts[0] <= 15
