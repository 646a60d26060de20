"""The chain of events as a file: written and sealed with the site, checked without it."""

import argparse
import sys
from pathlib import Path
from typing import Any

from madang.chain import verify


def add_verbs(verbs: Any) -> None:
    """Add `chain` with `verify`, `export` and `seal`."""
    from madang.cli.site import export_chain, seal_chain

    parts = verbs.add_parser("chain", help="check the chain of events").add_subparsers(required=True, metavar="PART")
    check = parts.add_parser("verify", help="check the record of the chain of events without the site")
    check.add_argument("file", type=Path)
    check.set_defaults(run=_verify)
    export = parts.add_parser("export", help="write the chain as a file")
    export.add_argument("file", type=Path)
    export.add_argument("--book", help="only this book")
    export.set_defaults(run=export_chain)
    seal = parts.add_parser("seal", help="seal all books (run it each night)")
    seal.set_defaults(run=seal_chain)


def _verify(options: argparse.Namespace) -> int:
    try:
        with options.file.open("rb") as stream:
            found = verify(stream)
    except OSError as error:
        return _say(f"{options.file} cannot be read: {error.strerror}.", 2)
    except ValueError as error:
        return _say(f"{options.file} is not such a record: {error}", 1)
    for fault in found.faults:
        print(fault, file=sys.stderr)
    counts = ", ".join(f"{count:,} {name}" for name, count in found.counts.items())
    print(f"{options.file}: {'verified' if found.ok else 'NOT verified'}{f' ({counts})' if counts else ''}")
    return 0 if found.ok else 1


def _say(sentence: str, status: int) -> int:
    print(sentence, file=sys.stderr)
    return status
