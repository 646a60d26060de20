"""Instances for lotteries of people: the generated ones, and small pools made from a seed."""

import json
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

from madang import sortition

DATA = Path(__file__).resolve().parents[1] / "data" / "sortition"
ADDRESS = ("address", "postcode")
sys.path.insert(0, str(DATA))

import make_instances  # noqa: E402


def expected() -> dict[str, list[tuple[Fraction, int]]]:
    """By instance, the exact LEXIMIN levels of the linear relaxation: probability and people."""
    found = json.loads((DATA / "expected_leximin.json").read_text())
    return {
        name: [(Fraction(chance), people) for chance, people in one["leximin_levels"]] for name, one in found.items()
    }


def folder(name: str, out: Path) -> Path:
    """The files of a generated instance such as `small_a_20`, written once."""
    where = out / name
    if not where.exists():
        specification = name.rpartition("_")[0]
        make_instances.write(specification, make_instances.SPECS[specification], "public-1", out)
    return where


def types(name: str, out: Path, household: tuple[str, ...] = ()) -> sortition.Types:
    where = folder(name, out)
    quotas = sortition.read_quotas(where / "categories.csv")
    people = sortition.read_people(where / "respondents.csv", quotas, household)
    return sortition.types_of(people, quotas, int(name.rpartition("_")[2]))


def people_by_chance(types: sortition.Types, ideal: sortition.Ideal) -> list[tuple[Fraction, int]]:
    found: Counter[Fraction] = Counter()
    for level in ideal.levels:
        found[level.probability] += int(types.sizes[list(level.types)].sum())
    return sorted(found.items())


def people(count: int, **features: str) -> list[sortition.Person]:
    """Synthetic people who all have the same features; their ids name them."""
    name = "-".join(features.values())
    return [sortition.Person(f"{name}-{number}", features) for number in range(count)]


def drawn(types: sortition.Types, *, seed: str = "synthetic", count: int = 100, **more: Any) -> dict[str, Any]:
    """The record of a LEXIMIN draw from a lottery of few panels."""
    ideal = sortition.attained(types, sortition.leximin(types)).ideal
    lot = sortition.tickets(types, ideal, count, sortition.pool_seed(types, None))
    return sortition.draw(sortition.freeze(types, ideal, lot, salt=None, **more), seed=seed)
