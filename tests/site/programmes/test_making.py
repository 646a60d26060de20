"""Making, planning, publishing and throwing away drafts: who may, what is refused, what is recorded."""

from datetime import date, timedelta
from functools import partial

import pytest
from factories import AT, citizen
from programmes_world import SPANS, STAGES, TITLES, build

from madang.site.kit.actor import SYSTEM
from madang.site.kit.verdict import Refused
from madang.site.programmes.actions import Titles, discard, make, plan, publish
from madang.site.programmes.checks import spans_of
from madang.site.programmes.models import Process, Stage
from madang.site.programmes.planning import Span
from madang.site.record.models import Event

LATER = [span.later(timedelta(days=7)) for span in SPANS]


def events() -> list[tuple[str, str]]:
    return list(Event.objects.order_by("pk").values_list("book__code", "verb"))


def test_a_card_becomes_a_draft_with_the_days_of_its_year(world):
    made = world.draft()
    assert (made.code, made.draft, made.planned_at_desk, made.facts) == ("P/call/2021", True, True, {"target_won": 5})
    assert spans_of(made.stages.all()) == SPANS
    assert [stage.kind for stage in made.stages.all()] == ["call", "vote", "appoint"]
    assert made.recipe["stages"][2]["settings"]["term"] == "2021"
    assert made.stages.get(order=2).settings == STAGES[1]["settings"]
    assert events() == [("programmes", "process.drafted")]
    assert Event.objects.get().data == {}


def test_a_draft_for_an_area_asks_for_its_residents(world):
    world.draft()
    made = world.draft(area=world.village)
    assert (made.code, made.area) == ("P/call/2021-2", world.village)
    assert made.stages.get(order=1).settings["who"] == ["lives_in:town/village", "sex:f"]
    assert made.stages.get(order=2).settings["electorates"][0]["who"] == ["lives_in:town/village|works_in:town/village"]


def test_the_english_title_is_the_korean_one_where_there_is_none(world):
    made = world.draft(titles=Titles(" 합성 ", " "))
    assert (made.title_ko, made.title_en) == ("합성", "합성")


def test_the_same_card_year_and_area_make_one_process(world):
    made = world.draft()
    with pytest.raises(Refused) as refused:
        world.draft(by=world.head)
    assert str(refused.value) == ("이 카드로 만든 같은 연도, 같은 지역의 회차가 이미 있습니다: 합성 공모 (P/call/2021)")
    assert list(Process.objects.all()) == [made]


@pytest.mark.parametrize("who", ["stranger", "citizen", "system"])
def test_only_the_department_of_the_card_makes_a_process(world, who):
    by = {"stranger": world.stranger, "citizen": citizen(), "system": SYSTEM}[who]
    with pytest.raises(Refused) as refused:
        make(by=by, at=AT, recipe=world.recipe, year=2022, area=None, titles=TITLES)
    assert str(refused.value) == "이 카드로는 합성과의 담당 공무원이나 부서장만 회차를 만들 수 있습니다."
    assert (Process.objects.count(), Event.objects.count()) == (0, 0)


def test_a_year_of_three_digits_is_refused(world):
    with pytest.raises(Refused, match="202년은 회차의 연도가 될 수 없습니다"):
        world.draft(year=202)


def test_a_code_that_no_receipt_number_could_hold_is_refused(world):
    world.recipe.code = "P/" + "x" * 28
    world.recipe.save()
    with pytest.raises(Refused, match="길어서 접수번호를 만들 수 없습니다"):
        world.draft()


def test_a_plan_changes_days_and_titles(world):
    made = world.draft()
    plan(by=world.head, at=AT, process=made, before=SPANS, after=LATER, titles=Titles("새 제목", "New"))
    made.refresh_from_db()
    assert (spans_of(made.stages.all()), made.title_ko, made.title_en) == (LATER, "새 제목", "New")
    assert events()[-1] == ("programmes", "process.planned")


