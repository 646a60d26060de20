"""Running an allotment again from its record."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from madang.budgeting.allotting import FORMAT, allot
from madang.budgeting.projects import Project
from madang.chain import Verification, differences


def verify(record: Mapping[str, Any]) -> Verification:
    """Allot again from the projects, votes and rule in a record and compare everything in it.

    That votes and rule are those of the published count and notice is for the reader to compare.
    Never raises for what is in the record.
    """
    if not isinstance(record, Mapping) or record.get("format") != FORMAT:
        return Verification(ok=False, faults=(f"This is not a record of an allotment in the format {FORMAT}.",))
    try:
        parameters = record["parameters"]
        again = allot(
            projects=[_project(entry) for entry in record["projects"]],
            ceiling_won=parameters["ceiling_won"],
            rule=parameters["rule"],
            ties=parameters["ties"],
        )
    except (KeyError, TypeError, ValueError, AttributeError, ZeroDivisionError) as error:
        return Verification(ok=False, faults=(f"The allotment cannot be run again: {type(error).__name__}: {error}",))
    faults = differences(dict(record), again.record)
    counts = {"projects": len(again.reasons), "winners": len(again.winners)}
    return Verification(ok=not faults, faults=faults, counts=counts)


def _project(entry: Mapping[str, Any]) -> Project:
    votes = entry["votes"]
    return Project(entry["id"], entry["cost_won"], Fraction(votes) if isinstance(votes, str) else votes, entry["order"])
