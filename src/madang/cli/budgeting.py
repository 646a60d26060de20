"""Counting a participatory budget from a file: `madang budgeting count | verify | explain | compare | replay`.

Exit status: 0 done, 1 refused or not verified, 2 wrong use. Nothing is written when something is refused.
"""

import argparse
import json
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

from madang.figures import printed
from madang.figures.amounts import rounded


def add_verbs(verbs: Any) -> None:
    """Add `budgeting` with its parts."""
    parser = verbs.add_parser("budgeting", help="count a participatory budget, explain and check the result")
    parts = parser.add_subparsers(required=True, metavar="PART")
    count = _part(parts, "count", "count a file by a rule", _count)
    count.add_argument("file", type=Path, help=".pb, .pb.gz, or a folder with meta.csv, projects.csv and votes.csv")
    count.add_argument("--json", action="store_true", help="the whole result, which verify checks")
    count.add_argument("--out", type=Path, help="write the whole result to this file")
    compare = _part(parts, "compare", "compare rules on one file, also where the chosen one is worse", _compare)
    compare.add_argument("file", type=Path)
    compare.add_argument("--json", action="store_true")
    for part in (count, compare):
        _add_rule(part)
    verify = _part(parts, "verify", "check a result without trusting who made it", _verify)
    verify.add_argument("result", type=Path)
    verify.add_argument("file", type=Path, nargs="?", help="the counted file, if it is not beside the result")
    explain = _part(parts, "explain", "say why each project won or lost", _explain)
    explain.add_argument("result", type=Path)
    explain.add_argument("file", type=Path, nargs="?", help="the counted file, needed for --voter")
    explain.add_argument("--project", help="only this project")
    explain.add_argument("--voter", help="the account of the ballot with this voter_id")
    explain.add_argument("--language", choices=["ko", "en"], default="ko")
    replay = _part(parts, "replay", "count a folder again against official and expected outcomes", _replay)
    replay.add_argument("folder", type=Path)


def _add_rule(part: argparse.ArgumentParser) -> None:
    """The options that make a rule."""
    from madang.budgeting import COMPLETIONS, RULES, STARTS, STOPS, UTILITIES

    part.add_argument("--rule", choices=RULES, default="greedy")
    part.add_argument("--utility", choices=UTILITIES, default="cost")
    part.add_argument("--score", default="", help="rank the greedy rules by votes, votes/cost, score or score/cost")
    part.add_argument("--completion", choices=COMPLETIONS, default="none")
    part.add_argument("--stop", choices=STOPS, default="exhaustive")
    part.add_argument("--start", choices=STARTS, default="exact")
    part.add_argument("--step", default="1", help="by how much a share grows in add1")
    part.add_argument("--ties", default="id", help="id, file, min_cost, max_cost, max_votes, lot, with commas")
    part.add_argument("--seed", default="", help="the published seed of the key lot")
    part.add_argument("--threshold", default="0", help="the least score of a project that may win")
    part.add_argument(
        "--cap",
        action="append",
        default=[],
        metavar="NAME=AMOUNT",
        help="the most that a category or district may get, as category:sports=500000; may be given again",
    )
    part.add_argument(
        "--group",
        action="append",
        default=[],
        metavar="ID,ID",
        help="projects of which only one may win; may be given again",
    )
    part.add_argument("--comparison", action="store_true", help="keep greedy if more voters prefer it")
    part.add_argument("--rule-file", type=Path, help="take the rule from a JSON file instead")
    part.add_argument("--lenient", action="store_true", help="mend what can be mended, and tell every repair")


