"""Why each project was chosen or not, as data: one code and the numbers that belong to it.

Amounts are text in the currency of the file. `cost_at_most` is a cost up to which the project would surely have been
chosen, if all else had stayed the same (ties, which might be lost, are not counted on); `missing_votes` how many
more votes would have been enough, `spare_votes` how many fewer.

| code | meaning | numbers besides votes, cost |
|---|---|---|
| `funded` | it fitted into the money left at its turn | rank, left, spare_votes |
| `did_not_fit` | it did not | rank, left, missing_votes |
| `after_stop` | the rule had ended before its turn | rank, left, stopped_by, missing_votes |
| `over_cap`, `excluded_by` | a cap or a rival of its group kept it out | rank, left, because |
| `below_threshold` | its score is below the threshold | threshold |
| `lost_tie` | it was equal to a chosen project, and the published order decided | to, and those of its code otherwise |
| `bought` | the shares of its supporters paid | round, price, in_full, with_rest, effective_votes, cost_at_most |
| `unaffordable` | all shares of its supporters were never enough | share, together, missing, cost_at_most |
| `money_spent` | its supporters spent on other projects | together, remaining, missing, paid_to, cost_at_most |
| `paid_by_supporters` | the shares of its supporters paid all of it | round, price, given, topped_up |
| `topped_up` | they paid a part, and the budget the rest | round, price, given, topped_up |
| `no_room` | it cost more than was left at the end | left, cost_at_most |
| `shares_used_up` | its supporters spent all on other projects | together, paid_to |
| `earned` | its supporters had earned the cost | round, time, cost_at_most |
| `earned_too_late` | the count ended before | time, ended_by |
| `best`, `not_best` | the set with the greatest total has it, or has not | total, other_total |
| `no_votes` | nobody voted for it | missing_votes (greedy rules that set such projects aside) |
| `above_budget` | it costs more than there is in all | |
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor
from typing import Any

from madang.budgeting.elections import Election, exact
from madang.budgeting.greedy import descend
from madang.budgeting.outcomes import Outcome, Turn
from madang.budgeting.rules import Rule, completed_by, places, scores
from madang.budgeting.spending import reasons_of_overspending, reasons_of_shares
from madang.budgeting.welfare import values, welfare

LOSING = ("did_not_fit", "after_stop", "money_spent", "no_room", "shares_used_up", "earned_too_late")
"""The reasons that give way to a tie that was lost."""


@dataclass(frozen=True)
class Reason:
    """A code of the table above and its numbers."""

    code: str
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def won(self) -> bool:
        """Whether it is the reason of a project that was chosen."""
        return self.code in ("funded", "bought", "paid_by_supporters", "topped_up", "earned", "best")


def reasons(election: Election, rule: Rule, outcome: Outcome) -> dict[str, Reason]:
    """Exactly one reason for every project, by its id in the order of the file."""
    if rule.is_greedy or (outcome.share is None and rule.rule == "mes"):
        ranked = scores(election, rule.ranking)
        found = _greedy(election, rule, outcome.turns, ranked, skip=rule.rule != "greedy-no-skip")
    elif rule.rule == "welfare":
        found = _welfare(election, rule, outcome)
    elif rule.rule == "phragmen":
        found = _earned(election, outcome)
    elif rule.rule == "bounded-overspending":
        found = {p: Reason(*told) for p, told in reasons_of_overspending(election, rule, outcome).items()}
    else:
        completed = scores(election, completed_by(rule))
        found = _greedy(election, rule, outcome.turns[outcome.rounds :], completed, skip=True, taken=outcome.rounds)
        found = _completed(election, rule, outcome, found)
    found |= _lost_ties(election, outcome, found)
    known = {p: Reason("no_votes", {}) for p in range(len(election.ids)) if p not in found}
    found |= known
    return {
        name: Reason(
            found[p].code,
            {"votes": _votes(election.votes[p]), "cost": election.money(election.costs[p]), **found[p].parameters},
        )
        for p, name in enumerate(election.ids)
    }


def _completed(election: Election, rule: Rule, outcome: Outcome, added: Mapping[int, Reason]) -> dict[int, Reason]:
    """The reasons of Equal Shares, where a completion did not fund the project after all.

    A completion would also have funded a loser that fitted into the money left at its turn.
    """
    found = {}
    for project, (code, told) in reasons_of_shares(election, rule, outcome).items():
        if project in added and "cost_at_most" in told and code != "bought":
            left = added[project].parameters.get("left", "0")
            told = {**told, "cost_at_most": max(told["cost_at_most"], left, key=Fraction)}
        found[project] = Reason(code, told)
    return found | {p: reason for p, reason in added.items() if reason.won}


def _votes(votes: int | Fraction) -> int | str:
    return votes if isinstance(votes, int) else exact(votes)


def _lost_ties(election: Election, outcome: Outcome, found: Mapping[int, Reason]) -> dict[int, Reason]:
    """Losers that were equal to a chosen project."""
    told = {}
    for tie in outcome.ties:
        for project in tie.among:
            reason = found.get(project)
            if reason is not None and reason.code in LOSING:
                told[project] = Reason("lost_tie", {**reason.parameters, "to": election.ids[tie.chosen]})
    return told


def _greedy(
    election: Election, rule: Rule, turns: list[Turn], ranked: list[Fraction], *, skip: bool, taken: int = 0
) -> dict[int, Reason]:
    needed = _Needed(election, rule, ranked, skip) if not (taken or rule.groups or rule.caps) else None
    found, rank = {}, taken
    for turn in turns:
        project = turn.project
        rank += turn.code not in ("no_votes", "above_budget")
        told: dict[str, Any] = {"rank": rank, "left": election.money(turn.left)}
        if rule.ranking.startswith("score"):
            told["score"] = exact(election.scores[project])
        if turn.code in ("no_votes", "above_budget"):
            told = {}
        elif turn.code == "below_threshold":
            told = {"threshold": rule.threshold, "score": exact(ranked[project])}
        elif turn.code == "after_stop":
            told["stopped_by"] = election.ids[int(turn.because or 0)]
        elif turn.because is not None:
            told["because"] = turn.because if isinstance(turn.because, str) else election.ids[turn.because]
        if needed is not None and turn.code in ("funded", "did_not_fit", "after_stop", "no_votes"):
            told |= needed.margin(project, won=turn.code == "funded")
        found[project] = Reason(turn.code, told)
    return found


class _Needed:
    """The votes that a project would need to be funded, if all else had stayed the same.

    Without the project the money left never grows from turn to turn, and nobody before it notices it; so there is a
    last place in the ranking at which it would be funded, and to stand there or before is both needed and enough.
    """

    def __init__(self, election: Election, rule: Rule, ranked: list[Fraction], skip: bool):
        self.election, self.rule, self.ranked, self.skip = election, rule, ranked, skip
        self.place = places(election, rule)
        everyone = descend(election, rule, ranked, taken=(), skip=skip)
        self.turns = [turn for turn in everyone.turns if turn.code in ("funded", "did_not_fit", "after_stop")]

    def margin(self, project: int, *, won: bool) -> dict[str, int]:
        """How many whole votes fewer or more would have been enough; nothing if no number would do."""
        bounds = self._bounds(project)
        if bounds is None:
            return {}
        # What the ranking divides votes by to give the score.
        divisor = self.election.costs[project] if self.rule.ranking.endswith("/cost") else 1
        mine = self.ranked[project] * divisor
        if won:
            spare = [ceil(mine - low * divisor) - 1 if above else floor(mine - low * divisor) for low, above in bounds]
            return {"spare_votes": min(*spare, floor(mine))}
        missing = [floor(low * divisor - mine) + 1 if above else ceil(low * divisor - mine) for low, above in bounds]
        return {"missing_votes": max(*missing, 0)}

    def _bounds(self, project: int) -> list[tuple[Fraction, bool]] | None:
        """Scores that the project must reach, or, where the second is true, be above."""
        cost, left = self.election.costs[project], self.election.budget
        if cost > left:
            return None
        bounds = [(Fraction(self.rule.threshold), False), (Fraction(0), self.rule.set_aside)]
        for turn in self.turns:
            rival = turn.project
            if rival == project:
                continue
            fits = self.election.costs[rival] <= left
            after = left - self.election.costs[rival] if fits else left
            if cost > after or not (fits or self.skip):
                return [*bounds, (self.ranked[rival], self.place[project] > self.place[rival])]
            left = after
        return bounds


def _earned(election: Election, outcome: Outcome) -> dict[int, Reason]:
    found = {}
    ended = [turn for turn in outcome.turns if turn.code == "did_not_fit"]
    for number, turn in enumerate(outcome.turns, 1):
        told = {"rank": number, "left": election.money(turn.left), "time": election.money(floor(turn.price or 0))}
        found[turn.project] = Reason("earned" if turn.code == "funded" else "did_not_fit", told)
    for project, votes in enumerate(election.votes):
        if project not in found and votes and ended:
            left = election.money(ended[0].left)
            found[project] = Reason("earned_too_late", {"stopped_by": election.ids[ended[0].project], "left": left})
    return found


def _welfare(election: Election, rule: Rule, outcome: Outcome) -> dict[int, Reason]:
    """For each project the best total of the opposite choice: without a winner, with a loser."""
    total, worth, found = Fraction(outcome.more["optimum"]), values(election, rule.utility), {}
    for project in range(len(election.ids)):
        if worth[project] <= 0:
            continue
        chosen = project in outcome.order
        left = election.budget if chosen else election.budget - election.costs[project]
        if left < 0:
            found[project] = Reason("above_budget", {})
            continue
        other = Fraction(welfare(election, rule, without=project, budget=left).more["optimum"])
        other += 0 if chosen else worth[project]
        told = {"total": exact(total), "other_total": exact(other), "difference": exact(total - other)}
        found[project] = Reason("best" if chosen else "not_best", told)
    return found
