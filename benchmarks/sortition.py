"""Lotteries of people: our time per instance beside `sortition-algorithms` on the same files, objective and run.

Run: python benchmarks/sortition.py [--peer PYTHON] [--objective maximin] [--time-out 60] [--large] [NAME …]

Instances come from tests/data/sortition. Every measurement is a process of its own; seconds are CPU time of the
step alone (files read, nothing imported), `whole` and MB those of the command `madang sortition draw` from start to
end. The peer runs in the Python given with `--peer` (an environment with `pip install sortition-algorithms`, and
gurobipy for LEXIMIN, whose free licence stops near 650 people), with a time-out of wall clock per instance. The ratio
is the peer's time to our time for the same objective: `alone` without, `lottery` with our 1,000 panels and proofs.
`--large` adds 100,000 people.

`--expected FOLDER` measures nothing: it goes through every instance below a folder with `expected_leximin.json`, and
says of each whether the levels are the expected fractions, how far real lotteries are below them, and whether all
1,000 panels keep the quotas with nobody a whole ticket off. It ends with status 1 if anything is not so.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "data" / "sortition"))

import make_instances  # noqa: E402

NAMES = ["small_a", "small_b", "mid_345", "seoul2023", "seoul2012", "budget_344", "seoul_marginal", "seoul_pairwise"]
NAMES += ["seoul_households", "sfe_like", "online_1067", "region_20k"]
LARGE = "nation_100k"
POOLS = ("respondents", "candidates")

OURS = """
import json, sys, time
from pathlib import Path
from madang import sortition
quotas = sortition.read_quotas(Path(sys.argv[1]))
people = sortition.read_people(Path(sys.argv[2]), quotas)
types = sortition.types_of(people, quotas, int(sys.argv[3]))
times = [time.process_time()]
ideal = sortition.ideal_of(types, sys.argv[4]); times.append(time.process_time())
sortition.tickets(types, ideal, 1000, "benchmark"); times.append(time.process_time())
print(json.dumps({"alone": times[1] - times[0], "lottery": times[2] - times[0],
                  "least": float(min(ideal.probabilities)), "levels": len(ideal.levels)}))
"""

PEER = """
import csv, json, sys, time
from sortition_algorithms import core, features, people, settings
with open(sys.argv[1], encoding="utf-8") as file:
    rows = list(csv.DictReader(file))
body = [{"feature": r["category"], "value": r["feature"], "min": r["min"], "max": r["max"]} for r in rows]
targets = features.read_in_features(list(body[0]), body)[0]
with open(sys.argv[2], encoding="utf-8") as file:
    reader = csv.DictReader(file)
    head, pool = list(reader.fieldnames), list(reader)
options = settings.Settings(id_column="id", columns_to_keep=[], selection_algorithm=sys.argv[4], max_attempts=1)
everybody = people.read_in_people(head, pool, targets, options)[0]
start = time.process_time()
done = core.run_stratification(targets, everybody, int(sys.argv[3]), options)[0]
print(json.dumps({"done": bool(done), "alone": time.process_time() - start}))
"""


@dataclass(frozen=True)
class Run:
    """What a process said, its CPU seconds, its largest memory in MB, and whether it was stopped."""

    text: str
    cpu: float
    memory: float
    stopped: bool

    def said(self) -> dict[str, Any]:
        """The JSON object in its last line; empty without one."""
        line = (self.text.strip().splitlines() or [""])[-1]
        return json.loads(line) if line.startswith("{") else {}


def run(command: list[str], time_out: float = 3600.0) -> Run:
    """Run a process to its end, or stop it."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONHASHSEED": "0"}
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.DEVNULL, env=environment)
        timer = threading.Timer(time_out, process.kill)
        timer.start()
        _pid, status, usage = os.wait4(process.pid, 0)
        stopped = not timer.is_alive()
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        return Run(output.read(), usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, stopped)


def compared(folder: Path) -> int:
    """Every instance of a folder against its expected levels; how many are not as they should be."""
    sys.path.insert(0, str(ROOT / "src"))
    expected = json.loads((folder / "expected_leximin.json").read_text())
    wrong = 0
    print(f"{'instance':30}{'types':>7}{'levels':>8}{'gap at most':>13}{'off':>7}{'quotas':>8}{'CPU':>8}  attained")
    for where in sorted({path.parent for path in folder.rglob("*.csv") if path.stem in POOLS}):
        for household in [(), ("address", "postcode")] if "household" in where.name else [()]:
            line, ok = checked(where, household, expected)
            wrong += not ok
            print(f"{line}{'' if ok else '   WRONG'}", flush=True)
    return wrong


