"""Referral, deadline, costing and ruling."""

from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override
from reviews_world import AT, World, closed, make_world

from madang.site.docket.models import Matter, Notice, Passage
from madang.site.kit.actor import SYSTEM, VISITOR
from madang.site.kit.clock import day_of
from madang.site.kit.deadlines import due_day
from madang.site.kit.figures import query_named
from madang.site.kit.verdict import Refused
from madang.site.record.models import Event
from madang.site.reviews import actions
from madang.site.reviews.models import Screening

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def world() -> World:
    made = make_world(("screen", {"days": 30, "costing": True}), ("decide", {"body": "hall"}))
    made.open(0)
    return made


@pytest.fixture
def rolling() -> World:
    made = make_world(("screen", {"rolling": True}), ("decide", {"body": "hall"}), code="rolling")
    made.open(0)
    return made


def ruled(matter: Matter, passes: bool = True, reason: str = "", outcome: str = "") -> actions.Ruled:
    return actions.Ruled(matter.pk, passes, reason, outcome)


def test_a_referral_has_the_deadline_of_the_stage(world: World) -> None:
    rows = actions.refer(
        by=world.officer, at=AT, stage=world.stages[0], matters=world.matters(2), department=world.other
    )
    assert [row.due_on for row in rows] == [due_day(start=day_of(AT), days=30)] * 2
    assert (
        list(Event.objects.filter(verb="matter.referred").values_list("data", flat=True))
        == [{"stage": 1, "department": world.other.code, "due_on": rows[0].due_on.isoformat()}] * 2
    )


def test_a_second_referral_replaces_the_first(world: World) -> None:
    (matter,) = world.matters(1)
    stage = world.stages[0]
    actions.refer(by=SYSTEM, at=AT, stage=stage, matters=[matter], department=world.other, due_on=date(2021, 4, 1))
    actions.refer(by=SYSTEM, at=AT, stage=stage, matters=[matter], department=world.department, due_on=date(2021, 5, 3))
    assert list(Screening.objects.values_list("department", "due_on")) == [(world.department.pk, date(2021, 5, 3))]


def test_referring_is_refused(world: World) -> None:
    (matter,) = world.matters(1)
    stage = world.stages[0]
    cases = [
        ({"by": world.other_officer}, "Only officials of Budget may do this."),
        ({"by": VISITOR}, "Only officials of Budget may do this."),
        ({"matters": []}, "Choose at least one matter."),
        ({"due_on": date(2021, 3, 1)}, "The deadline Mon 1 Mar 2021 has already passed."),
    ]
    for change, sentence in cases:
        given = {"by": world.officer, "matters": [matter], "due_on": None, **change}
        with pytest.raises(Refused) as caught:
            actions.refer(at=AT, stage=stage, department=world.other, **given)
        assert str(caught.value) == sentence
    assert (Screening.objects.count(), Event.objects.filter(verb="matter.referred").count()) == (0, 0)


def test_a_pause_moves_the_deadline(world: World) -> None:
    author = world.person()
    (matter,) = world.matters(1, author=author)
    stage = world.stages[0]
    (row,) = actions.refer(
        by=SYSTEM, at=AT, stage=stage, matters=[matter], department=world.other, due_on=date(2021, 9, 17)
    )
    pause_at = datetime(2021, 9, 16, 3, tzinfo=UTC)
    actions.pause(by=world.other_officer, at=pause_at, screening=row, reason="Where exactly is the place?")
    with pytest.raises(Refused, match="already stands still"):
        actions.pause(by=world.other_officer, at=pause_at, screening=row, reason="again")
    actions.end_pause(by=world.other_officer, at=datetime(2021, 9, 23, 3, tzinfo=UTC), screening=row)
    # Two working days were left (16 and 17 September); counted again from the 23rd on.
    assert Screening.objects.get().due_on == date(2021, 9, 24)
    told = Notice.objects.order_by("pk").values_list("person_id", "text_en", "url")
    assert list(told) == [
        (author.pk, "Parks examines it until Fri 17 Sep 2021", f"/matters/{matter.number}/"),
        (
            author.pk,
            "Something is asked of you: Where exactly is the place?",
            f"/intake/matters/{matter.number}/change/",
        ),
    ]
    with pytest.raises(Refused, match=r"^The clock of this matter is running\.$"):
        actions.end_pause(by=SYSTEM, at=pause_at, screening=row)


def test_rolling_rulings_take_effect_at_once(rolling: World) -> None:
    good, bad = rolling.matters(2)
    actions.screen(
        by=rolling.officer,
        at=AT,
        stage=rolling.stages[0],
        rulings=[ruled(good), ruled(bad, False, "Belongs to the district.", "transferred")],
    )
    assert list(Passage.objects.order_by("matter").values_list("matter", "outcome", "passed", "reason")) == [
        (good.pk, "suitable", True, ""),
        (bad.pk, "transferred", False, "Belongs to the district."),
    ]
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.stage_id, bad.stage_id, bad.ending) == (rolling.stages[1].pk, None, "transferred")


