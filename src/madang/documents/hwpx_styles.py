"""The looks of an HWPX file: fonts, paragraphs and borders added to the header of an empty document.

Lengths are HWPUNIT, 1/7200 inch (KS X 6101): 1 mm = 283.46, 1 pt = 100.
"""

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from lxml import etree

NAVY, GREY, INK, LINE = "#1D3F72", "#464C53", "#1E2124", "#8FA1B8"
_GOTHIC, _BATANG = "0", "1"
_HEAD = "{http://www.hancom.co.kr/hwpml/2011/head}"
_CORE = "{http://www.hancom.co.kr/hwpml/2011/core}"
_SIDES = ("leftBorder", "rightBorder", "topBorder", "bottomBorder")


@dataclass(frozen=True, slots=True)
class Letters:
    """Size in HWPUNIT, weight, colour and font of a run of text."""

    height: int
    bold: bool = False
    colour: str = INK
    font: str = _GOTHIC


@dataclass(frozen=True, slots=True)
class Lines:
    """Alignment, indents, space before and after (HWPUNIT), line spacing (percent), border and outline level."""

    align: str = "LEFT"
    left: int = 0
    hanging: int = 0
    before: int = 0
    after: int = 0
    spacing: int = 160
    keep: bool = False
    border: str = ""
    outline: int = 0
    join: bool = False


@dataclass(frozen=True, slots=True)
class Border:
    """Lines on four sides (width in mm, "" for none) and the colour inside."""

    left: str = ""
    right: str = ""
    top: str = ""
    bottom: str = ""
    fill: str = ""
    colour: str = LINE


def _box(fill: str = "") -> Border:
    return Border("0.12 mm", "0.12 mm", "0.12 mm", "0.12 mm", fill)


BORDERS = {
    "cell": _box(),
    "head": _box("#E3EBF5"),
    "total": _box("#F1F4F8"),
    "callout": _box("#F4F7FB"),
    "rule": Border(bottom="0.5 mm", colour=NAVY),
    "cover": Border(top="0.7 mm", bottom="0.3 mm", colour=NAVY),
}
LETTERS = {
    "body": Letters(1100, font=_BATANG),
    "title": Letters(3000, bold=True, colour=NAVY),
    "above": Letters(1400, colour=GREY),
    "subtitle": Letters(1400),
    "below": Letters(1600, bold=True),
    "heading-1": Letters(1800, bold=True, colour=NAVY),
    "heading-2": Letters(1400, bold=True, colour=NAVY),
    "heading-3": Letters(1250, bold=True),
    "heading-4": Letters(1150, bold=True),
    "toc-1": Letters(1100, bold=True, colour=NAVY),
    "toc-2": Letters(1050),
    "caption": Letters(1050, bold=True),
    "note": Letters(900, colour=GREY),
    "cell": Letters(950),
    "strong": Letters(950, bold=True),
    "cell-small": Letters(800),
    "strong-small": Letters(800, bold=True),
    "callout-heading": Letters(1100, bold=True, colour=NAVY),
}
LINES = {
    "body": Lines("JUSTIFY", before=200, after=200),
    "title": Lines("CENTER", before=2000, after=2000, border="cover"),
    "above": Lines("CENTER", before=600, after=600),
    "above-first": Lines("CENTER", before=16000, after=600),
    "below": Lines("CENTER", before=600, after=600),
    "below-first": Lines("CENTER", before=20000, after=600),
    "heading-1": Lines(before=1800, after=900, keep=True, border="rule", outline=1),
    # No border here: readers join it with the rule of a chapter heading right above.
    "heading-2": Lines(before=1600, after=900, keep=True, outline=2),
    "heading-3": Lines(before=1200, after=400, keep=True, outline=3),
    "heading-4": Lines(left=500, before=900, after=300, keep=True, outline=4),
    "point-1": Lines("JUSTIFY", left=600, hanging=1600, before=200, after=100),
    "point-2": Lines("JUSTIFY", left=1800, hanging=1000, before=100, after=100),
    "point-3": Lines("JUSTIFY", left=3000, hanging=1400, before=100, after=100),
    "toc-1": Lines(before=500),
    "toc-2": Lines(left=1500),
    "caption": Lines(before=900, keep=True),
    "unit": Lines("RIGHT", after=100, keep=True),
    "table": Lines(before=100, after=300, spacing=100),
    "note": Lines(after=100, spacing=140),
    "callout": Lines("JUSTIFY", left=300, border="callout", join=True),
    "left": Lines("LEFT", spacing=130),
    "center": Lines("CENTER", spacing=130),
    "right": Lines("RIGHT", spacing=130),
}


