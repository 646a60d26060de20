"""What only the ballots tell beside a result: other rules on the same ballots, and whose votes and money went where."""

from collections.abc import Mapping, Sequence
from typing import Any

from madang import budgeting
from madang.site.votes.cards import BESIDE, CARDS, Card


def told(sheet: budgeting.Sheet, record: Mapping[str, Any], chosen: Card, ties: Sequence[str]) -> dict[str, Any]:
    """Rules compared and flows, as plain values to be kept with the result."""
    election = budgeting.election(sheet)
    codes = dict.fromkeys([chosen.code, *BESIDE])
    compared = budgeting.compare(election, {code: CARDS[code].rule(ties) for code in codes})
    return {
        "chosen": chosen.code,
        "rules": {
            code: {"order": one["order"], "measures": {key: str(value) for key, value in one["measures"].items()}}
            for code, one in compared.items()
        },
        "worse_on": budgeting.worse_on(compared, chosen.code),
        "flows": budgeting.flows(election, record["order"]),
        "money": budgeting.money_flows(election, record),
    }
