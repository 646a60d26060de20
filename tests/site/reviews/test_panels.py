"""After the scoring: the matrix, sheets sent back, letters in the outbox, and publishing all at once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from reviews_world import CRITERIA, World, as_actor, closed, make_world, sign_in

from madang.site.docket.models import Matter, Notice, Passage
from madang.site.kit.actor import SYSTEM
from madang.site.kit.navigation import queues
from madang.site.kit.verdict import Refused
from madang.site.people.models import Organisation, Person
from madang.site.record.models import Event
from madang.site.reviews import actions, panel, policy
from madang.site.reviews.models import Assignment, Letter, Sheet

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def world() -> World:
    Organisation.objects.create(code="hall", kind="body", name_ko="총회", name_en="General assembly")
    rules = {"bodies": "council", "criteria": CRITERIA, "quorum": 2, "trim": 1, "passes": 1}
    made = make_world(("review", rules), ("decide", {"body": "hall"}))
    made.open(0, NOW)
    return made


def council(world: World, members: int) -> list[Person]:
    return [world.person(("member_of", "council")) for _ in range(members)]


def scored(world: World, totals: list[list[int]]) -> tuple[list[Person], list[Matter]]:
    """A council of as many as there are totals of a matter, all of them handed in; matters have authors."""
    people = council(world, len(totals[0]))
    matters = [world.matters(1, author=world.person())[0] for _ in totals]
    stage = world.stages[0]
    actions.assign_all(by=SYSTEM, at=NOW, stage=stage)
    for number, person in enumerate(people):
        sheets = {
            matter.pk: {"need": given[number], "effect": 0} for matter, given in zip(matters, totals, strict=True)
        }
        actions.submit_scores(by=as_actor(person), at=NOW, stage=stage, sheets=sheets)
    return people, matters


def official(world: World, department: Organisation | None = None) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    sign_in(client, world.person(), ("officer", department or world.department))
    return client


def text(client: Client, name: str, *keys: int) -> str:
    answer = client.get(reverse(f"reviews_desk:{name}", args=keys))
    assert answer.status_code == 200
    return str(answer.content.decode())


def refused(act: Any, **given: Any) -> str:
    with pytest.raises(Refused) as caught:
        act(at=NOW, **given)
    return str(caught.value)


def test_officials_see_points_only_once_the_scoring_has_ended(world: World) -> None:
    _people, (good, _bad) = scored(world, [[50, 51, 59], [3, 4, 5]])
    stage, client = world.stages[0], official(world)
    page = text(client, "matrix", stage.pk)
    assert "Points stay secret" in page
    assert [given for given in ("59", "51.00") if f">{given}<" in page] == []
    assert client.post(reverse("reviews_desk:end_scoring", args=[stage.pk])).status_code == 302
    page = text(client, "matrix", stage.pk)
    assert [given for given in ("59", "51.00", "4.00") if f">{given}<" in page] == ["59", "51.00", "4.00"]
    assert (page.count("would pass"), page.count("would not pass")) == (1, 1)
    assert Passage.objects.count() == 0
    visitor = Client().get(reverse("reviews:review", args=[stage.pk])).content.decode()
    assert (good.number in visitor, "51.00" in visitor) == (False, False)


def test_the_matrix_has_mean_spread_and_what_is_missing(world: World) -> None:
    people, (one, two) = scored(world, [[10, 20, 60], [30, 31, 32]])
    stage = world.stages[0]
    actions.recuse(by=as_actor(people[0]), at=NOW, stage=stage, matter=two, reason="합성 이웃")
    Sheet.objects.filter(assignment__matter=one, assignment__person=people[1]).delete()
    found = panel.matrix(stage, body="council", points=True)
    assert found.reviewers == people
    assert [
        (row.matter, row.rank, row.mean, row.spread, row.missing, [cell.state for cell in row.cells])
        for row in found.rows
    ] == [
        (one, 1, "35.00", 50, 1, ["in", "missing", "in"]),
        (two, 2, "31.50", 1, 0, ["recused", "in", "in"]),
    ]
    hidden = panel.matrix(stage, body="council", points=False)
    assert [(row.matter, row.mean, row.rank) for row in hidden.rows] == [(one, "", None), (two, "", None)]
    assert [cell.total for row in hidden.rows for cell in row.cells] == [None] * 6


def test_more_reviewers_than_fit_across_are_named_in_the_cells(world: World) -> None:
    people, (_one, two) = scored(world, [[*range(panel.ACROSS + 1)], [0] * (panel.ACROSS + 1)])
    stage = world.stages[0]
    Assignment.objects.filter(matter=two, person__in=people[2:]).delete()
    found = panel.matrix(stage, body="council", points=True)
    assert found.reviewers == []
    assert [[(cell.person, cell.total) for cell in row.cells] for row in found.rows] == [
        [(str(person), total) for total, person in enumerate(people)],
        [(str(person), 0) for person in people[:2]],
    ]
    client = official(world)
    client.post(reverse("reviews_desk:end_scoring", args=[stage.pk]))
    assert f"<li>{people[12]}: <a " in text(client, "matrix", stage.pk)


def test_the_matrix_costs_the_same_with_few_and_with_many(world: World) -> None:
    client, counts = official(world), []
    scored(world, [[1, 2, 3]])
    for _more in range(2):
        with CaptureQueriesContext(connection) as seen:
            text(client, "matrix", world.stages[0].pk)
        counts.append(len(seen))
        world.matters(5)
        actions.assign_all(by=SYSTEM, at=NOW, stage=world.stages[0])
    assert counts[0] == counts[1]


def test_the_scoring_ends_once_and_with_the_quorum_only(world: World) -> None:
    people, (matter,) = scored(world, [[1, 2]])
    stage = world.stages[0]
    Sheet.objects.filter(assignment__person=people[0]).delete()
    assert refused(actions.end_scoring, by=world.officer, stage=stage).startswith("1 matter has fewer than 2 score")
    sheet = {matter.pk: {"need": 1, "effect": 0}}
    actions.submit_scores(by=as_actor(people[0]), at=NOW, stage=stage, sheets=sheet)
    assert refused(actions.end_scoring, by=world.other_officer, stage=stage) == "Only officials of Budget may do this."
    actions.end_scoring(by=world.officer, at=NOW, stage=stage)
    over = "The scoring of review stage has ended."
    assert refused(actions.end_scoring, by=world.officer, stage=stage) == over
    assert refused(actions.submit_scores, by=as_actor(people[0]), stage=stage, sheets=sheet) == over
    assert refused(actions.recuse, by=as_actor(people[0]), stage=stage, matter=matter, reason="x") == over
    assert refused(actions.assign_all, by=world.officer, stage=stage) == over


def test_a_sheet_goes_back_to_its_reviewer_and_comes_in_again(world: World) -> None:
    people, (matter,) = scored(world, [[1, 2, 60]])
    stage, client = world.stages[0], official(world)
    row = Assignment.objects.get(person=people[2])
    url = reverse("reviews_desk:send_back", args=[row.pk])
    assert client.get(url).status_code == 403
    actions.end_scoring(by=world.officer, at=NOW, stage=stage)
    assert "is required" in client.post(url, {"do": "back", "reason": ""}).content.decode()
    assert client.post(url, {"do": "back", "reason": "합성 사유: 만점인 까닭은?"}).status_code == 302
    told = Notice.objects.filter(person=people[2]).latest("pk")
    assert (told.text_en.endswith("합성 사유: 만점인 까닭은?"), told.url) == (True, f"/reviews/sheets/{row.pk}/")
    with pytest.raises(Refused, match=rf"^Score sheets that were sent back have not come in again: {matter.number}\.$"):
        closed(by=SYSTEM, at=NOW, stage=stage)
    reviewer = Client(headers={"Accept-Language": "en"})
    sign_in(reviewer, people[2])
    own = reverse("reviews:score", args=[row.pk])
    assert "만점인 까닭은?" in reviewer.get(own).content.decode()
    assert reviewer.post(own, {"do": "score", "need": "40", "effect": "0"}).status_code == 302
    row.refresh_from_db()
    assert (row.sent_back_at, Sheet.objects.get(assignment=row).total) == (None, 40)
    closed(by=SYSTEM, at=NOW, stage=stage)
    assert Event.objects.filter(verb="sheet.sent_back").count() == 1


def test_a_sheet_whose_reviewer_does_not_answer_may_count_as_it_was(world: World) -> None:
    people, _matters = scored(world, [[1, 2]])
    stage, client = world.stages[0], official(world)
    actions.end_scoring(by=world.officer, at=NOW, stage=stage)
    row = Assignment.objects.select_related("stage", "matter").get(person=people[0])
    actions.send_back(by=world.officer, at=NOW, assignment=row, reason="합성")
    assert client.post(reverse("reviews_desk:send_back", args=[row.pk]), {"do": "keep"}).status_code == 302
    closed(by=SYSTEM, at=NOW, stage=stage)
    assert refused(actions.keep_sheet, by=world.officer, assignment=row) == "This sheet is not with its reviewer."


def test_letters_wait_until_all_is_published_at_once(world: World) -> None:
    _people, (good, bad) = scored(world, [[50, 51, 52], [3, 4, 5]])
    stage, client = world.stages[0], official(world)
    outbox = reverse("reviews_desk:outbox", args=[stage.pk])
    (queue,) = [queue for queue in queues if queue.name == "reviews.outbox"]
    assert list(queue.rows(world.officer, NOW)) == []
    assert client.post(outbox).status_code == 302
    assert list(queue.rows(world.officer, NOW)) == [stage]
    letters = list(Letter.objects.order_by("matter__number"))
    assert [(row.matter, row.outcome, row.sent_at) for row in letters] == [
        (good, "shortlisted", None),
        (bad, "not_shortlisted", None),
    ]
    assert (good.title in letters[0].text, "결과: 심사 통과" in letters[0].text) == (True, True)
    assert Notice.objects.filter(person__in=[good.author, bad.author]).count() == 0
    author = Client(headers={"Accept-Language": "en"})
    assert bad.author is not None
    sign_in(author, bad.author)
    read = reverse("reviews:letter", args=[letters[1].pk])
    assert author.get(read).status_code == 403
    url = reverse("reviews_desk:letter", args=[letters[1].pk])
    seen = letters[1].drafted_at.isoformat()
    assert client.post(url, {"text": "합성 안내문: 고맙습니다.", "seen": seen}).status_code == 302
    client.post(outbox)
    assert Letter.objects.get(pk=letters[1].pk).text == "합성 안내문: 고맙습니다."

    page = text(client, "publish", stage.pk)
    assert "shortlisted; it goes on to “decide stage”. A letter goes to the author." in page
    assert Passage.objects.count() == 0
    assert client.post(reverse("reviews_desk:publish", args=[stage.pk])).status_code == 302
    assert list(queue.rows(world.officer, NOW)) == []
    assert Passage.objects.count() == 2
    assert Letter.objects.filter(sent_at=None).count() == 0
    assert "합성 안내문: 고맙습니다." in author.get(read).content.decode()
    told = Notice.objects.filter(person=bad.author, url=read).values_list("text_en", flat=True)
    assert list(told) == [f"A letter about the result: {bad.title}"]
    stranger = Client(headers={"Accept-Language": "en"})
    sign_in(stranger, world.person())
    assert stranger.get(read).status_code == 403
    sent = Letter.objects.get(pk=letters[1].pk)
    change = refused(actions.change_letter, by=world.officer, letter=sent, text="x", seen=None)
    assert change == "This letter has been sent."


def test_a_letter_that_says_another_decision_is_not_sent(world: World) -> None:
    people, (good, bad) = scored(world, [[50, 51], [3, 4]])
    stage, client = world.stages[0], official(world)
    assert refused(actions.publish, by=world.officer, stage=stage).startswith("Letters are missing")
    actions.prepare_letters(by=world.officer, at=NOW, stage=stage)
    sheets = {bad.pk: {"need": 60, "effect": 40}}
    for person in people:
        actions.submit_scores(by=as_actor(person), at=NOW, stage=stage, sheets=sheets)
    page = client.post(reverse("reviews_desk:publish", args=[stage.pk])).content.decode()
    assert f"was decided: {good.number}, {bad.number}. Prepare them again." in page
    assert (Passage.objects.count(), Letter.objects.exclude(sent_at=None).count()) == (0, 0)
    assert len(actions.prepare_letters(by=world.officer, at=NOW, stage=stage)) == 2
    assert actions.publish(by=world.officer, at=NOW, stage=stage) == 2
    assert Passage.objects.get(matter=bad).outcome == "shortlisted"


def test_of_two_who_correct_a_letter_the_second_is_told_and_loses_nothing(world: World) -> None:
    scored(world, [[50, 51]])
    stage, client = world.stages[0], official(world)
    (letter,) = actions.prepare_letters(by=world.officer, at=NOW, stage=stage)
    seen = letter.drafted_at
    actions.change_letter(by=world.officer, at=NOW + timedelta(minutes=1), letter=letter, text="합성 첫째", seen=seen)
    url = reverse("reviews_desk:letter", args=[letter.pk])
    page = client.post(url, {"text": "합성 둘째", "seen": seen.isoformat()}).content.decode()
    assert ("A colleague changed this letter meanwhile." in page, "합성 둘째" in page) == (True, True)
    assert Letter.objects.get().text == "합성 첫째"
    held = Letter.objects.get().changed_at
    assert held is not None
    assert f'value="{held.isoformat()}"' in page
    assert client.post(url, {"text": "합성 둘째", "seen": held.isoformat()}).status_code == 302
    assert Letter.objects.get().text == "합성 둘째"


def test_nothing_is_published_while_something_is_undecided(world: World) -> None:
    world.matters(1, author=world.person())
    client, stage = official(world), world.stages[0]
    page = text(client, "publish", stage.pk)
    assert ("1 matter has fewer than 2 score sheets" in page, "Publish, and send" in page) == (True, False)
    client.post(reverse("reviews_desk:outbox", args=[stage.pk]))
    assert Letter.objects.count() == 0


def test_another_department_neither_sees_points_nor_publishes(world: World) -> None:
    _people, (matter,) = scored(world, [[50, 51]])
    stage, client = world.stages[0], official(world, world.other)
    actions.end_scoring(by=world.officer, at=NOW, stage=stage)
    (letter,) = actions.prepare_letters(by=world.officer, at=NOW, stage=stage)
    assert ">51<" not in text(client, "matrix", stage.pk)
    pages = [("outbox", stage.pk), ("publish", stage.pk), ("letter", letter.pk)]
    pages.append(("send_back", Assignment.objects.filter(matter=matter).first().pk))  # type: ignore[union-attr]
    assert [client.get(reverse(f"reviews_desk:{name}", args=[key])).status_code for name, key in pages] == [403] * 4
    assert refused(actions.publish, by=world.other_officer, stage=stage) == "Only officials of Budget may do this."
    reason = policy.may_see_points(world.other_officer, stage, NOW).reason
    assert reason == "Only officials of Budget may do this."


def test_reviewers_are_assigned_to_many_after_a_look(world: World) -> None:
    one, two, author = council(world, 3)
    first, own = world.matters(1)[0], world.matters(1, author=author)[0]
    stage, client = world.stages[0], official(world)
    actions.assign(by=SYSTEM, at=NOW, stage=stage, assignments=[(first.pk, one.pk)])
    data = {"matters": [first.pk, own.pk], "people": [one.pk, author.pk]}
    url = reverse("reviews_desk:review", args=[stage.pk])
    page = client.post(url, data).content.decode()
    assert f"Assigned: {author}. Without 1 who cannot: assigned already" in page
    assert f"Assigned: {one}. Without 1 who cannot: Nobody scores their own proposal." in page
    assert Assignment.objects.count() == 1
    assert client.post(url, {**data, "confirm": "yes"}).status_code == 302
    pairs = set(Assignment.objects.values_list("matter", "person"))
    assert pairs == {(first.pk, one.pk), (first.pk, author.pk), (own.pk, one.pk)}
    assert "is required" in client.post(url, {"matters": [first.pk]}).content.decode()
    assert "Choose at least one matter." in client.post(url, {"people": [two.pk]}).content.decode()


def test_a_reviewer_goes_on_from_sheet_to_sheet(world: World) -> None:
    (person,) = council(world, 1)
    world.matters(3)
    actions.assign_all(by=SYSTEM, at=NOW, stage=world.stages[0])
    client = Client(headers={"Accept-Language": "en"})
    sign_in(client, person)
    rows = list(Assignment.objects.order_by("matter__number"))
    ways = [reverse("reviews:score", args=[row.pk]) for row in rows]
    give = {"do": "score", "need": "1", "effect": "1"}
    assert client.post(ways[1], give).headers["Location"] == ways[2]
    assert client.post(ways[2], {"do": "recuse", "reason": "합성 이웃"}).headers["Location"] == ways[0]
    assert "1 of 2 sheets handed in" in client.get(ways[0]).content.decode()
    assert client.post(ways[0], give).headers["Location"] == reverse("reviews:mine", args=[world.stages[0].pk])
