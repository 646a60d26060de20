"""Comparing with the printed report: whatever changes on either side is found, also where a difference is known."""

from dataclasses import replace
from decimal import Decimal

import pytest
from reports_world import AT, DAY, EVIDENCE, KNOWN, World, write_city

from madang.site.city.documents import CityProblems
from madang.site.reports import printed, queries
from madang.site.reports.compare import Comparison, compare, compare_with


def compared() -> Comparison:
    return compare(queries.folder(), "yearly", as_of=DAY, at=AT)


def changed(value: str) -> str:
    """Another number, or another text."""
    if value == printed.DASH:
        return "1"
    try:
        return str(Decimal(value) + Decimal(1).scaleb(-printed.decimals(value)))
    except ArithmeticError:
        return f"{value}가"


def test_every_single_change_of_what_is_printed_is_found(world: World) -> None:
    page, kept = queries.report("yearly", as_of=DAY, at=AT), printed.read(world.folder)
    assert compare_with(page, kept, world.folder).ok
    others = []
    for table, rows in kept.tables.items():
        for place, row in enumerate(rows):
            cells = [*rows[:place], replace(row, printed=changed(row.printed)), *rows[place + 1 :]]
            others.append(replace(kept, tables={**kept.tables, table: cells}))
    for part in ("names", "texts"):
        rows = getattr(kept, part)
        for place, row in enumerate(rows):
            lines = [*rows[:place], replace(row, printed=changed(row.printed)), *rows[place + 1 :]]
            others.append(replace(kept, **{part: lines}))
    assert len(others) == 8
    assert [compare_with(page, other, world.folder).ok for other in others] == [False] * 8


def test_a_known_difference_with_other_sides_is_not_the_known_one(world: World) -> None:
    write_city(world.folder, **{"printed/known_evidence.csv": EVIDENCE.replace("33.4,33.3", "33.4,33.2")})
    result = compared()
    assert [row.code for row in result.missing] == ["X001"]
    assert [difference.key for difference in result.unexpected] == [
        ("lines/obligation-rate:P-01", "33.4", "33.3"),
        ("lines/obligation-rate:P-01", "33.3 = 33.4", ""),
    ]


@pytest.mark.parametrize(
    ("file", "text", "problem"),
    [
        ("known_differences", KNOWN + "X002,ㄱ,b\n", '"X002" has no row in printed/known_evidence.csv'),
        ("known_evidence", EVIDENCE + "X003,a,b,c\n", '"X003" is not in printed/known_differences.csv'),
    ],
)
def test_known_differences_and_their_evidence_name_each_other(world: World, file: str, text: str, problem: str) -> None:
    write_city(world.folder, **{f"printed/{file}.csv": text})
    with pytest.raises(CityProblems) as problems:
        compared()
    assert [one.text for one in problems.value.problems] == [problem]
