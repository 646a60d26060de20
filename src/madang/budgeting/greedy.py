"""The greedy rules: down the ranking, each project is taken if it fits into the money left."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby

from madang.budgeting.elections import Election
from madang.budgeting.outcomes import Outcome, Tie, Turn
from madang.budgeting.rules import Rule, places, scores


def greedy(election: Election, rule: Rule) -> Outcome:
    """Allot by a greedy rule."""
    values = scores(election, rule.ranking)
    return descend(election, rule, values, taken=(), skip=rule.rule != "greedy-no-skip")


def descend(election: Election, rule: Rule, values: Sequence[Fraction], *, taken: Sequence[int], skip: bool) -> Outcome:
    """Go down the ranking with the money that `taken` leaves.

    A withdrawn project never ends the allotment.
    """
    place = places(election, rule)
    order = sorted((p for p in range(len(election.ids)) if p not in taken), key=lambda p: (-values[p], place[p]))
    bounds = _Bounds(election, rule)
    left, ended_by = election.budget - sum(election.costs[p] for p in taken), None
    turns: list[Turn] = []
    for project in order:
        cost = election.costs[project]
        blocked = bounds.against(project)
        if rule.set_aside and cost > election.budget:
            turns.append(Turn(project, "above_budget", left))
        elif rule.set_aside and not election.votes[project]:
            turns.append(Turn(project, "no_votes", left))
        elif values[project] < Fraction(rule.threshold):
            turns.append(Turn(project, "below_threshold", left))
        elif ended_by is not None:
            turns.append(Turn(project, "after_stop", left, because=ended_by))
        elif blocked is not None:
            turns.append(Turn(project, blocked[0], left, because=blocked[1]))
        elif cost <= left:
            turns.append(Turn(project, "funded", left))
            bounds.take(project)
            left -= cost
        else:
            turns.append(Turn(project, "did_not_fit", left))
            withdrawn = bool(rule.withdrawn) and cost == Fraction(rule.withdrawn) * election.unit
            ended_by = None if skip or withdrawn else project
    chosen = [turn.project for turn in turns if turn.code == "funded"]
    return Outcome(chosen, turns, _ties(order, values, set(chosen)))


def _ties(order: Sequence[int], values: Sequence[Fraction], chosen: set[int]) -> list[Tie]:
    """Groups of equal scores in which the order decided who won."""
    found = []
    for _, members in groupby(enumerate(order), key=lambda one: values[one[1]]):
        group = list(members)
        winners = [p for _, p in group if p in chosen]
        if winners and len(winners) < len(group):
            found.append(Tie(group[0][0] + 1, tuple(p for _, p in group), winners[0]))
    return found


class _Bounds:
    """Caps of categories and districts, and groups of which only one may win."""

    def __init__(self, election: Election, rule: Rule):
        self.left = {name: amount * election.unit for name, amount in rule.caps.items()}
        self.costs = election.costs
        self.groups = [{election.ids.index(one) for one in group if one in election.ids} for group in rule.groups]
        self.names = [
            [f"category:{one}" for one in (election.categories[p] if election.categories else ())]
            + ([f"district:{election.districts[p]}"] if election.districts and election.districts[p] else [])
            for p in range(len(election.ids))
        ]
        self.taken: set[int] = set()

    def against(self, project: int) -> tuple[str, int | str] | None:
        """What keeps a project out: a rival of its group that won, or a cap."""
        for group in self.groups:
            if project in group and (rivals := group & self.taken):
                return "excluded_by", min(rivals)
        for name in self.names[project]:
            if name in self.left and self.costs[project] > self.left[name]:
                return "over_cap", name
        return None

    def take(self, project: int) -> None:
        self.taken.add(project)
        for name in self.names[project]:
            if name in self.left:
                self.left[name] -= self.costs[project]
