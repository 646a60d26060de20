"""What the parts of `madang ballots` share: how mistakes are told, and a pool of processes."""

import argparse
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any

from madang import ballots

Run = Callable[[argparse.Namespace], int]


def part(parts: Any, name: str, what: str, run: Run) -> argparse.ArgumentParser:
    """Add a part whose mistakes are told as sentences."""
    parser: argparse.ArgumentParser = parts.add_parser(name, help=what)
    parser.set_defaults(run=lambda options: _told(options, run))
    return parser


def _told(options: argparse.Namespace, run: Run) -> int:
    try:
        return run(options)
    except ballots.Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename}: {error.strerror}.", file=sys.stderr)
    except ValueError as error:
        print(error, file=sys.stderr)
    return 2


@contextmanager
def cores(processes: int | None) -> Iterator[Executor | None]:
    """A pool of processes; none if one is enough."""
    many = processes or os.cpu_count() or 1
    if many == 1:
        yield None
        return
    pool = ProcessPoolExecutor(many, mp_context=multiprocessing.get_context())
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
