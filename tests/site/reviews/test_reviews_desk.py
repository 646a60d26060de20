"""The officials' work on single matters: ruling from the inbox, assigning and reminding, a vote on many."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from reviews_world import AT, CRITERIA, World, as_actor, closed, make_world, sign_in

from madang.site.docket.models import Matter, Notice
from madang.site.kit.actor import SYSTEM
from madang.site.people.models import Organisation
from madang.site.reviews import actions
from madang.site.reviews.models import Assignment, Decision, Motion, Screening
from madang.site.reviews.scoring import left_out

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)


@pytest.fixture
def world() -> World:
    Organisation.objects.create(code="hall", kind="body", name_ko="총회", name_en="General assembly")
    made = make_world(
        ("screen", {"rolling": True}),
        ("review", {"bodies": "council", "criteria": CRITERIA, "quorum": 2, "trim": 1}),
        ("decide", {"body": "hall"}),
    )
    for order in range(3):
        made.open(order, NOW)
    return made


@pytest.fixture
def official(world: World) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    sign_in(client, world.person(), ("officer", world.department))
    return client


def text(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_inbox_leads_to_the_matter_and_it_is_ruled_on_there(official: Client, world: World) -> None:
    (matter,) = world.matters(1)
    url = reverse("reviews_desk:screening", args=[world.stages[0].pk, matter.pk])
    assert url in text(official, "/desk/")
    assert official.post(url, {"do": "refer", "department": world.other.pk}).status_code == 302
    assert Screening.objects.get().department == world.other
    page = official.post(url, {"do": "rule", "outcome": "unsuitable", "reason": ""}).content.decode()
    assert page.count("Give the reason: the author reads it.") == 2
    assert official.post(url, {"do": "rule", "outcome": "suitable"}).status_code == 302
    matter.refresh_from_db()
    assert matter.stage == world.stages[1]
    assert "Rule on it" not in text(official, url)


def test_a_department_sees_its_own_screenings_and_rules_on_them_only(world: World) -> None:
    mine, other = world.matters(2)
    stage = world.stages[0]
    actions.refer(by=SYSTEM, at=NOW, stage=stage, matters=[mine], department=world.other)
    client = Client(headers={"Accept-Language": "en"})
    sign_in(client, world.person(), ("officer", world.other))
    listed = text(client, f"{reverse('reviews_desk:screen', args=[stage.pk])}?show=mine")
    assert (mine.number in listed, other.number in listed) == (True, False)
    pages = [reverse("reviews_desk:screening", args=[stage.pk, row.pk]) for row in (mine, other)]
    assert ["Rule on it" in text(client, page) for page in pages] == [True, False]
    rule = {"do": "rule", "outcome": "suitable"}
    assert [client.post(page, rule).status_code for page in pages] == [302, 200]
    assert list(Matter.objects.filter(stage=stage)) == [other]


def test_words_find_a_screening(official: Client, world: World) -> None:
    one, two = world.matters(1, title="합성 다리") + world.matters(1, title="합성 쉼터")
    url = reverse("reviews_desk:screen", args=[world.stages[0].pk])
    for words in ("쉼터", two.number):
        page = text(official, f"{url}?q={words}")
        assert (one.number in page, two.number in page) == (False, True)


def council(world: World, members: int) -> list[Any]:
    return [world.person(("member_of", "council")) for _ in range(members)]


def test_an_official_assigns_single_reviewers_and_sees_who_stepped_back(official: Client, world: World) -> None:
    one, two, author = council(world, 3)
    (matter,) = world.matters(1, stage=1, author=author)
    stage = world.stages[1]
    url = reverse("reviews_desk:reviewers", args=[stage.pk, matter.pk])
    assert "Nobody scores their own proposal." in text(official, url)
    assert official.post(url, {"people": [one.pk]}).status_code == 302
    told = Notice.objects.get(person=one)
    assert (told.text_en, told.url) == ("You have matters to score: review stage", f"/reviews/reviews/{stage.pk}/mine/")
    actions.recuse(by=as_actor(one), at=NOW, stage=stage, matter=matter, reason="Synthetic neighbour")
    assert "Synthetic neighbour" in text(official, url)
    assert [official.post(url, {"people": people}).status_code for people in ([author.pk], [])] == [403, 403]
    assert official.post(url, {"people": [two.pk]}).status_code == 302
    rows = Assignment.objects.order_by("pk").values_list("person", "recused")
    assert list(rows) == [(one.pk, True), (two.pk, False)]


def test_the_page_of_reviewers_costs_the_same_with_one_and_with_three(official: Client, world: World) -> None:
    (matter,) = world.matters(1, stage=1)
    url, counts = reverse("reviews_desk:reviewers", args=[world.stages[1].pk, matter.pk]), []
    for more in (1, 2):
        council(world, more)
        actions.assign_all(by=SYSTEM, at=NOW, stage=world.stages[1])
        with CaptureQueriesContext(connection) as seen:
            text(official, url)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_those_whose_sheets_are_missing_are_reminded_once_a_day(official: Client, world: World) -> None:
    one, two = council(world, 2)
    matters = world.matters(2, stage=1)
    stage = world.stages[1]
    actions.assign_all(by=SYSTEM, at=NOW, stage=stage)
    sheets = {matter.pk: {"need": 1, "effect": 1} for matter in matters}
    actions.submit_scores(by=as_actor(one), at=NOW, stage=stage, sheets=sheets)
    assert "2 / 4" in text(official, reverse("reviews_desk:review", args=[stage.pk]))
    for _ in range(2):
        official.post(reverse("reviews_desk:remind", args=[stage.pk]))
    reminded = Notice.objects.filter(text_en__startswith="Some of your score sheets are still missing")
    assert [notice.person_id for notice in reminded] == [two.pk]
    actions.submit_scores(by=as_actor(two), at=NOW, stage=stage, sheets=sheets)
    assert "Remind those" not in text(official, reverse("reviews_desk:review", args=[stage.pk]))


def test_sheets_are_published_without_names_when_the_stage_closes(official: Client, world: World) -> None:
    people = council(world, 3)
    (matter,) = world.matters(1, stage=1)
    stage = world.stages[1]
    url = reverse("reviews:sheets", args=[stage.pk, matter.pk])
    actions.assign_all(by=SYSTEM, at=NOW, stage=stage)
    for number, person in enumerate(people):
        points = {matter.pk: {"need": 50 + number, "effect": 31}}
        actions.submit_scores(by=as_actor(person), at=NOW, stage=stage, sheets=points)
    visitor = Client(headers={"Accept-Language": "en"})
    assert visitor.get(url).status_code != 200
    closed(by=SYSTEM, at=NOW, stage=stage)
    page = text(visitor, url)
    assert "Mean: 82.00 points" in page
    assert (page.count(">counted<"), page.count(">left out<")) == (1, 2)
    assert [person.pseudonym for person in people if person.pseudonym in page] == []
    assert url in text(visitor, reverse("reviews:review", args=[stage.pk]))


@pytest.mark.parametrize(("sheets", "trim", "out"), [(0, 1, 0), (1, 1, 0), (2, 1, 0), (3, 1, 1), (4, 2, 1), (5, 2, 2)])
def test_some_total_is_always_left(sheets: int, trim: int, out: int) -> None:
    assert left_out(sheets, trim) == out


def motion(matters: list[Matter], **more: str) -> dict[str, str]:
    data = {"matter-TOTAL_FORMS": str(len(matters)), "matter-INITIAL_FORMS": str(len(matters))}
    for number, matter in enumerate(matters):
        data |= {f"matter-{number}-key": str(matter.pk), f"matter-{number}-approves": "on"}
        data |= {f"matter-{number}-amount_won": "7"}
    return {**data, "in_favour": "9", "against": "1", "abstained": "0", "minutes": "합성 회의록", **more}


def test_one_vote_decides_on_more_matters_than_a_page_shows(official: Client, world: World) -> None:
    matters = world.matters(1, stage=2, amount_won=100) + world.matters(29, stage=2, amount_won=100)
    url = reverse("reviews_desk:decide", args=[world.stages[2].pk])
    page = text(official, url)
    assert ("3,000 won" in page, page.count('name="matter-24-reason"'), "matter-25-" in page) == (True, 1, False)
    rejected = {"matter-0-approves": "", "matter-0-reason": "합성 사유", "covers": "all"}
    assert official.post(url, motion(matters[:25], **rejected)).status_code == 302
    assert Motion.objects.count() == 1
    amounts = list(Decision.objects.order_by("matter_id").values_list("approves", "amount_won"))
    assert amounts == [(False, 7), *[(True, 7)] * 24, *[(True, 100)] * 5]
    closed(by=SYSTEM, at=NOW, stage=world.stages[2])


def test_a_vote_on_a_page_that_has_changed_is_refused(official: Client, world: World) -> None:
    first, second = world.matters(2, stage=2)
    url = reverse("reviews_desk:decide", args=[world.stages[2].pk])
    answer = official.post(url, motion([second, first]))
    assert "Other matters wait here by now." in answer.content.decode()
    assert official.post(url, motion([first])).status_code == 200
    assert Motion.objects.count() == 0


def test_assigning_everything_shows_first_who_would_score_what(official: Client, world: World) -> None:
    one, two = council(world, 2)
    first, second = world.matters(2, stage=1)
    stage = world.stages[1]
    actions.assign(by=SYSTEM, at=AT, stage=stage, assignments=[(first.pk, one.pk), (first.pk, two.pk)])
    url = reverse("reviews_desk:assign_all", args=[stage.pk])
    page = text(official, url)
    assert page.count("Everybody who could be is assigned already.") == 1
    assert page.count(f"Assigned: {one}, {two}.") == 1
    assert Assignment.objects.count() == 2
    assert official.post(url).status_code == 302
    assert Assignment.objects.filter(matter=second).count() == 2


def test_the_desk_of_another_department_changes_nothing(world: World) -> None:
    one, two = council(world, 2)
    (matter,) = world.matters(1, stage=1)
    stage = world.stages[1]
    actions.assign(by=SYSTEM, at=AT, stage=stage, assignments=[(matter.pk, one.pk)])
    client = Client(headers={"Accept-Language": "en"})
    sign_in(client, world.person(), ("officer", world.other))
    client.post(reverse("reviews_desk:reviewers", args=[stage.pk, matter.pk]), {"people": [two.pk]})
    client.post(reverse("reviews_desk:remind", args=[stage.pk]))
    client.post(reverse("reviews_desk:assign_all", args=[stage.pk]))
    assert Assignment.objects.count() == 1
    assert Notice.objects.filter(text_en__startswith="Some").count() == 0


def test_of_two_who_record_a_vote_the_second_is_told_and_loses_nothing(official: Client, world: World) -> None:
    (matter,) = world.matters(1, stage=2)
    url = reverse("reviews_desk:decide", args=[world.stages[2].pk])
    assert official.post(url, motion([matter], seen="0")).status_code == 302
    page = official.post(url, motion([matter], seen="0", minutes="합성 둘째 회의록")).content.decode()
    assert "A colleague recorded a vote meanwhile; read it below before you record another one." in page
    assert ("합성 둘째 회의록" in page, 'name="seen" value="1"' in page, Motion.objects.count()) == (True, True, 1)
    assert official.post(url, motion([matter], seen="1")).status_code == 302
    assert Motion.objects.count() == 2
