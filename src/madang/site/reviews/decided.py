"""What a stage of this room would say about every matter in it if it closed now. Nothing of it is published before."""

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from madang.site.docket.queries import inside, named
from madang.site.kit.stages import Outcome
from madang.site.kit.verdict import Refused
from madang.site.programmes.models import Stage
from madang.site.reviews import queries, scoring
from madang.site.reviews.models import Assignment, Screening
from madang.site.reviews.settings import Review, Screen, rules_of


def by_rulings(stage: Stage) -> list[Outcome]:
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


def outcomes_of(stage: Stage, rows: Iterable[Screening]) -> list[Outcome]:
    """The outcomes of rulings; where the stage asks for costing, with the latest estimate."""
    ruled = list(rows)
    costs = queries.latest_costs([row.matter_id for row in ruled]) if rules_of(stage, Screen).costing else {}
    return [
        Outcome(
            matter_id=row.matter_id,
            outcome=row.outcome,
            passes=bool(row.passes),
            reason=row.reason,
            amount_won=costs.get(row.matter_id),
        )
        for row in ruled
    ]


def require_sheets(stage: Stage) -> None:
    """Raises Refused if a matter misses the quorum of sheets, or a sheet is with its reviewer again."""
    rules = rules_of(stage, Review)
    totals = queries.totals(stage)
    missing = [number for key, number in inside(stage) if len(totals.get(key, ())) < rules.quorum]
    if missing:
        sentence = ngettext(
            "%(count)s matter has fewer than %(quorum)s score sheets: %(numbers)s. "
            "Assign more reviewers or wait for their sheets.",
            "%(count)s matters have fewer than %(quorum)s score sheets: %(numbers)s. "
            "Assign more reviewers or wait for their sheets.",
            len(missing),
        )
        raise Refused(sentence % {"count": len(missing), "quorum": rules.quorum, "numbers": named(missing)})
    out = Assignment.objects.filter(stage=stage, sent_back_at__isnull=False, recused=False)
    numbers = list(out.order_by("matter__number").values_list("matter__number", flat=True))
    if numbers:
        sentence = _("Score sheets that were sent back have not come in again: %(numbers)s.")
        raise Refused(sentence % {"numbers": named(numbers)})


def standings_of(stage: Stage) -> list[scoring.Standing]:
    """The ranking as it stands. Raises Refused as `require_sheets` does."""
    require_sheets(stage)
    totals, numbers = queries.totals(stage), dict(inside(stage))
    return queries.ranked(stage, {key: totals[key] for key in numbers}, numbers)


def by_ranking(stage: Stage, standings: Sequence[scoring.Standing] | None = None) -> list[Outcome]:
    """The ranking with its reasons, in the city's language. Raises Refused as `require_sheets` does."""
    rows = standings_of(stage) if standings is None else standings
    with override(settings.LANGUAGE_CODE):
        return [_outcome(row, rows, rules_of(stage, Review)) for row in rows]


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


def by_motions(stage: Stage) -> list[Outcome]:
    """What the last carried motion says about each matter. Raises Refused if none speaks of one."""
    latest = queries.latest_decisions(stage)
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


def outcomes(stage: Stage) -> list[Outcome]:
    """What closing the stage would say. Raises Refused while something is undecided, or for another kind of stage."""
    ways = {"screen": by_rulings, "review": by_ranking, "decide": by_motions}
    if stage.kind not in ways:
        raise Refused(_("%(stage)s is not decided for all at once.") % {"stage": stage.title})
    return ways[stage.kind](stage)
