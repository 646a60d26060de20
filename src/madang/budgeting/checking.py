"""An independent check of an outcome by its certificate. It runs no rule and shares no code with the rules.

It takes plain values: costs and budget in whole units, ballots as {project: value}, the scores of a greedy rule, the
utility, the order and its certificate. It answers with sentences; without one the outcome is accepted.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

from madang.budgeting.checking_overspending import overspent

Costs = Mapping[str, int]
Given = Mapping[str, Sequence[tuple[int, int]]]


def faults(
    costs: Costs, budget: int, ballots: Sequence[Mapping[str, int]], scores: Mapping[str, Fraction], utility: str,
    order: Sequence[str], proof: Mapping[str, Any],
) -> list[str]:  # fmt: skip
    """Everything that is wrong with the order of a result under its certificate."""
    place = {name: number for number, name in enumerate(proof["ties"])}
    if sorted(place) != sorted(costs) or len(set(order)) != len(order) or not set(order) <= set(costs):
        return ["The certificate or the order names other projects than the file."]
    given: dict[str, list[tuple[int, int]]] = {name: [] for name in costs}
    for voter, ballot in enumerate(ballots):
        for name, value in ballot.items():
            given[name].append((voter, value))
    bought = [(name, Fraction(price)) for name, price in proof.get("prices", [])]
    turns = proof.get("turns", [])
    found = ["The chosen projects cost more than the budget."] if sum(costs[p] for p in order) > budget else []
    if "levels" in proof:
        found += overspent(costs, budget, len(ballots), given, utility, proof, bought, place)
    elif "share" in proof:
        found += _shares(costs, len(ballots), given, utility, proof, bought, place)
    elif bought:
        found += _times(costs, len(ballots), given, bought, place)
    taken = [name for name, _ in bought] + [name for name, code, _ in turns if code == "funded"]
    if ("prices" in proof or "turns" in proof) and taken != list(order):
        found.append("The certificate buys other projects, or in another order, than the result says.")
    return found + list(_turns(costs, budget - sum(costs[name] for name, _ in bought), scores, turns, place))


def _shares(
    costs: Costs, voters: int, given: Given, utility: str, proof: Any, bought: Any, place: Any
) -> Iterator[str]:
    """Every purchase is paid by its supporters, no rival was cheaper for its own, and at the end none is affordable."""
    share = Fraction(proof["share"])
    unit = lcm(share.denominator, *(price.denominator for _, price in bought))
    money, worth = [int(share * unit)] * voters, costs if utility == "cost" else dict.fromkeys(costs, 1)
    alive = [name for name in costs if given[name] and name not in proof.get("barred", ())]
    for turn, (name, price) in enumerate(bought, 1):
        alive.remove(name)
        each, mine, paid = int(price * unit), worth[name], 0
        for rival in alive:
            limit, need = each * worth[rival], costs[rival] * unit * mine
            if limit * sum(value for _, value in given[rival]) < need:
                continue
            had = sum(min(money[voter] * mine, limit * value) for voter, value in given[rival])
            # Paid exactly at the same rate: equal, or cheaper if everybody gives all they have and it still suffices.
            less = had == need and all(money[voter] * mine < limit * value for voter, value in given[rival])
            if had > need or less or (had == need and place[rival] < place[name]):
                yield f"In round {turn} project {rival} was cheaper for its supporters than {name}."
        for voter, value in given[name]:
            part = min(money[voter], each * value)
            money[voter], paid = money[voter] - part, paid + part
        if paid != costs[name] * unit:
            yield f"In round {turn} the supporters of {name} pay {Fraction(paid, unit)}, not its cost {costs[name]}."
    for name in alive:
        if sum(money[voter] for voter, _ in given[name]) >= costs[name] * unit:
            yield f"At the end the supporters of {name} could still pay for it."


def _times(costs: Costs, voters: int, given: Given, bought: Any, place: Any) -> Iterator[str]:
    """Every purchase happens when its supporters have earned the cost, and nobody could buy before."""
    unit = lcm(1, *(time.denominator for _, time in bought))
    loads, alive = [0] * voters, [name for name in costs if given[name]]
    for turn, (name, time) in enumerate(bought, 1):
        now = int(time * unit)
        for rival in alive:
            over = sum((now - loads[voter]) * value for voter, value in given[rival]) - costs[rival] * unit
            if (rival == name and over) or over > 0 or (rival != name and not over and place[rival] < place[name]):
                yield f"At purchase {turn} the money earned by the supporters of {rival} does not agree with {name}."
        for voter, _ in given[name]:
            loads[voter] = now
        alive.remove(name)


def _turns(costs: Costs, left: int, scores: Mapping[str, Fraction], turns: Any, place: Any) -> Iterator[str]:
    """The turns follow the scores, and whoever fits into the money left is funded."""
    keys = [(-scores[name], place[name]) for name, _, _ in turns]
    if keys != sorted(keys):
        yield "The turns do not follow the scores and the order of ties."
    for name, code, stated in turns:
        if int(stated) != left or (code in ("funded", "did_not_fit") and (code == "funded") != (costs[name] <= left)):
            yield f"{name} costs {costs[name]} with {left} left; the certificate says {code} with {stated} left."
        left -= costs[name] if code == "funded" else 0
