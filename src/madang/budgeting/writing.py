"""Writing `.pb` and `.pb.gz` so that the same tables give the same bytes, and the tables as CSV."""

import csv
import gzip
import io
from collections.abc import Iterable
from pathlib import Path

from madang.budgeting.sheets import Sheet

META = """description country unit subunit district instance num_projects num_votes budget vote_type rule date_begin
date_end min_length max_length min_sum_cost max_sum_cost min_points max_points min_sum_points max_sum_points
default_score scoring_fn min_project_cost max_project_cost min_project_score_threshold leftover_budget
budget_per_category budget_per_neighborhood categories neighborhoods subdistricts edition language currency
fully_funded experimental comment acknowledgments"""
PROJECTS = """project_id cost votes score name category beneficiaries selected district neighborhood subunit
description proposer public_id latitude longitude"""


def written(sheet: Sheet) -> bytes:
    """The tables as a `.pb` file: known keys and columns in the published order, unknown ones after them as they were.

    The ballots are kept byte for byte.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    out.write("META\nkey;value\n")
    writer.writerows([key, sheet.meta[key]] for key in _ordered(META, sheet.meta))
    out.write("PROJECTS\n")
    columns = _ordered(PROJECTS, sheet.project_columns)
    places = [sheet.project_columns.index(name) for name in columns]
    writer.writerow(columns)
    writer.writerows([row[place] for place in places] for row in sheet.projects)
    out.write("VOTES\n")
    writer.writerow(sheet.vote_columns)
    votes = sheet.votes if not sheet.votes or sheet.votes.endswith(b"\n") else sheet.votes + b"\n"
    return out.getvalue().encode() + votes


def write(sheet: Sheet, path: Path) -> None:
    """Write a sheet to a file; a name that ends in `.gz` is compressed, without the time of day in it."""
    content = written(sheet)
    path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)


def write_tables(sheet: Sheet, folder: Path) -> None:
    """Write the three tables as CSV into a folder, which `read` takes in again."""
    folder.mkdir(parents=True, exist_ok=True)
    _table(folder / "meta.csv", [["key", "value"], *([key, sheet.meta[key]] for key in _ordered(META, sheet.meta))])
    _table(folder / "projects.csv", [sheet.project_columns, *sheet.projects])
    rows = csv.reader(io.StringIO(sheet.votes.decode(), newline=""), delimiter=";")
    _table(folder / "votes.csv", [sheet.vote_columns, *rows])


def _table(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)


def _ordered(order: str, names: Iterable[str]) -> list[str]:
    known, found = order.split(), list(names)
    return [name for name in known if name in found] + [name for name in found if name not in known]
