"""The law of the conductor: no matter is lost or doubled, and each has one passage for every stage it left."""

from collections import Counter

import pytest
from factories import AT, close_stage, file_matter, make_person, make_process, open_stage, pass_on, stages_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madang.site.docket import conductor
from madang.site.docket.models import Link, Matter, Notice, Passage
from madang.site.intake import actions as intake
from madang.site.kit.actor import SYSTEM
from madang.site.kit.stages import Outcome
from madang.site.kit.verdict import Refused
from madang.site.record.journal import action
from madang.site.record.models import Event

STAGES = 3
steps = st.lists(
    st.tuples(st.sampled_from(["file", "pass", "fail", "merge", "withdraw", "readmit", "close"]), st.integers(0, 99)),
    max_size=25,
)
pytestmark = pytest.mark.django_db


@action
def readmitted(*, matter, stage):
    return conductor.readmit(matter=matter, stage=stage, by=SYSTEM, at=AT, reason="합성 이의 인용")


class Walk:
    """A process and what a plain list says should have become of its matters."""

    def __init__(self):
        self.process = make_process(*[("discuss", {"rolling": True})] * STAGES)
        self.stages = [open_stage(stage=stage) for stage in stages_of(self.process)]
        self.where: dict[int, int | None] = {}
        self.left: dict[int, list[int]] = {}
        self.closed: set[int] = set()

    def under_way(self, *, open_only=True):
        return [pk for pk, at in self.where.items() if at is not None and (not open_only or at not in self.closed)]

    def step(self, name, number):
        if name == "file":
            if 0 not in self.closed:
                matter = file_matter(stage=self.stages[0])
                self.where[matter.pk], self.left[matter.pk] = 0, []
        elif name == "close":
            self.close(number % STAGES)
        elif name == "readmit":
            self.readmit(number)
        elif self.under_way():
            self.decide(name, self.under_way()[number % len(self.under_way())])

    def decide(self, name, pk):
        at = self.where[pk]
        if name == "merge":
            others = [other for other in self.under_way(open_only=False) if other != pk]
            if others:
                self.merge(at, pk, others[0])
            return
        code = {"pass": "discussed", "fail": "not_supported", "withdraw": "withdrawn"}[name]
        pass_on(stage=self.stages[at], outcomes=[Outcome(pk, code, passes=name == "pass")])
        self.leave(pk, passes=name == "pass")

    def merge(self, at, pk, other):
        into, matter = Matter.objects.get(pk=other), Matter.objects.get(pk=pk)
        intake.merge(by=SYSTEM, at=AT, stage=self.stages[at], into=into, matters=[matter], reason="합성 중복")
        self.leave(pk, passes=False)

    def readmit(self, number):
        ended = [pk for pk, at in self.where.items() if at is None]
        if not ended:
            return
        pk = ended[number % len(ended)]
        to = number % STAGES
        allowed = all(order < to for order in self.left[pk])
        matter = Matter.objects.get(pk=pk)
        if allowed:
            readmitted(matter=matter, stage=self.stages[to])
            self.where[pk] = to
        else:
            with pytest.raises(Refused):
                readmitted(matter=matter, stage=self.stages[to])

    def close(self, order):
        if order in self.closed:
            return
        close_stage(stage=self.stages[order])
        self.closed.add(order)
        for pk in [pk for pk, at in self.where.items() if at == order]:
            self.leave(pk, passes=True)

    def leave(self, pk, *, passes):
        at = self.where[pk]
        self.left[pk].append(at)
        self.where[pk] = at + 1 if passes and at + 1 < STAGES else None


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_random_walks_never_lose_or_double_a_matter(walk):
    world = Walk()
    for name, number in walk:
        world.step(name, number)
    order = {stage.pk: index for index, stage in enumerate(world.stages)}
    rows = Matter.objects.filter(process=world.process)
    assert {row.pk: order.get(row.stage_id) for row in rows} == world.where
    left = {pk: [] for pk in world.left}
    for passage in Passage.objects.filter(matter__process=world.process).order_by("pk"):
        left[passage.matter_id].append(order[passage.stage_id])
    assert left == world.left
    assert all((row.stage_id is None) == (row.ended_at is not None) == bool(row.ending) for row in rows)
    merged = {row.pk for row in rows if row.ending == "merged"}
    assert {link.source_id for link in Link.objects.filter(kind="merged_into", source__in=merged)} == merged


def test_a_matter_in_another_stage_is_refused_and_nothing_changes():
    first, second = [open_stage(stage=stage) for stage in stages_of(make_process(("discuss", {}), ("discuss", {})))]
    here, there = file_matter(stage=first), file_matter(stage=second)
    with pytest.raises(Refused):
        pass_on(stage=first, outcomes=[Outcome(here.pk, "discussed", True), Outcome(there.pk, "discussed", True)])
    assert Passage.objects.count() == 0
    assert list(Matter.objects.order_by("pk").values_list("stage_id", flat=True)) == [first.pk, second.pk]
    assert Event.objects.filter(verb="matter.passed").count() == 0


def test_receipt_numbers_count_up_without_gaps():
    (stage,) = [open_stage(stage=stage) for stage in stages_of(make_process(("discuss", {}), code="yard/2021"))]
    numbers = [file_matter(stage=stage).number for _ in range(3)]
    assert numbers == ["yard-2021-00001", "yard-2021-00002", "yard-2021-00003"]


def test_followers_are_told_once_for_each_stage():
    first, second = [open_stage(stage=stage) for stage in stages_of(make_process(("discuss", {}), ("discuss", {})))]
    author = make_person()
    file_matter(stage=first, author=author)
    close_stage(stage=first)
    close_stage(stage=second)
    told = Notice.objects.filter(person=author).values_list("text_ko", flat=True)
    assert Counter(told) == Counter({"1단계: 논의 완료": 1, "2단계: 논의 완료": 1})
