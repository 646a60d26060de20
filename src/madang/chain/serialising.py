"""One value, one text: the canonical JSON that everything in Madang is hashed from."""

import json
from collections.abc import Mapping
from typing import Any

# Circles need no check of their own: `_require_plain` ends at the depth limit before they could matter.
_encode = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, check_circular=False, sort_keys=True, separators=(",", ":")
).encode
_PLAIN = frozenset({str, int, bool, type(None)})
_DEEPEST = 64


def canonical(value: Any) -> bytes:
    """Serialise a value so that equal values always give equal bytes.

    Keys are sorted by code point, text is UTF-8 as given (no normalisation), there is no white space.
    Allowed are dict with str keys, list, tuple (written as a list), str, int, bool and None.
    Raises TypeError for anything else (a float has no one text: use an int or a str), ValueError for
    text that is not Unicode, for nesting deeper than 64 and for an int of more digits than Python prints.
    """
    _require_plain(value, 0)
    try:
        return _encode(value).encode()
    except UnicodeEncodeError:
        raise ValueError("Half a surrogate pair is no text in UTF-8; clean it before recording it.") from None


def plain(value: Mapping[str, Any]) -> dict[str, Any]:
    """The mapping as a dict, which `canonical` takes."""
    return value if isinstance(value, dict) else dict(value)


def _require_plain(value: Any, depth: int) -> None:
    if type(value) in _PLAIN:
        return
    if depth > _DEEPEST:
        raise ValueError(f"The value is nested deeper than {_DEEPEST} levels; record flatter data.")
    if isinstance(value, dict):
        for key, member in value.items():
            if not isinstance(key, str):
                raise TypeError(f"The key {key!r} is {_named(key)}; keys of recorded data must be str.")
            if type(member) not in _PLAIN:
                _require_plain(member, depth + 1)
    elif isinstance(value, (list, tuple)):
        for member in value:
            if type(member) not in _PLAIN:
                _require_plain(member, depth + 1)
    elif not isinstance(value, (str, int)):
        raise TypeError(
            f"{value!r} is {_named(value)}, which has no canonical text; "
            "record dict, list, tuple, str, int, bool or None (amounts as int, dates and decimals as str)."
        )


def _named(value: Any) -> str:
    name = type(value).__name__
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"
