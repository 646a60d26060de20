"""The inbox puts the work of all rooms in the order of its urgency."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from desk_world import AT, person

from madang.site.desk.inbox import MOST, inbox, own_work
from madang.site.kit.navigation import Queue, Task, add_queue, queues
from madang.site.people.actors import actor_for

TODAY = date(2021, 6, 1)
DAYS = {"late": -1, "today": 0, "soon": 7, "far": 8}


def _queue(name: str, roles: tuple[str, ...], tasks: list[Task]) -> Queue:
    return Queue(name, name, roles, lambda by, at: len(tasks), lambda by, at, limit: tasks[:limit])


@pytest.fixture
def brought() -> Iterator[None]:
    """Three queues as rooms bring them: two of officers, one of everybody."""
    before = list(queues)
    due = [Task(name, f"/{name}/", TODAY + timedelta(days=days)) for name, days in DAYS.items()]
    add_queue(_queue("synthetic.dated", ("officer",), [*due[::-1], Task("whenever", "/whenever/")]))
    add_queue(_queue("synthetic.many", ("officer",), [Task(f"row {n}", "/row/", TODAY) for n in range(MOST + 3)]))
    add_queue(_queue("synthetic.own", (), [Task("sheet", "/sheet/", TODAY)]))
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


def test_the_page_shows_one_kind_of_work_when_asked(brought, enter, world):
    page = enter(person("officer", "officer")).get("/desk/?queue=synthetic.dated")
    assert [one.task.title for pile in page.context["inbox"].piles for one in pile.work] == [
        "late", "today", "soon", "far", "whenever",
    ]  # fmt: skip
