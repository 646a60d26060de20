"""What citizens get under an outcome: the measures on which rules are compared."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from madang.budgeting.completing import funded_per_voter
from madang.budgeting.counting import outcome
from madang.budgeting.elections import Election
from madang.budgeting.rules import Rule

# Whether more of it is better for citizens.
MORE_IS_BETTER: Mapping[str, bool] = {
    "projects": True,
    "spent": True,
    "voters_without_a_project": False,
    "projects_per_voter": True,
    "own_ballot_funded": True,
    "money_per_voter": True,
    "inequality": False,
    "category_distance": False,
    "unmet_claims": False,
}
COMPARED = {
    "greedy": Rule(),
    "greedy-no-skip": Rule(rule="greedy-no-skip"),
    "greedy, votes per cost": Rule(utility="cardinality"),
    "mes": Rule(rule="mes"),
    "mes, add1u": Rule(rule="mes", completion="add1u"),
    "mes, utilitarian": Rule(rule="mes", completion="utilitarian"),
    "bounded-overspending": Rule(rule="bounded-overspending"),
    "phragmen": Rule(rule="phragmen"),
    "welfare": Rule(rule="welfare"),
}


def measures(election: Election, order: list[int]) -> dict[str, Fraction | int]:
    """Exact numbers: shares of 1 where nothing else is said.

    `money_per_voter` is the money on funded projects of the own ballot as a share of the budget, averaged;
    `inequality` the Gini coefficient of funded projects per voter; `category_distance` half the sum of differences
    between each category's share of votes and of money; `unmet_claims` the projects that witness against
    proportionality (EJR+ up to one project).
    """
    voters, chosen = max(1, election.voters), set(order)
    won = funded_per_voter(election, order)
    sizes = np.maximum(election.lengths, 1)
    spent = sum(election.costs[p] for p in order)
    money = sum(election.costs[p] * len(election.approvals.projects[p].voters) for p in order)
    shares = _sum_of_shares(won, sizes)
    return {
        "projects": len(chosen),
        "spent": Fraction(spent, max(1, election.budget)),
        "voters_without_a_project": Fraction(int(np.count_nonzero(won == 0)), voters),
        "projects_per_voter": Fraction(int(won.sum()), voters),
        "own_ballot_funded": shares / voters,
        "money_per_voter": Fraction(money, voters * max(1, election.budget)),
        "inequality": _gini(won),
        "category_distance": _category_distance(election, order),
        "unmet_claims": len(unmet_claims(election, order)),
    }


def flows(election: Election, order: Sequence[str]) -> dict[str, list[int]]:
    """For each project how many of its supporters got 0, 1, 2, … of the projects that they support."""
    won = funded_per_voter(election, [election.ids.index(name) for name in order])
    most = int(won.max(initial=0)) + 1
    return {
        name: np.bincount(won[supporters.voters], minlength=most).tolist()
        for name, supporters in zip(election.ids, election.approvals.projects, strict=True)
    }


def compare(election: Election, rules: Mapping[str, Rule] = COMPARED) -> dict[str, dict[str, Any]]:
    """Order and measures under each rule."""
    found = {}
    for name, rule in rules.items():
        order = outcome(election, rule).order
        found[name] = {"order": [election.ids[p] for p in order], "measures": measures(election, order)}
    return found


def worse_on(compared: Mapping[str, Mapping[str, Any]], chosen: str) -> dict[str, list[str]]:
    """For each measure the rules that do better on it than the chosen one."""
    mine, told = compared[chosen]["measures"], {}
    for name, more in MORE_IS_BETTER.items():
        others = [rule for rule in compared if rule != chosen]
        better = [rule for rule in others if _better(compared[rule]["measures"][name], mine[name], more)]
        if better:
            told[name] = better
    return told


def _better(other: Fraction, mine: Fraction, more: bool) -> bool:
    return other > mine if more else other < mine


def _sum_of_shares(won: np.ndarray, sizes: np.ndarray) -> Fraction:
    """The sum of won / size over all voters, added by size so that it stays exact."""
    totals = np.bincount(sizes, weights=won)
    return sum((Fraction(int(total), size) for size, total in enumerate(totals.tolist()) if size), Fraction(0))


def _gini(values: np.ndarray) -> Fraction:
    ordered = np.sort(values)
    total, count = int(ordered.sum()), len(ordered)
    if not total:
        return Fraction(0)
    ranked = int((ordered * np.arange(1, count + 1)).sum())
    return Fraction(2 * ranked, count * total) - Fraction(count + 1, count)


def _category_distance(election: Election, order: list[int]) -> Fraction:
    votes: dict[str, Fraction] = {}
    money: dict[str, Fraction] = {}
    chosen = set(order)
    for project, names in enumerate(election.categories or [()] * len(election.ids)):
        for name in names or ("",):
            part = Fraction(1, max(1, len(names)))
            votes[name] = votes.get(name, Fraction(0)) + part * Fraction(election.votes[project])
            money[name] = money.get(name, Fraction(0)) + part * election.costs[project] * (project in chosen)
    all_votes, all_money = sum(votes.values()), sum(money.values())
    if not all_votes or not all_money:
        return Fraction(0)
    return sum((abs(votes[name] / all_votes - money[name] / all_money) for name in votes), Fraction(0)) / 2


def unmet_claims(election: Election, order: list[int]) -> list[int]:
    """Projects whose supporters could claim them: j of them, each with less funded than their share pays for.

    With utility by cost, project p shows it if for some j the j-th smallest utility among its supporters plus the
    cost of p is at most the money of j voters.
    """
    utility = np.zeros(election.voters, dtype=np.int64)
    for project in order:
        utility[election.approvals.projects[project].voters] += election.costs[project]
    found, voters, chosen = [], election.voters, set(order)
    for project, supporters in enumerate(election.approvals.projects):
        if project in chosen or not len(supporters.voters):
            continue
        own = np.sort(utility[supporters.voters])
        least = own + election.costs[project]
        # j * budget >= least * voters, without leaving whole numbers of 64 bits.
        counts = np.arange(1, len(own) + 1, dtype=object) * election.budget
        if (counts >= least.astype(object) * voters).any():
            found.append(project)
    return found
