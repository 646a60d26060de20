"""A body decides: how it voted, and what its decision says about each matter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from madang.site.docket.models import Matter
from madang.site.kit.actor import Actor
from madang.site.kit.verdict import Refused, require
from madang.site.people.models import Organisation
from madang.site.programmes.models import Stage
from madang.site.record.journal import action, write
from madang.site.reviews import policy
from madang.site.reviews.models import Decision, Motion
from madang.site.reviews.settings import Decide, rules_of


@dataclass(frozen=True)
class Decided:
    """What the motion says about one matter; the amount in whole won, where it fixes one."""

    matter_id: int
    approves: bool
    amount_won: int | None = None
    reason: str = ""


def is_carried(*, in_favour: int, against: int, majority: int) -> bool:
    """Whether a motion is carried: `majority` percent of the votes cast, and more for than against.

    Those who abstain are present for the quorum, but cast no vote.
    """
    return in_favour > against and in_favour * 100 >= majority * (in_favour + against)


@action
def vote_in_body(
    *,
    by: Actor,
    at: datetime,
    stage: Stage,
    in_favour: int,
    against: int,
    abstained: int,
    decisions: Sequence[Decided],
    minutes: str,
    seen: int | None = None,
) -> Motion:
    """Record a vote of the stage's body on a list of decisions (WORKFLOWS 1-3 step 8).

    A motion that is not carried is kept and decides nothing. `seen` is how many votes the official knew of. Raises
    Refused if a colleague recorded another since, below the quorum, without minutes, for a body that is not known,
    or for a matter that is not in the stage.
    """
    require(policy.may_record_motion(by, stage, at))
    rules = rules_of(stage, Decide)
    body = Organisation.objects.filter(code=rules.body).first()
    if body is None:
        raise Refused(_("The body %(body)s is not known in this city.") % {"body": rules.body})
    _require_none_since(stage, seen)
    _require_vote(rules, in_favour, against, abstained, minutes)
    _require_decisions(stage, decisions)
    votes = {"in_favour": in_favour, "against": against, "abstained": abstained}
    carried = is_carried(in_favour=in_favour, against=against, majority=rules.majority)
    motion = Motion.objects.create(
        stage=stage,
        body=body,
        **votes,
        carried=carried,
        minutes=minutes.strip(),
        by=by.pseudonym,
        at=at,
    )
    _keep(motion, decisions)
    write(
        book=stage.process.book,
        verb="motion.carried" if carried else "motion.lost",
        subject=f"stage:{stage.pk}",
        by=by,
        at=at,
        body=body.code,
        decisions=len(decisions),
        **votes,
    )
    return motion


def _keep(motion: Motion, decisions: Sequence[Decided]) -> None:
    Decision.objects.bulk_create(
        [
            Decision(
                motion=motion,
                matter_id=decided.matter_id,
                approves=decided.approves,
                amount_won=decided.amount_won,
                reason=decided.reason.strip(),
            )
            for decided in decisions
        ],
        batch_size=500,
    )


def _require_none_since(stage: Stage, seen: int | None) -> None:
    # Locked, so that of two who record a vote at the same moment the second is told of the first.
    Stage.objects.select_for_update().get(pk=stage.pk)
    if seen is not None and Motion.objects.filter(stage=stage).count() != seen:
        raise Refused(_("A colleague recorded a vote meanwhile; read it below before you record another one."))


def _require_vote(rules: Decide, in_favour: int, against: int, abstained: int, minutes: str) -> None:
    if min(in_favour, against, abstained) < 0:
        raise Refused(_("Votes cannot be below 0."))
    present = in_favour + against + abstained
    if present < rules.quorum:
        words = {"present": present, "quorum": rules.quorum}
        raise Refused(_("%(present)s took part, and the body needs %(quorum)s to decide.") % words)
    if not minutes.strip():
        raise Refused(_("Add the minutes: they say what was decided and why."))


def _require_decisions(stage: Stage, decisions: Sequence[Decided]) -> None:
    keys = [decided.matter_id for decided in decisions]
    here = Matter.objects.filter(stage=stage).in_bulk(keys)
    if len(here) < len(keys) or not keys:
        raise Refused(_("Decide on matters of this stage, at least one, and on each only once."))
    for decided in decisions:
        number = here[decided.matter_id].number
        if not decided.approves and not decided.reason.strip():
            raise Refused(_("%(number)s needs a reason: the author reads it.") % {"number": number})
        if decided.amount_won is not None and decided.amount_won < 0:
            raise Refused(_("%(number)s: an amount cannot be below 0 won.") % {"number": number})
