"""A city's budget lines and revenue items as the ledger keeps them. The money itself is posted, not loaded."""

from datetime import datetime
from typing import Any

from madang.site.city.rows import City, LineRow, PartRow
from madang.site.city.tables import Wanted
from madang.site.kit.actor import Actor
from madang.site.ledger.actions import NewItem, NewLine, NewPart, load_lines, load_revenue
from madang.site.ledger.models import Line, Part, RevenueItem


def wanted_money(city: City) -> list[Wanted]:
    """The tables of the ledger that a folder gives: lines, their parts, revenue items."""
    year = {"fiscal_year": city.fiscal_year}
    of_line = {"line__fiscal_year": city.fiscal_year}
    return [
        Wanted(Line, "code", [_line_values(row) for row in city.lines], within=year),
        Wanted(Part, "code", [_part_values(row) for row in city.parts], within=of_line, related={"line": year}),
        Wanted(
            RevenueItem, "code", [_item_values(row) for row in _revenue(city)], within=year, related={"parent": year}
        ),
    ]


def _line_values(row: LineRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "department__code": row.department,
        "programme__code": row.programme or None,
        "name_ko": row.name_ko,
        "name_en": row.name_en,
        "seq": row.seq,
    }


def _part_values(row: PartRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "line__code": row.budget_line,
        "programme__code": row.programme or None,
        "name_ko": row.name_ko,
        "name_en": row.name_en,
    }


def _item_values(item: NewItem) -> dict[str, Any]:
    return {
        "code": item.code,
        "parent__code": item.parent or None,
        "name_ko": item.name_ko,
        "name_en": item.name_en,
        "budget_prior_won": item.budget_prior_won,
        "budget_current_won": item.budget_current_won,
    }


def load_new_money(city: City, tables: list[Wanted], *, by: Actor, at: datetime) -> None:
    """Let the ledger make the lines, with their parts, and the revenue items it does not have yet."""
    lines, _parts, items = tables
    missing = lines.missing()
    if missing:
        load_lines(by=by, at=at, rows=[row for row in _lines(city) if row.code in missing])
    missing = items.missing()
    if missing:
        load_revenue(by=by, at=at, rows=[row for row in _revenue(city) if row.code in missing])


def _lines(city: City) -> list[NewLine]:
    return [
        NewLine(
            code=row.code,
            fiscal_year=city.fiscal_year,
            department=row.department,
            name_ko=row.name_ko,
            name_en=row.name_en,
            programme=row.programme,
            seq=row.seq,
            parts=[
                NewPart(code=part.code, name_ko=part.name_ko, name_en=part.name_en, programme=part.programme)
                for part in city.parts
                if part.budget_line == row.code
            ],
        )
        for row in city.lines
    ]


def _revenue(city: City) -> list[NewItem]:
    """The items; the ledger keeps budgets at the leaves and adds them up itself."""
    parents = {row.parent for row in city.revenue}
    return [
        NewItem(
            code=row.code,
            fiscal_year=city.fiscal_year,
            name_ko=row.name_ko,
            name_en=row.name_en,
            parent=row.parent,
            budget_prior_won=0 if row.code in parents else row.budget_prior_won,
            budget_current_won=0 if row.code in parents else row.budget_current_won,
        )
        for row in city.revenue
    ]
