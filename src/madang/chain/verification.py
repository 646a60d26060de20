"""What every `verify` of every engine answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Verification:
    """The answer of a verifier: `ok` is true exactly when there is no fault.

    `faults` are sentences that say what is wrong and where; `counts` says how much was checked
    (for a chain file: books, events, seals).
    """

    ok: bool
    faults: tuple[str, ...]
    counts: Mapping[str, int] = field(default_factory=dict)


def differences(stated: Any, found: Any, *, at: str = "the record") -> tuple[str, ...]:
    """What a record states otherwise than a new run found, one sentence for each place.

    `stated` may come from anywhere, `found` is a JSON-able value. 1, 1.0 and true are three different things.
    """
    if type(stated) is not type(found):
        return (f"{at} states {_short(stated)}; the new run gives {_short(found)}.",)
    if isinstance(found, dict):
        faults = [f"{at} has no {key}." for key in found if key not in stated]
        faults += [f"{at} has {key}, which does not belong there." for key in stated if key not in found]
        inner = [differences(stated[key], found[key], at=f"{at}, {key}") for key in found if key in stated]
    elif isinstance(found, list):
        one, two = len(stated), len(found)
        faults = [] if one == two else [f"{at} has {one} members; the new run gives {two}."]
        pairs = zip(stated, found, strict=False)
        inner = [differences(left, right, at=f"{at}, {place}") for place, (left, right) in enumerate(pairs, 1)]
    else:
        return () if stated == found else (f"{at} states {_short(stated)}; the new run gives {_short(found)}.",)
    return (*faults, *(sentence for sentences in inner for sentence in sentences))


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:79] + "…"
