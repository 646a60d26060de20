"""The map of a city's areas: outlines from the city's folder, drawn on the server and coloured by a count.

A city may have no map; then its pages show tables only.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FILE = "map.csv"
OUTLINE = re.compile(r"(?:M\d{1,4} \d{1,4}L\d{1,4} \d{1,4}(?: \d{1,4} \d{1,4})*Z)+")
"""Path data of whole numbers, one closed line for each part of an area."""
SHADES = 5


@dataclass(frozen=True)
class Outline:
    """An area as it is drawn: path data, and where its name stands."""

    area: str
    x: int
    y: int
    path: str


@dataclass(frozen=True)
class Shape:
    """An area on the map: with its count, its address, and its shade from 0 (none) to 5 (most)."""

    outline: Outline
    name: str
    count: int
    url: str
    shade: int

    @property
    def count_y(self) -> int:
        """Where the count stands: below the name."""
        return self.outline.y + 30


@dataclass(frozen=True)
class AreaMap:
    """A map: the size of the drawing, its areas, and the least count of each shade."""

    width: int
    height: int
    shapes: Sequence[Shape]
    steps: Sequence[tuple[int, int, int]]


@lru_cache
def outlines(folder: str) -> tuple[Outline, ...]:
    """The outlines that a city's folder brings; none without the file. The loader has checked them."""
    file = Path(folder) / FILE
    if not file.exists():
        return ()
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return tuple(
            Outline(row["area"], int(row["name_x"]), int(row["name_y"]), row["outline"])
            for row in csv.DictReader(stream)
        )


def drawn(folder: str, rows: Sequence[tuple[str, str, int, str]]) -> AreaMap | None:
    """The map for rows (code, name, count, address); None where no outline belongs to any of them."""
    known = {outline.area: outline for outline in outlines(folder)}
    found = [(known[code], name, count, url) for code, name, count, url in rows if code in known]
    if not found:
        return None
    corners = [int(number) for outline, *_rest in found for number in re.findall(r"\d+", outline.path)]
    most = max(count for _outline, _name, count, _url in found)
    shapes = [
        Shape(outline, name, count, url, -(-count * SHADES // most) if most else 0)
        for outline, name, count, url in found
    ]
    width, height = max(corners[0::2]) + 4, max(corners[1::2]) + 4
    return AreaMap(width, height, shapes, _steps(shapes))


def _steps(shapes: Sequence[Shape]) -> list[tuple[int, int, int]]:
    """The shades that are used, each with the least and the largest count that has it."""
    counts: dict[int, list[int]] = {}
    for shape in shapes:
        counts.setdefault(shape.shade, []).append(shape.count)
    return [(shade, min(found), max(found)) for shade, found in sorted(counts.items())]
