"""How the protocol prints, reads and hashes: compact JSON with the fields in a fixed order, SHA-256, Base64."""

import base64
import json
import re
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from madang.ballots.refusals import Refusal

DIGITS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
is_decimal = re.compile(r"0|[1-9][0-9]*").fullmatch
is_uuid = re.compile(f"[{DIGITS}]{{14,}}").fullmatch

_printed = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def printed(value: Any) -> str:
    """A value as the protocol prints it; the fields keep the order in which they were given."""
    return _printed(value)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found


def parsed(raw: bytes | str, rule: str, what: str) -> Any:
    """The JSON value in `raw` (UTF-8, no field twice in an object); a refusal under `rule` where there is none."""
    try:
        return json.loads(raw.decode() if isinstance(raw, bytes) else raw, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise Refusal(rule, f"{what} is no JSON.") from None


def canonical(raw: bytes, rule: str, what: str) -> Any:
    """The JSON value in `raw`, which must be printed exactly as the protocol prints it.

    This says nothing about numbers inside texts: whoever reads those must insist on their one form.
    """
    value = parsed(raw, rule, what)
    try:
        exact = printed(value).encode() == raw
    except (ValueError, RecursionError):
        exact = False
    if not exact:
        raise Refusal(rule, f"{what} is not printed as the protocol prints it.")
    return value


def fields(value: Any, names: Sequence[str], rule: str, what: str, *, optional: Sequence[str] = ()) -> list[Any]:
    """The values of exactly these fields, in this order; those of `optional` may be left out and are then None."""
    given = list(value) if isinstance(value, dict) else None
    if given is None or given != [name for name in names if name in given or name not in optional]:
        raise Refusal(rule, f"{what} does not have the fields {', '.join(names)}, in this order and no others.")
    return [value.get(name) for name in names]


def listed(value: Any, count: int | None, rule: str, what: str) -> list[Any]:
    """The list itself, if it is one and has as many members as it must."""
    if not isinstance(value, list) or (count is not None and len(value) != count):
        raise Refusal(rule, f"{what} is not a list{'' if count is None else f' of {count:,}'}.")
    return value


def text(value: Any, rule: str, what: str) -> str:
    """The text itself, if it is one."""
    if not isinstance(value, str):
        raise Refusal(rule, f"{what} is not a text.")
    return value


def count(value: Any, rule: str, what: str, least: int = 0) -> int:
    """The whole number itself, if it is one and not below `least`."""
    if type(value) is not int or value < least:
        raise Refusal(rule, f"{what} is not a whole number from {least}.")
    return value


def base64_hash(raw: bytes) -> str:
    """SHA-256 in Base64 without the sign at the end, as fingerprints and trackers are shown."""
    return base64.b64encode(sha256(raw).digest()).decode().rstrip("=")


def integer_hash(content: str) -> int:
    """SHA-256 of a text as a number."""
    return int.from_bytes(sha256(content.encode()).digest(), "big")
