"""Checking a file of the format `madang-chain/1` (see `madang.chain.files`) with nothing but the file."""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from madang.chain.events import GENESIS, event_hash, is_hash
from madang.chain.files import BODY_KEYS, EVENT_KEYS, FORMAT, HEADER_KEYS, SEAL_KEYS
from madang.chain.seals import seal_hash
from madang.chain.serialising import canonical
from madang.chain.verification import Verification

MOST_FAULTS = 100
"""A file that was swapped for another would have a fault on every line; this many are told, the rest counted."""

_KINDS = {"header": HEADER_KEYS, "event": EVENT_KEYS, "seal": SEAL_KEYS, "footer": ("lines", "sha256")}
_KEYS = {frozenset(keys): kind for kind, keys in _KINDS.items()}
_ORDER = {"header": 0, "event": 1, "seal": 2, "footer": 3}
_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "number": int,
    "seal": int,
    "lines": int,
    "data": object,
    "heads": dict,
    "books": (str, list),
}


def verify(stream: Iterable[bytes] | Iterable[str]) -> Verification:
    """Check a chain file: a binary stream, or its lines with their line ends.

    Every line must be canonical and in its place, every event chained to the one before, every seal
    chained, rooted and true of the events in the file, and the footer must fit the bytes. Any changed
    byte and any line removed, added or moved is a fault. Never raises for what is in the file.
    """
    reader = _Reader()
    for raw in stream:
        reader.take(raw.encode("utf-8", "surrogatepass") if isinstance(raw, str) else raw)
    reader.end()
    told = reader.faults[:MOST_FAULTS]
    if reader.untold:
        told.append(f"There are {reader.untold} more faults.")
    counts = {"books": len(reader.books), "events": reader.events, "seals": reader.seal}
    return Verification(ok=not told, faults=tuple(told), counts=counts)


