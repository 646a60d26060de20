"""Verifiable ballots: checks per second and core, shuffles and tallies, archive and memory, beside `belenios-tool`.

Run: python benchmarks/ballots.py [--voters N] [--group GROUP] [--tool PROGRAM]. CPU time of one process each; a
choice of up to 5 of 54. The tool of Debian 12 (2.0) knows no Ed25519. "City" is linear: 63,811 voters.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from madang import ballots
from madang.ballots.checking import open_envelope, read_envelope
from madang.ballots.shuffling import shuffle, shuffle_bytes
from madang.ballots.tallying import decrypt_one
from madang.ballots.unshuffling import check_shuffle

CITY, ANSWERS, MOST, HOUR = 63_811, 54, 5, 3600
KINDS = [
    ("Ed25519", "homomorphic", 1),
    ("BELENIOS-2048", "homomorphic", 1),
    ("Ed25519", "mixnet", 10),
    ("RFC-3526-2048", "mixnet", 1),
]
"""Groups, kinds, and how many times as many voters are needed before the start of the program is a small part."""


def seconds(run: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of one run, and its answer."""
    start = time.process_time()
    found = run()
    return time.process_time() - start, found


class Child(NamedTuple):
    """How a program ended, its CPU seconds and its largest memory in MB."""

    code: int
    cpu: float
    memory: float


def child(*command: str) -> Child:
    """Run a program silently."""
    number = os.fork()
    if not number:
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        os.execvp(command[0], command)
    _, status, used = os.wait4(number, 0)
    return Child(os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def contents(path: Path) -> tuple[ballots.Election, list[bytes]]:
    """The election of an archive and its ballots."""
    with path.open("rb") as stream:
        reader = ballots.Reader(stream)
        events = list(reader.events())
        election = ballots.read_election(reader.content(events[0].records[0]))
        return election, [reader.content(one.records[0]) for one in events if one.type == "Ballot"]


def per_ballot(election: ballots.Election, cast: list[bytes]) -> None:
    """Making and checking single ballots."""
    secret = ballots.draw_secretly(election.group.q)
    shuffled = election.questions[0].shuffled
    answer = [3, 17, 20, 41, 54] if shuffled else [int(number < MOST) for number in range(ANSWERS)]
    few = cast[:10] if not shuffled else cast[:100]
    made, _ = seconds(lambda: [ballots.make_ballot(election, secret, [answer]) for _ in few])
    open_envelope(election, read_envelope(election, cast[0]))
    checked, _ = seconds(lambda: [open_envelope(election, read_envelope(election, raw)) for raw in few])
    size = sum(map(len, few)) / len(few)
    print(
        f"  one ballot: {size:,.0f} bytes, made in {made / len(few) * 1e3:.2f} ms, checked in"
        f" {checked / len(few) * 1e3:.2f} ms = {len(few) / checked:,.0f} a second and core"
    )


def shuffling(election: ballots.Election, cast: list[bytes]) -> None:
    """Shuffling, checking the shuffle and decrypting, per 1,000 ballots."""
    group = election.group
    found = [open_envelope(election, read_envelope(election, raw)).answers[0].choices[0] for raw in cast]
    made, (after, proof) = seconds(lambda: shuffle(election, found))
    printed = shuffle_bytes(group, [(after, proof)])
    value = json.loads(printed)
    checked, _ = seconds(lambda: check_shuffle(election, [found], value))
    secret = ballots.draw_secretly(group.q)
    opened, _ = seconds(lambda: decrypt_one(group, election.fingerprint, secret, "", found))
    for name, taken in (("shuffled", made), ("shuffle checked", checked), ("decrypted by a trustee", opened)):
        print(f"  1,000 ballots {name}: {taken / len(cast) * 1e3:.2f} s; city {taken / len(cast) * CITY / HOUR:.2f} h")


def whole(path: Path, voters: int, tool: str | None) -> None:
    """Verifying the whole archive, ours beside the tool."""
    size = path.stat().st_size / voters
    ours = child(sys.executable, "-m", "madang.cli", "ballots", "verify", str(path), "--processes", "1")
    told = f"ours {ours.cpu / voters * 1e3:.1f} ms a voter (exit {ours.code}, {ours.memory:.0f} MB)"
    print(f"  archive: {size:,.0f} bytes a voter, city {size * CITY / 1e9:.2f} GB")
    if tool:
        theirs = child(tool, "election", "verify", "--dir", str(path.parent))
        if theirs.code == 0:
            told += (
                f"; tool {theirs.cpu / voters * 1e3:.1f} ms (exit 0, {theirs.memory:.0f} MB); ratio"
                f" {theirs.cpu / ours.cpu:.2f}"
            )
        else:
            told += f"; tool exit {theirs.code} (this version may not know the group)"
    print(f"  verified: {told}; city {ours.cpu / voters * CITY / HOUR:.2f} h of one core")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--voters", type=int, default=100)
    parser.add_argument("--group", choices=ballots.GROUPS)
    parser.add_argument("--tool", default=shutil.which("belenios-tool"), help="another version than the installed one")
    options = parser.parse_args()
    # Versions from 3.0 on lose errors of ballots unless they read one after another.
    os.environ["LWT_ASYNC_METHOD"] = "none"
    print(f"up to {MOST} of {ANSWERS}; CPU time; beside {options.tool or 'no belenios-tool'}")
    for name, kind, times in KINDS:
        if options.group and options.group != name:
            continue
        voters = options.voters * times
        print(f"{name}, {kind}, {voters:,} voters")
        with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor() as executor:
            made = ballots.rehearse(
                Path(folder), group_name=name, kind=kind, voters=voters, answers=ANSWERS, most=MOST, at=1,
                executor=executor,
            )  # fmt: skip
            election, cast = contents(made.path)
            per_ballot(election, cast)
            if kind == "mixnet":
                shuffling(election, cast)
            whole(made.path, voters, options.tool)


if __name__ == "__main__":
    main()
