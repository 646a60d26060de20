"""The stage kinds screen, review, object and decide: what each says about every matter when it closes."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from madang.chain import canonical
from madang.site.docket.queries import inside, named
from madang.site.kit.actor import Actor
from madang.site.kit.stages import Outcome, StageKind
from madang.site.kit.verdict import Refused
from madang.site.programmes.models import Stage
from madang.site.record.journal import write
from madang.site.reviews import policy, queries, scoring
from madang.site.reviews.actions.screening import outcomes_of
from madang.site.reviews.models import Decision, Objection, Screening
from madang.site.reviews.settings import Decide, Object, Review, Screen, rules_of


def close_screen(stage: Stage, *, by: Actor, at: datetime) -> Iterable[Outcome]:
    """The rulings. Raises Refused if a matter has none."""
    rows = Screening.objects.filter(stage=stage, matter__stage=stage, ruled_at__isnull=False)
    ruled = {row.matter_id: row for row in rows}
    waiting = [number for key, number in inside(stage) if key not in ruled]
    if waiting:
        sentence = ngettext(
            "%(count)s proposal has no ruling yet: %(numbers)s. Rule on it first.",
            "%(count)s proposals have no ruling yet: %(numbers)s. Rule on them first.",
            len(waiting),
        )
        raise Refused(sentence % {"count": len(waiting), "numbers": named(waiting)})
    return outcomes_of(stage, ruled.values())


def close_review(stage: Stage, *, by: Actor, at: datetime) -> Iterable[Outcome]:
    """The ranking, published at once with its reasons. Raises Refused if a matter misses the quorum of sheets."""
    rules = rules_of(stage, Review)
    totals, numbers = queries.totals(stage), dict(inside(stage))
    missing = [number for key, number in numbers.items() if len(totals.get(key, ())) < rules.quorum]
    if missing:
        sentence = ngettext(
            "%(count)s matter has fewer than %(quorum)s score sheets: %(numbers)s. "
            "Assign more reviewers or wait for their sheets.",
            "%(count)s matters have fewer than %(quorum)s score sheets: %(numbers)s. "
            "Assign more reviewers or wait for their sheets.",
            len(missing),
        )
        raise Refused(sentence % {"count": len(missing), "quorum": rules.quorum, "numbers": named(missing)})
    standings = queries.ranked(stage, {key: totals[key] for key in numbers}, numbers)
    write(
        book=stage.process.book,
        verb="review.published",
        subject=f"stage:{stage.pk}",
        by=by,
        at=at,
        sheets=sum(row.sheets for row in standings),
        digest=sha256(canonical({number: sorted(totals[key]) for key, number in numbers.items()})).hexdigest(),
    )
    with override(settings.LANGUAGE_CODE):
        return [_outcome(row, standings, rules) for row in standings]


def _outcome(row: scoring.Standing, standings: Sequence[scoring.Standing], rules: Review) -> Outcome:
    enough = scoring.needed(standings, passes=rules.passes, minimum=rules.minimum)
    words = {
        "mean": scoring.printed_mean(row.mean),
        "top": sum(criterion.points for criterion in rules.criteria),
        "sheets": row.sheets,
        "rank": row.rank,
        "all": len(standings),
        "needed": scoring.printed_mean(enough),
    }
    reason = _("Mean of %(mean)s out of %(top)s points from %(sheets)s sheets; rank %(rank)s of %(all)s.") % words
    if not row.shortlisted:
        below = rules.passes is not None and row.rank > rules.passes
        more = (
            _("Needed: rank %(places)s, reached with %(needed)s points.") if below else _("Needed: %(needed)s points.")
        )
        reason = f"{reason} {more % {**words, 'places': rules.passes}}"
    return Outcome(
        matter_id=row.matter_id,
        outcome="shortlisted" if row.shortlisted else "not_shortlisted",
        passes=row.shortlisted,
        reason=reason,
        rank=row.rank,
    )


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
    carried = Decision.objects.filter(motion__stage=stage, motion__carried=True, matter__stage=stage)
    latest = {row.matter_id: row for row in carried.order_by("motion__at", "motion_id")}
    waiting = [number for key, number in inside(stage) if key not in latest]
    if waiting:
        sentence = ngettext(
            "The body has not decided on %(count)s matter yet: %(numbers)s. Record its vote first.",
            "The body has not decided on %(count)s matters yet: %(numbers)s. Record its vote first.",
            len(waiting),
        )
        raise Refused(sentence % {"count": len(waiting), "numbers": named(waiting)})
    return [
        Outcome(
            matter_id=row.matter_id,
            outcome="approved" if row.approves else "rejected",
            passes=row.approves,
            reason=row.reason,
            amount_won=row.amount_won,
        )
        for row in latest.values()
    ]


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
