"""The desk that screens many: its queue, undoing, many at once with a look before, and two officials at one moment."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from reviews_world import World, as_actor, closed, make_world, sign_in

from madang.site.docket.models import Matter, Notice, Passage
from madang.site.kit.actor import SYSTEM, Actor, Grant
from madang.site.kit.verdict import Refused
from madang.site.people.models import Person
from madang.site.record.models import Event
from madang.site.reviews import actions, queries, queue
from madang.site.reviews.models import Reversal, Screening

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
NO = "합성 사유: 이미 하고 있는 일입니다."


@pytest.fixture
def rolling() -> World:
    made = make_world(("screen", {"rolling": True, "objection_days": 30}), ("decide", {"body": "hall"}))
    made.open(0, NOW)
    return made


@pytest.fixture
def kept() -> World:
    made = make_world(("screen", {}), ("decide", {"body": "hall"}), code="kept")
    made.open(0, NOW)
    return made


def official(world: World, department: Any = None) -> tuple[Client, Actor]:
    client, person = Client(headers={"Accept-Language": "en"}), world.person()
    where = department or world.department
    sign_in(client, person, ("officer", where))
    return client, Actor(person.pseudonym, person.pk, frozenset({Grant("officer", where.code)}))


def desk(world: World, matter: Matter | None = None) -> str:
    stage = world.stages[0]
    if matter is None:
        return reverse("reviews_desk:screen", args=[stage.pk])
    return reverse("reviews_desk:screening", args=[stage.pk, matter.pk])


def rule(outcome: str, reason: str = "", **more: Any) -> dict[str, Any]:
    return {"do": "rule", "outcome": outcome, "reason": reason, **more}


def test_a_ruling_leads_on_to_the_next_that_waits_and_comes_round(rolling: World) -> None:
    client, _actor = official(rolling)
    first, second, third = rolling.matters(3)
    assert client.post(desk(rolling, second), rule("suitable")).headers["Location"] == desk(rolling, third)
    assert client.post(desk(rolling, third), rule("suitable")).headers["Location"] == desk(rolling, first)
    assert client.post(desk(rolling, first), rule("unsuitable", NO)).headers["Location"] == desk(rolling)
    assert list(Passage.objects.order_by("matter").values_list("outcome", flat=True)) == [
        "unsuitable",
        "suitable",
        "suitable",
    ]


def test_the_filter_stays_while_one_goes_on(rolling: World) -> None:
    client, _actor = official(rolling)
    one, _other, two = (rolling.matters(1, title=title)[0] for title in ("합성 쉼터", "합성 다리", "합성 쉼터 둘"))
    address = f"{desk(rolling, one)}?q=%EC%89%BC%ED%84%B0"
    page = client.get(address).content.decode()
    assert "1 of 2 in the queue" in page
    answer = client.post(address, rule("suitable"))
    assert answer.headers["Location"] == f"{desk(rolling, two)}?q=%EC%89%BC%ED%84%B0"


def test_neighbours_are_links_and_the_ends_have_one_only(kept: World) -> None:
    client, _actor = official(kept)
    rows = kept.matters(3)
    ways = [
        [f'rel="{way}"' in client.get(desk(kept, row)).content.decode() for way in ("prev", "next")] for row in rows
    ]
    assert ways == [[False, True], [True, True], [True, False]]


def test_what_waits_comes_first_then_what_is_paused_then_what_was_ruled(kept: World) -> None:
    ruled, paused, waiting = kept.matters(3)
    stage = kept.stages[0]
    actions.screen(by=SYSTEM, at=NOW, stage=stage, rulings=[actions.Ruled(ruled.pk, True)])
    (row,) = actions.refer(by=SYSTEM, at=NOW, stage=stage, matters=[paused], department=kept.other)
    actions.pause(by=SYSTEM, at=NOW, screening=row, reason="합성 질문")
    rows = queries.screening_rows(stage)
    assert list(rows) == [waiting, paused, ruled]
    place = queue.place_of(rows, paused.pk)
    assert (place.number, place.total, place.before, place.after) == (2, 3, waiting.pk, ruled.pk)
    assert (place.onward, queue.place_of(rows, 0).onward) == (waiting.pk, waiting.pk)


def test_the_own_work_of_the_day_is_counted(kept: World) -> None:
    _client, actor = official(kept)
    stage, matters = kept.stages[0], kept.matters(5)
    actions.screen(by=actor, at=NOW, stage=stage, rulings=[actions.Ruled(row.pk, True) for row in matters[:2]])
    actions.screen(by=SYSTEM, at=NOW, stage=stage, rulings=[actions.Ruled(matters[2].pk, True)])
    waiting = queue.place_of(queries.screening_rows(stage), 0).waiting

    def progress(at: datetime) -> queue.Progress:
        return queue.progress_of(queue.rulings_of_the_day(stage, by=actor, at=at), waiting, at=at)

    assert progress(NOW) == queue.Progress(2, 4)
    assert progress(NOW + timedelta(days=2)) == queue.Progress(0, 2)


def test_undoing_brings_a_matter_back_and_keeps_what_was_undone(rolling: World) -> None:
    client, actor = official(rolling)
    author = rolling.person()
    (matter,) = rolling.matters(1, author=author)
    stage = rolling.stages[0]
    client.post(desk(rolling, matter), rule("unsuitable", NO))
    page = client.get(desk(rolling)).content.decode()
    screening = Screening.objects.get()
    assert (page.count(">Undo<"), f'value="{screening.pk}"' in page) == (1, True)
    answer = client.post(reverse("reviews_desk:undo", args=[stage.pk]), {"screenings": [screening.pk]})
    assert answer.headers["Location"] == desk(rolling, matter)
    matter.refresh_from_db()
    screening.refresh_from_db()
    assert (matter.stage, matter.ended_at, matter.ending) == (stage, None, "")
    assert (screening.outcome, screening.ruled_at, Passage.objects.count()) == ("", None, 0)
    assert list(Reversal.objects.values_list("outcome", "reason", "by")) == [("unsuitable", NO, actor.pseudonym)]
    verbs = Event.objects.filter(subject=f"matter:{matter.pk}").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["matter.filed", "matter.ended", "matter.taken_back", "ruling.undone"]
    told = Notice.objects.filter(person=author).order_by("pk").values_list("text_en", flat=True)
    assert list(told) == [
        "screen stage: not suitable",
        "screen stage: the decision was taken back and it is examined again",
    ]
    assert ">Undo<" not in client.get(desk(rolling)).content.decode()
    client.post(desk(rolling, matter), rule("suitable"))
    assert list(Passage.objects.values_list("outcome", flat=True)) == ["suitable"]


def test_what_was_done_to_many_is_undone_for_all_of_them(kept: World) -> None:
    client, _actor = official(kept)
    matters = kept.matters(3)
    many = {"matters": [row.pk for row in matters], "confirm": "yes"}
    assert client.post(desk(kept), rule("unsuitable", NO, **many)).status_code == 302
    page = client.get(desk(kept)).content.decode()
    assert "and 2 more" in page
    keys = list(Screening.objects.values_list("pk", flat=True))
    client.post(reverse("reviews_desk:undo", args=[kept.stages[0].pk]), {"screenings": keys})
    assert (Reversal.objects.count(), Screening.objects.filter(ruled_at=None).count()) == (3, 3)


def undone(world: World, by: Actor, at: datetime) -> str:
    with pytest.raises(Refused) as caught:
        actions.undo(by=by, at=at, stage=world.stages[0], screenings=list(Screening.objects.all()))
    assert Reversal.objects.count() == 0
    return str(caught.value)


def test_undoing_is_refused_to_others_and_when_it_is_too_late(rolling: World) -> None:
    _client, actor = official(rolling)
    _client, colleague = official(rolling)
    stage, author = rolling.stages[0], rolling.person()
    (matter,) = rolling.matters(1, author=author)
    assert undone(rolling, actor, NOW) == "되돌릴 판정이 없습니다."
    actions.screen(by=actor, at=NOW, stage=stage, rulings=[actions.Ruled(matter.pk, False, NO)])
    later = NOW + timedelta(minutes=61)
    assert undone(rolling, colleague, NOW) == "다른 담당자가 판정한 안건입니다. 판정한 사람만 되돌릴 수 있습니다."
    assert undone(rolling, as_actor(author), NOW) == "예산과 담당 공무원만 할 수 있습니다."
    assert undone(rolling, actor, later).startswith("효력이 생긴 판정은 한 시간 안에만")
    matter.refresh_from_db()
    actions.object_to(by=as_actor(author), at=NOW, stage=stage, matter=matter, text="합성 이의")
    assert undone(rolling, actor, NOW) == "이미 이의신청이 들어왔습니다. 이의신청을 결정해 주세요."


def test_what_was_published_is_not_undone(kept: World) -> None:
    _client, actor = official(kept)
    (matter,) = kept.matters(1)
    actions.screen(by=actor, at=NOW, stage=kept.stages[0], rulings=[actions.Ruled(matter.pk, True)])
    closed(by=SYSTEM, at=NOW, stage=kept.stages[0])
    kept.stages[0].refresh_from_db()
    assert undone(kept, actor, NOW) == "screen 단계 단계가 열려 있지 않습니다."


def test_what_was_decided_on_further_on_is_not_taken_back(rolling: World) -> None:
    _client, actor = official(rolling)
    (matter,) = rolling.matters(1)
    actions.screen(by=actor, at=NOW, stage=rolling.stages[0], rulings=[actions.Ruled(matter.pk, True)])
    stage = rolling.stages[1]
    Passage.objects.create(matter=matter, stage=stage, outcome="approved", passed=True, by="x", entered_at=NOW, at=NOW)
    assert undone(rolling, actor, NOW) == f"{matter.number} 안건은 그사이 다음 단계에서 처리되어 되돌릴 수 없습니다."
    assert Screening.objects.get().outcome == "suitable"


def test_of_two_officials_the_second_is_told_and_loses_nothing(kept: World) -> None:
    (first, _actor), (second, _other) = official(kept), official(kept)
    (matter,) = kept.matters(1)
    url = desk(kept, matter)
    assert first.post(url, rule("suitable", seen="")).status_code == 302
    page = second.post(url, rule("unsuitable", NO, seen="")).content.decode()
    assert "was ruled on meanwhile, on" in page
    assert NO in page
    assert Screening.objects.get().outcome == "suitable"
    seen = Screening.objects.get().ruled_at
    assert seen is not None
    assert f'value="{seen.isoformat()}"' in page
    assert second.post(url, rule("unsuitable", NO, seen=seen.isoformat())).status_code == 302
    assert Screening.objects.get().outcome == "unsuitable"


def test_a_text_is_kept_when_the_matter_has_gone_on_meanwhile(rolling: World) -> None:
    (first, _actor), (second, _other) = official(rolling), official(rolling)
    (matter,) = rolling.matters(1)
    first.post(desk(rolling, matter), rule("suitable", seen=""))
    page = second.post(desk(rolling, matter), rule("unsuitable", NO, seen="")).content.decode()
    assert ("was ruled on meanwhile, on" in page, NO in page) == (True, True)


def test_many_are_shown_before_they_are_done_and_those_that_cannot_be_say_why(rolling: World) -> None:
    client, _actor = official(rolling)
    here, gone = rolling.matters(2)
    actions.screen(by=SYSTEM, at=NOW, stage=rolling.stages[0], rulings=[actions.Ruled(gone.pk, True)])
    data = rule("unsuitable", NO, matters=[here.pk, gone.pk])
    page = client.post(desk(rolling), data).content.decode()
    assert "It would be done to 1 matter." in page
    assert "not suitable; its journey ends here and the author is told now." in page
    assert f"{gone.number} is not in this stage." in page
    assert (page.count('name="matters"'), Passage.objects.count()) == (1, 1)
    assert client.post(desk(rolling), {**data, "matters": [here.pk], "confirm": "yes"}).status_code == 302
    assert Passage.objects.filter(outcome="unsuitable").count() == 1


def test_all_of_a_list_are_chosen_without_ticking_each(kept: World) -> None:
    client, _actor = official(kept)
    for title in ("합성 쉼터",) * 27 + ("합성 다리",) * 2:
        kept.matters(1, title=title)
    url = f"{desk(kept)}?q=%EC%89%BC%ED%84%B0"
    page = client.post(url, rule("suitable", everything="yes")).content.decode()
    assert ("It would be done to 27 matters." in page, page.count('name="matters"')) == (True, 27)


def test_many_are_done_all_or_none(rolling: World) -> None:
    client, _actor = official(rolling)
    here, gone = rolling.matters(2)
    actions.screen(by=SYSTEM, at=NOW, stage=rolling.stages[0], rulings=[actions.Ruled(gone.pk, True)])
    data = rule("unsuitable", NO, matters=[here.pk, gone.pk], confirm="yes")
    page = client.post(desk(rolling), data).content.decode()
    assert (f"{gone.number} is not in this stage." in page, NO in page) == (True, True)
    assert Passage.objects.count() == 1


def test_a_colleague_who_ruled_since_the_look_is_not_overruled(kept: World) -> None:
    client, _actor = official(kept)
    (matter,) = kept.matters(1)
    data = rule("unsuitable", NO, matters=[matter.pk])
    assert "Do this" in client.post(desk(kept), data).content.decode()
    actions.screen(by=SYSTEM, at=NOW, stage=kept.stages[0], rulings=[actions.Ruled(matter.pk, True)])
    page = client.post(desk(kept), {**data, "confirm": "yes"}).content.decode()
    assert ("was ruled on meanwhile" in page, "Replaces: suitable." in page) == (True, True)
    seen = Screening.objects.get().ruled_at
    again = {**data, "confirm": "yes", "seen_each": f"{matter.pk} {seen.isoformat() if seen else ''}"}
    assert client.post(desk(kept), again).status_code == 302
    assert Screening.objects.get().outcome == "unsuitable"


def test_another_department_sees_that_it_may_not(rolling: World) -> None:
    client, _actor = official(rolling, rolling.other)
    (matter,) = rolling.matters(1)
    page = client.post(desk(rolling), rule("suitable", matters=[matter.pk])).content.decode()
    assert "It would be done to 0 matters." in page
    assert (
        client.post(desk(rolling), {"do": "refer", "department": rolling.other.pk, "matters": [matter.pk]}).status_code
        == 403
    )
    client.post(desk(rolling, matter), rule("suitable"))
    assert Screening.objects.count() == 0


def test_a_reason_given_before_need_not_be_typed_again(kept: World) -> None:
    client, _actor = official(kept)
    first, second, third = kept.matters(3)
    client.post(desk(kept, first), rule("unsuitable", NO))
    assert NO in client.get(desk(kept, second)).content.decode()
    client.post(desk(kept, second), rule("unsuitable", "", ready=NO))
    client.post(desk(kept, third), rule("unsuitable", "합성 사유 둘", ready=NO))
    assert list(Screening.objects.order_by("matter").values_list("reason", flat=True)) == [NO, NO, "합성 사유 둘"]


def test_similar_ones_are_grouped_with_the_way_to_merge_them(kept: World) -> None:
    client, _actor = official(kept)
    one, _other, two = (
        kept.matters(1, title=title)[0] for title in ("합성 골목 쉼터 만들기", "합성 도서관", "합성 골목 쉼터 늘리기")
    )
    page = client.get(reverse("reviews_desk:alike", args=[kept.stages[0].pk])).content.decode()
    assert ("2 like" in page, page.count("Merge the others into this one")) == (True, 2)
    assert f"/desk/intake/matters/{one.number}/merge/?matters={two.pk}&amp;next=" in page


def test_the_desk_costs_the_same_with_few_and_with_many(kept: World) -> None:
    client, _actor = official(kept)
    counts = []
    for more in (2, 20):
        rows = kept.matters(more)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(desk(kept, rows[0])).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_citizen_is_shown_nothing_of_the_desk(kept: World) -> None:
    client, person = Client(), kept.person()
    sign_in(client, person)
    (matter,) = kept.matters(1)
    pages = [desk(kept), desk(kept, matter), reverse("reviews_desk:alike", args=[kept.stages[0].pk])]
    assert [client.get(page).status_code for page in pages] == [403, 403, 403]
    assert Person.objects.count() == 1