def test_other_rulings_wait_for_the_end_and_may_change(world: World) -> None:
    first, second = world.matters(2)
    stage = world.stages[0]
    actions.estimate_cost(by=SYSTEM, at=AT, matter=first, amount_won=500, note="first guess")
    actions.estimate_cost(by=SYSTEM, at=AT, matter=first, amount_won=700, note="second guess")
    actions.screen(by=SYSTEM, at=AT, stage=stage, rulings=[ruled(first, False, "No"), ruled(second, False, "No")])
    assert Passage.objects.count() == 0
    actions.screen(by=SYSTEM, at=AT, stage=stage, rulings=[ruled(first)])
    closed(by=SYSTEM, at=AT, stage=stage)
    assert list(Passage.objects.order_by("matter").values_list("outcome", "amount_won")) == [
        ("suitable", 700),
        ("unsuitable", None),
    ]
    first.refresh_from_db()
    assert first.amount_won == 700


def test_closing_names_what_has_no_ruling(world: World) -> None:
    matters = world.matters(12)
    with pytest.raises(Refused) as caught:
        closed(by=SYSTEM, at=AT, stage=world.stages[0])
    named = ", ".join(f"pb-2021-{number:05d}" for number in range(1, 6))
    assert str(caught.value) == f"12 proposals have no ruling yet: {named}, …. Rule on them first."
    actions.screen(by=SYSTEM, at=AT, stage=world.stages[0], rulings=[ruled(matter) for matter in matters[1:]])
    with pytest.raises(Refused) as caught:
        closed(by=SYSTEM, at=AT, stage=world.stages[0])
    assert str(caught.value) == "1 proposal has no ruling yet: pb-2021-00001. Rule on it first."
    assert Passage.objects.count() == 0


def test_a_ruling_must_be_sound(rolling: World) -> None:
    (matter,) = rolling.matters(1)
    stage = rolling.stages[0]
    number = matter.number
    cases = [
        ([ruled(matter, False)], f"{number} needs a reason: the author reads it."),
        ([ruled(matter, True, "", "hidden")], "hidden is not a ruling here; use one of: suitable."),
        (
            [ruled(matter, False, "x", "lost")],
            "lost is not a ruling here; use one of: unsuitable, transferred, hidden.",
        ),
        ([ruled(matter), ruled(matter)], "Choose at least one matter, and each only once."),
        ([], "Choose at least one matter, and each only once."),
        ([actions.Ruled(999_999, True)], "Choose at least one matter, and each only once."),
    ]
    for rulings, sentence in cases:
        with pytest.raises(Refused) as caught:
            actions.screen(by=SYSTEM, at=AT, stage=stage, rulings=rulings)
        assert str(caught.value) == sentence
    assert (Screening.objects.count(), Passage.objects.count()) == (0, 0)


def test_the_department_rules_on_what_was_referred_to_it_only(rolling: World) -> None:
    mine, foreign = rolling.matters(2)
    stage = rolling.stages[0]
    actions.refer(by=SYSTEM, at=AT, stage=stage, matters=[mine], department=rolling.other)
    with pytest.raises(Refused, match=r"^Only officials of Budget may do this\.$"):
        actions.screen(by=rolling.other_officer, at=AT, stage=stage, rulings=[ruled(mine), ruled(foreign)])
    actions.screen(by=rolling.other_officer, at=AT, stage=stage, rulings=[ruled(mine)])
    assert list(Passage.objects.values_list("matter", flat=True)) == [mine.pk]


def test_costing_is_refused(world: World) -> None:
    (matter,) = world.matters(1)
    with pytest.raises(Refused, match=r"^A cost cannot be below 0 won\.$"):
        actions.estimate_cost(by=SYSTEM, at=AT, matter=matter, amount_won=-1)
    with pytest.raises(Refused, match=r"^Only officials of Budget may do this\.$"):
        actions.estimate_cost(by=world.other_officer, at=AT, matter=matter, amount_won=1)


def test_figures_respect_the_day(rolling: World) -> None:
    stage = rolling.stages[0]
    matters = rolling.matters(4)
    actions.refer(by=SYSTEM, at=AT, stage=stage, matters=matters[:3], department=rolling.other)
    actions.estimate_cost(by=SYSTEM, at=AT, matter=matters[0], amount_won=100)
    later = datetime(2021, 3, 9, 3, tzinfo=UTC)
    actions.estimate_cost(by=SYSTEM, at=later, matter=matters[0], amount_won=250)
    actions.screen(by=SYSTEM, at=later, stage=stage, rulings=[ruled(matters[0]), ruled(matters[3], False, "No")])

    def value(name: str, day: date, **arguments: object) -> object:
        query = query_named(name)
        return query.records(query.Arguments(process="rolling", **arguments), day).value()

    before, after = date(2021, 3, 8), date(2021, 3, 9)
    assert [value("reviews.screenings", day) for day in (date(2021, 3, 1), before, after)] == [0, 3, 4]
    assert value("reviews.screenings", after, referred=True) == 3
    assert [value("reviews.screenings", day, ruled=True) for day in (before, after)] == [0, 2]
    assert value("reviews.screenings", after, outcome=["suitable"]) == 1
    assert [value("reviews.costings", day) for day in (before, after)] == [100, 250]
    assert value("reviews.costings", after, measure="count") == 1
