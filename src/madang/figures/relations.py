"""Relations between figures: what must agree in a report, as data, and what was found."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from madang.figures.expressions import ExpressionError, Value, evaluate


@dataclass(frozen=True)
class Relation:
    """Two expressions that must be equal, or of which the left may not exceed the right.

    See `madang.figures.expressions` for what an expression may hold. `text_ko` and `text_en` say the
    relation to people, `note` what is known about it (a rounding rule, an explained difference).
    """

    code: str
    group: str
    text_ko: str
    text_en: str
    left: str | int
    operator: Literal["=", "<="]
    right: str | int
    note: str = ""


@dataclass(frozen=True)
class Finding:
    """What a relation gave: both sides (None if a side has no value), whether it holds, and if it could not
    be decided a `sentence` that says why."""

    relation: Relation
    left: Value | None
    right: Value | None
    ok: bool
    sentence: str = ""


def check(relations: Iterable[Relation], values: Mapping[str, Any]) -> list[Finding]:
    """Evaluate every relation over the figures, by name; one finding for each, in the given order.

    Numbers and days compare with "=" and "<=", texts only with "=". Never raises for a relation: a name
    without a value, an expression that cannot be read or sides of two kinds are findings that are not ok.
    """
    return [_checked(relation, values) for relation in relations]


def _checked(relation: Relation, values: Mapping[str, Any]) -> Finding:
    sides: list[Value | None] = []
    sentences: list[str] = []
    for expression in (relation.left, relation.right):
        try:
            sides.append(evaluate(expression, values))
        except ExpressionError as error:
            sides.append(None)
            sentences.append(str(error))
    left, right = sides
    if left is None or right is None:
        return Finding(relation, left, right, ok=False, sentence=" ".join(dict.fromkeys(sentences)))
    if relation.operator == "=" and type(left) is type(right):
        return Finding(relation, left, right, ok=left == right)
    if relation.operator == "<=":
        if isinstance(left, Fraction) and isinstance(right, Fraction):
            return Finding(relation, left, right, ok=left <= right)
        if isinstance(left, date) and isinstance(right, date):
            return Finding(relation, left, right, ok=left <= right)
    sentence = f"{_kind(left)} and {_kind(right)} cannot be compared with {relation.operator}.".capitalize()
    return Finding(relation, left, right, ok=False, sentence=sentence)


def _kind(value: Value) -> str:
    if isinstance(value, Fraction):
        return "a number"
    return "a day" if isinstance(value, date) else "a text"
