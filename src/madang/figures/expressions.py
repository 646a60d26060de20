"""Expressions over figures: text in a data file, evaluated exactly and without running any code.

An expression is an int or a text such as `sum(men, women) - 2 * pb.seats`. It may hold

* names of figures: `men`, dotted `pb.seats`, any other name as `value("1-3/seats")`;
* whole numbers and decimals (exact, never floats), texts in quotes, days as `date("2021-08-28")`;
* `+ - * /` and brackets; a day minus a day is a number of days;
* `sum(a, b, …)`, `min(…)`, `max(…)`, `abs(a)`, `round(a, places)` half up,
  `rate(a, b, places)` a in percent of b half up (1 place if not given), `share(a, b)` the exact a / b.
"""

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from madang.figures.amounts import rounded
from madang.figures.values import FigureValue

Value = Fraction | str | date
_LONGEST = 2_000
_NUMBER = re.compile(r"\d{1,40}(\.\d{1,40})?")


class ExpressionError(ValueError):
    """An expression that has no value; the message is a sentence that says why."""


def evaluate(expression: str | int, values: Mapping[str, Any]) -> Value:
    """The exact value of an expression over figures (plain values or `FigureValue`).

    Numbers come back as Fraction. Raises ExpressionError for anything not described above, a name
    without a value, a division by zero and arithmetic with texts.
    """
    tree, text = _tree(expression)
    try:
        return _Evaluation(values, text).of(tree)
    except RecursionError:
        raise ExpressionError(f"The expression {text[:60]}… is nested too deeply.") from None


def _tree(expression: str | int) -> tuple[ast.expr, str]:
    if isinstance(expression, bool) or not isinstance(expression, str | int):
        raise ExpressionError(f"{expression!r} is not an expression; write it as text or as a whole number.")
    text = str(expression)
    if len(text) > _LONGEST:
        raise ExpressionError(f"The expression {text[:60]}… is longer than {_LONGEST} characters.")
    try:
        return ast.parse(text.strip(), mode="eval").body, text.strip()
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ExpressionError(f"The expression {text!r} cannot be read.") from None


class _Evaluation:
    def __init__(self, values: Mapping[str, Any], text: str) -> None:
        self.values = values
        self.text = text

    def of(self, node: ast.expr) -> Value:
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name() | ast.Attribute():
                return self._named(self._dotted(node))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -self._number(operand)
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self._number(operand)
            case ast.BinOp(left=left, op=operator, right=right):
                return self._calculated(left, operator, right)
            case ast.Call():
                return self._call(node)
        raise ExpressionError(f"{self._source(node)} is not allowed in an expression.")

    def _called(self, node: ast.Call) -> str:
        if not isinstance(node.func, ast.Name) or node.func.id not in {*_FUNCTIONS, "value", "date"}:
            allowed = ", ".join(sorted({*_FUNCTIONS, "value", "date"}))
            raise ExpressionError(f"{self._source(node.func)} is not a function of expressions; there are {allowed}.")
        if node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
            raise ExpressionError(f"{self._source(node)}: functions take plain values, separated by commas.")
        return node.func.id

    def _source(self, node: ast.AST) -> str:
        return ast.get_source_segment(self.text, node) or self.text

    def _constant(self, node: ast.Constant) -> Value:
        if isinstance(node.value, str):
            return node.value
        source = self._source(node)
        if isinstance(node.value, int | float) and _NUMBER.fullmatch(source.replace("_", "")):
            return Fraction(source.replace("_", ""))
        raise ExpressionError(f"{source} is not a number that expressions know; write it as 12 or 12.5.")

    def _dotted(self, node: ast.expr) -> str:
        if isinstance(node, ast.Name):
            return node.id
        if isinstance(node, ast.Attribute):
            return f"{self._dotted(node.value)}.{node.attr}"
        raise ExpressionError(f"{self._source(node)} is not the name of a figure.")

    def _named(self, name: str) -> Value:
        value = self.values.get(name)
        if isinstance(value, FigureValue):
            value = value.value
        if value is None:
            raise ExpressionError(f"There is no value for the figure {name}.")
        if isinstance(value, bool | datetime) or not isinstance(value, int | Decimal | Fraction | str | date):
            kind = type(value).__name__
            raise ExpressionError(f"The figure {name} is a {kind}; expressions know int, Decimal, str and date.")
        if isinstance(value, Decimal) and not value.is_finite():
            raise ExpressionError(f"The figure {name} is {value}, which is not a number.")
        return Fraction(value) if isinstance(value, int | Decimal) else value

    def _number(self, node: ast.expr) -> Fraction:
        value = self.of(node)
        if not isinstance(value, Fraction):
            raise ExpressionError(f"{self._source(node)} is not a number, so nothing can be computed with it.")
        return value

    def _calculated(self, left: ast.expr, operator: ast.operator, right: ast.expr) -> Value:
        if isinstance(operator, ast.Sub):
            first, second = self.of(left), self.of(right)
            if isinstance(first, date) and isinstance(second, date):
                return Fraction(first.toordinal() - second.toordinal())
        one, two = self._number(left), self._number(right)
        match operator:
            case ast.Add():
                return one + two
            case ast.Sub():
                return one - two
            case ast.Mult():
                return one * two
            case ast.Div():
                return _divided(one, two)
        raise ExpressionError(f"{self.text} holds an operator other than + - * /.")

    def _call(self, node: ast.Call) -> Value:
        name = self._called(node)
        if name in ("value", "date"):
            only = node.args[0] if len(node.args) == 1 else None
            if not isinstance(only, ast.Constant) or not isinstance(only.value, str):
                raise ExpressionError(f"{self._source(node)}: {name} takes one text in quotes.")
            return self._named(only.value) if name == "value" else _day(only.value)
        least, most, function = _FUNCTIONS[name]
        arguments = [self._number(argument) for argument in node.args]
        if len(arguments) < least or (most is not None and len(arguments) > most):
            raise ExpressionError(f"{self._source(node)} has {len(arguments)} values, which {name} does not take.")
        return function(arguments)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ExpressionError(f"{text!r} is not a day; write it as 2021-08-28.") from None


def _divided(one: Fraction, two: Fraction) -> Fraction:
    if two == 0:
        raise ExpressionError("The expression divides by zero.")
    return one / two


def _places(value: Fraction) -> int:
    if value.denominator != 1 or not 0 <= value <= 20:
        raise ExpressionError(f"{value} is not a number of decimals; give 0 to 20.")
    return int(value)


def _rate(arguments: Sequence[Fraction]) -> Fraction:
    places = _places(arguments[2]) if len(arguments) == 3 else 1
    return Fraction(rounded(100 * _divided(arguments[0], arguments[1]), places=places))


_FUNCTIONS: Mapping[str, tuple[int, int | None, Callable[[Sequence[Fraction]], Fraction]]] = {
    "sum": (1, None, lambda values: sum(values, Fraction(0))),
    "min": (1, None, min),
    "max": (1, None, max),
    "abs": (1, 1, lambda values: abs(values[0])),
    "round": (2, 2, lambda values: Fraction(rounded(values[0], places=_places(values[1])))),
    "rate": (2, 3, _rate),
    "share": (2, 2, lambda values: _divided(values[0], values[1])),
}
