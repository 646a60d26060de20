"""In a rolling screening the author objects once to a ruling; somebody else than who ruled decides."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.translation import override
from pydantic import ValidationError
from reviews_world import AT, World, as_actor, closed, make_world, sign_in

from madang.site.docket.models import Matter, Notice
from madang.site.forums.queries import entered, overdue
from madang.site.kit import clock
from madang.site.kit.actor import SYSTEM, Actor, Grant
from madang.site.kit.verdict import Refused
from madang.site.people.models import Person
from madang.site.record.models import Event
from madang.site.reviews import actions
from madang.site.reviews.models import Objection, Screening
from madang.site.reviews.settings import Screen

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=20)


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def world() -> World:
    made = make_world(
        ("screen", {"rolling": True, "objection_days": 30}),
        ("support", {"thresholds": [{"since": "2021-01-01", "supports": 2}], "days": 30, "rolling": True}),
    )
    made.open(0)
    made.open(1)
    return made


def colleague(world: World) -> Actor:
    return Actor("colleague", None, frozenset({Grant("head", world.department.code)}))


def turned_down(world: World, outcome: str = "hidden") -> tuple[Matter, Person]:
    author = world.person()
    (matter,) = world.matters(1, author=author)
    rulings = [actions.Ruled(matter.pk, False, "It names a neighbour.", outcome)]
    actions.screen(by=world.officer, at=AT, stage=world.stages[0], rulings=rulings)
    matter.refresh_from_db()
    return matter, author


def test_an_upheld_objection_sends_the_matter_on_and_its_days_begin_then(world: World) -> None:
    matter, author = turned_down(world)
    row = actions.object_to(by=as_actor(author), at=LATER, stage=world.stages[0], matter=matter, text="It does not.")
    with pytest.raises(Refused, match="You made this ruling yourself"):
        actions.decide_objection(by=world.officer, at=LATER, objection=row, upheld=True, reason="Right")
    actions.decide_objection(by=colleague(world), at=LATER, objection=row, upheld=True, reason="No name is in it.")
    matter.refresh_from_db()
    assert (matter.stage, matter.ending) == (world.stages[1], "")
    assert entered(Matter.objects.all()).get().entered_at == LATER
    assert overdue(world.stages[1], AT + timedelta(days=31)) == []
    assert overdue(world.stages[1], LATER + timedelta(days=31)) == [matter.pk]
    verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True))[-3:]
    assert sorted(verbs) == ["matter.readmitted", "objection.decided", "objection.made"]


def test_a_rejected_objection_leaves_everything_and_is_the_last(world: World) -> None:
    matter, author = turned_down(world, "unsuitable")
    stage = world.stages[0]
    row = actions.object_to(by=as_actor(author), at=LATER, stage=stage, matter=matter, text="It does not.")
    closed(by=SYSTEM, at=LATER, stage=stage)
    actions.decide_objection(by=colleague(world), at=LATER, objection=row, upheld=False, reason="It does.")
    matter.refresh_from_db()
    assert matter.ending == "unsuitable"
    assert Notice.objects.latest("pk").url == f"/reviews/objections/{stage.pk}/{matter.pk}/"
    with pytest.raises(Refused, match="already"):
        actions.object_to(by=as_actor(author), at=LATER, stage=stage, matter=matter, text="It does not.")


def test_nothing_goes_on_where_the_next_stage_has_closed(world: World) -> None:
    matter, author = turned_down(world)
    row = actions.object_to(by=as_actor(author), at=LATER, stage=world.stages[0], matter=matter, text="It does not.")
    closed(by=SYSTEM, at=LATER, stage=world.stages[1])
    with pytest.raises(Refused, match="has closed"):
        actions.decide_objection(by=colleague(world), at=LATER, objection=row, upheld=True, reason="Right")
    matter.refresh_from_db()
    row.refresh_from_db()
    assert (matter.ending, row.decided_at) == ("hidden", None)


def test_who_may_not_object(world: World) -> None:
    matter, author = turned_down(world)
    (merged, passed) = world.matters(2, author=author)
    actions.screen(by=SYSTEM, at=AT, stage=world.stages[0], rulings=[actions.Ruled(passed.pk, True)])
    passed.refresh_from_db()
    cases = [
        ({"by": as_actor(world.person())}, "Only the author may object to this ruling."),
        ({"at": AT + timedelta(days=31)}, "The time for objections ended on Thu 1 Apr 2021."),
        ({"matter": passed}, f"There is no decision against {passed.number} to object to."),
        ({"matter": merged}, f"There is no decision against {merged.number} to object to."),
        ({"text": " "}, "Say what you object to and why."),
    ]
    for change, sentence in cases:
        with pytest.raises(Refused) as caught:
            actions.object_to(
                **{"by": as_actor(author), "at": AT, "stage": world.stages[0], "matter": matter, "text": "No", **change}
            )
        assert str(caught.value) == sentence
    assert Objection.objects.count() == 0


def test_rulings_that_take_effect_together_have_a_stage_for_objections() -> None:
    with pytest.raises(ValidationError, match="objection_days is for rolling stages"):
        Screen(objection_days=10)


def test_the_author_finds_the_way_and_the_colleague_the_task(world: World, client: Client) -> None:
    matter, author = turned_down(world)
    now = clock.now()
    Matter.objects.update(ended_at=now)
    client.cookies["django_language"] = "en"
    sign_in(client, author)
    address = f"/reviews/objections/{world.stages[0].pk}/{matter.pk}/"
    assert address in client.get(f"/matters/{matter.number}/").content.decode()
    assert client.post(address, {"text": "Synthetic objection"}).url == address
    assert "It is being examined." in client.get(address).content.decode()
    assert address not in client.get(f"/matters/{matter.number}/").content.decode()
    Screening.objects.update(ruled_by="somebody")
    official, row = Client(), Objection.objects.get()
    official.cookies["django_language"] = "en"
    sign_in(official, world.person(), ("head", world.department))
    task = f"/desk/reviews/objections/{row.pk}/decide/"
    assert task in official.get("/desk/").content.decode()
    assert task in official.get(f"/desk/reviews/screenings/{world.stages[0].pk}/").content.decode()
    answer = official.post(task, {"upheld": "yes", "reason": "Synthetic reason"})
    assert answer.url == f"/desk/reviews/screenings/{world.stages[0].pk}/"
    assert "Synthetic reason" in client.get(address).content.decode()
