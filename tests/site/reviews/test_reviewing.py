"""Assignment, recusal, sheets, embargo and the published ranking."""

from datetime import date
from typing import Any

import pytest
from django.utils.translation import override
from reviews_world import AT, CRITERIA, World, as_actor, closed, ended, make_world

from madang.site.docket.models import Matter, Passage
from madang.site.kit.actor import SYSTEM, VISITOR, Actor, Grant
from madang.site.kit.figures import query_named
from madang.site.kit.stages import Outcome
from madang.site.kit.verdict import Refused
from madang.site.people.models import Person
from madang.site.record.models import Event
from madang.site.reviews import actions, queries
from madang.site.reviews.models import Assignment, Sheet

pytestmark = pytest.mark.django_db
RULES: dict[str, Any] = {"bodies": "council/*", "criteria": CRITERIA, "trim": 1, "quorum": 3, "passes": 2}


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def world() -> World:
    made = make_world(("review", RULES), ("decide", {"body": "hall"}))
    made.open(0)
    return made


def council(world: World, count: int, field: str = "parks") -> list[Person]:
    return [world.person(("member_of", f"council/{field}")) for _ in range(count)]


def points(total: int) -> dict[str, int]:
    return {"need": min(total, 60), "effect": max(total - 60, 0)}


def score(world: World, matter: Matter, totals: list[int], people: list[Person]) -> None:
    for person, total in zip(people, totals, strict=True):
        actions.submit_scores(by=as_actor(person), at=AT, stage=world.stages[0], sheets={matter.pk: points(total)})


def refusal(**given: Any) -> str:
    with pytest.raises(Refused) as caught:
        actions.submit_scores(at=AT, **given)
    return str(caught.value)


def test_the_ranking_is_exact_and_published_at_once(world: World) -> None:
    people = council(world, 4)
    first, second, third = world.matters(3, field="parks")
    actions.assign_all(by=world.officer, at=AT, stage=world.stages[0])
    score(world, first, [100, 70, 71, 0], people)  # 141/2
    score(world, second, [90, 90, 91, 92], people)  # 181/2
    score(world, third, [10, 70, 71, 99], people)  # 141/2: a tie, the earlier number goes first
    assert Passage.objects.count() == 0
    closed(by=world.officer, at=AT, stage=world.stages[0])
    with override("en"):
        rows = list(Passage.objects.order_by("rank").values_list("matter", "outcome", "passed", "rank"))
    assert rows == [
        (second.pk, "shortlisted", True, 1),
        (first.pk, "shortlisted", True, 2),
        (third.pk, "not_shortlisted", False, 3),
    ]
    standings = queries.standings(world.stages[0])
    assert [(row.matter_id, row.mean * 2, row.sheets) for row in standings] == [
        (second.pk, 181, 4),
        (first.pk, 141, 4),
        (third.pk, 141, 4),
    ]


