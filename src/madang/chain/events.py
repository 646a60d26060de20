"""The hash of one event in its book."""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from madang.chain.serialising import canonical, plain

GENESIS = "0" * 64
"""What the first event of a book, and the first seal, name as the hash before them."""

is_hash = re.compile(r"[0-9a-f]{64}").fullmatch


def event_hash(*, book: str, number: int, previous: str, body: Mapping[str, Any] | bytes) -> str:
    """Hash event `number` (from 1) of a book onto the hash of the event before it (`GENESIS` for the first).

    `body` is the event's content (at, verb, actor, subject, data) or, where it is at hand already, the
    bytes `canonical(body)`. Returns SHA-256 as 64 hexadecimal digits of

        madang-event-1 \\n book \\n number \\n previous \\n canonical body

    The first line keeps an event from ever having the hash of a seal or of a tree. Raises ValueError for
    a book code with a line break or none, a number below 1 and a `previous` that is no hash; TypeError as `canonical`.
    """
    if not book or "\n" in book:
        raise ValueError(f"{book!r} cannot be the code of a book; a code is one line of text.")
    if number < 1:
        raise ValueError(f"Events are numbered from 1; {number} was given for the book {book}.")
    if not is_hash(previous):
        raise ValueError(f"{previous!r} is not a SHA-256 in hexadecimal, so nothing can be chained to it.")
    content = body if isinstance(body, bytes) else canonical(plain(body))
    return sha256(f"madang-event-1\n{book}\n{number}\n{previous}\n".encode() + content).hexdigest()
