"""Verifiable elections from files: `madang ballots verify | audit | rehearse`, and the steps of `ballots_steps`.

Exit status: 0 done, 1 refused or not verified, 2 wrong use.
"""

import argparse
import random
import sys
import time
from pathlib import Path
from typing import Any

from madang import ballots
from madang.cli.ballots_files import Project, anonymous
from madang.cli.ballots_parts import cores, part
from madang.cli.ballots_steps import add_steps
from madang.cli.progress import Telling


def add_verbs(verbs: Any) -> None:
    """Add `ballots` with its parts."""
    parser = verbs.add_parser("ballots", help="elections that are secret and that anybody can verify")
    parts = parser.add_subparsers(required=True, metavar="PART")
    verify = part(parts, "verify", "check a whole archive", _verify)
    verify.add_argument("archive", type=Path, metavar="ARCHIVE.bel")
    verify.add_argument("--shuffles", type=int, default=2, help="how many trustees must have shuffled (2)")
    verify.add_argument("--earlier", type=Path, help="a copy made before, with which the archive must begin")
    verify.add_argument("--unfinished", action="store_true", help="the archive may end before the result")
    verify.add_argument("--processes", type=int, help="how many to use (all cores)")
    audit = part(parts, "audit", "say what a ballot that tested a device would have voted", _audit)
    audit.add_argument("file", type=Path, help="what the booth wrote when the device was tested")
    audit.add_argument("--election", type=Path, required=True, help="election.json of the board, or the archive")
    add_steps(parts)
    rehearse = part(parts, "rehearse", "run a whole election with synthetic voters", _rehearse)
    rehearse.add_argument("--group", choices=ballots.GROUPS, default="Ed25519")
    rehearse.add_argument("--kind", choices=["homomorphic", "mixnet"], default="mixnet")
    rehearse.add_argument("--voters", type=int, default=100)
    rehearse.add_argument("--answers", type=int, default=10, help="how many there are to choose from")
    rehearse.add_argument("--max", type=int, default=3, help="how many one voter may choose")
    rehearse.add_argument("--threshold", metavar="T/N", help="of N further trustees T must decrypt")
    rehearse.add_argument("--older", action="store_true", help="the threshold in the form of version 2.0 of the tool")
    rehearse.add_argument("--seed", default="", help="the same seed gives the same votes")
    rehearse.add_argument("--out", type=Path, required=True, metavar="DIR")
    rehearse.add_argument("--processes", type=int, help="how many to use (all cores)")


def _verify(options: argparse.Namespace) -> int:
    started = time.monotonic()
    if options.earlier:
        ballots.require_extension(options.archive, options.earlier)
    with cores(options.processes) as executor:
        found = ballots.verify(
            options.archive, executor=executor, shuffles=options.shuffles, unfinished=options.unfinished, tell=Telling()
        )  # fmt: skip
    for fault in found.faults:
        print(fault, file=sys.stderr)
    counts = ", ".join(f"{count:,} {name}" for name, count in found.counts.items())
    seconds = time.monotonic() - started
    print(f"{options.archive}: {'verified' if found.ok else 'NOT verified'} ({counts}, {seconds:.1f} s)")
    return 0 if found.ok else 1


def _audit(options: argparse.Namespace) -> int:
    found = ballots.reveal(_election(options.election), _read(options.file))
    for number, answer in enumerate(found.answers, 1):
        picked = ", ".join(str(one) for one in answer if one) or "nothing"
        print(f"question {number}: {picked}")
    print(f"tracker: {found.tracker}")
    print("If the device showed this tracker before it was told of the test, and these were your picks, it was honest.")
    return 0


def _election(path: Path) -> ballots.Election:
    if path.suffix != ".bel":
        return ballots.read_election(_read(path))
    with path.open("rb") as stream:
        return ballots.first_election(stream)


def _read(path: Path) -> bytes:
    """A file of no more than a few hundred kilobytes; larger ones are none of ours."""
    with path.open("rb") as stream:
        return stream.read(1_000_000)


def _rehearse(options: argparse.Namespace) -> int:
    started = time.monotonic()
    threshold = _threshold(options.threshold) if options.threshold else None
    if options.voters < 1:
        raise ValueError("a rehearsal needs at least one voter.")
    options.out.mkdir(parents=True, exist_ok=True)
    with cores(options.processes) as executor:
        made = ballots.rehearse(
            options.out, group_name=options.group, kind=options.kind, voters=options.voters, answers=options.answers,
            most=options.max, at=int(time.time()), seed=options.seed, threshold=threshold, newer=not options.older,
            executor=executor, tell=Telling(),
        )  # fmt: skip
    print(made.path)
    if options.kind == "homomorphic":
        print("totals: " + ", ".join(map(str, made.result[0])))
    else:
        projects = _synthetic_projects(options.answers, options.seed)
        opened = ballots.open_rows(made.result[0], range(1, options.answers + 1))
        path = made.path.with_suffix(".pb")
        path.write_bytes(anonymous(opened, projects, sum(one.cost for one in projects) // 3, made.path.stem))
        print(path)
    print(f"{options.voters:,} synthetic voters, {time.monotonic() - started:.1f} s")
    return 0


def _threshold(text: str) -> tuple[int, int]:
    needed, _, members = text.partition("/")
    if not (needed.isdecimal() and members.isdecimal() and 1 <= int(needed) <= int(members) <= 20):
        raise ValueError(f"--threshold {text}: write how many of how many decrypt, as 2/3; there can be 20 at most.")
    return int(needed), int(members)


def _synthetic_projects(count: int, seed: str) -> list[Project]:
    chance = random.Random(f"projects {seed}")  # noqa: S311 - synthetic costs
    return [Project(n, chance.randrange(10, 500) * 1_000_000, f"합성 사업 {n}") for n in range(1, count + 1)]
