"""Sequential Phragmen, exact: every voter earns money at the same speed, and supporters buy as soon as they can.

What a voter has earned since the last purchase is the time less the *load*; a load is always 0 or the time of an
earlier purchase. So the loads of a project's supporters are counted, not added one by one.
"""

from fractions import Fraction

import numpy as np

from madang.budgeting.elections import Election
from madang.budgeting.outcomes import Outcome, Tie, Turn
from madang.budgeting.rules import Rule, places


def phragmen(election: Election, rule: Rule) -> Outcome:
    """Buy at the earliest time; stop when the project whose time has come no longer fits.

    `stop="infeasible"` of the rule drops a project that does not fit and goes on.
    """
    place, skip = places(election, rule), rule.stop == "infeasible"
    loads = _Loads(election)
    alive = {p for p, votes in enumerate(election.votes) if votes}
    order: list[int] = []
    turns, ties, left = [], [], election.budget
    while alive:
        if skip:
            dropped = sorted((p for p in alive if election.costs[p] > left), key=lambda p: place[p])
            turns += [Turn(p, "did_not_fit", left) for p in dropped]
            alive -= set(dropped)
            if not alive:
                break
        time, equal = loads.earliest(alive)
        over = [p for p in equal if election.costs[p] > left]
        if over:
            turns += [Turn(p, "did_not_fit", left, price=time) for p in sorted(over, key=lambda p: place[p])]
            break
        chosen = min(equal, key=lambda p: place[p])
        if len(equal) > 1:
            ties.append(Tie(len(order) + 1, tuple(sorted(equal, key=lambda p: place[p])), chosen))
        turns.append(Turn(chosen, "funded", left, price=time))
        loads.buy(chosen, time)
        order.append(chosen)
        alive.discard(chosen)
        left -= election.costs[chosen]
    return Outcome(order, turns, ties, rounds=len(order))


class _Loads:
    """How many supporters of each project (rows) last paid for which purchase (columns; 0: for none)."""

    def __init__(self, election: Election):
        self.election = election
        count = len(election.ids)
        self.rows = np.zeros((count, count + 1), dtype=np.int64)
        self.rows[:, 0] = election.votes
        self.last = np.zeros(election.voters, dtype=np.int32)
        self.times: list[Fraction] = [Fraction(0)]

    def time(self, project: int) -> Fraction:
        """The exact time at which the supporters can buy a project."""
        row = self.rows[project, : len(self.times)]
        loads = sum((self.times[k] * int(row[k]) for k in np.flatnonzero(row).tolist()), Fraction(0))
        return (self.election.costs[project] + loads) / self.election.votes[project]

    def earliest(self, alive: set[int]) -> tuple[Fraction, list[int]]:
        """The earliest time, and all projects whose time it is.

        Floats only set aside projects that are later by more than their error could be; the rest is exact.
        """
        projects = np.array(sorted(alive))
        times = np.array([float(time) for time in self.times])
        votes = np.array([self.election.votes[p] for p in projects], dtype=float)
        costs = np.array([float(self.election.costs[p]) for p in projects])
        rough = (costs + self.rows[projects, : len(times)] @ times) / votes
        # All terms are positive, so the relative error is below (terms + 4) * 2^-52, far less than 1e-9.
        near = projects[rough <= rough.min() * (1 + 1e-9)].tolist()
        exact = {p: self.time(p) for p in near}
        first = min(exact.values())
        return first, [p for p in near if exact[p] == first]

    def buy(self, project: int, time: Fraction) -> None:
        found = self.election.approvals.projects[project]
        self.times.append(time)
        now = len(self.times) - 1
        at, lengths = self.election.on_ballots_of(found.voters)
        picks, weights = self.election.picks[at], self.election.approvals.weights
        count = 1 if weights is None else weights[at]
        np.subtract.at(self.rows, (picks, np.repeat(self.last[found.voters], lengths)), count)
        np.add.at(self.rows, (picks, np.full(len(picks), now)), count)
        self.last[found.voters] = now
