"""Ten thousand small elections full of ties: the engine against plain fractions, each result against the checker."""

import json
import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from plain_counting import Plain, add1, best_total, equal_shares, greedy, overspending, phragmen, price

from madang.budgeting import Rule, certifying, checking, jumping, money_flows
from madang.budgeting.counting import outcome
from madang.budgeting.elections import Election, election_of
from madang.budgeting.results import result
from madang.budgeting.rules import scores

INSTANCES = 10_000
PARTS = 8


def drawn(chance: random.Random) -> tuple[Plain, Election]:
    """A tiny election with few different costs, so that ties and exact exhaustion are common."""
    projects, voters = chance.randint(1, 5), chance.randint(1, 7)
    costs = [chance.choice([1, 2, 2, 3, 4, 6]) for _ in range(projects)]
    pointed = chance.random() < 0.3
    ballots = []
    for _ in range(voters):
        picks = chance.sample(range(projects), chance.randint(0, projects))
        ballots.append({p: chance.choice([1, 1, 2, 3]) if pointed else 1 for p in picks})
    budget = chance.choice([sum(costs) // 2, chance.randint(0, sum(costs) + 2), voters, 2 * voters])
    more: dict[str, Any] = {}
    if pointed:
        more["points"] = np.array([value for ballot in ballots for value in ballot.values()], dtype=np.int64)
    ids = [str(p) for p in range(projects)]
    return Plain(costs, budget, ballots), election_of(
        ids=ids, costs=costs, budget=budget, ballots=[list(ballot) for ballot in ballots], **more
    )


def checked(election: Election, rule: Rule) -> tuple[list[int], dict[str, Any]]:
    """Count, and let the independent checker look at the certificate."""
    found = outcome(election, rule)
    proof = json.loads(json.dumps(certifying.certificate(election, rule, found)))
    support = election.support if rule.utility == "points" else election.approvals
    ballots: list[dict[str, int]] = [{} for _ in range(election.voters)]
    for name, one in zip(election.ids, support.projects, strict=True):
        values = [1] * len(one.voters) if one.values is None else one.values.tolist()
        for voter, value in zip(one.voters.tolist(), values, strict=True):
            ballots[voter][name] = value
    costs = dict(zip(election.ids, election.costs, strict=True))
    ranked = dict(zip(election.ids, scores(election, rule.ranking), strict=True))
    order = [election.ids[p] for p in found.order]
    assert checking.faults(costs, election.budget, ballots, ranked, rule.utility, order, proof) == []
    return found.order, found.more


@pytest.mark.parametrize("part", range(PARTS))
def test_the_engine_agrees_with_plain_fractions(part: int) -> None:
    chance = random.Random(part)  # noqa: S311
    for _ in range(INSTANCES // PARTS):
        plain, election = drawn(chance)
        approving = plain._replace(ballots=[dict.fromkeys(ballot, 1) for ballot in plain.ballots])
        share = Fraction(plain.budget, len(plain.ballots))
        utility = "points" if election.points is not None else chance.choice(["cost", "cardinality"])
        given = plain if utility == "points" else approving
        bought = equal_shares(given, utility == "cost", share)
        assert checked(election, Rule(rule="mes", utility=utility))[0] == bought, plain
        bounded = overspending(given, utility == "cost", share)
        assert checked(election, Rule(rule="bounded-overspending", utility=utility))[0] == bounded, plain
        kind = chance.randrange(5)
        if kind == 0:
            exhaustive, step = chance.random() < 0.5, chance.choice(["1", "1/2", "1/7"])
            rule = Rule(
                rule="mes",
                utility=utility,
                completion="add1",
                step=step,
                stop="exhaustive" if exhaustive else "infeasible",
            )
            order, more = checked(election, rule)
            assert (order, more["increments"]) == add1(given, utility == "cost", share, Fraction(step), exhaustive), (
                plain
            )
        elif kind == 1:
            assert checked(election, Rule(rule="phragmen"))[0] == phragmen(plain), plain
        elif kind == 2:
            worth = [plain.votes(p) * cost for p, cost in enumerate(plain.costs)]
            assert checked(election, Rule(rule="welfare"))[1]["optimum"] == str(best_total(plain, worth)), plain
        elif kind == 3:
            skip = chance.random() < 0.5
            rule = Rule(rule="greedy" if skip else "greedy-no-skip")
            assert checked(election, rule)[0] == greedy(plain, plain.votes_of, skip), plain
            per_cost = greedy(plain, plain.votes_per_cost)
            assert checked(election, Rule(utility="cardinality"))[0] == per_cost, plain
        elif utility != "points":
            rest = greedy(plain, plain.votes_of, taken=bought)
            assert checked(election, Rule(rule="mes", utility=utility, completion="utilitarian"))[0] == bought + rest, (
                plain
            )


def test_a_proof_of_a_stretch_is_never_wrong() -> None:
    """Where a proof holds for a stretch of shares, every share in it gives the same order."""
    chance, held = random.Random(7), 0  # noqa: S311
    for _ in range(1_500):
        plain, election = drawn(chance)
        if election.points is not None:
            continue
        low = Fraction(chance.randint(0, 12), chance.choice([1, 2, 3]))
        high = low + Fraction(chance.randint(1, 12), chance.choice([1, 2, 6]))
        order = equal_shares(plain, True, low)
        jump = jumping.Jump(election, election.approvals, "cost", list(range(len(plain.costs))))
        if jumping.holds(jump, order, low, high).holds:
            held += 1
            for part in range(1, 13):
                assert equal_shares(plain, True, low + (high - low) * part / 12) == order, (plain, low, high)
    assert held > 300


def test_the_plain_price_is_the_least_that_pays() -> None:
    assert price(6, [(Fraction(1), 1), (Fraction(4), 1), (Fraction(4), 2)]) == Fraction(5, 3)
    assert price(9, [(Fraction(1), 1), (Fraction(4), 1), (Fraction(4), 2)]) == 4
    assert price(10, [(Fraction(1), 1), (Fraction(4), 1), (Fraction(4), 2)]) is None


def test_money_flows_are_what_each_voter_pays() -> None:
    """Every voter's payments one by one, in fractions; a group's sum is theirs but for the rounding to whole units."""
    chance, seen = random.Random(11), 0  # noqa: S311
    for _ in range(400):
        _plain, election = drawn(chance)
        for rule in (Rule(rule="mes", utility="cardinality", completion="utilitarian"), Rule(rule="phragmen")):
            found = result(election, rule, outcome(election, rule), {})
            flows = money_flows(election, found)
            proof = found["certificate"]
            if flows is None:
                assert not proof.get("prices")
                continue
            seen += 1
            shares = "share" in proof
            held = [Fraction(proof["share"]) if shares else Fraction(0)] * election.voters
            ballots = [[election.ids[p] for p in supported] for supported in supported_by(election)]
            groups = [sum(name in found["order"] for name in ballot) for ballot in ballots]
            for name, paid_each in proof["prices"]:
                each = [Fraction(0)] * (max(groups) + 1)
                for voter, ballot in enumerate(ballots):
                    if name in ballot:
                        paid = min(held[voter], Fraction(paid_each)) if shares else Fraction(paid_each) - held[voter]
                        held[voter] = held[voter] - paid if shares else Fraction(paid_each)
                        each[groups[voter]] += paid
                assert sum(flows["paid"][name]) == sum(each) == election.costs[election.ids.index(name)]
                assert all(abs(mine - exact) < 1 for mine, exact in zip(flows["paid"][name], each, strict=True))
    assert seen > 300


def supported_by(election: Election) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in range(election.voters)]
    for project, one in enumerate(election.approvals.projects):
        for voter in one.voters.tolist():
            found[voter].append(project)
    return found
