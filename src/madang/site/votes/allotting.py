"""Allotting money by the result of the vote, with a reason for every project in two languages."""

from collections.abc import Iterable, Mapping, Sequence
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
from madang.site.record.journal import action, write
from madang.site.record.queries import events_of
from madang.site.votes import beside, policy
from madang.site.votes.boxes import NAME, Project, ballots_file
from madang.site.votes.cards import CARDS, Card
from madang.site.votes.models import Allotment, Election
from madang.site.votes.settings import Allot

NOT_ON_PAPER = "투표용지에 없던 안건이라 예산을 배정하지 않았습니다."


@action
def choose_rule(*, by: Actor, at: datetime, stage: Stage, rule: str, ties: Sequence[str], ceiling_won: int) -> Stage:
    """Choose by which rule, order of ties and ceiling an allotment will go; the record keeps its fingerprint.

    Raises Refused once the vote has opened, and for a rule that the vote's ballots cannot be counted by.
    """
    require(policy.may_choose_rule(by, stage, at))
    chosen = Allot.model_validate({"rule": rule, "ties": list(ties), "ceiling_won": ceiling_won})
    for vote in Stage.objects.filter(process_id=stage.process_id, kind="vote", order__lt=stage.order):
        require(policy.can_count(card_of(chosen), len(vote.rules.electorates)))  # type: ignore[attr-defined]
    stage.settings = chosen.model_dump(mode="json")
    stage.save(update_fields=["settings"])
    write(
        book=stage.process.book,
        verb="allotment.rule_chosen",
        subject=f"stage:{stage.pk}",
        by=by,
        at=at,
        rule=rule,
        rule_sha256=rule_of(chosen).sha256,
        ceiling_won=ceiling_won,
    )
    return stage


def close_allot(stage: Stage, *, by: Actor, at: datetime) -> Iterable[Outcome]:
    """Allot the ceiling by the ballots of the process's last vote (`WORKFLOWS.md`, 1-3 e-vote, h).

    Raises Refused without a published vote, for a matter without a cost, and if the rule is another than the one
    that was fixed when the vote opened.
    """
    matters = list(Matter.objects.filter(stage=stage).order_by("number"))
    if not matters:
        return []
    election = election_before(stage)
    if election is None:
        raise Refused(_("There is no vote before this stage whose result could allot money."))
    require(policy.is_public(election, at))
    _require_fixed(stage, election)
    costless = [matter.number for matter in matters if matter.amount_won is None]
    if costless:
        raise Refused(_("%(matters)s has no cost; note its cost before money is allotted.") % {"matters": costless[0]})
    record, told = _counted(stage, election, matters)
    Allotment.objects.create(stage=stage, election=election, record=record, beside=told)
    write(
        book=stage.process.book,
        verb="money.allotted",
        subject=f"stage:{stage.pk}",
        by=by,
        at=at,
        rule_sha256=record["rule_sha256"],
        source=record["source"],
        ceiling_won=int(record["budget"]),
        winners=len(record["order"]),
        spent_won=int(record["total_cost"]),
    )
    return [_outcome(matter, record, weighted(election)) for matter in matters]


def _require_fixed(stage: Stage, election: Election) -> None:
    """The rule and the ceiling are those that stand in the record since the vote opened. Raises Refused."""
    opened = events_of(f"stage:{election.stage_id}").filter(verb="vote.opened").first()
    fixed = (opened.data.get("allotment_rules") if opened else None) or {}
    known = fixed.get(str(stage.order))
    if known is not None and known != fixed_of(stage):
        raise Refused(
            _(
                "The rule of this allotment is not the one that was fixed when the vote opened. Nothing is allotted; "
                "put back the rule whose fingerprint the record names, or hold the vote again."
            )
        )


def fixed_of(stage: Stage) -> dict[str, Any]:
    """What is fixed when a vote opens: the fingerprint of the rule, and the ceiling."""
    rules: Any = stage.rules
    return {"rule_sha256": rule_of(rules).sha256, "ceiling_won": rules.ceiling_won}


def election_before(stage: Stage) -> Election | None:
    """The last vote before a stage in its process."""
    elections = Election.objects.filter(stage__process_id=stage.process_id, stage__order__lt=stage.order)
    return elections.select_related("stage__process").order_by("-stage__order").first()


def weighted(election: Election) -> bool:
    """Whether several electorates are added, so that totals are shares and not votes."""
    return len(election.electorates) > 1


def card_of(rules: Any) -> Card:
    """The card that the settings of a stage name."""
    return CARDS[rules.rule]


def rule_of(rules: Any) -> budgeting.Rule:
    """The rule of the engine that the settings of a stage name; its fingerprint is known before the vote opens."""
    return card_of(rules).rule(rules.ties)


def stages_after(stage: Stage) -> list[Stage]:
    """The allotments that follow a vote in its process."""
    return list(
        Stage.objects.filter(process_id=stage.process_id, kind="allot", order__gt=stage.order).order_by("order")
    )


def fixed_after(stage: Stage, electorates: int) -> dict[str, dict[str, Any]]:
    """What is fixed of every allotment that follows a vote, by the order of the stage.

    Raises Refused if one of them cannot count this vote's ballots.
    """
    later = stages_after(stage)
    for one in later:
        require(policy.can_count(card_of(one.rules), electorates))
    return {str(one.order): fixed_of(one) for one in later}


def _counted(stage: Stage, election: Election, matters: list[Matter]) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The result, and what only the ballots tell beside it; nothing of that for weighted sums of electorates."""
    orders = dict(election.options.values_list("matter_id", "order"))
    on_paper = sorted((matter for matter in matters if matter.pk in orders), key=lambda one: orders[one.pk])
    rules: Any = stage.rules
    try:
        if weighted(election):
            totals = {row["number"]: Fraction(row["total"]) for row in (election.tally or {})["options"]}
            votes = [totals[orders[matter.pk]] for matter in on_paper]
            return _by_totals(rules, on_paper, votes), None
        projects = [Project(matter.number, matter.amount_won or 0, matter.title) for matter in on_paper]
        sheet = budgeting.read_bytes(ballots_file(election, projects, rules.ceiling_won))
        record = budgeting.count(sheet, rule_of(rules), name=NAME)
        return record, beside.told(sheet, record, card_of(rules), rules.ties)
    except ValueError as error:
        raise Refused(_("The money could not be allotted: %(error)s") % {"error": error}) from error


def _by_totals(rules: Any, matters: Sequence[Matter], votes: Sequence[Fraction]) -> dict[str, Any]:
    return budgeting.count_totals(
        ids=[matter.number for matter in matters],
        costs=[matter.amount_won or 0 for matter in matters],
        votes=votes,
        budget=rules.ceiling_won,
        rule=rule_of(rules),
    )


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
