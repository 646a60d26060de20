"""Counting whole folders again: against the cities' own results, and against expected outcomes.

A city's result is the column `selected` of a file. Where it cannot be met, the file is named with the difference.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from madang.budgeting.ballots import election
from madang.budgeting.counting import outcome
from madang.budgeting.elections import Election
from madang.budgeting.reading import read
from madang.budgeting.rules import Rule
from madang.budgeting.sheets import Sheet

WITHDRAWN = "999999999"  # The cost by which Pabulib marks a project that was withdrawn.


@dataclass(frozen=True)
class Replayed:
    """One comparison: `ok`, or the sentence that says what differs."""

    file: str
    rule: str
    ok: bool
    sentence: str = ""


def declared(sheet: Sheet) -> Rule | None:
    """The rule that a file says was used; None if it cannot be told from the file."""
    named = sheet.meta.get("rule", "")
    threshold = sheet.meta.get("min_project_score_threshold") or "0"
    score = "score" if "score" in sheet.project_columns else "votes"
    if named in ("greedy", "greedy-threshold"):
        return Rule(score=score, threshold=threshold, withdrawn=WITHDRAWN, ties=("file",))
    if named == "greedy-no-skip":
        return Rule(rule="greedy-no-skip", score=score, threshold=threshold, withdrawn=WITHDRAWN, ties=("file",))
    if named.startswith("equalshares"):
        completion = "add1" if "add1" in named else "none"
        return Rule(
            rule="mes",
            completion=completion,
            stop="infeasible",
            comparison=named.endswith("comparison"),
            ties=("min_cost", "max_votes"),
        )
    return None


def replay(folder: Path) -> Iterator[Replayed]:
    """Every file below a folder against its city's result, and every expected outcome beside them."""
    files = sorted(path for path in folder.rglob("*") if path.name.endswith((".pb", ".pb.gz")))
    for path in files:
        sheet = read(path)
        counted = election(sheet)
        yield from _official(path, sheet, counted)
    by_name = {path.name.removesuffix(".gz"): path for path in files}
    for path in sorted(folder.rglob("*.json")):
        expected = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(expected, dict) and "results" in expected and expected.get("instance") in by_name:
            yield from _expected(by_name[expected["instance"]], expected)


def _official(path: Path, sheet: Sheet, counted: Election) -> Iterator[Replayed]:
    rule = declared(sheet)
    selected = sheet.column("selected")
    if rule is None or not any(selected):
        return
    marks = dict(zip(counted.ids, selected, strict=True))
    # 2 and 3 mark projects funded by a special clause, mostly with other money.
    special = {name for name, mark in marks.items() if mark in ("2", "3")}
    official = {name for name, mark in marks.items() if mark not in ("", "0")} - special
    mine = {counted.ids[p] for p in outcome(counted, rule).order} - special
    named = sheet.meta["rule"]
    if mine == official:
        told = f"beside it, by a special clause: {_names(special)}." if special else ""
        yield Replayed(path.name, named, True, told)
        return
    told = f"the city funded {_names(official - mine)}, the rule {_names(mine - official)}"
    if sheet.meta.get("comment"):
        told += f"; the file says: {sheet.meta['comment'][:300]}"
    yield Replayed(path.name, named, False, told + ".")


def _names(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "nothing else"


def _expected(path: Path, expected: Mapping[str, Any]) -> Iterator[Replayed]:
    counted = election(read(path))
    for wanted in expected["results"]:
        rule = rule_of(wanted)
        found = outcome(counted, rule)
        if "optimum" in wanted:
            mine, theirs = found.more["optimum"], wanted["optimum"]
        else:
            mine, theirs = [counted.ids[p] for p in found.order], wanted["order"]
        same = mine == theirs and wanted.get("increments") == (
            found.more.get("increments") if "increments" in wanted else None
        )
        told = "" if same else f"expected {theirs}, counted {mine}."
        yield Replayed(path.name, f"{rule.rule}, {rule.utility}, {rule.completion}", same, told)


def rule_of(wanted: Mapping[str, Any]) -> Rule:
    """The rule of an expected outcome."""
    utility = wanted.get("utility") or "cost"
    values: dict[str, Any] = {"utility": "points" if utility.startswith("points") else utility}
    if "min_cost" in wanted.get("ties", ""):
        values["ties"] = ("min_cost", "max_votes")
    if wanted["rule"] == "greedy":
        return Rule(rule="greedy" if wanted["skip"] else "greedy-no-skip", score=wanted["key"], **values)
    if wanted["rule"] == "sequential_phragmen":
        return Rule(rule="phragmen", **values)
    if wanted["rule"] == "max_welfare":
        return Rule(rule="welfare", **values)
    completion = {None: "none", "utilitarian_by_votes": "utilitarian"}.get(wanted["completion"], wanted["completion"])
    stop = "infeasible" if wanted.get("stop") == "next infeasible only" else "exhaustive"
    return Rule(rule="mes", completion=completion, stop=stop, step=wanted.get("step", "1"), **values)