@pytest.mark.parametrize(
    ("place", "span", "sentence"),
    [
        (
            0,
            Span(date(2021, 6, 10), date(2021, 6, 9)),
            "공모: 여는 날(2021. 6. 10.(목))보다 닫는 날이 빠릅니다. 둘 중 하나를 고쳐 주세요.",
        ),
        (
            1,
            Span(date(2021, 5, 3), date(2021, 7, 16)),
            "투표: 앞 단계가 여는 날(2021. 6. 1.(화))보다 먼저 열립니다. 둘 중 하나를 고쳐 주세요.",
        ),
        (
            2,
            Span(date(3021, 8, 2), None),
            "위촉: 2021년 회차인데 날짜가 3021. 8. 2.(목)입니다. 연도를 확인해 주세요.",
        ),
    ],
)
def test_days_that_cannot_be_are_refused_with_a_sentence(world, place, span, sentence):
    made = world.draft()
    wanted = list(SPANS)
    wanted[place] = span
    with pytest.raises(Refused) as refused:
        plan(by=world.officer, at=AT, process=made, before=SPANS, after=wanted, titles=TITLES)
    assert str(refused.value) == sentence
    assert spans_of(made.stages.all()) == SPANS


def test_a_plan_that_somebody_else_changed_meanwhile_is_refused(world):
    made = world.draft()
    plan(by=world.head, at=AT, process=made, before=SPANS, after=LATER, titles=TITLES)
    with pytest.raises(Refused, match="다른 담당자가 날짜를 바꾸었습니다"):
        plan(by=world.officer, at=AT, process=made, before=SPANS, after=SPANS, titles=TITLES)
    assert spans_of(made.stages.all()) == LATER


def test_publishing_makes_it_public_with_its_days_in_its_own_book(world):
    made = world.draft()
    assert not Stage.public.exists()
    publish(by=world.head, at=AT, process=made)
    made.refresh_from_db()
    assert (made.draft, Stage.public.count()) == (False, 3)
    told = Event.objects.get(book__code="P/call/2021")
    assert (told.verb, told.data) == (
        "process.published",
        {
            "recipe": "P/call",
            "year": 2021,
            "area": None,
            "days": [[1, "2021-06-01", "2021-06-30"], [2, "2021-07-05", "2021-07-16"], [3, "2021-08-02", ""]],
        },
    )


def test_days_that_are_over_are_not_published(world):
    made = world.draft()
    with pytest.raises(Refused) as refused:
        publish(by=world.officer, at=AT + timedelta(days=1), process=made)
    assert str(refused.value) == "공모: 이미 지난 날입니다(2021. 6. 1.(화)). 오늘이나 그 뒤의 날을 골라 주세요."
    assert Process.objects.get().draft


@pytest.mark.parametrize("act", [publish, discard])
def test_another_department_neither_publishes_nor_throws_away(world, act):
    made = world.draft()
    with pytest.raises(Refused) as refused:
        act(by=world.stranger, at=AT, process=made)
    assert str(refused.value) == "이 초안은 합성과의 담당 공무원과 부서장만 볼 수 있습니다."
    assert Process.objects.get().draft


def test_what_is_public_is_neither_planned_nor_published_nor_thrown_away_again(world):
    made = world.draft()
    publish(by=world.officer, at=AT, process=made)
    for act in (publish, discard):
        with pytest.raises(Refused, match="이미 공개된 회차입니다"):
            act(by=world.head, at=AT, process=made)
    with pytest.raises(Refused, match="이미 공개된 회차입니다"):
        plan(by=world.head, at=AT, process=made, before=SPANS, after=LATER, titles=TITLES)
    assert [verb for _book, verb in events()].count("process.published") == 1


def test_a_draft_is_thrown_away_and_the_record_keeps_that_it_was(world):
    made = world.draft()
    discard(by=world.head, at=AT, process=made)
    assert (Process.objects.count(), Stage.objects.count()) == (0, 0)
    assert events() == [("programmes", "process.drafted"), ("programmes", "process.discarded")]
    with pytest.raises(Refused, match="버려진 초안입니다"):
        publish(by=world.officer, at=AT, process=made)


def test_two_officials_who_publish_at_once_publish_once(in_threads):
    (world,) = in_threads(build)
    (made,) = in_threads(world.draft)
    said = in_threads(*(partial(publish, by=by, at=AT, process=made) for by in (world.officer, world.head)))
    assert sorted(type(one).__name__ for one in said) == ["Process", "Refused"]
    assert in_threads(events) == [[("programmes", "process.drafted"), ("P/call/2021", "process.published")]]


def test_two_officials_who_take_a_card_at_once_make_one_draft(in_threads):
    (world,) = in_threads(build)
    said = in_threads(*(partial(world.draft, by=by) for by in (world.officer, world.head)))
    assert sorted(type(one).__name__ for one in said) == ["Process", "Refused"]
    assert in_threads(Process.objects.count) == [1]
