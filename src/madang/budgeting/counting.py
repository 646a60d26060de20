"""Counting an election by a rule."""

from madang.budgeting.completing import shares, start
from madang.budgeting.elections import Election
from madang.budgeting.greedy import greedy
from madang.budgeting.outcomes import Outcome
from madang.budgeting.overspending import overspending
from madang.budgeting.phragmen import phragmen
from madang.budgeting.rules import Rule, below_threshold, places
from madang.budgeting.welfare import welfare


def outcome(election: Election, rule: Rule) -> Outcome:
    """The projects a rule chooses. Raises ValueError with a sentence where the election cannot be counted so."""
    if rule.utility == "points" and election.points is None and not rule.is_greedy:
        raise ValueError("the ballots give no points; use the utility cost or cardinality.")
    if rule.is_greedy:
        return greedy(election, rule)
    if rule.rule == "phragmen":
        return phragmen(election, rule)
    if rule.rule == "welfare":
        return welfare(election, rule)
    if rule.rule == "bounded-overspending":
        support = election.support if rule.utility == "points" else election.approvals
        barred = below_threshold(election, rule)
        return overspending(election, support, rule.utility, places(election, rule), start(election, rule), barred)
    return shares(election, rule)
