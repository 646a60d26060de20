"""Running a draw again from its record."""

from collections.abc import Mapping
from typing import Any

from madang.chain import Verification, differences
from madang.sortition.drawing import FORMAT, draw
from madang.sortition.people import Candidate, Quota


def verify(record: Mapping[str, Any]) -> Verification:
    """Run the draw again from the pool, quotas and secret in its record and compare everything in it.

    That the record's `input_hash`, `commitment` and quotas are the ones published before the draw is for
    the reader to compare with the notice. Never raises for what is in the record.
    """
    if not isinstance(record, Mapping) or record.get("format") != FORMAT:
        return Verification(ok=False, faults=(f"This is not a record of a draw in the format {FORMAT}.",))
    try:
        parameters = record["parameters"]
        again = draw(
            candidates=[Candidate(entry["id"], entry["strata"]) for entry in record["candidates"]],
            quotas=[Quota(_ordered(entry["stratum"], parameters), entry["seats"]) for entry in parameters["quotas"]],
            secret=parameters["secret"],
            public=parameters["public"],
            neighbours=parameters["neighbours"],
            reserves_per_stratum=parameters["reserves_per_stratum"],
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return Verification(ok=False, faults=(f"The draw cannot be run again: {type(error).__name__}: {error}",))
    faults = differences(dict(record), again.record)
    counts = {"candidates": len(again.record["candidates"]), "selected": len(again.selected)}
    return Verification(ok=not faults, faults=faults, counts=counts)


def _ordered(stratum: Mapping[str, str], parameters: Mapping[str, Any]) -> dict[str, str]:
    """A stored record may have lost the order of its keys; its list of categories has not."""
    return {name: stratum[name] for name in parameters["categories"]}
