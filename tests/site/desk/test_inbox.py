"""The inbox puts the work of all rooms in the order of its urgency."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from desk_world import AT, person
from django.db import connection
from django.test.utils import CaptureQueriesContext

from madang.site.desk.inbox import MOST, inbox, own_work
from madang.site.kit.navigation import Queue, Task, add_queue, queues
from madang.site.people.actors import actor_for
from madang.site.programmes.models import Stage

TODAY = date(2021, 6, 1)
DAYS = {"late": -1, "today": 0, "soon": 7, "far": 8}


def bring(process, name: str, roles: tuple[str, ...], tasks: list[tuple[str, date | None]]) -> None:
    """A queue of synthetic stages that are open until some day."""
    for number, (title, day) in enumerate(tasks, 100 * (len(queues) + 1)):
        Stage.objects.create(
            process=process, order=number, kind=name, title_ko=title, title_en=title, closes_on=day
        )  # fmt: skip
    add_queue(
        Queue(
            name=name,
            title=name,
            roles=roles,
            rows=lambda by, at: Stage.objects.filter(kind=name).order_by("-order"),
            due="closes_on",
            shows={"title": "title_ko"},
            task=lambda row, day: Task(row["title"], f"/{row['title']}/", day),
        )
    )


@pytest.fixture
def brought(world) -> Iterator[None]:
    """Three queues as rooms bring them: two of officers, one of everybody."""
    before = list(queues)
    due = [(name, TODAY + timedelta(days=days)) for name, days in DAYS.items()]
    bring(world.process, "synthetic.dated", ("officer",), [("whenever", None), *due[::-1]])
    bring(world.process, "synthetic.many", ("officer",), [(f"row {n}", TODAY) for n in range(MOST + 3)])
    bring(world.process, "synthetic.own", (), [("sheet", TODAY)])
    yield
    queues[:] = before


@pytest.fixture
def officer(world):
    """An officer of the whole city, as an actor."""
    return actor_for(person("officer", "officer").person, AT)


def piles(found):
    return [([one.task.title for one in pile.work], pile.late) for pile in found.piles]


def test_the_overdue_comes_first_and_what_has_no_day_last(brought, officer):
    assert piles(inbox(officer, AT, "synthetic.dated")) == [
        (["late"], True),
        (["today"], False),
        (["soon"], False),
        (["far"], False),
        (["whenever"], False),
    ]


def test_what_does_not_fit_is_counted(brought, officer):
    found = inbox(officer, AT, "synthetic.many")
    assert (sum(len(pile.work) for pile in found.piles), found.hidden) == (MOST, 3)


def test_the_own_work_of_somebody_without_a_role_is_theirs(brought, world):
    citizen = actor_for(person("citizen").person, AT)
    assert [one.task.title for one in own_work(citizen, AT)] == ["sheet"]
    assert [tray.queue.name for tray in inbox(citizen, AT).trays if tray.count] == ["synthetic.own"]


def test_all_queues_cost_one_query_however_much_waits(brought, officer):
    with CaptureQueriesContext(connection) as asked:
        found = inbox(officer, AT)
    assert {tray.queue.name: tray.count for tray in found.trays if tray.count} == {
        "synthetic.dated": 5, "synthetic.many": MOST + 3, "synthetic.own": 1,
    }  # fmt: skip
    # The queue of support asks each stage for the days it gives first.
    assert len(asked) == 2


def test_the_page_shows_one_kind_of_work_when_asked(brought, enter, world):
    page = enter(person("officer", "officer")).get("/desk/?queue=synthetic.dated")
    assert [one.task.title for pile in page.context["inbox"].piles for one in pile.work] == [
        "late", "today", "soon", "far", "whenever",
    ]  # fmt: skip