def checked(where: Path, household: tuple[str, ...], expected: dict[str, Any]) -> tuple[str, bool]:
    """One instance: its line, and whether all is as it should be."""
    from madang import sortition

    begun = time.process_time()
    quotas = sortition.read_quotas(next(path for path in where.glob("*.csv") if path.stem not in POOLS))
    people = next(path for path in where.glob("*.csv") if path.stem in POOLS)
    pool = sortition.types_of(sortition.read_people(people, quotas, household), quotas, int(where.name.split("_")[-1]))
    ideal = sortition.leximin(pool)
    found = sortition.witnessed(pool, sortition.attained(pool, ideal))
    lot = sortition.tickets(pool, found.ideal, 1000, "expected")
    off, quotas_hold = lot.deviation(pool, found.ideal), all(pool.holds(panel) for panel in lot.panels)
    wanted = expected.get(where.name + (" (at most one per address)" if household else ""))
    mine: dict[str, int] = {}
    for level in ideal.levels:
        mine[str(level.probability)] = mine.get(str(level.probability), 0) + int(pool.sizes[list(level.types)].sum())
    same = "none" if wanted is None else "same" if dict(wanted["leximin_levels"]) == mine else "OTHER"
    line = f"{where.name + ('*' if household else ''):30}{len(pool.sizes):7,}{same:>8}{float(found.gap or 0):13.9f}"
    line += f"{float(off):7.2f}{quotas_hold!s:>8}{time.process_time() - begun:8.1f}  {found.how}"
    return line, same != "OTHER" and quotas_hold and off < (2 if household else 1) and found.gap is not None


def row(name: str, out: Path, options: argparse.Namespace) -> str:
    """One line of the table."""
    seats = str(make_instances.SPECS[name]["k"])
    where = out / f"{name}_{seats}"
    files = [str(where / "categories.csv"), str(where / "respondents.csv")]
    record = str(out / f"{name}.json")
    command = [sys.executable, "-m", "madang.cli", "sortition", "draw", *files, "--seats", seats]
    whole = run([*command, "--seed", "benchmark", "--record", record])
    check = run([sys.executable, str(ROOT / "src" / "madang" / "sortition" / "verifier.py"), record])
    verified = check.text.strip().endswith("verified")
    published = json.loads(Path(record).read_bytes())["published"]
    people = sum(map(len, published["pool"]))
    ours = run([sys.executable, "-c", OURS, *files, seats, options.objective]).said()
    line = f"{name:17}{people:8,}{int(seats):6,}{ours['levels']:4}{ours['alone']:8.2f}{ours['lottery']:8.2f}"
    line += f"{whole.cpu:8.2f}{whole.memory:6.0f}{check.cpu:8.2f}{' ' if verified else '!'}{published['within']:>4}"
    if not options.peer:
        return line
    peer = run([options.peer, "-c", PEER, *files, seats, options.objective], options.time_out)
    theirs, more = (peer.cpu, ">") if peer.stopped else (peer.said().get("alone", 0.0), "")
    if not peer.stopped and not peer.said().get("done"):
        return f"{line}   failed"
    ratios = "".join(f"{more + format(theirs / ours[step], ',.0f'):>8}x" for step in ("alone", "lottery"))
    return f"{line}{theirs:9.1f}{ratios}{' stopped' if peer.stopped else ''}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", default=[])
    parser.add_argument("--peer", default="", help="a Python that has sortition-algorithms")
    parser.add_argument("--objective", choices=("leximin", "maximin"), default="maximin")
    parser.add_argument("--time-out", type=float, default=60.0, help="seconds for the peer")
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--expected", type=Path, help="a folder of instances with expected_leximin.json")
    options = parser.parse_args()
    if options.expected:
        sys.exit(1 if compared(options.expected) else 0)
    print(f"{options.objective}; CPU seconds")
    head = f"{'instance':17}{'people':>8}{'seats':>6}{'lev':>4}{'alone':>8}{'lottery':>8}{'whole':>8}{'MB':>6}"
    head += f"{'verify':>8}{'within':>7}"
    print(head + (f"{'peer':>6}{'alone':>9}{'lottery':>9}" if options.peer else ""))
    with tempfile.TemporaryDirectory() as folder:
        for name in options.names or [*NAMES, *([LARGE] if options.large else [])]:
            run([sys.executable, str(make_instances.__file__), "--out", folder, "--only", name])
            print(row(name, Path(folder), options), flush=True)


if __name__ == "__main__":
    main()
