"""The groups in which votes are encrypted: what all of them can do, and which there are.

Multiplicative notation: `power` is multiplication by a scalar on a curve. Operations named `secret_` take their
exponent from a secret and run through the constant-time functions of the library; all others are for public values.
"""

import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from functools import cache, cached_property, reduce
from typing import Any

from madang.ballots.printing import integer_hash, is_decimal
from madang.ballots.refusals import Refusal

Element = Any
Ciphertext = tuple[Element, Element]
Draw = Callable[[int], int]
"""Draws a number below its argument; `secrets.randbelow` unless a test must know what was drawn."""

draw_secretly: Draw = secrets.randbelow


class Group(ABC):
    """A group of prime order `q` with generator `g`."""

    name: str
    q: int
    g: Element
    one: Element
    most_integers: int
    """How many numbers from 0 to 255 one element can hold; 0 where it can hold none."""
    longest: int
    """How many characters an element can have as text."""

    @cached_property
    def g_power(self) -> Callable[[int], Element]:
        """The generator to a public exponent."""
        return self.table(self.g)

    @cached_property
    def digits(self) -> int:
        """How many digits an exponent can have."""
        return len(str(self.q))

    @abstractmethod
    def parsed(self, text: str) -> Element | None:
        """The element that a text states in its only form, not yet known to be in the group; None if there is none."""

    @abstractmethod
    def text(self, element: Element) -> str:
        """The only form of an element."""

    @abstractmethod
    def is_member(self, element: Element) -> bool:
        """Whether what was parsed is in the group; the identity is."""

    @abstractmethod
    def multiply(self, one: Element, two: Element) -> Element:
        """The product of two members."""

    @abstractmethod
    def inverse(self, element: Element) -> Element:
        """The inverse of a member."""

    @abstractmethod
    def power(self, element: Element, exponent: int) -> Element:
        """A member to a public exponent from 0."""

    def powers(self, element: Element, exponents: Sequence[int]) -> list[Element]:
        """A member to several public exponents."""
        return [self.power(element, exponent) for exponent in exponents]

    def checked_powers(self, element: Element, exponents: Sequence[int]) -> list[Element]:
        """An element to several public exponents; a refusal if it is not a member."""
        self.require([element], "a part of a ciphertext")
        return self.powers(element, exponents)

    @abstractmethod
    def secret_power(self, element: Element, exponent: int) -> Element:
        """A member to a secret exponent."""

    @abstractmethod
    def table(self, element: Element) -> Callable[[int], Element]:
        """A function that raises this one member to many public exponents."""

    @abstractmethod
    def product(self, elements: Sequence[Element], exponents: Sequence[int]) -> Element:
        """The product of members to public exponents."""

    def checked_product(self, elements: Sequence[Element], exponents: Sequence[int]) -> Element:
        """The product of elements to public exponents; a refusal if one is not a member."""
        self.require(elements, "an element of a shuffle")
        return self.product(elements, exponents)

    @abstractmethod
    def generator(self, number: int) -> Element:
        """A generator (from -1) whose logarithm nobody knows."""

    @abstractmethod
    def of_integers(self, integers: Sequence[int]) -> Element:
        """An element that holds numbers from 0 to 255."""

    @abstractmethod
    def to_integers(self, count: int, element: Element) -> list[int]:
        """The numbers that an element holds."""

    @abstractmethod
    def order(self, element: Element) -> Any:
        """By what shuffled ballots are sorted before the first shuffle."""

    def stated(self, value: Any, what: str) -> Element:
        """The element that a text states, not yet known to be in the group."""
        found = self.parsed(value) if isinstance(value, str) else None
        if found is None:
            raise Refusal("canonical", f"{what} is not an element in the form of {self.name}.")
        return found

    def require(self, elements: Iterable[Element], what: str) -> None:
        """Refuse elements that are not in the group."""
        for element in elements:
            if not self.is_member(element):
                raise Refusal("membership", f"{what} is not in the group {self.name}.")

    def element(self, value: Any, what: str) -> Element:
        """The member that a text states."""
        found = self.stated(value, what)
        self.require([found], what)
        return found

    def scalar(self, value: Any, what: str) -> int:
        """The exponent that a text states."""
        if not isinstance(value, str) or not is_decimal(value):
            raise Refusal("canonical", f"{what} is not a decimal number without leading zeros, as a text.")
        number = int(value) if len(value) <= self.digits else self.q
        if number >= self.q:
            raise Refusal("number-range", f"{what} is not less than the order of the group.")
        return number

    def total(self, elements: Iterable[Element]) -> Element:
        """The product of members."""
        return reduce(self.multiply, elements, self.one)

    def divide(self, one: Element, two: Element) -> Element:
        """One member by another."""
        return self.multiply(one, self.inverse(two))

    def challenge(self, prefix: str, elements: Iterable[Element]) -> int:
        """The number that a proof must answer to."""
        return integer_hash(prefix + ",".join(map(self.text, elements))) % self.q


@cache
def group(name: str) -> Group:
    """The group with this name; a refusal where there is none."""
    from madang.ballots.curve import Curve
    from madang.ballots.fields import FIELDS, Field

    if name == "Ed25519":
        return Curve()
    if name in FIELDS:
        return Field(name, **FIELDS[name])
    raise Refusal("election", f"the group {name!r} is unknown; known are {', '.join(GROUPS)}.")


GROUPS = ("BELENIOS-2048", "RFC-3526-2048", "Ed25519")
"""The names of all groups. BELENIOS-2048 cannot hold numbers, so it has no shuffled questions."""