def test_the_reason_says_mean_sheets_and_what_was_needed(world: World, settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"
    people = council(world, 3)
    matters = world.matters(3, field="parks")
    actions.assign_all(by=SYSTEM, at=AT, stage=world.stages[0])
    for matter, total in zip(matters, (90, 80, 70), strict=True):
        score(world, matter, [total] * 3, people)
    closed(by=SYSTEM, at=AT, stage=world.stages[0])
    assert list(Passage.objects.order_by("rank").values_list("reason", flat=True)) == [
        "Mean of 90.00 out of 100 points from 3 sheets; rank 1 of 3.",
        "Mean of 80.00 out of 100 points from 3 sheets; rank 2 of 3.",
        "Mean of 70.00 out of 100 points from 3 sheets; rank 3 of 3. Needed: rank 2, reached with 80.00 points.",
    ]


def test_closing_without_a_quorum_names_the_matters(world: World) -> None:
    people = council(world, 3)
    matters = world.matters(7, field="parks")
    actions.assign_all(by=SYSTEM, at=AT, stage=world.stages[0])
    score(world, matters[0], [50] * 3, people)
    score(world, matters[1], [50] * 2, people[:2])
    with pytest.raises(Refused) as caught:
        closed(by=SYSTEM, at=AT, stage=world.stages[0])
    named = ", ".join(matter.number for matter in matters[1:6])
    assert str(caught.value) == (
        f"6 matters have fewer than 3 score sheets: {named}, …. Assign more reviewers or wait for their sheets."
    )
    assert (Passage.objects.count(), Event.objects.filter(verb="review.published").count()) == (0, 0)


def test_scores_are_hidden_until_the_stage_is_closed(world: World) -> None:
    people = council(world, 3)
    (matter,) = world.matters(1, field="parks")
    stage = world.stages[0]
    actions.assign_all(by=SYSTEM, at=AT, stage=stage)
    score(world, matter, [37, 43, 97], people)
    # There is something that could leak …
    assert sorted(Sheet.objects.values_list("total", flat=True)) == [37, 43, 97]
    curious = [VISITOR, SYSTEM, world.officer, Actor("head", 999, frozenset({Grant("administrator")}))]
    assert [queries.sheets_visible(by, stage).count() for by in curious] == [0, 0, 0, 0]
    assert [queries.sheets_visible(as_actor(person), stage).get().total for person in people] == [37, 43, 97]
    assert queries.standings(stage) == []
    assert not any(hasattr(queries.progress(stage).get(), name) for name in ("mean", "total", "points"))
    # … neither the record nor the figure says it …
    recorded = list(Event.objects.filter(verb="sheet.submitted").values_list("data", flat=True))
    assert recorded == [{"stage": 1}] * 3
    query = query_named("reviews.sheets")
    records = query.records(query.Arguments(process="pb-2021"), date(2021, 3, 2))
    assert (records.value(), [column for column, _heading in records.columns]) == (
        3,
        ["assignment.matter.number", "submitted_at"],
    )
    # … and it appears with the end of the stage.
    closed(by=SYSTEM, at=AT, stage=stage)
    assert queries.sheets_visible(VISITOR, stage).count() == 3
    assert [row.mean for row in queries.standings(stage)] == [43]


def test_nobody_scores_the_own_matter_or_that_of_the_own_organisation(world: World) -> None:
    people = council(world, 4)
    (own,) = world.matters(1, field="parks", author=people[0])
    (ours,) = world.matters(1, field="parks", organisation=world.other)
    world_claim = people[1].claims.create(kind="member_of", value=world.other.code, valid_from=AT)
    assert world_claim.pk
    people[2].role_grants.create(role="officer", organisation=world.other, valid_from=AT)
    actions.assign_all(by=SYSTEM, at=AT, stage=world.stages[0])
    pairs = set(Assignment.objects.values_list("matter_id", "person_id"))
    assert pairs == {(own.pk, person.pk) for person in people[1:]} | {(ours.pk, people[i].pk) for i in (0, 3)}
    cases = [
        ((own.pk, people[0].pk), f"{own.number}: Nobody scores their own proposal."),
        ((ours.pk, people[1].pk), f"{ours.number}: Nobody scores what their own organisation proposed."),
        ((own.pk, world.person().pk), f"{own.number}: They do not sit in council/parks."),
        ((999_999, people[0].pk), "Matter 999999 is not in this stage."),
    ]
    for pair, sentence in cases:
        with pytest.raises(Refused) as caught:
            actions.assign(by=SYSTEM, at=AT, stage=world.stages[0], assignments=[pair])
        assert str(caught.value) == sentence


def test_each_field_has_its_council(world: World) -> None:
    parks, roads = council(world, 2), council(world, 1, "roads")
    green, grey = (world.matters(1, field=field)[0] for field in ("parks", "roads"))
    actions.assign_all(by=SYSTEM, at=AT, stage=world.stages[0])
    assert set(Assignment.objects.values_list("matter_id", "person_id")) == {
        (green.pk, parks[0].pk),
        (green.pk, parks[1].pk),
        (grey.pk, roads[0].pk),
    }
    world.matters(1, field="water")
    with pytest.raises(Refused, match=r"^No members are known of: council/water\. Appoint them first\.$"):
        actions.assign_all(by=SYSTEM, at=AT, stage=world.stages[0])


def test_a_recused_reviewer_counts_no_longer(world: World) -> None:
    people = council(world, 4)
    (matter,) = world.matters(1, field="parks")
    stage = world.stages[0]
    actions.assign_all(by=SYSTEM, at=AT, stage=stage)
    score(world, matter, [100, 40, 50, 60], people)
    actions.recuse(by=as_actor(people[0]), at=AT, stage=stage, matter=matter, reason="My neighbour wrote it.")
    assert queries.totals(stage) == {matter.pk: [40, 50, 60]}
    sheets = {matter.pk: points(90)}
    assert refusal(by=as_actor(people[0]), stage=stage, sheets=sheets) == f"You stepped back from {matter.number}."
    assert actions.assign_all(by=SYSTEM, at=AT, stage=stage) == []
    for person, reason, sentence in [
        (people[0], "again", f"You stepped back from {matter.number}."),
        (people[1], "  ", "Say in a few words why you step back."),
        (world.person(), "why not", f"You are not a reviewer of {matter.number}."),
    ]:
        with pytest.raises(Refused) as caught:
            actions.recuse(by=as_actor(person), at=AT, stage=stage, matter=matter, reason=reason)
        assert str(caught.value) == sentence
    assert Assignment.objects.filter(recused=True).count() == 1


@pytest.mark.parametrize(
    ("given", "rest"),
    [
        ({"need": 10}, "give points for each of these and nothing else: need, effect."),
        ({"need": 1, "effect": 1, "charm": 1}, "give points for each of these and nothing else: need, effect."),
        ({"need": 61, "effect": 0}, "need takes whole points from 0 to 60, and 61 is not one of them."),
        ({"need": -1, "effect": 0}, "need takes whole points from 0 to 60, and -1 is not one of them."),
        ({"need": 1, "effect": 2.5}, "effect takes whole points from 0 to 40, and 2.5 is not one of them."),
        ({"need": 1, "effect": "십"}, "effect takes whole points from 0 to 40, and 십 is not one of them."),
        ({"need": True, "effect": 1}, "need takes whole points from 0 to 60, and True is not one of them."),
    ],
)
def test_unreadable_sheets_change_nothing(world: World, given: dict[str, Any], rest: str) -> None:
    (person,) = council(world, 1)
    first, second = world.matters(2, field="parks")
    actions.assign_all(by=SYSTEM, at=AT, stage=world.stages[0])
    sheets = {first.pk: points(50), second.pk: given}
    assert refusal(by=as_actor(person), stage=world.stages[0], sheets=sheets) == f"{second.number}: {rest}"
    assert Sheet.objects.count() == 0


def test_sheets_are_for_the_assigned_reviewer(world: World) -> None:
    person, other = council(world, 2)
    (matter,) = world.matters(1, field="parks")
    stage = world.stages[0]
    actions.assign(by=SYSTEM, at=AT, stage=stage, assignments=[(matter.pk, person.pk)])
    sheets = {matter.pk: points(50)}
    unassigned = "You can only score the matters that were assigned to you."
    assert refusal(by=as_actor(other), stage=stage, sheets=sheets) == unassigned
    assert refusal(by=as_actor(person), stage=stage, sheets={}) == unassigned
    assert refusal(by=VISITOR, stage=stage, sheets=sheets) == "Please sign in first."
    assert refusal(by=as_actor(other), stage=stage, sheets=sheets, person_id=person.pk) == (
        "Everybody fills in their own score sheets only."
    )
    actions.submit_scores(by=as_actor(person), at=AT, stage=stage, sheets=sheets)
    actions.submit_scores(by=SYSTEM, at=AT, stage=stage, person_id=person.pk, sheets={matter.pk: points(70)})
    assert list(Sheet.objects.values_list("total", flat=True)) == [70]


def test_withdrawn_matters_do_not_hinder_closing(world: World) -> None:
    council(world, 1)
    (matter,) = world.matters(1, field="parks")
    ended(by=SYSTEM, at=AT, stage=world.stages[0], outcomes=[Outcome(matter.pk, "withdrawn", passes=False)])
    closed(by=SYSTEM, at=AT, stage=world.stages[0])
    assert queries.standings(world.stages[0]) == []
