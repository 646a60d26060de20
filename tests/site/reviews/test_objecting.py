"""The window for objections and what follows from them; the vote of a body."""

from datetime import date, timedelta

import pytest
from django.utils.translation import override
from reviews_world import AT, World, as_actor, closed, ended, make_world

from madang.site.docket.models import Matter, Notice, Passage
from madang.site.kit.actor import SYSTEM, VISITOR, Actor, Grant
from madang.site.kit.figures import query_named
from madang.site.kit.stages import Outcome
from madang.site.kit.verdict import Refused
from madang.site.people.models import Organisation
from madang.site.reviews import actions
from madang.site.reviews.actions.motions import is_carried
from madang.site.reviews.models import Decision, Motion, Objection

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def world() -> World:
    made = make_world(
        ("screen", {"rolling": True}),
        ("object", {"days": 10}),
        ("decide", {"body": "hall", "majority": 60, "quorum": 5}),
    )
    made.open(0)
    return made


def rejected_and_passed(world: World) -> tuple[Matter, Matter]:
    rejected, passed = world.matters(2)
    rulings = [actions.Ruled(rejected.pk, False, "Too dear"), actions.Ruled(passed.pk, True)]
    actions.screen(by=SYSTEM, at=AT, stage=world.stages[0], rulings=rulings)
    world.open(1)
    for matter in (rejected, passed):
        matter.refresh_from_db()
    return rejected, passed


def test_an_upheld_objection_takes_the_matter_back_in(world: World) -> None:
    rejected, passed = rejected_and_passed(world)
    stage, person = world.stages[1], world.person()
    row = actions.object_to(
        by=as_actor(person), at=AT, stage=stage, matter=rejected, text="It is cheaper than you say."
    )
    with pytest.raises(Refused) as caught:
        closed(by=SYSTEM, at=AT, stage=stage)
    assert str(caught.value) == f"1 objection has no decision yet: {rejected.number}. Decide on it first."
    actions.decide_objection(by=world.officer, at=AT, objection=row, upheld=True, reason="The estimate was wrong.")
    closed(by=SYSTEM, at=AT, stage=stage)
    assert list(
        Passage.objects.filter(stage=stage).order_by("matter").values_list("matter", "outcome", "passed", "reason")
    ) == [
        (rejected.pk, "objection_upheld", True, "The estimate was wrong."),
        (passed.pk, "no_objection", True, ""),
    ]
    assert list(Notice.objects.filter(person=person).values_list("text_en", flat=True)) == [
        "Your objection was upheld."
    ]


def test_a_rejected_objection_leaves_things_as_they_are(world: World) -> None:
    rejected, passed = rejected_and_passed(world)
    stage = world.stages[1]
    one, two = (
        actions.object_to(by=as_actor(world.person()), at=AT, stage=stage, matter=rejected, text="No") for _ in range(2)
    )
    actions.decide_objection(by=SYSTEM, at=AT, objection=one, upheld=False, reason="The law says so.")
    actions.decide_objection(by=SYSTEM, at=AT, objection=two, upheld=False, reason="The law says so.")
    closed(by=SYSTEM, at=AT, stage=stage)
    assert list(Passage.objects.filter(stage=stage).values_list("matter", "outcome")) == [(passed.pk, "no_objection")]


def test_two_objections_may_be_upheld(world: World) -> None:
    rejected, _passed = rejected_and_passed(world)
    stage = world.stages[1]
    rows = [
        actions.object_to(by=as_actor(world.person()), at=AT, stage=stage, matter=rejected, text="No") for _ in range(2)
    ]
    for row in rows:
        actions.decide_objection(by=SYSTEM, at=AT, objection=row, upheld=True, reason="Right.")
    rejected.refresh_from_db()
    assert rejected.stage_id == stage.pk


def test_objecting_is_refused(world: World) -> None:
    rejected, passed = rejected_and_passed(world)
    stage, person = world.stages[1], as_actor(world.person())
    actions.object_to(by=person, at=AT, stage=stage, matter=rejected, text="No")
    (withdrawn,) = world.matters(1)
    ended(by=SYSTEM, at=AT, stage=world.stages[0], outcomes=[Outcome(withdrawn.pk, "withdrawn", passes=False)])
    withdrawn.refresh_from_db()
    cases = [
        ({"by": VISITOR}, "Please sign in first: an objection needs somebody to answer to."),
        ({"matter": passed}, f"There is no decision against {passed.number} to object to."),
        ({"matter": withdrawn}, f"There is no decision against {withdrawn.number} to object to."),
        ({"text": "  "}, "Say what you object to and why."),
        ({}, f"You have objected to {rejected.number} already."),
        ({"at": AT + timedelta(days=11)}, "The time for objections ended on Fri 12 Mar 2021."),
        ({"stage": world.stages[0]}, "screen stage takes no objections."),
    ]
    for change, sentence in cases:
        with pytest.raises(Refused) as caught:
            actions.object_to(**{"by": person, "at": AT, "stage": stage, "matter": rejected, "text": "No", **change})
        assert str(caught.value) == sentence
    assert Objection.objects.count() == 1
    late = AT + timedelta(days=10)
    actions.object_to(by=as_actor(world.person()), at=late, stage=stage, matter=rejected, text="No")


