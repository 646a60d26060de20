"""The queues of stages whose day has come: to be opened, to be closed."""

import pytest
from factories import AT, OPEN_CALL, close_stage, day, make_form, make_process, official, open_stage, stages_of

from madang.site.desk.stages import to_close, to_open
from madang.site.kit.actor import Actor, Grant
from madang.site.programmes.models import Process, Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def stages() -> list[Stage]:
    """A call, a screening, a vote and one more screening, planned for June; the call is open."""
    make_form()
    process = make_process(("call", OPEN_CALL), ("screen", {}), ("support", SUPPORT), ("watch", {}))
    found = stages_of(process)
    for stage, first, last in zip(found, (1, 1, 2, 1), (1, 20, 20, 20), strict=True):
        stage.opens_on, stage.closes_on = day(first), day(last)
        stage.save(update_fields=["opens_on", "closes_on"])
    return found


SUPPORT = {"thresholds": [{"since": "2021-01-01", "supports": 5}]}


def waiting(stages: list[Stage], by: Actor | None = None) -> tuple[list[int], list[int]]:
    """The numbers of the stages to open and to close."""
    actor = by or official(stages[0].process)
    orders = [queue(actor, AT).order_by("order").values_list("order", flat=True) for queue in (to_open, to_close)]
    return list(orders[0]), list(orders[1])


def test_a_stage_waits_to_be_opened_from_its_first_day_once_its_process_has_begun(stages):
    assert waiting(stages) == ([], [])
    Process.objects.update(planned_at_desk=True)
    assert waiting(stages) == ([1, 2], [])
    Process.objects.update(planned_at_desk=False)
    open_stage(stage=stages[0])
    # Only for its own department; nothing of a draft.
    stranger = Actor("stranger", 1, frozenset({Grant("officer", "elsewhere")}))
    assert (waiting(stages), waiting(stages, stranger)) == (([2], [1]), ([], []))
    Process.objects.update(draft=True)
    assert waiting(stages) == ([], [])


def test_what_was_passed_over_is_not_asked_for_and_what_is_closed_neither(stages):
    for stage in (stages[0], stages[2]):
        open_stage(stage=stage, at=AT)
    assert waiting(stages) == ([], [1])
    # The queue of support asks for it itself.
    Stage.objects.update(closes_on=day(1))
    assert waiting(stages) == ([], [1])
    close_stage(stage=stages[0])
    assert waiting(stages) == ([], [])
