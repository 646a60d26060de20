"""Checking records without the site: chain files, allotments."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from madang import budgeting, chain


class _Verification(Protocol):
    ok: bool
    faults: Any


def add_verbs(verbs: Any) -> None:
    """Add `chain` and `allot` with their `verify`."""
    _add(verbs, "chain", "the chain of events", _verify_chain)
    _add(verbs, "allot", "an allotment of money", lambda file: budgeting.verify(_record(file)))


def _add(verbs: Any, name: str, what: str, verify: Callable[[Path], _Verification]) -> None:
    parser = verbs.add_parser(name, help=f"check {what}")
    parts = parser.add_subparsers(required=True, metavar="PART")
    part = parts.add_parser("verify", help=f"check the record of {what} without the site")
    part.add_argument("file", type=Path)
    part.set_defaults(run=lambda options: _run(options, verify))
    if name == "chain":
        from madang.cli.site import export_chain, seal_chain

        export = parts.add_parser("export", help="write the chain as a file")
        export.add_argument("file", type=Path)
        export.add_argument("--book", help="only this book")
        export.set_defaults(run=export_chain)
        seal = parts.add_parser("seal", help="seal all books (run it each night)")
        seal.set_defaults(run=seal_chain)


def _run(options: argparse.Namespace, verify: Callable[[Path], _Verification]) -> int:
    try:
        found = verify(options.file)
    except OSError as error:
        return _say(f"{options.file} cannot be read: {error.strerror}.")
    except ValueError as error:
        return _say(f"{options.file} is not such a record: {error}")
    for fault in found.faults:
        print(fault, file=sys.stderr)
    print(f"{options.file}: {'verified' if found.ok else 'NOT verified'}{_counts(found)}")
    return 0 if found.ok else 1


def _say(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2


def _counts(found: Any) -> str:
    counts = getattr(found, "counts", None)
    return f" ({', '.join(f'{count:,} {name}' for name, count in counts.items())})" if counts else ""


def _verify_chain(file: Path) -> _Verification:
    with file.open("rb") as stream:
        return chain.verify(stream)


def _record(file: Path) -> dict[str, Any]:
    record = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(record, dict):
        raise ValueError("a record is one JSON object.")
    return record