@dataclass(frozen=True, slots=True)
class Styles:
    """The changed header and the numbers under which the body refers to each look."""

    header: bytes
    letters: dict[str, int]
    lines: dict[str, int]
    borders: dict[str, int]
    outline: int


def styled(header: bytes) -> Styles:
    """Return the header of the skeleton with our looks added behind its own."""
    root = etree.fromstring(header)
    borders = _add(root, "borderFills", "borderFill", BORDERS, _border)
    letters = _add(root, "charProperties", "charPr", LETTERS, _letters)
    outline = _outline(root)
    lines = _add(root, "paraProperties", "paraPr", LINES, lambda node, look: _lines(node, look, borders))
    text = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return Styles(text, letters, lines, borders, outline)


def _add(root: Any, family: str, name: str, looks: dict[str, Any], change: Any) -> dict[str, int]:
    parent = root.find(f".//{_HEAD}{family}")
    if parent is None or not len(parent):
        raise ValueError(f"The HWPX skeleton has no <{family}>; install python-hwpx 6.")
    numbers = {}
    first = max(int(node.get("id")) for node in parent) + 1
    for number, (key, look) in enumerate(looks.items(), start=first):
        node = deepcopy(parent[0])
        node.set("id", str(number))
        change(node, look)
        parent.append(node)
        numbers[key] = number
    parent.set("itemCnt", str(len(parent)))
    return numbers


def _border(node: Any, look: Border) -> None:
    for side, width in zip(_SIDES, (look.left, look.right, look.top, look.bottom), strict=True):
        line = node.find(f"{_HEAD}{side}")
        line.set("type", "SOLID" if width else "NONE")
        line.set("width", width or "0.1 mm")
        line.set("color", look.colour)
    if look.fill:
        brush = etree.SubElement(etree.SubElement(node, f"{_CORE}fillBrush"), f"{_CORE}winBrush")
        brush.set("faceColor", look.fill)
        brush.set("hatchColor", "#999999")
        brush.set("alpha", "0")


def _letters(node: Any, look: Letters) -> None:
    node.set("height", str(look.height))
    node.set("textColor", look.colour)
    fonts = node.find(f"{_HEAD}fontRef")
    for script in fonts.attrib:
        fonts.set(script, look.font)
    if look.bold:
        node.find(f"{_HEAD}offset").addnext(etree.Element(f"{_HEAD}bold"))


def _lines(node: Any, look: Lines, borders: dict[str, int]) -> None:
    node.find(f"{_HEAD}align").set("horizontal", look.align)
    node.find(f"{_HEAD}breakSetting").set("keepWithNext", str(int(look.keep)))
    node.find(f"{_HEAD}breakSetting").set("breakNonLatinWord", "KEEP_WORD")
    heading = node.find(f"{_HEAD}heading")
    if look.outline:
        heading.set("type", "OUTLINE")
        heading.set("level", str(look.outline - 1))
    values = {"intent": -look.hanging, "left": look.left, "right": 0, "prev": look.before, "next": look.after}
    values["left"] += look.hanging
    # The skeleton gives each length twice: the newer unit first, and twice the number for older readers.
    for factor, margin in zip((1, 2), node.iter(f"{_HEAD}margin"), strict=True):
        for name, value in values.items():
            margin.find(f"{_CORE}{name}").set("value", str(value * factor))
    for spacing in node.iter(f"{_HEAD}lineSpacing"):
        spacing.set("value", str(look.spacing))
    if look.border:
        border = node.find(f"{_HEAD}border")
        border.set("borderFillIDRef", str(borders[look.border]))
        border.set("connect", str(int(look.join)))
        for side in ("offsetLeft", "offsetRight", "offsetTop", "offsetBottom"):
            border.set(side, "400")


def _outline(root: Any) -> int:
    """Add an outline without numbers (our headings bring their own) and return its number."""
    parent = root.find(f".//{_HEAD}numberings")
    outline = deepcopy(parent[0])
    number = max(int(node.get("id")) for node in parent) + 1
    outline.set("id", str(number))
    for head in outline:
        head.text = ""
    parent.append(outline)
    parent.set("itemCnt", str(len(parent)))
    return number
