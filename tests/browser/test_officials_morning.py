"""An official's morning: ten open tasks of nine kinds from six rooms, worked off without going back to the list.

It goes by keys at a desk, and by taps on a phone without script. The clicks, taps and keys are counted and
printed (pytest -s); two minutes are plenty for them.
"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import pytest
from chromium import DESK, PHONE
from journey_town import AT, _person

from madang.site.docket import conductor
from madang.site.docket.models import Matter
from madang.site.followups import actions as followups
from madang.site.forums import actions as forums
from madang.site.gatherings.actions import hold, record_attendance
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
# What a page asks for, by a part of its address: the fields to fill in, and the button.
FORM = "main form.form button"
PAGES: dict[str, tuple[dict[str, str], str]] = {
    "/ledger/requests/": ({}, "form[action$='/approve/'] button"),
    "/ledger/lines/": ({"year_end_won": "50000000"}, "form[action$='/forecast/'] button"),
    "/reviews/": ({"outcome": "suitable"}, "button[value=rule]"),
    "/appeals/": ({"upheld": "no", "reason": "합성 사유"}, FORM),
    "/followups/answers/": ({"outcome": "accepted", "reply": "합성 답변"}, FORM),
    "/milestones/": ({"note": "합성 결과"}, FORM),
    "/gatherings/": ({"text": "합성 회의록"}, "form[action$='/minutes/'] button"),
    "/stages/": ({}, "main form button"),
    "/forums/": ({"result_ko": "합성 결과"}, FORM),
}


@action
def file_and_screen(*, process: Process) -> list[Matter]:
    """Two matters that wait in the screening. They are put there; how they get there is another journey."""
    call, screen = process.stages.order_by("order")[:2]
    conductor.open_stage(stage=call, by=SYSTEM, at=EARLIER)
    made = [
        conductor.file_matter(
            stage=call, kind="project", title=f"합성 제안 {n}", form="idea@1", data={}, by=SYSTEM, at=EARLIER
        )
        for n in range(2)
    ]
    conductor.close_stage(stage=call, by=SYSTEM, at=EARLIER)
    conductor.open_stage(stage=Stage.objects.get(pk=screen.pk), by=SYSTEM, at=EARLIER)
    return made


@action
def begin_other_work(*, budget: Organisation, officer: Actor) -> None:
    """A process with a call that is over, a meeting that was held, a matter to answer and one to deliver."""
    like = Process.objects.get(code="B/ideas/2031")
    process = Process.objects.create(
        code="B/work/2031", programme=like.programme, department=budget, year=2031, recipe={}, title_ko="합성 업무",
        title_en="Synthetic work", opened_at=EARLIER,
    )  # fmt: skip
    stages, rules = {}, {"call": {"form": "idea@1", "matter": "proposal"}, "meet": {"body": "budget_jury"}}
    for order, kind in enumerate(("call", "meet", "answer", "deliver"), start=1):
        stages[kind] = Stage.objects.create(
            process=process, order=order, kind=kind, title_ko=f"합성 {kind}", title_en=kind, opened_at=EARLIER,
            settings=rules.get(kind, {}),
            closes_on=YESTERDAY if kind == "call" else None,
        )  # fmt: skip
    told = {"kind": "proposal", "form": "idea@1", "data": {}, "by": SYSTEM, "at": EARLIER}
    asked = conductor.file_matter(stage=stages["answer"], title="합성 질문", **told)
    carried = conductor.file_matter(stage=stages["deliver"], title="합성 약속", **told)
    answer = {"stage": stages["answer"], "matters": [asked], "department": budget, "due_on": AT.date()}
    followups.refer(by=officer, at=EARLIER, **answer)
    followups.add_milestone(by=officer, at=EARLIER, matter=carried, title="합성 착공", due_on=YESTERDAY)
    meeting = hold(
        by=officer, at=EARLIER, process=process, number=1, mode="face_to_face", title_ko="합성 회의", held_at=EARLIER,
        stage=stages["meet"],
    )  # fmt: skip
    record_attendance(by=officer, at=AT, gathering=meeting, heads=7)


def fill_the_desk(budget: Organisation) -> None:
    """Screenings, an obligation to approve, a line to explain, a forum, an objection, and what other rooms bring."""
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
    request_obligation(by=officer, at=AT, line=line, amount_won=1_000, payee="합성", on=date(2031, 5, 1))
    begin_other_work(budget=budget, officer=officer)
    for number in range(1):
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

    def _fill(self, name: str, text: str) -> None:
        radio, field = (self.page.locator(f"main [name={name}]{more}") for more in (f"[value='{text}']", ""))
        if radio.count():
            radio.check()
        elif field.first.evaluate("it => it.localName") == "select":
            field.first.select_option(text)
        else:
            field.first.fill(text)

    def finish(self) -> None:
        """Do what the page asks for."""
        fields, button = next(asked for part, asked in PAGES.items() if part in self.page.url)
        for name, text in fields.items():
            self.do(partial(self._fill, name, text))
        with self.page.expect_navigation():
            self.do(lambda: self.page.locator(button).first.click())
        self.visitor.look()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_ten_tasks_of_nine_kinds_from_six_rooms_are_worked_off(visitor, width):
    official = visitor(width, script=width == DESK)
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
    assert set(kinds) == {"stages", "reviews", "ledger", "forums", "followups", "gatherings"}
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
