"""Working through the inbox: after a finished task comes the next one, and nobody is led away from one that waits."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from desk_world import AT, person

from madang.site.desk.inbox import inbox
from madang.site.docket.actions import start
from madang.site.kit.actor import SYSTEM
from madang.site.kit.navigation import Queue, Task, add_queue, queues
from madang.site.people.actors import actor_for
from madang.site.programmes.models import Process
from madang.site.record.actions import take_file
from madang.site.record.models import Event
from madang.site.record.queries import done_by


@pytest.fixture(autouse=True)
def _clock(settings):
    settings.CLOCK_STARTS_AT = AT


@pytest.fixture
def tasks(world) -> Iterator[list[Task]]:
    """Only one queue: a task for each stage that has not opened, at the page that opens it."""
    before = list(queues)
    queues.clear()

    def task(row, due):
        return Task(row["title"], f"/desk/stages/{row['pk']}/open/", due)

    rows = world.process.stages.filter(opened_at=None).order_by("pk")
    add_queue(
        Queue(
            name="synthetic",
            title="Synthetic",
            roles=("officer",),
            rows=lambda by, at: rows.all(),
            shows={"pk": "pk", "title": "title_ko"},
            task=task,
        )
    )
    yield [task({"pk": row.pk, "title": row.title_ko}, None) for row in rows.all()]
    queues[:] = before


@pytest.fixture
def account(world):
    return person("officer", "officer", organisation=world.department)


def test_every_task_says_where_it_stands(tasks, account):
    found = inbox(actor_for(account.person, AT), AT)
    assert [one.address for pile in found.piles for one in pile.work] == [
        f"{task.url}?inbox=&place={place}" for place, task in enumerate(tasks)
    ]


def test_a_finished_task_leads_to_the_one_that_took_its_place(tasks, account, enter):
    officer = enter(account)
    first = f"{tasks[0].url}?inbox=&place=0"
    page = officer.get(first).content.decode()
    assert 'href="/desk/next/"' in page
    answer = officer.post(first)
    assert answer.url == f"{tasks[1].url}?inbox=&place=0"
    told = [str(one) for one in officer.get(answer.url).context["messages"]]
    assert told[1:] == [f"This is the next task; {len(tasks) - 1} wait."]


def test_a_task_that_still_waits_keeps_its_own_way(tasks, account, enter):
    officer = enter(account)
    officer.get(f"{tasks[1].url}?inbox=&place=1")
    answer = officer.post(tasks[0].url)
    assert answer.url == f"/desk/processes/{Process.objects.get().code}/"


def test_next_skips_and_ends_in_the_inbox(tasks, account, enter):
    officer = enter(account)
    assert officer.get("/desk/next/").url == "/desk/"
    for place, task in enumerate(tasks):
        officer.get(f"{task.url}?inbox=&place={place}")
        following = f"{tasks[place + 1].url}?inbox=&place={place + 1}" if place + 1 < len(tasks) else "/desk/"
        assert officer.get("/desk/next/").url == following
    officer.get("/desk/")
    assert 'href="/desk/next/"' not in officer.get(tasks[0].url).content.decode()


def test_done_today_counts_things_and_not_clicks(world, account):
    by = actor_for(account.person, AT)
    start(by=by, at=AT, stage=world.call)
    for one in (by, SYSTEM):
        take_file(by=one, at=AT, name="rows", path="/desk/", columns=["who"], rows=1)
    said = Event.objects.filter(actor=by.pseudonym).values_list("verb", "subject")
    assert sorted(said) == [("file.taken", "table:rows"), ("stage.opened", f"stage:{world.call.pk}")]
    assert done_by(by.pseudonym, since=AT) == 1
    assert done_by(by.pseudonym, since=AT + timedelta(seconds=1)) == 0
