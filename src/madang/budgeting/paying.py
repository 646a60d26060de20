"""Who paid what: the money that groups of voters gave to each project, from the prices or times of a certificate.

Voters are grouped by how many of their projects are funded. Amounts are whole units of the currency, and those of a
project add up to what was paid for it: what is left by rounding goes where the fractions are largest.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from madang.budgeting.completing import funded_per_voter
from madang.budgeting.elections import Array, Election
from madang.budgeting.shares import Purse


def money_flows(election: Election, found: Mapping[str, Any]) -> dict[str, Any] | None:
    """`paid`: for each project bought, the money of each group of voters; `left`: what they did not spend.

    None for a rule by which voters pay nothing. Where voters earn as they go (Phragmen) nothing is left to tell.
    """
    proof = found["certificate"]
    bought = [(election.ids.index(name), Fraction(price)) for name, price in proof.get("prices", [])]
    if not bought:
        return None
    group = funded_per_voter(election, [election.ids.index(name) for name in found["order"]])
    if "share" not in proof:
        return {"paid": _earned(election, bought, group), "left": None}
    support = election.support if found["rule"]["utility"] == "points" else election.approvals
    purse, paid = Purse(election, support, Fraction(proof["share"])), {}
    for project, price in bought:
        voters = support.projects[project].voters
        before = purse.held[voters]
        purse.pay(project, price)
        each = [Fraction(units, 1 << purse.bits) for units in _sums(before - purse.held[voters], group[voters], group)]
        paid[election.ids[project]] = _whole(each, election.unit)
    left = [Fraction(units, 1 << purse.bits) for units in _sums(purse.held, group, group)]
    return {"paid": paid, "left": [int(amount / election.unit) for amount in left]}


def _earned(election: Election, bought: list[tuple[int, Fraction]], group: Array) -> dict[str, list[int]]:
    """Since the purchase before (0: none) every supporter has earned the time that has passed."""
    last, times, paid = np.zeros(election.voters, dtype=np.int64), [Fraction(0)], {}
    for project, time in bought:
        voters = election.approvals.projects[project].voters
        times.append(time)
        groups = int(group.max(initial=0)) + 1
        counts = np.bincount(last[voters] * groups + group[voters], minlength=len(times) * groups).reshape(-1, groups)
        each = [
            sum(((time - times[k]) * count for k, count in enumerate(column) if count), Fraction(0))
            for column in counts.T.tolist()
        ]
        paid[election.ids[project]] = _whole(each, election.unit)
        last[voters] = len(times) - 1
    return paid


def _sums(amounts: Array, mine: Array, group: Array) -> list[int]:
    """The sum of each group; halves of 26 bits are added, so that no sum is rounded."""
    groups = int(group.max(initial=0)) + 1
    high, low = np.bincount(mine, amounts >> 26, groups), np.bincount(mine, amounts & (1 << 26) - 1, groups)
    return [(int(one) << 26) + int(other) for one, other in zip(high.tolist(), low.tolist(), strict=True)]


def _whole(amounts: list[Fraction], unit: int) -> list[int]:
    parts = [amount / unit for amount in amounts]
    whole = [int(part) for part in parts]
    order = sorted(range(len(parts)), key=lambda place: whole[place] - parts[place])
    for place in order[: round(sum(parts)) - sum(whole)]:
        whole[place] += 1
    return whole
