"""A count from beginning to end as one JSON object, and its verification."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from fractions import Fraction
from hashlib import sha256
from itertools import pairwise
from typing import Any

import numpy as np

from madang.budgeting.ballots import election as election_of_sheet
from madang.budgeting.certifying import certificate
from madang.budgeting.checking import faults
from madang.budgeting.counting import outcome
from madang.budgeting.elections import Election, exact
from madang.budgeting.outcomes import Outcome
from madang.budgeting.reasons import Reason, reasons
from madang.budgeting.rules import Rule, scores
from madang.budgeting.sheets import Sheet
from madang.chain import Verification, canonical, differences

FORMAT = "madang-count/1"


def count(sheet: Sheet, rule: Rule, *, name: str = "") -> dict[str, Any]:
    """Count a file: the result with reasons, ties met, certificate and fingerprints.

    Raises FileFault or ValueError with a sentence.
    """
    election = election_of_sheet(sheet)
    source = {"name": name, "sha256": sheet.sha256, "lenient": sheet.lenient}
    found = result(election, rule, outcome(election, rule), source)
    return {**found, "repairs": [asdict(repair) for repair in sheet.repairs]}


def count_totals(
    *, ids: Sequence[str], costs: Sequence[int], votes: Sequence[int | Fraction], budget: int, rule: Rule
) -> dict[str, Any]:
    """Count by a greedy rule from votes that were counted elsewhere, such as weighted sums of electorates.

    The result holds all it was counted from. Raises ValueError or TypeError with a sentence.
    """
    _require(ids, costs, votes, budget, rule)
    election = Election(
        ids=tuple(ids),
        names=tuple(ids),
        costs=tuple(costs),
        budget=budget,
        starts=np.zeros(1, dtype=np.int64),
        picks=np.zeros(0, dtype=np.uint16),
        currency="KRW",
        totals=tuple(Fraction(value) for value in votes),
    )
    return result(election, rule, outcome(election, rule), {"totals": _totals_hash(election)})


def result(election: Election, rule: Rule, found: Outcome, source: Mapping[str, Any]) -> dict[str, Any]:
    """An outcome as a JSON-able object."""
    ids, spent = election.ids, sum(election.costs[p] for p in found.order)
    told = reasons(election, rule, found)
    names = [ids[p] for p in found.order]
    return {
        "format": FORMAT,
        "order": names,
        "committee": sorted(names),
        "total_cost": election.money(spent),
        "budget": election.money(election.budget),
        "left": election.money(election.budget - spent),
        "currency": election.currency,
        "voters": election.voters,
        **found.more,
        "reasons": {name: {"code": one.code, "parameters": dict(one.parameters)} for name, one in told.items()},
        "ties": [
            {"turn": tie.turn, "among": [ids[p] for p in tie.among], "chosen": ids[tie.chosen]} for tie in found.ties
        ],
        "projects": _listed(election),
        "source": dict(source),
        "rule": rule.as_data(),
        "rule_sha256": rule.sha256,
        "certificate": certificate(election, rule, found),
    }


def as_text(found: Mapping[str, Any]) -> str:
    """A result as the bytes that everybody gets: two blanks, keys in their order, one line break at the end.

    The keys are sorted, since a database may give them back in another order.
    """
    return json.dumps(found, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def verify(found: Mapping[str, Any], sheet: Sheet | None = None) -> Verification:
    """Check a result: its fingerprints, its certificate by the independent checker, and a new count.

    `sheet` is the counted file; a result from totals needs none. Never raises for what is in the result.
    """
    if not isinstance(found, Mapping) or found.get("format") != FORMAT:
        return Verification(ok=False, faults=(f"This is not a result of a count in the format {FORMAT}.",))
    try:
        rule = Rule.of(found["rule"])
        wrong = [] if rule.sha256 == found["rule_sha256"] else ["The rule is not the one of rule_sha256."]
        if sheet is None:
            election, again = _again_from_totals(found, rule)
        else:
            if sheet.sha256 != found["source"]["sha256"]:
                wrong.append("The file is not the one that was counted; its SHA-256 is another.")
            again = count(sheet, rule, name=found["source"]["name"])
            election = election_of_sheet(sheet)
        wrong += _checked(election, rule, found)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, ZeroDivisionError) as error:
        return Verification(ok=False, faults=(f"It cannot be counted again: {type(error).__name__}: {error}",))
    wrong += differences(dict(found), json.loads(as_text(again)), at="the result")
    counts = {"voters": election.voters, "projects": len(election.ids), "winners": len(again["order"])}
    return Verification(ok=not wrong, faults=tuple(wrong), counts=counts)


def _again_from_totals(found: Mapping[str, Any], rule: Rule) -> tuple[Election, dict[str, Any]]:
    listed = found["projects"]
    again = count_totals(
        ids=[one["id"] for one in listed],
        costs=[_whole(one["cost"]) for one in listed],
        votes=[Fraction(one["votes"]) for one in listed],
        budget=_whole(found["budget"]),
        rule=rule,
    )
    election = Election(
        ids=tuple(one["id"] for one in listed),
        names=(),
        costs=tuple(_whole(one["cost"]) for one in listed),
        budget=_whole(found["budget"]),
        starts=np.zeros(1, dtype=np.int64),
        picks=np.zeros(0, dtype=np.uint16),
        totals=tuple(Fraction(one["votes"]) for one in listed),
    )
    return election, again


def _whole(text: str) -> int:
    return int(text)


def _checked(election: Election, rule: Rule, found: Mapping[str, Any]) -> list[str]:
    """What the independent checker says."""
    support = election.support if rule.utility == "points" else election.approvals
    picks, starts = election.picks.tolist(), election.starts.tolist()
    weights = [1] * len(picks) if support.weights is None else support.weights.tolist()
    ballots = [
        {election.ids[picks[at]]: weights[at] for at in range(begin, end) if weights[at] > 0}
        for begin, end in pairwise(starts)
    ]
    ranked = dict(zip(election.ids, scores(election, rule.ranking), strict=True))
    costs = dict(zip(election.ids, election.costs, strict=True))
    return faults(costs, election.budget, ballots, ranked, rule.utility, found["order"], found["certificate"])


def _listed(election: Election) -> list[dict[str, Any]]:
    rows = []
    for p, name in enumerate(election.ids):
        votes = election.votes[p]
        row: dict[str, Any] = {"id": name, "name": election.names[p] or name, "cost": election.money(election.costs[p])}
        row["votes"] = votes if isinstance(votes, int) else exact(votes)
        if election.points is not None:
            row["score"] = exact(election.scores[p])
        rows.append(row)
    return rows


def _totals_hash(election: Election) -> str:
    return sha256(b"madang-totals-1\n" + canonical(_listed(election))).hexdigest()


def reason_of(found: Mapping[str, Any], name: str) -> Reason:
    """The reason of a project in a result."""
    told = found["reasons"][name]
    return Reason(told["code"], told["parameters"])


def _require(
    ids: Sequence[str], costs: Sequence[int], votes: Sequence[int | Fraction], budget: int, rule: Rule
) -> None:
    if not rule.is_greedy or rule.ranking.startswith("score"):
        raise ValueError(f"votes without ballots can be counted by the greedy rules on votes, not by {rule.rule}.")
    if len(set(ids)) != len(ids):
        raise ValueError("two projects have the same id.")
    for name, value in [
        ("budget", budget),
        *((f"cost of project {p}", cost) for p, cost in zip(ids, costs, strict=True)),
    ]:
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(f"the {name} is {value!r}; it must be a whole number (int).")
        if value < 0:
            raise ValueError(f"the {name} is {value}; it cannot be negative.")
    for name, given in zip(ids, votes, strict=True):
        if isinstance(given, bool) or not isinstance(given, int | Fraction):
            raise TypeError(f"the votes of project {name} are {given!r}; use int or Fraction.")
        if given < 0:
            raise ValueError(f"the votes of project {name} are {given}; votes are counted from 0.")
