"""Where the share of one voter's ballot went, under a result of Equal Shares."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from madang.budgeting.ballots import election
from madang.budgeting.elections import Election
from madang.budgeting.sheets import Sheet


def account_of(found: Mapping[str, Any], sheet: Sheet, voter_id: str) -> dict[str, Any]:
    """What the voter paid to each project, and what is left, exactly; from the prices of the certificate.

    Raises ValueError if there is no such ballot, or the result has no shares.
    """
    proof = found["certificate"]
    if "share" not in proof:
        raise ValueError("this rule gives voters no shares; only mes does.")
    counted = election(sheet)
    value = _ballot(counted, sheet, voter_id, points=found["rule"]["utility"] == "points")
    left, paid = Fraction(proof["share"]), []
    for name, price in proof.get("prices", []):
        if value.get(name):
            part = min(left, Fraction(price) * value[name])
            left -= part
            paid.append([name, counted.money(part)])
    chosen = set(found["order"])
    return {
        "share": counted.money(Fraction(proof["share"])),
        "paid": paid,
        "left": counted.money(left),
        "funded": [name for name in value if name in chosen],
        "not_funded": [name for name in value if name not in chosen],
    }


def _ballot(counted: Election, sheet: Sheet, voter_id: str, *, points: bool) -> dict[str, int]:
    place, number = sheet.vote_columns.index("voter_id"), -1
    for line in sheet.votes.decode("utf-8").split("\n"):
        if not line.strip("; "):
            continue
        number += 1
        cells = line.split(";")
        if place < len(cells) and cells[place].strip('" ') == voter_id:
            begin, end = counted.starts[number], counted.starts[number + 1]
            support = counted.support if points else counted.approvals
            picks = [counted.ids[p] for p in counted.picks[begin:end].tolist()]
            weights = [1] * len(picks) if support.weights is None else support.weights[begin:end].tolist()
            return dict(zip(picks, weights, strict=True))
    raise ValueError(f"there is no ballot with the voter_id {voter_id!r}.")
