"""Writing the file format `madang-chain/1`.

JSON lines; each line is exactly the canonical bytes of its object and one line feed.

1. Header: `{"format": "madang-chain/1", "city", "exported_at", "books"}`; `books` is `"all"` or the sorted
   list of the codes of the books that the file holds.
2. Events, one book after another, each book from its event 1 on:
   `{"book", "number", "at", "verb", "actor", "subject", "data", "previous", "hash"}`;
   the hash is `event_hash` with at, verb, actor, subject and data as the body.
3. Seals, oldest first: `{"seal", "at", "heads", "previous", "root", "hash"}`; `seal` numbers them from 1,
   `heads` is `{book: {"number", "hash"}}` of all books at that moment, also of books not in the file.
4. Footer: `{"lines", "sha256"}`: how many lines stand before it, and the SHA-256 of all their bytes.
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, BinaryIO, Literal, NamedTuple

from madang.chain.serialising import canonical

FORMAT = "madang-chain/1"
HEADER_KEYS = ("format", "city", "exported_at", "books")
BODY_KEYS = ("at", "verb", "actor", "subject", "data")
EVENT_KEYS = ("book", "number", *BODY_KEYS, "previous", "hash")
SEAL_KEYS = ("seal", "at", "heads", "previous", "root", "hash")


class Written(NamedTuple):
    """What `write` wrote: lines before the footer, and the SHA-256 of their bytes, as the footer states them."""

    lines: int
    sha256: str


def write(
    stream: BinaryIO,
    *,
    city: str,
    exported_at: str,
    events: Iterable[Mapping[str, Any]],
    seals: Iterable[Mapping[str, Any]],
    books: Literal["all"] | Sequence[str] = "all",
) -> Written:
    """Write a chain file to a binary stream, one line at a time, so that its size does not matter.

    `events` come sorted by book and number, `seals` by number, each with the keys named above; `books`
    names the books given, unless they are all there are. Nothing is recomputed or repaired: what the
    database holds is what strangers get to check. Raises KeyError if an event or a seal lacks a key and
    TypeError as `canonical`; the stream then holds a file without a footer, which never verifies.
    """
    digest, lines = sha256(), 0
    listed: str | list[str] = books if isinstance(books, str) else sorted(books)
    header = {"format": FORMAT, "city": city, "exported_at": exported_at, "books": listed}

    def put(entry: Mapping[str, Any], keys: Sequence[str]) -> None:
        nonlocal lines
        line = canonical({key: entry[key] for key in keys}) + b"\n"
        digest.update(line)
        stream.write(line)
        lines += 1

    put(header, HEADER_KEYS)
    for event in events:
        put(event, EVENT_KEYS)
    for seal in seals:
        put(seal, SEAL_KEYS)
    stream.write(canonical({"lines": lines, "sha256": digest.hexdigest()}) + b"\n")
    return Written(lines, digest.hexdigest())
