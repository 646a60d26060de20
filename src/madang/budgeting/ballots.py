"""From the tables to numbers: costs, and the ballots of VOTES.

Regular rows are read by whole arrays of bytes; a block in which anything is unusual is read line by line, with the
exact place of every mistake. Both give the same ballots.
"""

import csv
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np
from numpy.typing import NDArray

from madang.budgeting.blocks import Blocks
from madang.budgeting.elections import Election
from madang.budgeting.reading import LONGEST_LINE
from madang.budgeting.sheets import FileFault, Sheet

BLOCK = 8_000_000


@dataclass
class Piece:
    """The ballots of a block: how many projects each names, which, and the points beside them."""

    lengths: NDArray[np.int64]
    picks: NDArray[np.integer]
    points: list[Fraction] | None = None
    mentions: list[int] | None = None


def election(sheet: Sheet) -> Election:
    """The election of a file; raises FileFault. Repairs are noted in the sheet."""
    ids = _ids(sheet)
    costs, budget, unit = _money(sheet)
    pieces = _pieces(sheet, ids)
    lengths = np.concatenate([piece.lengths for piece in pieces]) if pieces else np.zeros(0, np.int64)
    starts = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=starts[1:])
    kind = np.uint8 if len(ids) <= 256 else np.uint16
    picks: NDArray[np.integer] = np.concatenate([np.zeros(0, kind), *(piece.picks for piece in pieces)])
    points, point_unit = _points(sheet, pieces, starts, picks)
    _compare_counts(sheet, len(ids), len(lengths))
    return Election(
        ids=tuple(ids),
        names=tuple(name or one for one, name in zip(ids, sheet.column("name"), strict=True)),
        costs=costs,
        budget=budget,
        starts=starts,
        picks=picks.astype(kind, copy=False),
        points=points,
        mentions=_mentions(pieces),
        unit=unit,
        point_unit=point_unit,
        categories=tuple(tuple(filter(None, text.split(","))) for text in sheet.column("category")),
        districts=tuple(a or b for a, b in zip(sheet.column("district"), sheet.column("neighborhood"), strict=True)),
        currency=sheet.meta.get("currency", ""),
    )


def _ids(sheet: Sheet) -> list[str]:
    place = sheet.project_columns.index("project_id")
    seen: dict[str, int] = {}
    for row, line in zip(sheet.projects, sheet.project_lines, strict=True):
        name = row[place].strip()
        if not name:
            raise FileFault(line, _column(row, place), "the project has no project_id.")
        if name in seen:
            raise FileFault(line, _column(row, place), f"the project {name!r} stands on line {seen[name]} already.")
        seen[name] = line
    return list(seen)


def _money(sheet: Sheet) -> tuple[tuple[int, ...], int, int]:
    """Costs and budget in whole units, and how many units are 1 of the currency."""
    place, costs = sheet.project_columns.index("cost"), []
    names = sheet.column("project_id")
    for row, line, name in zip(sheet.projects, sheet.project_lines, names, strict=True):
        cost = _number(sheet, row[place], line, _column(row, place), f"the cost of project {name}")
        if cost <= 0:
            raise FileFault(
                line, _column(row, place), f"the cost of project {name} is {row[place]}; it must be above 0."
            )
        costs.append(cost)
    line = sheet.meta_lines["budget"]
    budget = _number(sheet, sheet.meta["budget"], line, len("budget;") + 1, "the budget")
    if budget < 0:
        raise FileFault(line, len("budget;") + 1, f"the budget is {sheet.meta['budget']}; it cannot be negative.")
    unit = lcm(budget.denominator, *(cost.denominator for cost in costs))
    return tuple(int(cost * unit) for cost in costs), int(budget * unit), unit


def _number(sheet: Sheet, text: str, line: int, column: int, what: str) -> Fraction:
    plain = text.strip()
    if "," in plain:
        plain = plain.replace(",", ".")
        sheet.note(line, column, f"{what} is written {text.strip()!r}; the comma was read as a decimal point.")
    digits = plain.removeprefix("-").replace(".", "", 1)
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 30:
        raise FileFault(line, column, f"{what} is {text.strip()[:40]!r}, which is not a number.")
    return Fraction(plain)


def _column(row: list[str], place: int) -> int:
    return 1 + sum(len(cell) + 1 + (2 if ";" in cell or '"' in cell else 0) for cell in row[:place])


def _mentions(pieces: list[Piece]) -> NDArray[np.int64] | None:
    if all(piece.mentions is None or set(piece.mentions) <= {1} for piece in pieces):
        return None
    rows = [piece.mentions if piece.mentions is not None else [1] * len(piece.picks) for piece in pieces]
    return np.array([count for row in rows for count in row], dtype=np.int64)


def _compare_counts(sheet: Sheet, projects: int, votes: int) -> None:
    for key, found, what in (("num_projects", projects, "projects"), ("num_votes", votes, "ballots")):
        stated = sheet.meta.get(key, "")
        if stated and stated != str(found):
            sentence = f"META says {key} {stated}, but the file holds {found} {what}; it may have been cut off."
            sheet.mend(sheet.meta_lines[key], len(key) + 2, sentence)


