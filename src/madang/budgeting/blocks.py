"""Reading regular ballots by arrays of bytes: exact, or not at all.

A block is read here only if every row has all its fields, nothing is quoted, every project is known and no ballot
names one twice. Anything else makes `read` answer None, and the careful reader takes the block.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_LINE, _FIELD, _LIST = 10, 59, 44
_BITS = 14
_LONGEST = 1_000_000


@dataclass(frozen=True)
class Blocks:
    """The columns, and a table in which each project id, as an 8-byte word, has a place of its own."""

    width: int
    vote_at: int
    words: NDArray[np.uint64]
    places: NDArray[np.uint16]
    factor: np.uint64
    longest: int

    @staticmethod
    def of(columns: Sequence[str], ids: Sequence[str]) -> "Blocks | None":
        """Prepare the reading; None if the ids do not fit into 8 bytes each or find no table."""
        names = [name.encode() for name in ids]
        longest = max((len(name) for name in names), default=0)
        if not 0 < longest <= 8 or any(set(name) & set(b',;"\n') for name in names):
            return None
        words = np.array([int.from_bytes(name, "little") for name in names], dtype=np.uint64)
        factor = 0x9E3779B97F4A7C15
        for _ in range(200):
            slots = words * np.uint64(factor) >> np.uint64(64 - _BITS)
            if len(np.unique(slots)) == len(words):
                places = np.zeros(1 << _BITS, dtype=np.uint16)
                places[slots] = np.arange(len(words), dtype=np.uint16)
                return Blocks(len(columns), list(columns).index("vote"), words, places, np.uint64(factor), longest)
            factor = factor * 6364136223846793005 + 1442695040888963407 & (1 << 64) - 1 | 1
        return None

    def read(self, block: bytes) -> "tuple[NDArray[np.int64], NDArray[np.integer]] | None":
        """How many projects each ballot names, and which."""
        if b'"' in block or b"\r" in block:
            return None
        data = np.frombuffer(block if block.endswith(b"\n") else block + b"\n", dtype=np.uint8)
        found = self._fields(data)
        if found is None:
            return None
        begins, ends = found
        commas = np.flatnonzero(data == _LIST)
        lengths = np.searchsorted(commas, ends) - np.searchsorted(commas, begins) + 1
        if lengths.sum() - len(lengths) != len(commas):
            # Other columns hold commas too; only those inside the votes divide a list.
            row = np.minimum(np.searchsorted(ends, commas), len(ends) - 1)
            commas = commas[(begins[row] <= commas) & (commas < ends[row])]
        if (ends == begins).any():
            return None
        tails = np.cumsum(lengths)
        token_ends = np.empty(tails[-1], dtype=np.int64)
        is_last = np.zeros(tails[-1], dtype=bool)
        is_last[tails - 1] = True
        token_ends[is_last], token_ends[~is_last] = ends, commas
        token_begins = np.empty_like(token_ends)
        token_begins[1:] = token_ends[:-1] + 1
        token_begins[tails - lengths] = begins
        picks = self._projects(data, token_begins, token_ends)
        if picks is None or self._repeats(picks, lengths):
            return None
        return lengths, picks

    def _fields(self, data: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
        """Where the votes of each row begin and end."""
        lines, fields = np.flatnonzero(data == _LINE), np.flatnonzero(data == _FIELD)
        if len(fields) != len(lines) * (self.width - 1):
            return None
        heads = np.concatenate(([0], lines[:-1] + 1))
        if (lines - heads).max() > _LONGEST:
            return None
        if self.width == 1:
            return heads, lines
        table = fields.reshape(len(lines), self.width - 1)
        if (table[:, 0] < heads).any() or (table[:, -1] >= lines).any():
            return None
        begins = table[:, self.vote_at - 1] + 1 if self.vote_at else heads
        return begins, table[:, self.vote_at] if self.vote_at < self.width - 1 else lines

    def _projects(
        self, data: NDArray[np.uint8], begins: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> NDArray[np.integer] | None:
        sizes = ends - begins
        if (sizes > self.longest).any() or (sizes == 0).any():
            return None
        words = data[begins].astype(np.uint64)
        for byte in range(1, self.longest):
            letters = data[np.minimum(begins + byte, len(data) - 1)].astype(np.uint64)
            words |= np.where(sizes > byte, letters, np.uint64(0)) << np.uint64(8 * byte)
        picks = self.places[words * self.factor >> np.uint64(64 - _BITS)]
        if (self.words[picks] != words).any():
            return None
        return picks.astype(np.uint8) if len(self.words) <= 256 else picks

    def _repeats(self, picks: NDArray[np.integer], lengths: NDArray[np.int64]) -> bool:
        """Whether a ballot names a project twice."""
        owners = np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)
        keys = np.sort(owners * len(self.words) + picks)
        return bool((keys[1:] == keys[:-1]).any())
