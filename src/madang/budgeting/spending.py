"""Where the shares went: the reasons of Equal Shares.

The purchases are paid again at their known prices. Amounts are exact integers in units of 2^-s, rounded down to whole
units of money when they are told.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import floor
from typing import Any

import numpy as np

from madang.budgeting.elections import Array, Election, exact
from madang.budgeting.outcomes import Outcome
from madang.budgeting.rules import Rule, below_threshold, places
from madang.budgeting.shares import Purse, cheapest

NAMED = 3
Told = tuple[str, dict[str, Any]]


def reasons_of_shares(election: Election, rule: Rule, outcome: Outcome) -> dict[int, Told]:
    """The reason of every project that has supporters."""
    support = election.support if rule.utility == "points" else election.approvals
    assert outcome.share is not None  # noqa: S101
    purse = Purse(election, support, outcome.share)
    bought = outcome.turns[: outcome.rounds]
    chosen = {turn.project for turn in bought}
    losers = [p for p, found in enumerate(support.projects) if len(found.voters) and p not in chosen]
    account = _Account(purse, rule.utility, losers)
    place, barred = places(election, rule), below_threshold(election, rule)
    alive = {p: 0 for p, one in enumerate(support.projects) if len(one.voters) and p not in barred}
    worth = [account.worth(p) for p in range(len(election.ids))]
    found: dict[int, Told] = {}
    for number, turn in enumerate(bought, 1):
        rate = Fraction(turn.price or 0) / account.worth(turn.project)
        account.look(rate)
        del alive[turn.project]
        # The next best rival says how much dearer the project could have been in this round.
        rival = cheapest(purse, worth, alive, place)
        margin = account.highest(turn.project, rival[1] / worth[rival[0]] if rival else None, 0)
        told = account.buy(turn.project, Fraction(turn.price or 0), number)
        found[turn.project] = (
            "bought",
            {**told, "cost_at_most": election.money(max(margin, election.costs[turn.project]))},
        )
    for project in losers:
        found[project] = account.loss(project)
        if project in barred:
            found[project] = "below_threshold", {"threshold": rule.threshold}
    return found


def reasons_of_overspending(election: Election, rule: Rule, outcome: Outcome) -> dict[int, Told]:
    """The reason of every project that has supporters, where the budget may pay what their shares do not."""
    support = election.support if rule.utility == "points" else election.approvals
    assert outcome.share is not None  # noqa: S101
    purse = Purse(election, support, outcome.share)
    chosen, money, left = {turn.project for turn in outcome.turns}, election.money, election.budget
    losers = [p for p, found in enumerate(support.projects) if len(found.voters) and p not in chosen]
    account, found = _Account(purse, rule.utility, losers), dict[int, Told]()
    for number, turn in enumerate(outcome.turns, 1):
        cost, before = election.costs[turn.project], int(purse.held.sum())
        told = account.buy(turn.project, Fraction(turn.price or 0), number)
        given = cost if turn.level == turn.price else min(cost, account.whole(before - int(purse.held.sum())))
        told |= {"given": money(given), "topped_up": money(cost - given)}
        found[turn.project] = ("paid_by_supporters" if given == cost else "topped_up", told)
        left -= cost
    barred = below_threshold(election, rule)
    for project in losers:
        told = account.loss(project)[1]
        if project in barred:
            found[project] = "below_threshold", {"threshold": rule.threshold}
        elif account.together(project):
            found[project] = "no_room", {"left": money(left), "cost_at_most": money(left)}
        else:
            found[project] = "shares_used_up", {"together": told["together"], "paid_to": told.get("paid_to", [])}
    return found


class _Account:
    """What the supporters of each loser had, and what they paid for."""

    def __init__(self, purse: Purse, utility: str, losers: Sequence[int]):
        self.purse, self.utility, self.losers = purse, utility, losers
        self.election, self.supporters = purse.election, purse.supporters
        self.best = dict.fromkeys(losers, 0)
        self.weights = [found.weight for found in self.supporters]
        self.paid: dict[int, list[tuple[int, int]]] = {p: [] for p in losers}

    def worth(self, project: int) -> int:
        return self.election.costs[project] if self.utility == "cost" else 1

    def whole(self, scaled: int) -> int:
        return scaled >> self.purse.bits

    def look(self, rate: Fraction) -> None:
        """The highest cost at which each loser would have been cheaper than the project bought now."""
        for project in self.losers:
            self.best[project] = max(self.best[project], self.highest(project, rate, self.best[project]))

    def highest(self, project: int, rate: Fraction | None, known: int) -> int:
        """The greatest cost whose price per worth is below `rate` (None: at any), with what supporters have now.

        The search ends below `known`, which is enough already.
        """
        found = self.supporters[project]
        if rate is None:
            return self.together(project)
        if self.utility == "cost" and rate * self.weights[project] < 1:
            return 0
        held, bits = self.purse.held.take(found.voters), self.purse.bits
        values = 1 if found.values is None else found.values
        # One unit of 2^-s less than the sum: so the project is cheaper than its rival, and no tie has to be won.
        if self.utility != "cost":
            return self.whole(int(np.minimum(held, int(rate * (1 << bits)) * values).sum()) - 1)
        num, den = rate.numerator, rate.denominator

        def given(cost: int) -> tuple[int, int]:
            """What supporters give at the price of a cost, but for a rest below one unit each; who could give more."""
            limit = min((num * cost << bits) // den, (1 << 61) // self.purse.most) * values
            rich = held >= limit
            weight = int(np.count_nonzero(rich)) if found.values is None else int(found.values @ rich)
            return int(np.minimum(held, limit).sum()), weight

        # The money grows with the cost less and less. Where it is short and grows slower, no greater cost is reached.
        total, rich = given(known + 1)
        if total + self.weights[project] < known + 1 << bits and rich * num <= den:
            return 0
        # Going down from the cost that all money pays, by tangents, ends at the greatest that is reached.
        cost = self.whole(int(held.sum()))
        while cost > known:
            total, rich = given(cost)
            lower = self.whole(total - 1)
            if lower >= cost:
                break
            if rich * num < den:
                rest = total - rich * ((num * cost << bits) // den)
                lower = min(lower, rest * den // (den - rich * num) >> bits)
            cost = lower
        return cost

    def together(self, project: int) -> int:
        """What the supporters hold now, exactly, rounded down."""
        voters = self.supporters[project].voters
        return floor(self.purse.sum_of(voters[~self.purse.spent[voters]]))

    def buy(self, project: int, price: Fraction, number: int) -> dict[str, Any]:
        """Pay for a project and tell how."""
        found, purse, money = self.supporters[project], self.purse, self.election.money
        before = purse.held[found.voters]
        purse.pay(project, price)
        paid = before - purse.held[found.voters]
        rest = int(np.count_nonzero(purse.spent[found.voters] & (before > 0)))
        for loser, total in self._paid_by_supporters(found.voters, paid).items():
            self.paid[loser].append((total, project))
        full = int(np.count_nonzero(~purse.spent[found.voters]))
        return {
            "round": number,
            "price": exact(round(price / self.election.unit, 2)),
            "in_full": full,
            "with_rest": rest,
            "effective_votes": exact(round(self.election.costs[project] / price, 1)),
            "share": money(round(purse.share)),
        }

    def _paid_by_supporters(self, voters: Array, paid: Array) -> dict[int, int]:
        """What the supporters of each loser have paid now; halves of 26 bits are added, so that no sum is rounded."""
        at, lengths = self.election.on_ballots_of(voters)
        picks, count = self.election.picks[at], len(self.election.ids)
        weights = self.purse.weights
        if weights is not None:
            picks, each = picks[weights[at] > 0], np.repeat(paid, lengths)[weights[at] > 0]
        else:
            each = np.repeat(paid, lengths)
        high, low = np.bincount(picks, each >> 26, count), np.bincount(picks, each & (1 << 26) - 1, count)
        totals = {p: (int(high[p]) << 26) + int(low[p]) for p in self.losers}
        return {p: total for p, total in totals.items() if total >> self.purse.bits}

    def loss(self, project: int) -> Told:
        """Why a project was not bought."""
        found, money = self.supporters[project], self.election.money
        cost, share = self.election.costs[project], self.purse.share
        together = share * len(found.voters)
        left = self.together(project)
        told = {"share": money(round(share)), "together": money(int(together))}
        told["cost_at_most"] = money(max(self.best[project], left))
        if together < cost:
            return "unaffordable", {**told, "missing": money(cost - int(together))}
        largest = sorted(self.paid[project], key=lambda one: (-one[0], one[1]))[:NAMED]
        told |= {"remaining": money(left), "missing": money(cost - left)}
        return "money_spent", {**told, "paid_to": [[self.election.ids[p], money(self.whole(n))] for n, p in largest]}