def _points(
    sheet: Sheet, pieces: list[Piece], starts: NDArray[np.int64], picks: NDArray[np.integer]
) -> tuple[NDArray[np.int64] | None, int]:
    """Points as whole numbers with their unit: given ones, or by the place on a ranked ballot (longest - place)."""
    if sheet.meta.get("vote_type") == "ordinal":
        lengths = np.diff(starts)
        stated = sheet.meta.get("max_length", "")
        longest = int(stated) if stated.isdigit() else int(lengths.max(initial=0))
        places = np.arange(len(picks), dtype=np.int64) - np.repeat(starts[:-1], lengths)
        return np.maximum(longest - places, 0), 1
    if "points" not in sheet.vote_columns or sheet.meta.get("vote_type") in ("approval", "choose-1"):
        return None, 1
    given = [value for piece in pieces for value in piece.points or []]
    unit = lcm(1, *{value.denominator for value in given})
    return np.array([int(value * unit) for value in given], dtype=np.int64), unit


def _pieces(sheet: Sheet, ids: list[str]) -> list[Piece]:
    """Read the ballots block by block, so that a file of any size needs little memory beside its arrays."""
    with_points = "points" in sheet.vote_columns and sheet.meta.get("vote_type") not in (
        "approval",
        "choose-1",
        "ordinal",
    )
    blocks = None if with_points else Blocks.of(sheet.vote_columns, ids)
    content, line, begin, pieces = sheet.votes, sheet.votes_line, 0, []
    while begin < len(content):
        end = content.find(b"\n", min(begin + BLOCK, len(content))) + 1 or len(content)
        block = content[begin:end]
        found = blocks.read(block) if blocks else None
        if found is None:
            piece, lines = _by_line(sheet, block, line, ids, with_points)
        else:
            piece, lines = Piece(*found), len(found[0])
        pieces.append(piece)
        begin, line = end, line + lines
    return pieces


def _by_line(sheet: Sheet, block: bytes, line: int, ids: list[str], with_points: bool) -> tuple[Piece, int]:
    known = {name: number for number, name in enumerate(ids)}
    vote_at = sheet.vote_columns.index("vote")
    points_at = sheet.vote_columns.index("points") if with_points else -1
    picks: list[int] = []
    lengths, points, mentions = [], [], []
    rows = block.decode("utf-8").removesuffix("\n").split("\n")
    for number, text in enumerate(rows, line):
        if len(text) > LONGEST_LINE:
            raise FileFault(number, LONGEST_LINE + 1, f"the line is {len(text):,} characters long; 1,000,000 are read.")
        if not text.strip("; "):
            continue
        row = next(csv.reader([text], delimiter=";")) if '"' in text else text.split(";")
        row = _widened(sheet, row, number, text)
        words = _named(sheet, row, vote_at, number, known)
        given = _given(sheet, row, points_at, number, len(words)) if with_points else [Fraction(1)] * len(words)
        ballot: dict[int, list[Fraction]] = {}
        for project, value in zip(words, given, strict=True):
            if project is not None:
                ballot.setdefault(project, []).append(value)
        lengths.append(len(ballot))
        picks += ballot
        points += [sum(values, Fraction(0)) for values in ballot.values()]
        mentions += [len(values) for values in ballot.values()]
    kind = np.uint8 if len(ids) <= 256 else np.uint16
    numbers: NDArray[np.integer] = np.array(picks, dtype=kind)
    return Piece(np.array(lengths, np.int64), numbers, points if with_points else None, mentions), len(rows)


def _widened(sheet: Sheet, row: list[str], line: int, text: str) -> list[str]:
    width = len(sheet.vote_columns)
    if len(row) == width:
        return row
    column = len(text) + 1 if len(row) < width else 1 + sum(len(cell) + 1 for cell in row[:width])
    sheet.mend(line, column, f"this ballot has {len(row)} fields, the header names {width}; it may have been cut off.")
    return (row + [""] * width)[:width]


def _split(cell: str) -> list[str]:
    return [] if cell.strip() in ("", "None") else cell.split(",")


def _named(sheet: Sheet, row: list[str], at: int, line: int, known: dict[str, int]) -> list[int | None]:
    """The number of each project that a ballot names; None for what does not count.

    A project named again counts again, because the totals in such files count it so; a lenient reader counts it once.
    """
    found: list[int | None] = []
    column = _column(row, at)
    for word in _split(row[at]):
        name = word.strip()
        number = known.get(name)
        if name != word:
            sheet.note(line, column, f"blanks around {name!r} were left out.")
        if number is None:
            sheet.mend(line, column, f"there is no project {name[:40]!r} in PROJECTS; it was left out of the ballot.")
        elif number in found:
            counted = "it was counted once" if sheet.lenient else "it counts again, as in the totals of such files"
            sheet.note(line, column, f"the ballot names project {name!r} again; {counted}.")
            number = None if sheet.lenient else number
        found.append(number)
        column += len(word) + 1
    return found


def _given(sheet: Sheet, row: list[str], at: int, line: int, needed: int) -> list[Fraction]:
    column = _column(row, at)
    words = _split(row[at])
    if len(words) != needed:
        raise FileFault(line, column, f"the ballot names {needed} projects but gives {len(words)} numbers of points.")
    found = []
    for word in words:
        found.append(Fraction(int(word)) if word.isdigit() else _number(sheet, word, line, column, "the points"))
        column += len(word) + 1
    return found
