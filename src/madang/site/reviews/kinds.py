"""The stage kinds screen, review, object and decide: what each says about every matter when it closes."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from django.utils.translation import ngettext

from madang.chain import canonical
from madang.site.docket.queries import inside, named
from madang.site.kit.actor import Actor
from madang.site.kit.stages import Outcome, StageKind
from madang.site.kit.verdict import Refused
from madang.site.programmes.models import Stage
from madang.site.record.journal import write
from madang.site.reviews import decided, policy, queries
from madang.site.reviews.models import Objection
from madang.site.reviews.settings import Decide, Object, Review, Screen


def close_screen(stage: Stage, *, by: Actor, at: datetime) -> Iterable[Outcome]:
    """The rulings. Raises Refused if a matter has none."""
    return decided.by_rulings(stage)


def close_review(stage: Stage, *, by: Actor, at: datetime) -> Iterable[Outcome]:
    """The ranking, published at once with its reasons. Raises Refused if a matter misses the quorum of sheets."""
    standings = decided.standings_of(stage)
    totals, numbers = queries.totals(stage), dict(inside(stage))
    write(
        book=stage.process.book,
        verb="review.published",
        subject=f"stage:{stage.pk}",
        by=by,
        at=at,
        sheets=sum(row.sheets for row in standings),
        digest=sha256(canonical({number: sorted(totals[key]) for key, number in numbers.items()})).hexdigest(),
    )
    return decided.by_ranking(stage, standings)


def close_object(stage: Stage, *, by: Actor, at: datetime) -> Iterable[Outcome]:
    """Everything in the stage goes on. Raises Refused while an objection is undecided."""
    objections = Objection.objects.filter(stage=stage)
    open_ones = list(objections.filter(decided_at=None).order_by("at").values_list("matter__number", flat=True))
    if open_ones:
        sentence = ngettext(
            "%(count)s objection has no decision yet: %(numbers)s. Decide on it first.",
            "%(count)s objections have no decision yet: %(numbers)s. Decide on them first.",
            len(open_ones),
        )
        raise Refused(sentence % {"count": len(open_ones), "numbers": named(open_ones)})
    reasons = dict(objections.filter(upheld=True).order_by("-at").values_list("matter_id", "reason"))
    return [
        Outcome(
            matter_id=key,
            outcome="objection_upheld" if key in reasons else "no_objection",
            passes=True,
            reason=reasons.get(key, ""),
        )
        for key, _number in inside(stage)
    ]


def close_decide(stage: Stage, *, by: Actor, at: datetime) -> Iterable[Outcome]:
    """What the last carried motion says about each matter. Raises Refused if none speaks of one."""
    return decided.by_motions(stage)


KINDS = [
    StageKind(
        name="screen",
        title_ko="적격 심사",
        title_en="screening",
        Settings=Screen,
        citizen_page="reviews:screen",
        desk_page="reviews_desk:screen",
        verbs={"refer": policy.may_refer, "rule": policy.may_rule},
        closed=close_screen,
    ),
    StageKind(
        name="review",
        title_ko="심사",
        title_en="review",
        Settings=Review,
        citizen_page="reviews:review",
        desk_page="reviews_desk:review",
        verbs={"assign": policy.may_assign, "recuse": policy.may_recuse},
        closed=close_review,
    ),
    StageKind(
        name="object",
        for_citizens=True,
        title_ko="이의신청",
        title_en="objections",
        Settings=Object,
        citizen_page="reviews:object",
        desk_page="reviews_desk:object",
        verbs={"object": policy.may_object},
        closed=close_object,
    ),
    StageKind(
        name="decide",
        title_ko="의결",
        title_en="decision",
        Settings=Decide,
        citizen_page="reviews:decide",
        desk_page="reviews_desk:decide",
        verbs={"record": policy.may_record_motion},
        closed=close_decide,
    ),
]
