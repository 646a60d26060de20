"""The verbs of the command `madang`.

Verbs that check something (`chain verify`, `sortition`, `budgeting`, `ballots`) need neither the site nor its
database; the others set Django up first.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from madang.cli import ballots, budgeting, chain, demo, registrar, report, sortition


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; the exit status is 0 only if what was asked for is so."""
    parser = argparse.ArgumentParser(prog="madang", description="Run a city's participation, and check what it says.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    chain.add_verbs(verbs)
    sortition.add_verbs(verbs)
    budgeting.add_verbs(verbs)
    ballots.add_verbs(verbs)
    demo.add_verbs(verbs)
    registrar.add_verbs(verbs)
    report.add_verbs(verbs)
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except BrokenPipeError:
        # The reader of our output has gone, as `| head` does.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
