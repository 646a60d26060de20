"""Merkle trees as in RFC 6962, section 2.1: prefix 0x00 for leaves, 0x01 for nodes; no leaves: SHA-256 of nothing."""

from collections.abc import Sequence
from hashlib import sha256


def merkle_root(leaves: Sequence[str]) -> str:
    """The root of the tree over the leaves (texts, hashed as UTF-8), in hexadecimal."""
    return _root([_leaf(leaf) for leaf in leaves]).hex()


def inclusion_proof(leaves: Sequence[str], index: int) -> tuple[str, ...]:
    """The hashes with which leaf `index` (from 0) can be shown to be in the tree, from the leaf upwards.

    Raises IndexError if there is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(f"There is no leaf {index}; the tree has {len(leaves)} leaves, numbered from 0.")
    proof: list[bytes] = []
    hashes = [_leaf(leaf) for leaf in leaves]
    while len(hashes) > 1:
        middle = _split(len(hashes))
        if index < middle:
            proof.append(_root(hashes[middle:]))
            hashes = hashes[:middle]
        else:
            proof.append(_root(hashes[:middle]))
            hashes, index = hashes[middle:], index - middle
    return tuple(sister.hex() for sister in reversed(proof))


def verify_inclusion(*, leaf: str, index: int, size: int, proof: Sequence[str], root: str) -> bool:
    """Whether the proof shows that `leaf` is number `index` (from 0) of the `size` leaves under `root`.

    RFC 9162, section 2.1.3.2. A malformed proof is no proof: the answer is False.
    """
    if not 0 <= index < size:
        return False
    here, last, found = index, size - 1, _leaf(leaf)
    for text in proof:
        try:
            sister = bytes.fromhex(text)
        except ValueError:
            return False
        if last == 0 or len(sister) != 32:
            return False
        if here & 1 or here == last:
            found = _node(sister, found)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            found = _node(found, sister)
        here, last = here >> 1, last >> 1
    return last == 0 and found.hex() == root


def _leaf(text: str) -> bytes:
    return sha256(b"\x00" + text.encode()).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def _root(hashes: Sequence[bytes]) -> bytes:
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    middle = _split(len(hashes))
    return _node(_root(hashes[:middle]), _root(hashes[middle:]))
