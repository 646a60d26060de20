"""Seals: one hash that fixes the heads of all books at a moment."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from madang.chain.events import is_hash
from madang.chain.merkle import merkle_root
from madang.chain.serialising import canonical


class SealHash(NamedTuple):
    """The Merkle root over the heads, and the hash of the seal itself."""

    root: str
    hash: str


def head_leaf(*, book: str, number: int, hash: str) -> str:
    """The leaf of one book's head in the tree of a seal; with an inclusion proof it shows that the seal covers it."""
    return canonical({"book": book, "number": number, "hash": hash}).decode()


def seal_hash(*, previous: str, at: str, heads: Mapping[str, Mapping[str, Any]]) -> SealHash:
    """Seal the heads of all books, onto the seal before (`GENESIS` for the first).

    `at` is the moment as text (ISO 8601, UTC); `heads` gives for each book code the `number` of its last
    event and that event's `hash`. The root is that of `merkle_root` over the `head_leaf` of all books in
    the order of their codes; the hash is SHA-256 of

        madang-seal-1 \\n previous \\n at \\n number of books \\n root

    Raises ValueError for an `at` with a line break and for what is no hash, KeyError for a head without
    its number or hash.
    """
    stated = {"the seal before": previous} | {f"the head of {book}": head["hash"] for book, head in heads.items()}
    for named, text in stated.items():
        if not is_hash(text):
            raise ValueError(f"{text!r} was given as the hash of {named}; it is not a SHA-256 in hexadecimal.")
    if "\n" in at:
        raise ValueError(f"{at!r} cannot be the moment of a seal; it must be one line of text.")
    leaves = [head_leaf(book=book, number=heads[book]["number"], hash=heads[book]["hash"]) for book in sorted(heads)]
    root = merkle_root(leaves)
    return SealHash(root, sha256(f"madang-seal-1\n{previous}\n{at}\n{len(leaves)}\n{root}".encode()).hexdigest())
