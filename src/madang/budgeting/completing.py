"""Equal Shares with completions: what is done with the money that the shares leave.

* `add1`: every share grows by `step` until the outcome would cost more than there is; the last outcome before that
  counts. `stop="exhaustive"` also stops as soon as no further supported project fits.
* `add1u`: the same, then the greedy rule with what is left. `utilitarian`: the greedy rule at once.
* `comparison`: if strictly more voters prefer the greedy outcome (more of their projects funded), that one counts.
"""

from fractions import Fraction

import numpy as np

from madang.budgeting.elections import Election
from madang.budgeting.greedy import descend
from madang.budgeting.jumping import Jump, holds
from madang.budgeting.outcomes import Outcome
from madang.budgeting.rules import Rule, below_threshold, completed_by, places, scores
from madang.budgeting.shares import equal_shares

SHORTEST_JUMP, PARTS = 8, 32


def shares(election: Election, rule: Rule) -> Outcome:
    """Count by Equal Shares, its completion and the comparison step, as the rule says."""
    outcome = (
        _add1(election, rule) if rule.completion.startswith("add1") else _run(election, rule, start(election, rule))
    )
    if rule.completion in ("add1u", "utilitarian"):
        rest = _greedy(election, rule, outcome.order)
        outcome.order += rest.order
        outcome.turns += rest.turns
        outcome.ties += rest.ties
    return _compared(election, rule, outcome) if rule.comparison else outcome


def start(election: Election, rule: Rule) -> Fraction:
    """The share with which the count begins: the budget divided by the voters, rounded down if `integral`."""
    share = Fraction(election.budget, max(1, election.voters))
    if rule.start == "integral":
        return Fraction(share // election.unit * election.unit)
    return share


def _run(election: Election, rule: Rule, share: Fraction) -> Outcome:
    support = election.support if rule.utility == "points" else election.approvals
    return equal_shares(election, support, rule.utility, places(election, rule), share, below_threshold(election, rule))


def _greedy(election: Election, rule: Rule, taken: list[int]) -> Outcome:
    return descend(election, rule, scores(election, completed_by(rule)), taken=taken, skip=True)


def _cost(election: Election, order: list[int]) -> int:
    return sum(election.costs[p] for p in order)


def _stopped(election: Election, rule: Rule, order: list[int]) -> str:
    """Why the shares need not grow further, or empty text."""
    out = below_threshold(election, rule) | set(order)
    rest = [p for p, votes in enumerate(election.votes) if votes and p not in out]
    if not rest:
        return "all_supported"
    left = election.budget - _cost(election, order)
    if rule.stop == "exhaustive" and all(election.costs[p] > left for p in rest):
        return "exhaustive"
    return ""


def _add1(election: Election, rule: Rule) -> Outcome:
    """Grow the shares by steps. Stretches in which provably nothing changes are jumped over."""
    first, step = start(election, rule), Fraction(rule.step) * election.unit
    place, support = places(election, rule), election.support if rule.utility == "points" else election.approvals
    outcome, done, runs, proofs = _run(election, rule, first), 0, 1, 0
    jump = Jump(election, support, rule.utility, place, below_threshold(election, rule))
    aims = _Aims(max(2, _guess(election, outcome, step)))
    while not (stopped := _stopped(election, rule, outcome.order)):
        size = aims.first(done)
        while size >= 2:
            proofs += 1
            found = holds(jump, outcome.order, first + done * step, first + (done + size) * step)
            if found.holds:
                done += size
                size = aims.after(done, size)
            else:
                size = aims.nearer(done, size, None if found.crossing is None else int(found.crossing / step))
        grown = _run(election, rule, first + (done + 1) * step)
        runs += 1
        if _cost(election, grown.order) > election.budget:
            stopped = "next_infeasible"
            break
        outcome, done = grown, done + 1
        jump.known.clear()
    outcome = _run(election, rule, first + done * step)
    outcome.more = {"increments": done, "stopped": stopped, "runs": runs, "proofs": proofs}
    return outcome


class _Aims:
    """How far to try to jump: up to the nearest place where a rival seemed to overtake. It only decides the speed."""

    def __init__(self, longest: int):
        self.longest, self.places, self.tried, self.last = longest, set[int](), 0, 0

    def first(self, done: int) -> int:
        """The first size to try after a run."""
        self.places = {place for place in self.places if place > done + 1}
        self.tried = self.last = 0
        return min([place - done for place in self.places] + [self.longest])

    def after(self, done: int, size: int) -> int:
        """The next size after a proof; 0 right before a place, where a run will tell more."""
        if any(done <= place <= done + 1 for place in self.places):
            return 0
        return min(self.first(done), size * 4)

    def nearer(self, done: int, size: int, crossing: int | None) -> int:
        """A smaller size after a proof has failed."""
        if crossing is None:
            return size // 2
        if self.last and crossing > self.last * 4 // 5:
            # The same rival, seen from nearer.
            self.places.discard(done + self.last)
        self.places.add(done + crossing)
        self.last = crossing
        self.tried += 1
        return min(size - 1, crossing) if crossing < size * 9 // 10 or self.tried % 3 else size * 3 // 4


def _guess(election: Election, outcome: Outcome, step: Fraction) -> int:
    """How many steps to try to jump over first; it only decides how soon the count is done."""
    left = election.budget - _cost(election, outcome.order)
    return max(SHORTEST_JUMP, int(left / (max(1, election.voters) * step)) // PARTS)


def _compared(election: Election, rule: Rule, outcome: Outcome) -> Outcome:
    greedy = _greedy(election, rule, [])
    shares_won, greedy_won = funded_per_voter(election, outcome.order), funded_per_voter(election, greedy.order)
    prefer_greedy = int(np.count_nonzero(greedy_won > shares_won))
    prefer_shares = int(np.count_nonzero(shares_won > greedy_won))
    told = {"prefer_greedy": prefer_greedy, "prefer_shares": prefer_shares}
    if prefer_greedy > prefer_shares:
        greedy.more = {"comparison": {**told, "kept": "greedy"}}
        return greedy
    outcome.more = {**outcome.more, "comparison": {**told, "kept": "mes"}}
    return outcome


def funded_per_voter(election: Election, order: list[int]) -> np.ndarray:
    """How many of the funded projects each voter supports."""
    found = np.zeros(election.voters, dtype=np.int64)
    for project in order:
        found[election.approvals.projects[project].voters] += 1
    return found