def test_deciding_on_an_objection_is_refused(world: World) -> None:
    rejected, _passed = rejected_and_passed(world)
    stage, person = world.stages[1], world.person()
    row = actions.object_to(by=as_actor(person), at=AT, stage=stage, matter=rejected, text="No")
    partial = Actor("official", person.pk, frozenset({Grant("officer")}))
    for by, reason, sentence in [
        (world.other_officer, "Yes", "Only officials of Budget may do this."),
        (partial, "Yes", "Nobody decides on their own objection."),
        (SYSTEM, " ", "Give the reason: the person who objected reads it."),
    ]:
        with pytest.raises(Refused) as caught:
            actions.decide_objection(by=by, at=AT, objection=row, upheld=True, reason=reason)
        assert str(caught.value) == sentence
    actions.decide_objection(by=SYSTEM, at=AT, objection=row, upheld=False, reason="No")
    with pytest.raises(Refused, match=r"^This objection has been decided on already\.$"):
        actions.decide_objection(by=SYSTEM, at=AT, objection=row, upheld=True, reason="Yes")


@pytest.mark.parametrize(
    ("in_favour", "against", "majority", "carried"),
    [
        (1, 1, 50, False),
        (2, 1, 50, True),
        (0, 0, 50, False),
        (59, 41, 60, False),
        (60, 40, 60, True),
        (3, 0, 100, True),
    ],
)
def test_majorities(in_favour: int, against: int, majority: int, carried: bool) -> None:
    assert is_carried(in_favour=in_favour, against=against, majority=majority) is carried


@pytest.fixture
def hall(world: World) -> World:
    Organisation.objects.create(code="hall", kind="body", name_ko="총회", name_en="General assembly")
    world.open(2)
    return world


def vote(
    world: World, decisions: list[actions.Decided], votes: tuple[int, int, int] = (8, 1, 1), minutes: str = "회의록"
):
    yes, against, abstained = votes
    return actions.vote_in_body(
        by=world.officer,
        at=AT,
        stage=world.stages[2],
        in_favour=yes,
        against=against,
        abstained=abstained,
        decisions=decisions,
        minutes=minutes,
    )


def test_a_body_decides(hall: World) -> None:
    first, second = hall.matters(2, stage=2)
    with pytest.raises(Refused) as caught:
        closed(by=SYSTEM, at=AT, stage=hall.stages[2])
    assert str(caught.value) == (
        f"The body has not decided on 2 matters yet: {first.number}, {second.number}. Record its vote first."
    )
    both = [actions.Decided(first.pk, True, 300), actions.Decided(second.pk, True, 400)]
    assert vote(hall, both, (5, 4, 1)).carried is False
    with pytest.raises(Refused, match=r"^The body has not decided on 2 matters yet"):
        closed(by=SYSTEM, at=AT, stage=hall.stages[2])
    assert vote(hall, both).carried is True
    vote(hall, [actions.Decided(second.pk, False, None, "Done by the district.")])
    closed(by=SYSTEM, at=AT, stage=hall.stages[2])
    assert list(Passage.objects.order_by("matter").values_list("outcome", "passed", "amount_won", "reason")) == [
        ("approved", True, 300, ""),
        ("rejected", False, None, "Done by the district."),
    ]
    query = query_named("reviews.motions")

    def value(day: date, **arguments: object) -> object:
        return query.records(query.Arguments(**arguments), day).value()

    assert [value(date(2021, 3, 1)), value(date(2021, 3, 2)), value(date(2021, 3, 2), carried=True)] == [0, 3, 2]
    assert value(date(2021, 3, 2), carried=True, measure="in_favour") == 16


def test_a_vote_is_refused(hall: World) -> None:
    (matter,) = hall.matters(1, stage=2)
    (elsewhere,) = hall.matters(1)
    good = [actions.Decided(matter.pk, True)]
    foreign = "Decide on matters of this stage, at least one, and on each only once."
    cases = [
        ((good, (3, 1, 0)), "4 took part, and the body needs 5 to decide."),
        ((good, (9, -1, 0)), "Votes cannot be below 0."),
        ((good, (9, 1, 0), " "), "Add the minutes: they say what was decided and why."),
        (([],), foreign),
        ((good + good,), foreign),
        (([actions.Decided(elsewhere.pk, True)],), foreign),
        (([actions.Decided(matter.pk, False)],), f"{matter.number} needs a reason: the author reads it."),
        (([actions.Decided(matter.pk, True, -1)],), f"{matter.number}: an amount cannot be below 0 won."),
    ]
    for arguments, sentence in cases:
        with pytest.raises(Refused) as caught:
            vote(hall, *arguments)
        assert str(caught.value) == sentence
    assert (Motion.objects.count(), Decision.objects.count()) == (0, 0)


def test_an_unknown_body_cannot_vote(world: World) -> None:
    world.open(2)
    (matter,) = world.matters(1, stage=2)
    with pytest.raises(Refused, match=r"^The body hall is not known in this city\.$"):
        vote(world, [actions.Decided(matter.pk, True)])
