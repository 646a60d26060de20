"""Flows between two columns, drawn on the server: how much of each source goes to each target."""

from collections.abc import Sequence
from dataclasses import dataclass

LEFT, RIGHT, MIDDLE = 78, 205, 141
PITCH, GAP = 30, 8
"""The average height of a target, and what lies between two."""

Row = tuple[str, str, int, bool]


@dataclass(frozen=True)
class Node:
    """A source or a target: where it lies, in units of the drawing."""

    name: str
    y: int
    height: int

    @property
    def label_y(self) -> int:
        """The base line of its name."""
        return self.y + self.height // 2 + 5


@dataclass(frozen=True)
class Link:
    """A flow as the path around it; `good` ones stand out."""

    path: str
    good: bool


@dataclass(frozen=True)
class Drawing:
    """All flows, and the same as a table: a row for each target, a cell for each source."""

    height: int
    sources: Sequence[Node]
    targets: Sequence[Node]
    links: Sequence[Link]
    table: Sequence[tuple[str, Sequence[int]]]


def drawn(rows: Sequence[Row]) -> Drawing:
    """The drawing for rows (source, target, amount, whether it stands out); names stand in the order of the rows."""
    sources, targets = list(dict.fromkeys(row[0] for row in rows)), list(dict.fromkeys(row[1] for row in rows))
    amounts: dict[tuple[str, str], int] = {}
    good = {target: stands_out for _source, target, _amount, stands_out in rows}
    for source, target, amount, _stands_out in rows:
        amounts[source, target] = amounts.get((source, target), 0) + amount
    total, room = max(1, sum(amounts.values())), PITCH * len(targets)
    left = _column(sources, [sum(amounts.get((one, target), 0) for target in targets) for one in sources], total, room)
    right = _column(targets, [sum(amounts.get((source, one), 0) for source in sources) for one in targets], total, room)
    used_left = {node.name: float(node.y) for node in left}
    used_right = {node.name: float(node.y) for node in right}
    links = []
    for source in sources:
        for target in targets:
            thick = amounts.get((source, target), 0) * room / total
            if thick:
                links.append(Link(_path(used_left[source], used_right[target], thick), good[target]))
            used_left[source], used_right[target] = used_left[source] + thick, used_right[target] + thick
    height = max((node.y + node.height for node in (*left, *right)), default=0) + GAP
    table = [(target, [amounts.get((source, target), 0) for source in sources]) for target in targets]
    return Drawing(height, left, right, links, table)


def _column(names: Sequence[str], amounts: Sequence[int], total: int, room: int) -> list[Node]:
    nodes, y = [], 4
    for name, amount in zip(names, amounts, strict=True):
        height = max(1, round(amount * room / total))
        nodes.append(Node(name, y + max(0, 14 - height) // 2, height))
        y += max(height, 14) + GAP
    return nodes


def _path(left: float, right: float, thick: float) -> str:
    top = f"M{LEFT} {left:.1f}C{MIDDLE} {left:.1f} {MIDDLE} {right:.1f} {RIGHT} {right:.1f}"
    low, under = right + thick, left + thick
    return f"{top}V{low:.1f}C{MIDDLE} {low:.1f} {MIDDLE} {under:.1f} {LEFT} {under:.1f}Z"
