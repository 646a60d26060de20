"""Answers with their deadline, and delivery to its end."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils.translation import override
from reviews_world import AT, World, as_actor, closed, make_world

from madang.site.docket.models import Attachment, Matter, Notice, Passage
from madang.site.followups import actions, queries
from madang.site.followups.models import Answer, Measure, Milestone, Referral, Visit
from madang.site.kit.actor import SYSTEM, VISITOR
from madang.site.kit.clock import day_of
from madang.site.kit.deadlines import due_day
from madang.site.kit.figures import query_named
from madang.site.kit.verdict import Refused
from madang.site.record.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


def made(rolling: bool = True) -> World:
    world = make_world(("answer", {"days": 30, "rolling": rolling}), ("deliver", {"monitors": "monitors"}))
    world.open(0)
    world.open(1)
    return world


@pytest.fixture
def world() -> World:
    return made()


def refusal(act: Any, **given: Any) -> str:
    with pytest.raises(Refused) as caught:
        act(at=AT, **given)
    return str(caught.value)


def reply(world: World, matter: Matter, outcome: str = "accepted", **more: Any) -> Answer:
    given = {"by": world.officer, "at": AT, "reply": "We will.", **more}
    return actions.answer(stage=world.stages[0], matter=matter, outcome=outcome, **given)


def test_answers_send_matters_on_or_end_them(world: World) -> None:
    matters = world.matters(3)
    outcomes = ("accepted", "partly_accepted", "not_accepted")
    for matter, outcome in zip(matters, outcomes, strict=True):
        reply(world, matter, outcome)
    assert list(Passage.objects.order_by("matter").values_list("outcome", "passed", "reason")) == [
        ("accepted", True, "We will."),
        ("partly_accepted", True, "We will."),
        ("not_accepted", False, "We will."),
    ]
    for matter in matters:
        matter.refresh_from_db()
    deliver = world.stages[1].pk
    assert [matter.stage_id for matter in matters] == [deliver, deliver, None]
    assert list(Event.objects.filter(verb="matter.answered").values_list("data", flat=True)) == [
        {"stage": 1, "outcome": outcome, "department": world.department.code} for outcome in outcomes
    ]


def test_answers_that_wait_may_change_and_stay_unpublished() -> None:
    world = made(rolling=False)
    first, second = world.matters(2)
    measures = [actions.NewMeasure("Boxes for ice packs", "boxes", "8", "16")]
    reply(world, first, "not_accepted", measures=measures)
    reply(world, first, "accepted", measures=measures)
    assert (Passage.objects.count(), queries.answers(world.stages[0]).count()) == (0, 0)
    with pytest.raises(Refused) as caught:
        closed(by=SYSTEM, at=AT, stage=world.stages[0])
    assert str(caught.value) == f"1 matter has no answer yet: {second.number}. Answer it first."
    reply(world, second)
    closed(by=SYSTEM, at=AT, stage=world.stages[0])
    assert list(Passage.objects.values_list("outcome", flat=True)) == ["accepted"] * 2
    assert queries.answers(world.stages[0]).count() == 2
    assert list(Measure.objects.values_list("title", "indicator", "before", "after")) == [
        ("Boxes for ice packs", "boxes", "8", "16")
    ]


def test_the_deadline_runs_from_the_referral_or_from_the_coming(world: World) -> None:
    referred, other = world.matters(2)
    stage = world.stages[0]
    given = {"by": SYSTEM, "at": AT, "stage": stage, "matters": [referred], "department": world.other}
    (first,) = actions.refer(**given)
    assert first.due_on == due_day(start=day_of(AT), days=30)
    actions.refer(**given, due_on=date(2021, 9, 17))
    rows = {row.pk: queries.due_on(row, stage) for row in queries.waiting(stage)}
    assert rows == {referred.pk: date(2021, 9, 17), other.pk: due_day(start=day_of(AT), days=30)}
    assert Referral.objects.count() == 1


def test_the_department_answers_what_was_referred_to_it(world: World) -> None:
    mine, foreign = world.matters(2)
    stage = world.stages[0]
    actions.refer(by=world.officer, at=AT, stage=stage, matters=[mine], department=world.other)
    given = {"by": world.other_officer, "stage": stage, "outcome": "accepted", "reply": "Yes"}
    assert refusal(actions.answer, matter=foreign, **given) == "Only officials of Budget may do this."
    actions.answer(at=AT, matter=mine, **given)
    assert list(Answer.objects.values_list("department", flat=True)) == [world.other.pk]


def test_answers_are_refused(world: World) -> None:
    (matter,) = world.matters(1)
    (away,) = world.matters(1, stage=1)
    given = {"by": SYSTEM, "stage": world.stages[0], "matter": matter, "outcome": "accepted", "reply": "Yes"}
    cases: list[tuple[dict[str, Any], str]] = [
        ({"by": VISITOR}, "Only officials of Budget may do this."),
        ({"reply": " "}, "Write the reply: the author and everybody else reads it."),
        ({"outcome": "maybe"}, "maybe is not an answer; use one of: accepted, partly_accepted, not_accepted."),
        ({"matter": away}, f"{away.number} is not in this stage."),
        ({"stage": world.stages[1]}, "deliver stage is not open for this."),
    ]
    for change, sentence in cases:
        assert refusal(actions.answer, **{**given, **change}) == sentence
    assert (Answer.objects.count(), Passage.objects.count()) == (0, 0)


def test_referrals_are_refused(world: World) -> None:
    (away,) = world.matters(1, stage=1)
    given = {"by": SYSTEM, "stage": world.stages[0], "matters": world.matters(1), "department": world.other}
    cases: list[tuple[dict[str, Any], str]] = [
        ({"by": world.other_officer}, "Only officials of Budget may do this."),
        ({"matters": []}, "Choose at least one matter."),
        ({"matters": [away]}, f"{away.number} is not in this stage."),
        ({"due_on": date(2021, 3, 1)}, "The deadline 2021-03-01 has already passed."),
    ]
    for change, sentence in cases:
        assert refusal(actions.refer, **{**given, **change}) == sentence
    assert Referral.objects.count() == 0


def test_delivery_to_the_end(world: World) -> None:
    first, second = world.matters(2, stage=1)
    step = actions.add_milestone(by=world.officer, at=AT, matter=first, title="Fence painted", due_on=date(2021, 6, 30))
    assert refusal(actions.complete, by=SYSTEM, matter=first, note="Done") == (
        "The milestone “Fence painted” has not been reached yet."
    )
    photo = Attachment.objects.create(
        matter=first, name="a.jpg", media_type="image/jpeg", size=1, sha256="0" * 64, file="a.jpg", at=AT
    )
    foreign = Attachment.objects.create(
        matter=second, name="b.jpg", media_type="image/jpeg", size=1, sha256="1" * 64, file="b.jpg", at=AT
    )
    assert refusal(actions.reach_milestone, by=SYSTEM, milestone=step, note="x", attachments=[foreign]) == (
        "A file must belong to the matter of the milestone."
    )
    actions.reach_milestone(by=SYSTEM, at=AT, milestone=step, note="Painted green", attachments=[photo])
    assert list(step.attachments.all()) == [photo]
    assert refusal(actions.reach_milestone, by=SYSTEM, milestone=step, note="x") == (
        "This milestone was reached already."
    )
    actions.complete(by=SYSTEM, at=AT, matter=first, note="Done")
    assert refusal(closed, by=SYSTEM, stage=world.stages[1]) == (
        f"1 matter is neither complete nor stopped: {second.number}. Finish it first."
    )
    actions.stop(by=SYSTEM, at=AT, matter=second, reason="The owner said no.")
    closed(by=SYSTEM, at=AT, stage=world.stages[1])
    assert list(Passage.objects.order_by("matter").values_list("outcome", "passed", "reason")) == [
        ("delivered", True, "Done"),
        ("stopped", False, "The owner said no."),
    ]


def test_only_monitors_report_visits(world: World) -> None:
    (matter,) = world.matters(1, stage=1)
    monitor = as_actor(world.person(("member_of", "monitors")))
    actions.report_visit(by=monitor, at=AT, matter=matter, text="The fence stands.")
    assert refusal(actions.report_visit, by=as_actor(world.person()), matter=matter, text="x") == (
        "Open only to somebody who is a member of monitors. Members are appointed; there is nothing you need to do."
    )
    assert refusal(actions.report_visit, by=monitor, matter=matter, text=" ") == "Describe what you saw."
    assert list(Visit.objects.values_list("text", flat=True)) == ["The fence stands."]


def test_delivery_is_refused(world: World) -> None:
    (matter,) = world.matters(1, stage=1)
    (waiting,) = world.matters(1)
    due = {"due_on": date(2021, 6, 30)}
    cases = [
        (
            actions.add_milestone,
            {"by": world.other_officer, "title": "x", **due},
            "Only officials of Budget may do this.",
        ),
        (actions.add_milestone, {"title": " ", **due}, "Give the milestone a title."),
        (actions.stop, {"reason": ""}, "Give the reason: the author and everybody else reads it."),
        (actions.complete, {"note": ""}, "Say in a few words what was done."),
        (
            actions.complete,
            {"matter": waiting, "note": "x"},
            f"{waiting.number} is not being carried out at present.",
        ),
    ]
    for act, change, sentence in cases:
        assert refusal(act, **{"by": SYSTEM, "matter": matter, **change}) == sentence
    assert (Milestone.objects.count(), Passage.objects.count()) == (0, 0)


def test_figures_respect_the_day(world: World) -> None:
    good, bad = world.matters(2)
    reply(world, good)
    later = datetime(2021, 3, 9, 3, tzinfo=UTC)
    reply(world, bad, "not_accepted", at=later)
    (matter,) = world.matters(1, stage=1)
    step = actions.add_milestone(by=SYSTEM, at=AT, matter=matter, title="Step", due_on=date(2021, 6, 30))
    actions.reach_milestone(by=SYSTEM, at=later, milestone=step, note="Done")

    def value(name: str, day: int, **arguments: object) -> object:
        query = query_named(name)
        return query.records(query.Arguments(process="pb-2021", **arguments), date(2021, 3, day)).value()

    assert [value("followups.answers", day) for day in (1, 8, 9)] == [0, 1, 2]
    assert value("followups.answers", 9, outcome=["accepted", "partly_accepted"]) == 1
    assert [value("followups.milestones", day) for day in (1, 2)] == [0, 1]
    assert [value("followups.milestones", day, reached=True) for day in (8, 9)] == [0, 1]
    assert [value("followups.milestones", day, reached=False) for day in (8, 9)] == [1, 0]


def test_officials_are_reminded_once_a_day_of_what_their_department_owes(world: World) -> None:
    officials = {}
    for name, role, where in (
        ("own", "officer", world.department),
        ("head", "head", world.department),
        ("other", "officer", world.other),
        ("finance", "finance", world.other),
    ):
        officials[name] = world.person()
        officials[name].role_grants.create(role=role, organisation=where, valid_from=AT)
    referred, soon, later = world.matters(3)
    stage = world.stages[0]
    actions.refer(by=SYSTEM, at=AT, stage=stage, matters=[referred], department=world.other, due_on=date(2021, 3, 9))
    actions.refer(by=SYSTEM, at=AT, stage=stage, matters=[soon], department=world.department, due_on=date(2021, 3, 10))
    (carried,) = world.matters(1, stage=1)
    actions.add_milestone(by=SYSTEM, at=AT, matter=carried, title="Fence", due_on=date(2021, 3, 1))
    # Tuesday, 2 March: five working days later is Tuesday, 9 March. What was not referred is due in April.
    assert queries.due_soon(AT) == {world.other.code: (1, 0), world.department.code: (0, 1)}
    assert refusal(actions.remind, by=world.officer) == "Reminders are sent each night by themselves."
    assert actions.remind(by=SYSTEM, at=AT) == 3
    told = {row.person_id: row.text_en for row in Notice.objects.all()}
    assert told == {
        officials["own"].pk: "Due soon or overdue: 0 answers, 1 milestones",
        officials["head"].pk: "Due soon or overdue: 0 answers, 1 milestones",
        officials["other"].pk: "Due soon or overdue: 1 answers, 0 milestones",
    }
    assert not queries.somebody_to_remind(AT)
    assert refusal(actions.remind, by=SYSTEM) == "There is nobody to remind today."
    reply(world, referred)
    tomorrow = AT + timedelta(days=1)
    assert queries.due_soon(tomorrow) == {world.department.code: (1, 1)}
    assert actions.remind(by=SYSTEM, at=tomorrow) == 2
    assert later.stage_id == stage.pk
