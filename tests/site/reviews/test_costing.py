"""Estimates by lines in whole won, the second look by a colleague, and what the pages keep."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from reviews_world import World, as_actor, make_world, sign_in

from madang.site.docket.models import Matter
from madang.site.kit.actor import SYSTEM, Actor, Grant
from madang.site.kit.verdict import Refused
from madang.site.record.models import Event
from madang.site.reviews import actions
from madang.site.reviews.models import Costing

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def world() -> World:
    made = make_world(("screen", {"costing": True}), ("decide", {"body": "hall"}))
    made.open(0, NOW)
    return made


def official(world: World, department: Any = None) -> tuple[Client, Actor]:
    client, person = Client(headers={"Accept-Language": "en"}), world.person()
    where = department or world.department
    sign_in(client, person, ("officer", where))
    return client, Actor(person.pseudonym, person.pk, frozenset({Grant("officer", where.code)}))


def page_of(world: World, matter: Matter) -> str:
    return reverse("reviews_desk:costing", args=[world.stages[0].pk, matter.pk])


def sent(*lines: tuple[str, str, str], do: str = "cost", **more: str) -> dict[str, str]:
    data = {"do": do, "line-TOTAL_FORMS": str(len(lines)), "line-INITIAL_FORMS": "0", **more}
    for number, line in enumerate(lines):
        data |= {
            f"line-{number}-{name}": value for name, value in zip(("what", "count", "unit_won"), line, strict=True)
        }
    return data


def refused(act: Any, **given: Any) -> str:
    with pytest.raises(Refused) as caught:
        act(at=NOW, **given)
    return str(caught.value)


def test_an_estimate_is_the_sum_of_its_lines(world: World) -> None:
    client, actor = official(world)
    (matter,) = world.matters(1)
    lines = sent(("합성 의자", "12", "350000"), ("", "", ""), ("합성 나무", "3", "1250001"), note="합성 견적")
    assert client.post(page_of(world, matter), lines).status_code == 302
    row = Costing.objects.get()
    assert (row.amount_won, row.note, row.by) == (7_950_003, "합성 견적", actor.pseudonym)
    assert row.lines == [
        {"what": "합성 의자", "count": 12, "unit_won": 350_000},
        {"what": "합성 나무", "count": 3, "unit_won": 1_250_001},
    ]
    assert Event.objects.get(verb="matter.costed").data == {"amount_won": 7_950_003}
    page = client.get(page_of(world, matter)).content.decode()
    assert ("7,950,003 won" in page, "12 × 350,000 won" in page) == (True, True)


@given(st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 10**9)), min_size=1, max_size=20))
def test_lines_add_up_exactly(lines: list[tuple[int, int]]) -> None:
    costs = [actions.CostLine("합성", count, each) for count, each in lines]
    assert sum(cost.won for cost in costs) == sum(count * each for count, each in lines)


def test_more_lines_are_given_with_the_sum_so_far_and_nothing_is_noted(world: World) -> None:
    client, _actor = official(world)
    (matter,) = world.matters(1)
    page = client.post(page_of(world, matter), sent(("합성", "2", "500"), do="more")).content.decode()
    assert ("1,000 won" in page, 'name="line-3-what"' in page, 'value="500"' in page) == (True, True, True)
    assert Costing.objects.count() == 0


def test_a_line_that_was_begun_is_asked_for_and_what_was_typed_is_kept(world: World) -> None:
    client, _actor = official(world)
    (matter,) = world.matters(1)
    page = client.post(page_of(world, matter), sent(("합성 의자", "", "12억"))).content.decode()
    assert page.count("Complete this line, or empty it.") == 2
    assert ("Line 1, How many" in page, 'value="12억"' in page) == (True, True)
    assert "Write at least one line." in client.post(page_of(world, matter), sent(("", "", ""))).content.decode()
    assert client.post(page_of(world, matter), {"do": "cost"}).status_code == 200
    assert Costing.objects.count() == 0


def test_of_two_who_estimate_the_second_is_told_and_loses_nothing(world: World) -> None:
    client, _actor = official(world)
    (matter,) = world.matters(1)
    first = actions.estimate_cost(by=SYSTEM, at=NOW, matter=matter, amount_won=500)
    page = client.post(page_of(world, matter), sent(("합성 의자", "1", "7"), after="0")).content.decode()
    assert "A colleague noted an estimate meanwhile: 500 won. Yours is kept below." in page
    assert ("합성 의자" in page, f'name="after" value="{first.pk}"' in page) == (True, True)
    assert client.post(page_of(world, matter), sent(("합성 의자", "1", "7"), after=str(first.pk))).status_code == 302
    assert list(Costing.objects.order_by("pk").values_list("amount_won", flat=True)) == [500, 7]


def test_a_colleague_takes_the_second_look(world: World) -> None:
    (client, actor), (second, other) = official(world), official(world)
    (matter,) = world.matters(1)
    row = actions.estimate_cost(by=actor, at=NOW, matter=matter, amount_won=500)
    own = "You made this estimate yourself; a colleague takes the second look."
    assert refused(actions.check_cost, by=actor, costing=row, agrees=True) == own
    assert own in client.get(page_of(world, matter)).content.decode()
    assert row.matter.title in second.get("/desk/").content.decode()
    url = page_of(world, matter)
    page = second.post(url, {"do": "check", "agrees": "no", "note": ""}).content.decode()
    assert page.count("Say what is to be estimated again.") == 2
    assert second.post(url, {"do": "check", "agrees": "no", "note": "합성 사유: 부가세"}).status_code == 302
    row.refresh_from_db()
    assert (row.agrees, row.checked_note, row.checked_by) == (False, "합성 사유: 부가세", other.pseudonym)
    assert refused(actions.check_cost, by=other, costing=row, agrees=True).startswith("A second look has been taken")
    listed = second.get(f"{reverse('reviews_desk:screen', args=[world.stages[0].pk])}?show=unchecked").content.decode()
    assert (matter.number in listed, "to be estimated again" in listed) == (True, True)
    again = actions.estimate_cost(by=actor, at=NOW, matter=matter, amount_won=550)
    assert second.post(url, {"do": "check", "agrees": "yes"}).status_code == 302
    again.refresh_from_db()
    assert again.agrees is True
    assert list(Event.objects.filter(verb="costing.checked").order_by("pk").values_list("data", flat=True)) == [
        {"agrees": False},
        {"agrees": True},
    ]


def test_only_the_latest_estimate_is_looked_at(world: World) -> None:
    _client, other = official(world)
    (matter,) = world.matters(1)
    first, _second = (actions.estimate_cost(by=SYSTEM, at=NOW, matter=matter, amount_won=won) for won in (1, 2))
    assert refused(actions.check_cost, by=other, costing=first, agrees=True) == "A later estimate holds."


def test_strangers_neither_estimate_nor_look(world: World) -> None:
    client, stranger = official(world, world.other)
    (matter,) = world.matters(1)
    row = actions.estimate_cost(by=SYSTEM, at=NOW, matter=matter, amount_won=1)
    sentence = "Only officials of Budget may do this."
    assert refused(actions.estimate_cost, by=stranger, matter=matter, amount_won=2) == sentence
    assert refused(actions.check_cost, by=stranger, costing=row, agrees=True) == sentence
    assert refused(actions.check_cost, by=as_actor(world.person()), costing=row, agrees=True) == sentence
    assert sentence in client.post(page_of(world, matter), sent(("합성", "1", "7"))).content.decode()
    assert Costing.objects.count() == 1


def test_a_sum_beyond_all_budgets_is_refused(world: World) -> None:
    (matter,) = world.matters(1)
    lines = [actions.CostLine("합성", 1_000_000, 10**12)]
    assert "more than any budget" in refused(actions.estimate_cost, by=SYSTEM, matter=matter, lines=lines)
    assert refused(actions.estimate_cost, by=SYSTEM, matter=matter) == "Give an amount, or up to 100 lines."
