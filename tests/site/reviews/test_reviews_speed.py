"""The work of a whole year in bulk, in seconds of the processor: 2,041 screenings and 1,500 sheets."""

from time import process_time

import pytest
from reviews_world import AT, CRITERIA, as_actor, closed, make_world

from madang.site.docket.models import Matter, Passage
from madang.site.kit.actor import SYSTEM
from madang.site.reviews import actions
from madang.site.reviews.models import Sheet

pytestmark = pytest.mark.django_db


def many(world, count: int, **fields: object) -> list[Matter]:
    stage = world.stages[0]
    return Matter.objects.bulk_create(
        Matter(
            number=f"bulk-{number:05d}",
            process=world.process,
            stage=stage,
            kind="proposal",
            title="합성 제안",
            filed_at=AT,
            **fields,
        )
        for number in range(count)
    )


def test_2041_screenings_in_one_call() -> None:
    world = make_world(("screen", {"rolling": True}), ("decide", {"body": "hall"}))
    stage = world.open(0)
    matters = many(world, 2041)
    start = process_time()
    actions.screen(
        by=SYSTEM, at=AT, stage=stage, rulings=[actions.Ruled(row.pk, row.pk % 12 == 0, "합성") for row in matters]
    )
    assert process_time() - start < 2
    assert Passage.objects.count() == 2041


def test_1500_sheets_and_their_ranking() -> None:
    world = make_world(("review", {"bodies": "council", "criteria": CRITERIA, "passes": 54}), ("decide", {"body": "h"}))
    stage = world.open(0)
    people = [world.person(("member_of", "council")) for _ in range(10)]
    matters = many(world, 150)
    start = process_time()
    actions.assign_all(by=SYSTEM, at=AT, stage=stage)
    for person in people:
        sheets = {row.pk: {"need": (row.pk + person.pk) % 61, "effect": row.pk % 41} for row in matters}
        actions.submit_scores(by=as_actor(person), at=AT, stage=stage, sheets=sheets)
    assert Sheet.objects.count() == 1500
    closed(by=SYSTEM, at=AT, stage=stage)
    assert process_time() - start < 3
    assert Passage.objects.filter(passed=True).count() == 54