def _part(parts: Any, name: str, what: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
    part: argparse.ArgumentParser = parts.add_parser(name, help=what)
    part.set_defaults(run=lambda options: _told(options, run))
    return part


def _told(options: argparse.Namespace, run: Callable[[argparse.Namespace], int]) -> int:
    """Run, and tell what is refused (1) or a mistake in the options (2) as a sentence."""
    try:
        return run(options)
    except _WrongUse as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{error.filename}: {error.strerror}.", file=sys.stderr)
        return 2
    except (ValueError, KeyError, TypeError) as error:
        where = getattr(options, "file", None) or getattr(options, "result", None) or getattr(options, "folder", "")
        print(f"{where}: {error}", file=sys.stderr)
        if getattr(error, "mendable", False):
            print("Nothing was counted. With --lenient this is mended, and every repair is told.", file=sys.stderr)
    return 1


class _WrongUse(Exception):
    """Options that make no rule, or name nothing; a sentence."""


def _rule(options: argparse.Namespace) -> Any:
    try:
        return _made(options)
    except (ValueError, TypeError) as error:
        raise _WrongUse(str(error)) from error


def _made(options: argparse.Namespace) -> Any:
    from madang.budgeting import Rule

    if options.rule_file:
        return Rule.of(json.loads(options.rule_file.read_text(encoding="utf-8")))
    names = ("rule", "utility", "score", "completion", "stop", "start", "step", "seed", "threshold", "comparison")
    values = {name: getattr(options, name) for name in names}
    return Rule(
        ties=tuple(key.strip() for key in options.ties.split(",")),
        caps=dict(_cap(text) for text in options.cap),
        groups=tuple(tuple(one.strip() for one in text.split(",")) for text in options.group),
        **values,
    )


def _cap(text: str) -> tuple[str, int]:
    name, _sep, amount = text.rpartition("=")
    if name.partition(":")[0] not in ("category", "district") or not amount.isdecimal():
        raise ValueError(
            f"the cap {text!r} cannot be read; write it as category:sports=500000 or district:north=500000."
        )
    return name, int(amount)


def _count(options: argparse.Namespace) -> int:
    from madang import budgeting

    rule = _rule(options)
    sheet = budgeting.read(options.file, lenient=options.lenient)
    found = budgeting.count(sheet, rule, name=options.file.name)
    for repair in sheet.repairs:
        print(f"{options.file}: {repair}", file=sys.stderr)
    if options.out:
        options.out.write_text(budgeting.as_text(found), encoding="utf-8")
    if options.json:
        sys.stdout.write(budgeting.as_text(found))
        return 0
    names = {one["id"]: one for one in found["projects"]}
    for number, name in enumerate(found["order"], 1):
        one = names[name]
        print(f"{number:3} {name:>12} {_number(one['cost']):>18} {one['votes']:>9} {one['name'][:60]}")
    print(
        f"{len(found['order'])} of {len(names)} projects, {_number(found['total_cost'])} of {_number(found['budget'])}"
    )
    for tie in found["ties"]:
        print(
            f"tie in turn {tie['turn']}: {', '.join(tie['among'])}; {tie['chosen']} came first in the published order"
        )
    print(f"rule {found['rule_sha256']}\nfile {found['source']['sha256']}")
    return 0


def _number(text: str) -> str:
    exact = Fraction(text)
    return printed(exact.numerator) if exact.denominator == 1 else printed(rounded(exact, places=2))


def _parsed(file: Path) -> Any:
    try:
        return json.loads(file.read_bytes())
    except (ValueError, RecursionError):
        raise ValueError(
            "this is not a result of a count: it is no JSON. Make one with: madang budgeting count"
        ) from None


def _loaded(options: argparse.Namespace) -> tuple[dict[str, Any], Any]:
    """A result, and the file it was counted from; None for a result from totals."""
    from madang import budgeting

    found = _parsed(options.result)
    if not isinstance(found, dict) or not isinstance(found.get("source"), dict):
        raise ValueError("this is not a result of a count.")
    if "totals" in found["source"]:
        return found, None
    file = options.file or options.result.parent / Path(str(found["source"].get("name", ""))).name
    return found, budgeting.read(file, lenient=bool(found["source"].get("lenient")))


def _verify(options: argparse.Namespace) -> int:
    from madang import budgeting

    try:
        found, sheet = _loaded(options)
    except ValueError as error:
        print(f"{options.result}: NOT verified: {error}", file=sys.stderr)
        return 1
    told = budgeting.verify(found, sheet)
    for fault in told.faults:
        print(fault, file=sys.stderr)
    counts = ", ".join(f"{count:,} {name}" for name, count in told.counts.items())
    print(f"{options.result}: {'verified' if told.ok else 'NOT verified'}{f' ({counts})' if counts else ''}")
    return 0 if told.ok else 1


def _explain(options: argparse.Namespace) -> int:
    from madang import budgeting

    if options.voter is not None:
        found, sheet = _loaded(options)
        if sheet is None:
            raise ValueError("this result was counted from totals; it holds no ballots.")
        account = budgeting.account_of(found, sheet, options.voter)
        print(budgeting.explain_account(account, options.language, found["currency"]))
        return 0
    found = _parsed(options.result)
    if options.project is not None and options.project not in found["reasons"]:
        raise ValueError(f"there is no project {options.project!r} in this result.")
    for name in found["reasons"] if options.project is None else [options.project]:
        sentence = budgeting.explain(budgeting.reason_of(found, name), options.language, found["currency"])
        print(f"{name}: {sentence}")
    return 0


def _compare(options: argparse.Namespace) -> int:
    from madang import budgeting

    chosen = _rule(options)
    election = budgeting.election(budgeting.read(options.file, lenient=options.lenient))
    name = next((name for name, rule in budgeting.COMPARED.items() if rule == chosen), "chosen")
    compared = budgeting.compare(election, {**budgeting.COMPARED, name: chosen})
    worse = budgeting.worse_on(compared, name)
    if options.json:
        plain = {
            rule: {"order": one["order"], "measures": {key: str(value) for key, value in one["measures"].items()}}
            for rule, one in compared.items()
        }
        told = {"chosen": name, "rules": plain, "chosen_is_worse_on": worse}
        print(json.dumps(told, ensure_ascii=False, indent=2))
        return 0
    print(f"{'':28}" + "".join(f"{rule[:22]:>24}" for rule in compared))
    for key in budgeting.MORE_IS_BETTER:
        cells = [one["measures"][key] for one in compared.values()]
        shown = [str(cell) if isinstance(cell, int) else printed(rounded(cell, places=3)) for cell in cells]
        print(f"{key:28}" + "".join(f"{cell:>24}" for cell in shown))
    for key, better in worse.items():
        print(f"{name} is worse on {key} than: {', '.join(better)}")
    return 0


def _replay(options: argparse.Namespace) -> int:
    from madang import budgeting

    if not options.folder.is_dir():
        raise _WrongUse(f"{options.folder} is not a folder.")
    same = other = 0
    for one in budgeting.replay(options.folder):
        if one.ok:
            same += 1
        else:
            other += 1
            print(f"{one.file} ({one.rule}): {one.sentence}")
    print(f"{same:,} outcomes the same, {other:,} not")
    return 0 if not other else 1
