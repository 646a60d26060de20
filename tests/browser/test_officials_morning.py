"""An official's morning: ten open tasks of four kinds, worked off one after the other without going back to the list.

The clicks, taps and keys are counted and printed (pytest -s); two minutes are plenty for them.
"""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from chromium import DESK, PHONE
from journey_town import AT, _person

from madang.site.docket import conductor
from madang.site.docket.models import Matter
from madang.site.forums import actions as forums
from madang.site.kit.actor import SYSTEM, Actor, Grant
from madang.site.ledger.actions import request_obligation
from madang.site.ledger.models import Line
from madang.site.people.actions import give_role
from madang.site.people.actors import citizen
from madang.site.people.models import Organisation, Person
from madang.site.programmes.models import Process, Stage
from madang.site.record.journal import action
from madang.site.reviews.actions import check_cost, estimate_cost, refer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EARLIER = AT - timedelta(days=20)
YESTERDAY = (AT - timedelta(days=1)).date()
TASKS, MOST = 10, 60


@action
def file_and_screen(*, process: Process) -> list[Matter]:
    """Three matters that wait in the screening. They are put there; how they get there is another journey."""
    call, screen = process.stages.order_by("order")[:2]
    conductor.open_stage(stage=call, by=SYSTEM, at=EARLIER)
    made = [
        conductor.file_matter(
            stage=call, kind="project", title=f"합성 제안 {n}", form="idea@1", data={}, by=SYSTEM, at=EARLIER
        )
        for n in range(3)
    ]
    conductor.close_stage(stage=call, by=SYSTEM, at=EARLIER)
    conductor.open_stage(stage=Stage.objects.get(pk=screen.pk), by=SYSTEM, at=EARLIER)
    return made


def fill_the_desk(budget: Organisation) -> None:
    """Three screenings, three obligations to approve, two forums to close, two objections to decide on."""
    process = Process.objects.select_related("department").get(code="B/ideas/2031")
    grants = frozenset({Grant("officer", budget.code)})
    officer, colleague = (Actor(f"synthetic-{name}", None, grants) for name in ("officer", "colleague"))
    matters = file_and_screen(process=process)
    screen = Stage.objects.select_related("process__department").get(process=process, kind="screen")
    for matter in matters:
        matter.refresh_from_db()
        costing = estimate_cost(by=officer, at=EARLIER, matter=matter, amount_won=1_000_000)
        check_cost(by=colleague, at=EARLIER, costing=costing, agrees=True)
    refer(by=officer, at=EARLIER, stage=screen, matters=matters, department=budget)
    line = Line.objects.select_related("department__parent").get(code="B-01", fiscal_year=2031)
    for number in range(1, 4):
        request_obligation(by=officer, at=AT, line=line, amount_won=1_000 * number, payee="합성", on=date(2031, 5, 1))
    for number in range(2):
        told = {"opens_on": EARLIER.date(), "closes_on": YESTERDAY, "title_ko": f"합성 공론장 {number}"}
        forum = forums.open_forum(
            by=officer, at=EARLIER, process=process, kind="city_asks", question_ko="합성 질문입니까?", **told
        )
        said = forums.comment(
            by=citizen(Person.objects.get(nickname="합성아라")), at=EARLIER, forum=forum, text=f"합성 의견 {number}"
        )
        forums.hide_comment(by=officer, at=EARLIER, comment=said, reason="합성 사유")
        forums.appeal(by=citizen(said.person), at=EARLIER, comment=said, text=f"합성 이의 {number}")


class Morning:
    """Works off whatever page comes, and counts what the hands do."""

    def __init__(self, visitor, keys: bool) -> None:
        self.visitor, self.page, self.keys, self.count = visitor, visitor.page, keys, 0

    def do(self, act: Callable[[], object]) -> None:
        """One click, tap, key or field filled in."""
        act()
        self.count += 1

    def begin(self) -> None:
        """Open the first task: by keys, or by a tap."""
        with self.page.expect_navigation():
            if self.keys:
                self.do(lambda: self.page.keyboard.press("j"))
                self.do(lambda: self.page.keyboard.press("Enter"))
            else:
                self.do(lambda: self.page.locator(".tasks a").first.click())

    def finish(self) -> None:
        """Do what the page asks for."""
        path = self.page.url
        if "/ledger/requests/" in path:
            button = "form[action$='/approve/'] button"
        elif "/reviews/" in path:
            self.do(lambda: self.page.locator("[name=outcome][value=suitable]").check())
            button = "button[value=rule]"
        elif "/appeals/" in path:
            self.do(lambda: self.page.locator("[name=upheld][value=no]").check())
            self.do(lambda: self.page.locator("main [name=reason]").fill("합성 사유"))
            button = "main form.form button"
        else:
            self.do(lambda: self.page.locator("main [name=result_ko]").fill("합성 결과"))
            button = "main form.form button"
        with self.page.expect_navigation():
            self.do(lambda: self.page.locator(button).first.click())
        self.visitor.look()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_ten_tasks_of_four_kinds_are_worked_off(visitor, width):
    official = visitor(width)
    budget = Organisation.objects.get(code="budget_division")
    person = _person("morning", "합성아침", "")
    for role in ("officer", "head"):
        give_role(by=SYSTEM, at=EARLIER, person=person, role=role, organisation=budget)
    fill_the_desk(budget)
    official.sign_in("morning").open("/desk/").judge("morning")
    assert official.page.locator(".tasks > li").count() == TASKS
    morning = Morning(official, keys=width == DESK)
    morning.begin()
    kinds = []
    for _task in range(TASKS):
        kinds.append(official.page.url.split("/desk/")[1].split("/")[0])
        morning.finish()
    assert official.page.url.endswith("/desk/")
    assert official.texts(".empty-title") == ["기다리는 일이 없습니다"]
    print(f"{width} px: {TASKS} tasks of {len(set(kinds))} rooms by {morning.count} clicks, keys and fields")  # noqa: T201 - asked for by who looks
    assert morning.count <= MOST


def test_keys_never_fire_in_fields_and_can_be_turned_off(visitor):
    official = visitor(DESK)
    fill_the_desk(Organisation.objects.get(code="budget_division"))
    official.sign_in("officer").open("/desk/")
    page = official.page
    for key in ("j", "j", "k"):
        page.keyboard.press(key)
    focused = "() => [...document.querySelectorAll('.tasks li > a')].indexOf(document.activeElement)"
    assert page.evaluate(focused) == 0
    page.keyboard.press("?")
    page.keyboard.press("Enter")
    page.keyboard.press("j")
    assert page.evaluate(focused) == -1
    official.open("/desk/processes/")
    page.locator("main [name=q]").press_sequentially("jkn?")
    assert (page.locator("main [name=q]").input_value(), page.url.endswith("/desk/processes/")) == ("jkn?", True)
