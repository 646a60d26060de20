"""Pages of reviews: what they show, what they hide, and that they cost a fixed number of queries."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from reviews_world import AT, CRITERIA, World, as_actor, closed, make_world, sign_in

from madang.site.docket.models import Matter, Passage
from madang.site.kit.actor import SYSTEM
from madang.site.kit.navigation import queues
from madang.site.people.actors import actor_for
from madang.site.people.models import Organisation
from madang.site.reviews import actions
from madang.site.reviews.models import Assignment, Costing, Motion, Objection, Screening, Sheet

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
ORDER = {"screen": 0, "review": 1, "object": 2, "decide": 3}


@pytest.fixture
def world() -> World:
    Organisation.objects.create(code="hall", kind="body", name_ko="총회", name_en="General assembly")
    made = make_world(
        ("screen", {"costing": True}),
        ("review", {"bodies": "council", "criteria": CRITERIA, "quorum": 1}),
        ("object", {"days": 10}),
        ("decide", {"body": "hall"}),
    )
    for order in range(4):
        made.open(order, NOW)
    return made


@pytest.fixture
def english(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def official(english: Client, world: World) -> Client:
    sign_in(english, world.person(), ("officer", world.department))
    return english


def fill(world: World, count: int) -> None:
    """Give every stage matters with something on each."""
    person = world.person(("member_of", "council"))
    for matter in world.matters(count, stage=0):
        actions.refer(by=SYSTEM, at=NOW, stage=world.stages[0], matters=[matter], department=world.other)
        actions.estimate_cost(by=SYSTEM, at=NOW, matter=matter, amount_won=100)
    for matter in world.matters(count, stage=1):
        actions.assign(by=SYSTEM, at=NOW, stage=world.stages[1], assignments=[(matter.pk, person.pk)])
        sheets = {matter.pk: {"need": 1, "effect": 1}}
        actions.submit_scores(by=as_actor(person), at=NOW, stage=world.stages[1], sheets=sheets)
    for matter in turned_down(world, count):
        actions.object_to(by=as_actor(person), at=NOW, stage=world.stages[2], matter=matter, text="No")
    matters = world.matters(count, stage=3)
    decisions = [actions.Decided(matter.pk, True, 5) for matter in matters]
    actions.vote_in_body(
        by=SYSTEM,
        at=NOW,
        stage=world.stages[3],
        in_favour=2,
        against=1,
        abstained=0,
        decisions=decisions,
        minutes="합성",
    )


def turned_down(world: World, count: int) -> list[Matter]:
    matters = world.matters(count, stage=2)
    keys = [matter.pk for matter in matters]
    Matter.objects.filter(pk__in=keys).update(stage=None, ended_at=NOW, ending="unsuitable")
    Passage.objects.bulk_create(
        Passage(
            matter_id=key, stage=world.stages[0], outcome="unsuitable", passed=False, by="x", entered_at=NOW, at=NOW
        )
        for key in keys
    )
    return list(Matter.objects.filter(pk__in=keys))


def cost(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("kind", ORDER)
@pytest.mark.parametrize("space", ["reviews", "reviews_desk"])
def test_pages_cost_a_fixed_number_of_queries(official: Client, world: World, space: str, kind: str) -> None:
    url = reverse(f"{space}:{kind}", args=[world.stages[ORDER[kind]].pk])
    fill(world, 1)
    official.get(url)
    one = cost(official, url)
    fill(world, 2)
    assert cost(official, url) == one


def test_queues_hold_what_waits_for_the_department(world: World) -> None:
    fill(world, 2)
    person = world.person(("member_of", "council"))
    (matter,) = world.matters(1, stage=1)
    actions.assign(by=SYSTEM, at=NOW, stage=world.stages[1], assignments=[(matter.pk, person.pk)])
    by_name = {queue.name: queue for queue in queues}

    def counts(actor: Any) -> list[int]:
        names = ("reviews.screenings", "reviews.sheets", "reviews.objections")
        return [by_name[name].rows(actor, NOW).count() for name in names]

    outsider = world.person()
    outsider.role_grants.create(role="officer", organisation=Organisation.objects.get(code="hall"), valid_from=AT)
    assert counts(world.officer) == [2, 0, 2]
    assert counts(world.other_officer) == [2, 0, 0]
    assert counts(actor_for(outsider, NOW)) == [0, 0, 0]
    assert counts(as_actor(person))[1] == 1
    first = Screening.objects.first()
    assert first is not None
    actions.pause(by=SYSTEM, at=NOW, screening=first, reason="?")
    assert counts(world.officer) == [1, 0, 2]


def test_desk_pages_are_closed_to_citizens(english: Client, world: World) -> None:
    desk = [reverse(f"reviews_desk:{kind}", args=[world.stages[order].pk]) for kind, order in ORDER.items()]
    assert [english.get(url).status_code for url in desk] == [302] * 4
    sign_in(english, world.person())
    assert [english.get(url).status_code for url in desk] == [403] * 4


def test_no_page_shows_scores_before_the_end(official: Client, world: World) -> None:
    person = world.person(("member_of", "council"))
    (matter,) = world.matters(1, stage=1)
    stage = world.stages[1]
    actions.assign_all(by=SYSTEM, at=NOW, stage=stage)
    points = {"need": 47, "effect": 39}
    actions.submit_scores(by=as_actor(person), at=NOW, stage=stage, sheets={matter.pk: points})
    (sheet,) = Sheet.objects.all()
    assert sheet.total == 86
    pages = [reverse("reviews:review", args=[stage.pk]), reverse("reviews_desk:review", args=[stage.pk])]
    for url in pages:
        text = official.get(url).content.decode()
        assert [number for number in ("86", "47", "39") if f">{number}<" in text or f"{number}.00" in text] == []
    assert official.get(reverse("reviews:score", args=[sheet.assignment_id])).status_code == 404
    closed(by=SYSTEM, at=NOW, stage=stage)
    assert official.get(pages[0]).content.decode().count(">86.00<") == 1


def test_hidden_matters_keep_their_title_hidden(english: Client, world: World) -> None:
    (matter,) = world.matters(1, stage=0, title="합성 비밀 제목")
    stage = world.stages[0]
    ruled = actions.Ruled(matter.pk, False, "Personal data", "hidden")
    actions.screen(by=SYSTEM, at=NOW, stage=stage, rulings=[ruled])
    closed(by=SYSTEM, at=NOW, stage=stage)
    for url in (reverse("reviews:screen", args=[stage.pk]), reverse("reviews:object", args=[world.stages[2].pk])):
        text = english.get(url).content.decode()
        assert (text.count(matter.title), text.count(matter.number) > 0) == (0, True)


def test_an_official_refers_and_rules_on_chosen_matters(official: Client, world: World) -> None:
    first, second, _third = world.matters(3, stage=0)
    url = reverse("reviews_desk:screen", args=[world.stages[0].pk])
    chosen = {"matters": [first.pk, second.pk]}
    refer = {**chosen, "do": "refer", "department": world.other.pk}
    assert official.post(url, refer).status_code == 200
    assert Screening.objects.count() == 0
    assert official.post(url, {**refer, "confirm": "yes"}).status_code == 302
    assert Screening.objects.filter(department=world.other).count() == 2
    rule = {**chosen, "do": "rule", "outcome": "unsuitable"}
    answer = official.post(url, {**rule, "reason": "", "confirm": "yes"})
    assert answer.content.decode().count("Give the reason: the author reads it.") == 2
    assert answer.content.decode().count('name="matters"') == 3
    assert answer.content.decode().count(" checked") == 3
    assert official.post(url, {**rule, "reason": "No", "confirm": "yes"}).status_code == 302
    assert list(Screening.objects.values_list("outcome", flat=True)) == ["unsuitable"] * 2
    shown = official.get(url, {"show": "ruled"}).content.decode()
    assert [shown.count(row.number) > 0 for row in (first, second, _third)] == [True, True, False]


@pytest.mark.parametrize(
    "data",
    [
        {"do": "refer", "department": "999999"},
        {"do": "refer", "department": "x", "due_on": "32 Octember"},
        {"do": "rule", "outcome": "magic"},
        {"do": "rule", "matters": ["x", "-1", "99999999999"], "outcome": "suitable"},
        {"do": "nothing"},
        {},
    ],
)
def test_unreadable_input_changes_nothing(official: Client, world: World, data: dict[str, Any]) -> None:
    world.matters(1, stage=0)
    url = reverse("reviews_desk:screen", args=[world.stages[0].pk])
    assert official.post(url, data).status_code == 200
    assert Screening.objects.count() == 0


def test_costs_and_the_clock(official: Client, world: World) -> None:
    (matter,) = world.matters(1, stage=0)
    actions.refer(by=SYSTEM, at=NOW, stage=world.stages[0], matters=[matter], department=world.other)
    url = reverse("reviews_desk:screening", args=[world.stages[0].pk, matter.pk])
    assert official.get(url).status_code == 200
    assert official.post(url, {"do": "cost", "amount_won": "12억"}).status_code == 200
    assert official.post(url, {"do": "cost", "amount_won": "1200000000", "note": "합성"}).status_code == 302
    assert list(Costing.objects.values_list("amount_won", flat=True)) == [1_200_000_000]
    assert official.post(url, {"do": "pause", "reason": "어디인가요?"}).status_code == 302
    assert official.post(url, {"do": "resume"}).status_code == 302
    assert Screening.objects.get().pauses.get().ended_at is not None


def test_a_reviewer_scores_and_steps_back(english: Client, world: World) -> None:
    person = world.person(("member_of", "council"))
    world.matters(2, stage=1)
    actions.assign_all(by=SYSTEM, at=NOW, stage=world.stages[1])
    one, two = person.assignments.order_by("pk")
    sign_in(english, person)
    assert english.get(reverse("reviews:mine", args=[world.stages[1].pk])).status_code == 200
    url = reverse("reviews:score", args=[one.pk])
    answer = english.post(url, {"do": "score", "need": "61", "effect": "1"})
    assert (answer.status_code, Sheet.objects.count()) == (200, 0)
    assert 'value="61"' in answer.content.decode()
    assert english.post(url, {"do": "score", "need": "60", "effect": "1"}).status_code == 302
    assert list(Sheet.objects.values_list("total", flat=True)) == [61]
    assert english.get(url).status_code == 200
    stepped = reverse("reviews:score", args=[two.pk])
    assert "is required" in english.post(stepped, {"do": "recuse", "reason": ""}).content.decode()
    assert english.post(stepped, {"do": "recuse", "reason": "Neighbour"}).status_code == 302
    assert list(Assignment.objects.filter(recused=True).values_list("matter", flat=True)) == [two.matter_id]


def test_a_citizen_objects_and_an_official_decides(english: Client, world: World) -> None:
    (matter,) = turned_down(world, 1)
    stage = world.stages[2]
    sign_in(english, world.person())
    url = reverse("reviews:object_to", args=[stage.pk, matter.pk])
    assert english.get(url).status_code == 200
    assert english.post(url, {"text": ""}).status_code == 200
    assert english.post(url, {"text": "It can be done."}).status_code == 302
    objection = Objection.objects.get()
    official = Client()
    sign_in(official, world.person(), ("head", world.department))
    desk = reverse("reviews_desk:objection", args=[objection.pk])
    assert official.get(desk).status_code == 200
    assert official.post(desk, {"upheld": "yes", "reason": "Right."}).status_code == 302
    matter.refresh_from_db()
    assert matter.stage_id == stage.pk
    shown = english.get(reverse("reviews:object", args=[stage.pk])).content.decode()
    assert ("It can be done." in shown, "Right." in shown) == (False, True)


def test_an_official_records_a_vote(official: Client, world: World) -> None:
    first, second = world.matters(2, stage=3)
    url = reverse("reviews_desk:decide", args=[world.stages[3].pk])
    data = {
        "matter-TOTAL_FORMS": "2",
        "matter-INITIAL_FORMS": "2",
        "matter-0-key": str(first.pk),
        "matter-1-key": str(second.pk),
        "matter-0-approves": "on",
        "matter-0-amount_won": "700",
        "matter-1-reason": "",
        "in_favour": "9",
        "against": "1",
        "abstained": "0",
        "minutes": "합성 회의록",
    }
    answer = official.post(url, data)
    assert f"{second.number} needs a reason" in answer.content.decode()
    assert official.post(url, {**data, "matter-1-reason": "Twice proposed"}).status_code == 302
    motion = Motion.objects.get()
    assert list(motion.decisions.order_by("matter").values_list("matter", "approves", "amount_won", "reason")) == [
        (first.pk, True, 700, ""),
        (second.pk, False, None, "Twice proposed"),
    ]


def test_pages_of_another_kind_are_not_found(official: Client, world: World) -> None:
    assert official.get(reverse("reviews:review", args=[world.stages[0].pk])).status_code == 404
    assert official.get(reverse("reviews_desk:screening", args=[world.stages[0].pk, 999_999])).status_code == 404