class _Reader:
    def __init__(self) -> None:
        self.faults: list[str] = []
        self.untold = 0
        self.line = 0
        self.digest = sha256()
        self.place = "header"
        self.listed: str | list[str] = "all"
        self.books: dict[str, list[str]] = {}
        self.book = ""
        self.events = 0
        self.seal = 0
        self.sealed = GENESIS
        self.heads: dict[str, int] = {}

    def fault(self, sentence: str) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(f"Line {self.line}: {sentence}" if self.line else sentence)
        else:
            self.untold += 1

    def take(self, raw: bytes) -> None:
        self.line += 1
        entry = self._parsed(raw)
        kind = _KEYS.get(frozenset(entry)) if entry is not None else None
        if entry is None or kind is None or not self._typed(entry):
            if entry is not None:
                self.fault("it is neither a header nor an event, a seal or a footer with the right values.")
        else:
            self._placed(kind)
            getattr(self, f"_{kind}")(entry)
        self.digest.update(raw)

    def end(self) -> None:
        last, self.line = self.line, 0
        if last == 0:
            self.fault("The file is empty.")
        elif self.place != "footer":
            self.fault("The file has no footer, so its end is missing.")
        if isinstance(self.listed, list):
            for code in self.listed:
                if code not in self.books:
                    self.fault(f"The header names the book {code}, but the file has no event of it.")

    def _parsed(self, raw: bytes) -> dict[str, Any] | None:
        try:
            entry = json.loads(raw)
            exact = canonical(entry) + b"\n" == raw
        except (ValueError, TypeError, RecursionError):
            self.fault("it is not a JSON object of the permitted kinds of values.")
            return None
        if not exact:
            self.fault("its bytes are not the canonical JSON of its content and one line feed.")
        if not isinstance(entry, dict):
            self.fault("it is not a JSON object.")
            return None
        return entry

    def _typed(self, entry: Mapping[str, Any]) -> bool:
        return all(
            isinstance(value, _TYPES.get(key, str)) and (key == "data" or not isinstance(value, bool))
            for key, value in entry.items()
        )

    def _placed(self, kind: str) -> None:
        first = self.line == 1
        if first != (kind == "header") or self.place == "footer" or _ORDER[kind] < _ORDER[self.place]:
            self.fault(f"the {kind} is out of place; the order is header, events, seals, footer.")
        self.place = kind

    def _header(self, entry: dict[str, Any]) -> None:
        if entry["format"] != FORMAT:
            self.fault(f"the format is {entry['format']!r}; this verifier reads {FORMAT}.")
        books = entry["books"]
        if books != "all" and (not isinstance(books, list) or not all(isinstance(code, str) for code in books)):
            self.fault('"books" must be "all" or the list of the codes of the books in the file.')
        else:
            self.listed = books

    def _event(self, entry: dict[str, Any]) -> None:
        code, number = entry["book"], entry["number"]
        if code not in self.books:
            if code < self.book:
                self.fault(f"the book {code} stands after the book {self.book}; books are sorted by code.")
            if isinstance(self.listed, list) and code not in self.listed:
                self.fault(f"the book {code} is not named in the header.")
        elif code != self.book:
            self.fault(f"the book {code} goes on after the book {self.book} began.")
        hashes = self.books.setdefault(code, [])
        self.book, previous = code, hashes[-1] if hashes else GENESIS
        if number != len(hashes) + 1:
            self.fault(f"event {number} of the book {code} stands where event {len(hashes) + 1} belongs.")
        if entry["previous"] != previous:
            self.fault(f"event {number} of the book {code} is not chained to the event before it.")
        try:
            body = {key: entry[key] for key in BODY_KEYS}
            found = event_hash(book=code, number=number, previous=entry["previous"], body=body)
        except ValueError as error:
            self.fault(str(error))
        else:
            if found != entry["hash"]:
                self.fault(f"the content of event {number} of the book {code} does not have the hash it states.")
        hashes.append(entry["hash"])
        self.events += 1

    def _seal(self, entry: dict[str, Any]) -> None:
        self.seal += 1
        heads = entry["heads"]
        if entry["seal"] != self.seal:
            self.fault(f"seal {entry['seal']} stands where seal {self.seal} belongs.")
        if entry["previous"] != self.sealed:
            self.fault(f"seal {entry['seal']} is not chained to the seal before it.")
        self.sealed = entry["hash"]
        if not all(_is_head(head) for head in heads.values()):
            self.fault(f"seal {entry['seal']} has a head without a number and a hash.")
            return
        try:
            found = seal_hash(previous=entry["previous"], at=entry["at"], heads=heads)
        except ValueError as error:
            self.fault(str(error))
        else:
            if found != (entry["root"], entry["hash"]):
                self.fault(f"the heads of seal {entry['seal']} do not have the root or the hash it states.")
        for code in sorted(self.heads.keys() - heads.keys()):
            self.fault(f"seal {entry['seal']} no longer has the book {code}, which the seal before had.")
        for code, head in heads.items():
            self._sealed_head(entry["seal"], code, head["number"], head["hash"])
        self.heads = {code: head["number"] for code, head in heads.items()}

    def _sealed_head(self, seal: int, code: str, number: int, stated: str) -> None:
        if number < self.heads.get(code, 1):
            self.fault(f"seal {seal} has the book {code} at event {number}, before where the last seal had it.")
        elif code in self.books:
            hashes = self.books[code]
            if number > len(hashes):
                self.fault(f"seal {seal} has {number} events of the book {code}; the file has {len(hashes)}.")
            elif hashes[number - 1] != stated:
                self.fault(f"seal {seal} has another hash for event {number} of the book {code} than the file.")
        elif self.listed == "all" or code in self.listed:
            self.fault(f"seal {seal} has the book {code}, of which the file has no event.")

    def _footer(self, entry: dict[str, Any]) -> None:
        if entry["lines"] != self.line - 1:
            self.fault(f"the footer counts {entry['lines']} lines before it; there are {self.line - 1}.")
        if entry["sha256"] != self.digest.hexdigest():
            self.fault("the bytes before the footer do not have the hash it states.")


def _is_head(head: Any) -> bool:
    return (
        isinstance(head, dict)
        and head.keys() == {"number", "hash"}
        and type(head["number"]) is int
        and isinstance(head["hash"], str)
        and is_hash(head["hash"]) is not None
    )
