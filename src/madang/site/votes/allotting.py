"""Allotting money by the result of the vote, with a reason for every project in two languages."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any, Literal

from django.utils.translation import gettext as _

from madang import budgeting
from madang.site.docket.models import Matter
from madang.site.kit.actor import Actor
from madang.site.kit.stages import Outcome
from madang.site.kit.verdict import Refused, require
from madang.site.programmes.models import Stage
from madang.site.record.journal import write
from madang.site.votes import policy
from madang.site.votes.models import Allotment, Election

NOT_ON_PAPER = "투표용지에 없던 안건이라 예산을 배정하지 않았습니다."


def close_allot(stage: Stage, *, by: Actor, at: datetime) -> Iterable[Outcome]:
    """Allot the ceiling down the ranking of the process's last vote (`WORKFLOWS.md`, 1-3 e-vote, h).

    Raises Refused without a published vote, or for a matter without a cost.
    """
    matters = list(Matter.objects.filter(stage=stage).order_by("number"))
    if not matters:
        return []
    election = election_before(stage)
    if election is None:
        raise Refused(_("There is no vote before this stage whose result could allot money."))
    require(policy.is_public(election, at))
    costless = [matter.number for matter in matters if matter.amount_won is None]
    if costless:
        raise Refused(_("%(matters)s has no cost; note its cost before money is allotted.") % {"matters": costless[0]})
    record = _counted(stage, election, matters)
    Allotment.objects.create(stage=stage, election=election, record=record)
    write(
        book=stage.process.book,
        verb="money.allotted",
        subject=f"stage:{stage.pk}",
        by=by,
        at=at,
        rule_sha256=record["rule_sha256"],
        totals=record["source"]["totals"],
        ceiling_won=int(record["budget"]),
        winners=len(record["order"]),
        spent_won=int(record["total_cost"]),
    )
    return [_outcome(matter, record, weighted(election)) for matter in matters]


def election_before(stage: Stage) -> Election | None:
    """The last vote before a stage in its process."""
    elections = Election.objects.filter(stage__process_id=stage.process_id, stage__order__lt=stage.order)
    return elections.select_related("stage").order_by("-stage__order").first()


def weighted(election: Election) -> bool:
    """Whether several electorates are added, so that totals are shares and not votes."""
    return len(election.electorates) > 1


def rule_of(rules: Any) -> budgeting.Rule:
    """The rule of the engine that the settings of a stage name; its fingerprint is known before the vote opens."""
    return budgeting.Rule(rule=rules.rule, ties=tuple(rules.ties), set_aside=True)


def stages_after(stage: Stage) -> list[Stage]:
    """The allotments that follow a vote in its process."""
    return list(
        Stage.objects.filter(process_id=stage.process_id, kind="allot", order__gt=stage.order).order_by("order")
    )


def fingerprints_after(stage: Stage) -> dict[str, str]:
    """The fingerprint of the rule of every allotment that follows a vote in its process, by the order of the stage."""
    return {str(one.order): rule_of(one.rules).sha256 for one in stages_after(stage)}


def _counted(stage: Stage, election: Election, matters: list[Matter]) -> dict[str, Any]:
    totals = {row["number"]: Fraction(row["total"]) for row in (election.tally or {})["options"]}
    orders = dict(election.options.values_list("matter_id", "order"))
    on_paper = sorted((matter for matter in matters if matter.pk in orders), key=lambda one: orders[one.pk])
    try:
        return budgeting.count_totals(
            ids=[matter.number for matter in on_paper],
            costs=[matter.amount_won or 0 for matter in on_paper],
            votes=[totals[orders[matter.pk]] for matter in on_paper],
            budget=stage.rules.ceiling_won,  # type: ignore[attr-defined]
            rule=rule_of(stage.rules),
        )
    except ValueError as error:
        raise Refused(_("The money could not be allotted: %(error)s") % {"error": error}) from error


def _outcome(matter: Matter, record: Mapping[str, Any], shares: bool) -> Outcome:
    reason = record["reasons"].get(matter.number)
    if reason is None:
        return Outcome(matter.pk, "not_funded", False, NOT_ON_PAPER)
    funded = matter.number in record["order"]
    return Outcome(
        matter.pk,
        "funded" if funded else "not_funded",
        funded,
        reason=sentence(reason, "ko", shares=shares),
        rank=reason["parameters"].get("rank"),
        amount_won=matter.amount_won if funded else None,
    )


def sentence(reason: Mapping[str, Any], language: Literal["ko", "en"], *, shares: bool) -> str:
    """A reason of a record as a sentence; where shares are added, "so many more votes" would mean nothing."""
    parameters = dict(reason["parameters"])
    if shares:
        parameters.pop("missing_votes", None)
        parameters.pop("spare_votes", None)
    return budgeting.explain(budgeting.Reason(reason["code"], parameters), language)
