"""Certificates: the numbers from which anyone can see that an outcome is what the rule gives."""

from typing import Any

from madang.budgeting.elections import Election, exact
from madang.budgeting.outcomes import Outcome
from madang.budgeting.rules import Rule, below_threshold, places


def certificate(election: Election, rule: Rule, outcome: Outcome) -> dict[str, Any]:
    """What `checking.faults` needs beside the file and the rule.

    * Equal Shares: the share, and the price of each purchase; what every voter paid follows from them. Where the
      budget may pay a part, the level of each purchase too.
    * Phragmen: the time of each purchase.
    * Greedy, and greedy completions: every turn with the money left before it.
    """
    bought, turns = outcome.turns[: outcome.rounds], outcome.turns[outcome.rounds :]
    found: dict[str, Any] = {"ties": [election.ids[p] for p in _static(election, rule)]}
    if outcome.share is not None:
        found["share"] = exact(outcome.share)
        found["barred"] = [election.ids[p] for p in sorted(below_threshold(election, rule))]
    if rule.rule == "bounded-overspending":
        found["levels"] = [exact(turn.level or 0) for turn in bought]
    if outcome.rounds:
        found["prices"] = [[election.ids[turn.project], exact(turn.price or 0)] for turn in bought]
    if rule.is_greedy or (outcome.share is not None and "levels" not in found):
        found["turns"] = [[election.ids[turn.project], turn.code, str(turn.left)] for turn in turns]
    return found


def _static(election: Election, rule: Rule) -> list[int]:
    place = places(election, rule)
    return sorted(range(len(place)), key=lambda p: place[p])
