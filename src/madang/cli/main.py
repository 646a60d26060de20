"""The verbs of the command `madang`.

Verbs that check something (`chain verify`, `sortition`, `budgeting`, `ballots`) need neither the site nor its
database; the others set Django up first.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

ENGINES = ("chain", "sortition", "budgeting", "ballots")
"""Verbs with a module of their own; whoever asks for one does not wait for the others to be loaded."""
MODULES = (*ENGINES, "demo", "registrar", "report")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; the exit status is 0 only if what was asked for is so."""
    parser = argparse.ArgumentParser(prog="madang", description="Run a city's participation, and check what it says.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    words = sys.argv[1:] if arguments is None else arguments
    for name in words[:1] if words and words[0] in ENGINES else MODULES:
        import_module(f"madang.cli.{name}").add_verbs(verbs)
    options = parser.parse_args(words)
    try:
        return int(options.run(options))
    except BrokenPipeError:
        # The reader of our output has gone, as `| head` does.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
