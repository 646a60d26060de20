"""`madang sortition …`: probabilities, draw, verify, check, explain, replace.

Exit status: 0 done, 1 refused or not verified, 2 wrong use. Nothing is written when something is refused.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

from madang import sortition
from madang.cli.progress import Telling
from madang.sortition import verifier

Run = Callable[[argparse.Namespace], int]


def add_verbs(verbs: Any) -> None:
    """Add `sortition` with its parts."""
    parts = verbs.add_parser("sortition", help="draw people by lot, and check a draw").add_subparsers(
        required=True, metavar="PART"
    )
    found = _on_pool(parts, "probabilities", run_probabilities, "everybody's fairest chance, with proofs")
    found.add_argument("--json", action="store_true", help="as JSON")
    drawing = _on_pool(parts, "draw", run_draw, "make the lottery, draw one panel, write the record")
    drawing.add_argument("--seed", required=True, metavar="TEXT", help="what nobody knew when the pool was frozen")
    drawing.add_argument("--lottery", type=int, default=1000, metavar="M", help="how many panels (1000)")
    drawing.add_argument("--record", type=Path, required=True, metavar="OUT.json")
    drawing.add_argument("--salt", default="", help="a secret that keeps ids and pseudonyms apart")
    drawing.add_argument(
        "--number", type=int, metavar="N", help="the number that dice showed; the seed then says where"
    )
    checking = _on_pool(parts, "check", run_check, "whether a panel exists; else the smallest change of the quotas")
    checking.add_argument("--json", action="store_true", help="as JSON")
    verifying = _add(parts, "verify", run_verify, "check a record without the site")
    verifying.add_argument("record", type=Path, metavar="OUT.json")
    explaining = _add(parts, "explain", run_explain, "chance, tickets and result of one person")
    explaining.add_argument("pseudonym", metavar="PSEUDONYM", help="or the id, with the salt of the draw")
    explaining.add_argument("--record", type=Path, required=True, metavar="OUT.json")
    explaining.add_argument("--salt", default="")
    explaining.add_argument("--json", action="store_true", help="as JSON")
    replacing = _add(parts, "replace", run_replace, "call reserves for people who drop out; adds to the record")
    replacing.add_argument("record", type=Path, metavar="OUT.json")
    replacing.add_argument("pseudonyms", nargs="+", metavar="PSEUDONYM")


def _add(parts: Any, name: str, run: Run, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = parts.add_parser(name, help=text)
    parser.set_defaults(run=lambda options: _answered(run, options))
    return parser


def _on_pool(parts: Any, name: str, run: Run, text: str) -> argparse.ArgumentParser:
    parser = _add(parts, name, run, text)
    parser.add_argument("categories", type=Path, metavar="CATEGORIES.csv")
    parser.add_argument("respondents", type=Path, metavar="RESPONDENTS.csv")
    parser.add_argument("--seats", type=int, required=True, metavar="K")
    if name != "check":
        parser.add_argument("--objective", choices=sortition.OBJECTIVES, default="leximin")
    parser.add_argument(
        "--one-per", default="", metavar="COLUMNS", help="at most one person per household: address,postcode"
    )
    parser.add_argument("--fixed", default="", metavar="IDS", help="people who have a seat already: p01,p07")
    return parser


def _answered(run: Run, options: argparse.Namespace) -> int:
    try:
        return run(options)
    except OSError as error:
        return _say(f"{error.filename} cannot be used: {error.strerror}.", 2)
    except sortition.Refusal as refusal:
        return _say(refusal.said(_language()), 1)


def _language() -> str:
    """Korean for whose terminal is Korean, else English."""
    told = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "ko" if told.startswith("ko") else "en"


def _say(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code


def _types(options: argparse.Namespace) -> sortition.Types:
    quotas = sortition.read_quotas(options.categories)
    household = [name.strip() for name in options.one_per.split(",") if name.strip()]
    people = sortition.read_people(options.respondents, quotas, household)
    fixed = [name.strip() for name in options.fixed.split(",") if name.strip()]
    return sortition.types_of(people, quotas, options.seats, fixed)


def _ideal(types: sortition.Types, options: argparse.Namespace) -> sortition.Attained:
    """The probabilities a real lottery attains; where there is none, the smallest relaxation in the refusal."""
    try:
        return sortition.attained(types, sortition.ideal_of(types, options.objective, Telling()), Telling())
    except sortition.Infeasible as infeasible:
        changes = sortition.relaxation(types).changes
        sentences = [str(infeasible), *_advice(changes)] if changes else [str(infeasible)]
        raise sortition.Infeasible("\n".join(sentences)) from infeasible


def _advice(changes: tuple[Any, ...]) -> list[str]:
    return ["The smallest change of the quotas with which a panel exists:", *(f"- {change}" for change in changes)]


def run_probabilities(options: argparse.Namespace) -> int:
    """Print the levels of the probabilities."""
    types = _types(options)
    found = sortition.witnessed(types, _ideal(types, options), Telling())
    levels = _people_by_chance(types, found.ideal)
    proofs = sum(level.proof is not None for level in found.ideal.levels)
    if options.json:
        stated = {
            "objective": options.objective,
            "people": types.people,
            "seats": types.seats,
            "types": len(types.sizes),
            "levels": [[str(chance), people] for chance, people in levels],
            "exact": found.ideal.exact and found.gap is not None,
            "gap": None if found.gap is None else float(found.gap) or 0,
            "attained": found.how,
            "proofs": proofs,
        }
        print(json.dumps(stated, ensure_ascii=False))
        return 0
    print(f"{types.people:,} people in {len(types.sizes):,} types for {types.seats:,} seats; {options.objective}")
    for chance, people in levels:
        print(f"{float(chance):10.4%}  {people:7,} people  {_short(chance)}")
    if found.gap is None:
        print("the bound is proved at every level; nobody can have more")
        print(f"gap to the linear bound: undecided ({found.how})")
        return 0
    print("exact, every level proved" if found.ideal.exact else "not exact")
    gap = f"at most {float(found.gap):.9f}" if found.gap else "0"
    print(f"gap to the linear bound: {gap} ({found.how})")
    return 0


def _short(chance: Fraction) -> str:
    text = str(chance)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _people_by_chance(types: sortition.Types, ideal: sortition.Ideal) -> list[tuple[Fraction, int]]:
    people: dict[Fraction, int] = {}
    for level in ideal.levels:
        people[level.probability] = people.get(level.probability, 0) + int(types.sizes[list(level.types)].sum())
    return sorted(people.items())


def run_draw(options: argparse.Namespace) -> int:
    """Make the lottery, draw, write the record."""
    types = _types(options)
    found = _ideal(types, options)
    seed = sortition.pool_seed(types, options.salt)
    lot = sortition.tickets(types, found.ideal, options.lottery, seed, Telling())
    frozen = sortition.freeze(types, found.ideal, lot, salt=options.salt)
    record = sortition.draw(frozen, seed=options.seed, number=options.number)
    _write(options.record, record)
    draw = record["draw"]
    print(
        f"{types.people:,} people, {lot.tickets:,} panels; number {draw['ticket']} drawn, {len(draw['panel']):,} seats."
    )
    print(f"Everybody's tickets are within {record['published']['within']} of the ideal.")
    print(f"Published part: {frozen.hash}")
    if not options.salt:
        print("Without --salt anybody who knows an id can find its pseudonym.", file=sys.stderr)
    return 0


def _write(file: Path, record: dict[str, Any]) -> None:
    """Write a record whole or not at all."""
    draft = file.with_name(f".{file.name}.part")
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def _record(file: Path) -> Any:
    try:
        return json.loads(file.read_bytes())
    except (ValueError, RecursionError) as error:
        raise sortition.Refusal(f"{file} is not a record of a draw: it is no JSON.") from error


def run_verify(options: argparse.Namespace) -> int:
    """Check a record."""
    record = _record(options.record)
    faults = verifier.verify(record)
    if faults:
        return _say("\n".join([*faults, f"{options.record}: NOT verified"]), 1)
    published = record["published"]
    people = sum(map(len, published["pool"]))
    print(f"{options.record}: verified ({people:,} people, {published['tickets']:,} panels, "
          f"{len(published['levels'])} levels, {len(record['replacements'])} replacements)")  # fmt: skip
    return 0


def run_check(options: argparse.Namespace) -> int:
    """Say whether a panel exists, and who can never be drawn."""
    types = _types(options)
    changes = sortition.relaxation(types).changes
    if options.json:
        listed = [
            {"quota": c.name, "min": c.low, "max": c.high, "new_min": c.new_low, "new_max": c.new_high} for c in changes
        ]
        print(json.dumps({"feasible": not changes, "relaxation": listed}, ensure_ascii=False))
    elif changes:
        print("\n".join(["No panel meets all quotas.", *_advice(changes)]))
    else:
        print(f"Feasible: {types.people:,} people, {types.seats:,} seats, {len(types.rows) - 1} quotas.")
        for label in excluded(types):
            print(f"Nobody of {label} can ever be drawn; the quotas leave no seat for them.")
    return 1 if changes else 0


def excluded(types: sortition.Types) -> list[str]:
    """The types that no lottery can give a chance."""
    ideal = sortition.leximin(types)
    lowest = ideal.levels[0]
    return [", ".join(types.labels[t]) for t in lowest.types] if lowest.probability == 0 else []


def run_explain(options: argparse.Namespace) -> int:
    """Print what a record says about one person."""
    record = _record(options.record)
    try:
        names = {name for names in record["published"]["pool"] for name in names}
        own = options.pseudonym
        own = own if own in names else sortition.pseudonym(own, options.salt)
        found = sortition.standing(record, own)
    except (KeyError, TypeError, IndexError) as error:
        raise sortition.Refusal(f"{options.record} is not a record of a draw: {error}.") from error
    if options.json:
        print(
            json.dumps({**found, "ideal": str(found["ideal"]), "realised": str(found["realised"])}, ensure_ascii=False)
        )
        return 0
    tickets = found["tickets"]
    print(f"Pseudonym {found['pseudonym']} ({', '.join(found['features'])})")
    print(
        f"Chance aimed at: {float(found['ideal']):.4%}; realised: {found['realised']} = {float(found['realised']):.4%}"
    )
    print(f"Tickets ({len(tickets)}): {', '.join(map(str, tickets))}")
    if found["binding"]:
        print(f"What holds this chance down or up: {', '.join(found['binding'])}")
    drawn = f"number {record['draw']['ticket']} was drawn: "
    print(drawn + ("this person has a seat." if found["on_panel"] else _waiting(found)))
    return 0


def _waiting(found: dict[str, Any]) -> str:
    if found["drawn"]:
        return "this person was drawn and has given the seat up."
    return f"this person was not drawn and stands at place {found['reserve_rank']:,} of the ranking of reserves."


def run_replace(options: argparse.Namespace) -> int:
    """Call reserves and add the event to the record."""
    record = _record(options.record)
    faults = verifier.verify(record)
    if faults:
        return _say("\n".join([*faults, f"{options.record} is not verified, so nobody was called."]), 1)
    replaced = sortition.replace(record, options.pseudonyms)
    for leaving, coming, rule in replaced["replacements"][-1]["called"]:
        print(f"{leaving} -> {coming or 'nobody'} ({rule})")
    _write(options.record, replaced)
    return 0
