"""Writes a document as a tagged PDF (PDF/UA-1) with Typst, with the fonts in this folder and no others.

What people wrote never becomes markup: it travels as JSON beside the template `report.typ`.
"""

import json
import re
import unicodedata
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any

import typst

from madang.documents.blocks import (
    Block,
    Bullet,
    Bullets,
    Callout,
    Contents,
    Document,
    Heading,
    Inlines,
    PageBreak,
    Paragraph,
    Table,
    Title,
    clean,
    closing,
    levels,
    plain,
    word,
)

_HERE = Path(__file__).parent
_FONTS = _HERE / "fonts"
_ALWAYS = frozenset("\n\t")
_SELECTORS = re.compile("[\ufe00-\ufe0f]")


def write(document: Document) -> bytes:
    """Return the PDF. Equal documents give equal bytes; no font of the machine is used.

    A character that none of the fonts has is printed as its code, e.g. [U+1F600]: PDF/UA-1 allows no empty boxes.
    """
    depth = levels(document)
    data = {
        "title": printable(document.title),
        "subtitle": printable(document.subtitle),
        "language": document.language,
        "author": printable(document.author),
        "contents": word(document, "contents"),
        "closing": [printable(line) for line in closing(document)],
        "blocks": [_block(block, depth.get(at, 1)) for at, block in enumerate(document.blocks)],
    }
    return typst.compile(
        (_HERE / "report.typ").read_bytes(),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(data, ensure_ascii=False)},
        format="pdf",
        pdf_standards="ua-1",
        timestamp=document.created_at.astimezone(UTC),
    )


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[str(_FONTS)])


@cache
def covered() -> frozenset[str]:
    """Return the characters that both weights of the fonts can print (fonts/coverage.txt)."""
    characters: set[str] = set(_ALWAYS)
    for part in (_FONTS / "coverage.txt").read_text(encoding="ascii").split():
        first, _, last = part.partition("-")
        characters.update(map(chr, range(int(first, 16), int(last or first, 16) + 1)))
    return frozenset(characters)


def printable(text: str) -> str:
    """Return the text as the fonts can print it: jamo joined to syllables, unknown characters as their codes."""
    whole = _SELECTORS.sub("", unicodedata.normalize("NFC", clean(text)))
    known = covered()
    return "".join(letter if letter in known else f"[U+{ord(letter):04X}]" for letter in whole)


def _text(inlines: Inlines) -> str:
    return printable(plain(inlines))


def _block(block: Block, depth: int) -> dict[str, Any]:
    if isinstance(block, Title):
        above, below = map(printable, block.above), map(printable, block.below)
        return {"kind": "title", "above": list(above), "below": list(below)}
    if isinstance(block, Heading):
        return {"kind": "heading", "level": depth, "look": block.level, "text": printable(block.text)}
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "text": _text(block.inlines)}
    if isinstance(block, Bullets):
        return {"kind": "bullets", "lists": _lists(block.items)}
    if isinstance(block, Callout):
        paragraphs = [_text(each) for each in block.paragraphs]
        return {"kind": "callout", "heading": printable(block.heading), "paragraphs": paragraphs}
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Contents):
        return {"kind": "contents"}
    if isinstance(block, PageBreak):
        return {"kind": "break"}
    raise TypeError(f"The PDF writer does not know the block {type(block).__name__}; add it to pdf.py.")


def _lists(items: tuple[Bullet, ...]) -> list[dict[str, Any]]:
    """Return the points as nested lists, a new list wherever the sign changes: a tagged list has one sign."""
    lists: list[dict[str, Any]] = []
    at = 0
    while at < len(items):
        item = items[at]
        end = at + 1
        while end < len(items) and items[end].level > item.level:
            end += 1
        marker = printable(item.marker)
        if not lists or lists[-1]["marker"] != marker:
            lists.append({"marker": marker, "items": []})
        lists[-1]["items"].append({"text": _text(item.inlines), "lists": _lists(items[at + 1 : end])})
        at = end
    return lists


def _table(table: Table) -> dict[str, Any]:
    size = len(table.header)
    cells: list[dict[str, Any]] = [
        {
            "text": _text(place.cell.inlines),
            "row": place.row,
            "column": place.column,
            "colspan": place.cell.colspan,
            "rowspan": place.cell.rowspan,
            "align": "center" if place.row < size else table.columns[place.column].align,
            "bold": table.rows[place.row].kind != "plain" or place.row < size,
        }
        for row in table.places()
        for place in row
    ]
    return {
        "kind": "table",
        "caption": printable(table.caption),
        "unit": printable(table.unit),
        "shares": [column.share for column in table.columns],
        "header": size,
        "totals": [at for at, row in enumerate(table.rows) if row.kind == "total"],
        "head": [cell for cell in cells if cell["row"] < size],
        "body": [cell for cell in cells if cell["row"] >= size],
        "footnotes": [_text(note) for note in table.footnotes],
    }
