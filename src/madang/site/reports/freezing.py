"""Frozen reports as data: a document and its figures as JSON, and the fingerprint of both."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from madang.documents import blocks
from madang.documents.blocks import Document
from madang.site.reports.evaluation import Value

_KINDS = {
    kind.__name__: kind
    for kind in (
        blocks.Document,
        blocks.Title,
        blocks.Heading,
        blocks.Paragraph,
        blocks.Bullet,
        blocks.Bullets,
        blocks.Callout,
        blocks.PageBreak,
        blocks.Contents,
        blocks.Column,
        blocks.Cell,
        blocks.Row,
        blocks.Table,
        blocks.Number,
    )
}


def packed(thing: Any) -> Any:
    """A document, or a part of one, as plain JSON values."""
    if is_dataclass(thing) and not isinstance(thing, type):
        inside = {field.name: packed(getattr(thing, field.name)) for field in fields(thing)}
        return {
            "block": type(thing).__name__,
            **{key: value for key, value in inside.items() if value is not None},
        }
    if isinstance(thing, list | tuple):
        return [packed(item) for item in thing]
    if isinstance(thing, datetime):
        return {"moment": thing.isoformat()}
    if isinstance(thing, Decimal):
        return {"decimal": str(thing)}
    return thing


def unpacked(data: Any) -> Any:
    """The document that was packed. Raises KeyError for a kind that documents do not have."""
    if isinstance(data, list):
        return tuple(unpacked(item) for item in data)
    if not isinstance(data, dict):
        return data
    if "moment" in data:
        return datetime.fromisoformat(data["moment"])
    if "decimal" in data:
        return Decimal(data["decimal"])
    return _KINDS[data["block"]](**{key: unpacked(value) for key, value in data.items() if key != "block"})


def document_of(data: Any, sha256: str) -> Document:
    """A frozen document, closed with its fingerprint."""
    document = unpacked(data)
    return Document(
        **{field.name: getattr(document, field.name) for field in fields(Document) if field.name != "hash"}, hash=sha256
    )


def described(value: Value) -> dict[str, Any]:
    """A figure's value as `report figures --json` and open data show it."""
    figure, number = value.figure, value.value
    found: dict[str, Any] = {
        "name": figure.name,
        "value": _plain(number),
        "unit": figure.unit,
        "kind": value.kind,
        "programme": figure.programme,
        "as_of": value.as_of.isoformat(),
        "label_ko": figure.ko,
        "label_en": figure.en,
        "metric": figure.metric or figure.name,
    }
    if figure.period:
        found["period"] = figure.period
    if figure.money and isinstance(value.exact, int | Fraction):
        found["won"] = int(value.exact)
    if value.kind == "derived":
        found |= {"query": figure.query, "arguments": dict(figure.arguments)} if figure.query else {}
        found |= {"computed": figure.computed} if figure.computed else {}
    else:
        found |= {"source": value.source, "line": value.line}
    return found


def _plain(number: Any) -> Any:
    if isinstance(number, date):
        return number.isoformat()
    if isinstance(number, Decimal):
        return float(number)
    return number


def fingerprint(content: Mapping[str, Any]) -> str:
    """SHA-256 of plain JSON values, written in one way only: sorted keys, no spaces, UTF-8."""
    return hashlib.sha256(canonical(content)).hexdigest()


def canonical(content: Mapping[str, Any]) -> bytes:
    """Plain JSON values as the bytes that a fingerprint is of."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
