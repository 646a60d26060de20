"""Counting a budget: this engine beside pabutools, on the same files in the same run, in CPU seconds.

pabutools is under the GPL and is never imported here: it runs in an environment of its own, made for instance by

    python3 -m venv peer && peer/bin/pip install pabutools==1.2.3 gmpy2

    PYTHONPATH=src python benchmarks/budgeting.py FILE.pb … [--peer peer/bin/python] [--one-won FILE.pb]

Both read the file, count by Equal Shares (utility by cost) in exact fractions, and print the order. Ours also gives
all reasons and the certificate, which the peer does not. "End to end" is from the file to the written result, with
and without the start of Python and its libraries. A file that is not given is made up: 63,811
voters choose up to 5 of 54 projects.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

OURS = """
import json, resource, sys, time
from pathlib import Path
from madang import budgeting
from madang.budgeting.counting import outcome
begun = time.process_time()
sheet = budgeting.read(Path(sys.argv[1]))
rule = budgeting.Rule(rule="mes")
found = budgeting.count(sheet, rule)
text = budgeting.as_text(found)
whole = time.process_time()
election = budgeting.election(sheet)
election.approvals
before = time.process_time()
outcome(election, rule)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([found["order"], whole, whole - begun, time.process_time() - before, peak / 1024]))
"""
PEER = """
import json, resource, sys, time
from pabutools.election import parse_pabulib, Cost_Sat
from pabutools.fractions import FRACTION
from pabutools.rules import method_of_equal_shares
import pabutools.fractions
pabutools.fractions.FRACTION = "gmpy2"
begun = time.process_time()
instance, profile = parse_pabulib(sys.argv[1])
before = time.process_time()
profile = profile.as_multiprofile()
found = method_of_equal_shares(instance, profile, sat_class=Cost_Sat)
now = time.process_time()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([[project.name for project in found], now, now - begun, now - before, peak / 1024]))
"""
ONE_WON = """
import json, sys, time
from pathlib import Path
from madang import budgeting
from madang.budgeting.counting import outcome
election = budgeting.election(budgeting.read(Path(sys.argv[1])))
before = time.process_time()
found = outcome(election, budgeting.Rule(rule="mes", completion="add1", step="1"))
print(json.dumps([found.more, time.process_time() - before]))
"""


def made_up(path: Path) -> None:
    """A synthetic city: costs and tastes by lot with a fixed seed."""
    chance = random.Random(1)
    costs = [round(chance.lognormvariate(6.3, 0.8)) * 1_000_000 for _ in range(54)]
    weights = [chance.expovariate(1) + 0.05 for _ in costs]
    lines = ["META", "key;value", "description;synthetic", "num_projects;54", "num_votes;63811"]
    lines += [f"budget;{sum(costs) * 2 // 3}", "vote_type;approval", "rule;unknown", "currency;KRW", "PROJECTS"]
    lines += [
        "project_id;cost",
        *(f"S{number};{cost}" for number, cost in enumerate(costs, 1)),
        "VOTES",
        "voter_id;vote",
    ]
    for voter in range(63_811):
        drawn = dict.fromkeys(chance.choices(range(1, 55), weights, k=chance.randint(3, 8)))
        lines.append(f"{voter};{','.join(f'S{number}' for number in list(drawn)[:5])}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def run(python: str, program: str, file: Path) -> list:
    """The printed JSON of a program in a process of its own."""
    done = subprocess.run([python, "-c", program, str(file)], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{python} failed on {file}:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="*")
    parser.add_argument("--peer", help="the Python that has pabutools")
    parser.add_argument("--one-won", type=Path, help="also count Add1 by steps of 1 on this file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if not options.files:
            options.files = [Path(folder) / "made-up.pb"]
            made_up(options.files[0])
        for file in options.files:
            order, whole, work, rule, peak = run(sys.executable, OURS, file)
            print(file.name)
            print(f"  ours:      {whole:8.2f} s, {work:8.2f} without start, rule {rule * 1000:8.1f} ms, {peak:6.0f} MB")
            if options.peer:
                theirs, total, most_of_it, alone, most = run(options.peer, PEER, file)
                told = f"{total:8.2f} s, {most_of_it:8.2f} without start, rule {alone * 1000:8.1f} ms, {most:6.0f} MB"
                print(f"  pabutools: {told}")
                same = "the same order" if theirs == order else "ANOTHER ORDER"
                ratios = f"{total / whole:8.0f}    {most_of_it / work:8.0f}               {alone / rule:8.0f}"
                print(f"  ratio:     {ratios}      {same}")
    if options.one_won:
        more, seconds = run(sys.executable, ONE_WON, options.one_won)
        print(f"Add1 by steps of 1 on {options.one_won.name}: {seconds:.2f} s, {more}")


if __name__ == "__main__":
    main()
