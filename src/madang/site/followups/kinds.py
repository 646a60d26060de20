"""The stage kinds answer and deliver: what each says about every matter when it closes."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import ngettext

from madang.site.docket.queries import inside, named
from madang.site.followups import policy
from madang.site.followups.actions import outcome_of
from madang.site.followups.models import Answer
from madang.site.followups.settings import Answer as AnswerRules
from madang.site.followups.settings import Deliver
from madang.site.kit.actor import Actor
from madang.site.kit.stages import Outcome, StageKind
from madang.site.kit.verdict import Refused
from madang.site.programmes.models import Stage


def close_answer(stage: Stage, *, by: Actor, at: datetime) -> Iterable[Outcome]:
    """The answers. Raises Refused while a matter has none."""
    given = {row.matter_id: row for row in Answer.objects.filter(stage=stage, matter__stage=stage)}
    missing = [number for key, number in inside(stage) if key not in given]
    if missing:
        sentence = ngettext(
            "%(count)s matter has no answer yet: %(numbers)s. Answer it first.",
            "%(count)s matters have no answer yet: %(numbers)s. Answer them first.",
            len(missing),
        )
        raise Refused(sentence % {"count": len(missing), "numbers": named(missing)})
    return [outcome_of(row) for row in given.values()]


def close_deliver(stage: Stage, *, by: Actor, at: datetime) -> Iterable[Outcome]:
    """Nothing may be left: each matter was completed or stopped. Raises Refused otherwise."""
    left = [number for _key, number in inside(stage)]
    if left:
        sentence = ngettext(
            "%(count)s matter is neither complete nor stopped: %(numbers)s. Finish it first.",
            "%(count)s matters are neither complete nor stopped: %(numbers)s. Finish them first.",
            len(left),
        )
        raise Refused(sentence % {"count": len(left), "numbers": named(left)})
    return []


KINDS = [
    StageKind(
        name="answer",
        title_ko="답변",
        title_en="answer",
        Settings=AnswerRules,
        citizen_page="followups:answer",
        desk_page="followups_desk:answer",
        verbs={"refer": policy.may_refer},
        closed=close_answer,
    ),
    StageKind(
        name="deliver",
        title_ko="이행",
        title_en="delivery",
        Settings=Deliver,
        citizen_page="followups:deliver",
        desk_page="followups_desk:deliver",
        closed=close_deliver,
    ),
]
