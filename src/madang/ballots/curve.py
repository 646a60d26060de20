"""The group Ed25519: libsodium computes, the few things that it lacks are said here.

Elements are the 32 bytes of the usual compressed form; as text their order is reversed, in hexadecimal.
"""

import re
from collections.abc import Callable, Sequence

from gmpy2 import jacobi, mpz
from nacl.bindings import (
    crypto_core_ed25519_add,
    crypto_core_ed25519_is_valid_point,
    crypto_scalarmult_ed25519_base_noclamp,
    crypto_scalarmult_ed25519_noclamp,
)
from nacl.exceptions import RuntimeError as LibraryError

from madang.ballots.groups import Group
from madang.ballots.printing import integer_hash
from madang.ballots.refusals import Refusal

P = mpz(2**255 - 19)
D = mpz(-121665) * pow(121666, -1, 2**255 - 19) % P
ORDER = 2**252 + 27742317777372353535851937790883648493
PADDING = 14

_is_text = re.compile(r"[0-9a-f]{64}").fullmatch


def _has_point(y: int) -> bool:
    square = y * y % P
    return jacobi((square - 1) * (D * square + 1) % P, P) >= 0


class Curve(Group):
    """The points of prime order of Curve25519 in Edwards form."""

    name = "Ed25519"
    q = ORDER
    one = bytes([1]) + bytes(31)
    most_integers = 30
    longest = 64

    def __init__(self) -> None:
        self.g = crypto_scalarmult_ed25519_base_noclamp((1).to_bytes(32, "little"))

    def parsed(self, text: str) -> bytes | None:
        """64 hexadecimal digits; whether they are a point is seen by `is_member`."""
        return bytes.fromhex(text)[::-1] if _is_text(text) else None

    def text(self, element: bytes) -> str:
        """The bytes reversed, in hexadecimal."""
        return element[::-1].hex()

    def is_member(self, element: bytes) -> bool:
        """Whether it is the canonical form of a point of prime order, or the identity."""
        return element == self.one or crypto_core_ed25519_is_valid_point(element)

    def multiply(self, one: bytes, two: bytes) -> bytes:
        """The sum of two points."""
        return crypto_core_ed25519_add(one, two)

    def inverse(self, element: bytes) -> bytes:
        """The point with the other sign; the identity is its own."""
        return element if element == self.one else element[:31] + bytes([element[31] ^ 0x80])

    def power(self, element: bytes, exponent: int) -> bytes:
        """The library refuses to compute with what is no member, and with or to the identity."""
        exponent %= ORDER
        if exponent == 0 or element == self.one:
            return self.one
        if element == self.g:
            return crypto_scalarmult_ed25519_base_noclamp(exponent.to_bytes(32, "little"))
        try:
            return crypto_scalarmult_ed25519_noclamp(exponent.to_bytes(32, "little"), element)
        except LibraryError:
            raise Refusal("membership", f"an element is not in the group {self.name}.") from None

    secret_power = power

    def checked_powers(self, element: bytes, exponents: Sequence[int]) -> list[bytes]:
        """The library checks membership with every power but the one to 0."""
        if not any(exponent % ORDER for exponent in exponents):
            self.require([element], "an element")
        return self.powers(element, exponents)

    def checked_product(self, elements: Sequence[bytes], exponents: Sequence[int]) -> bytes:
        """The library checks membership with every power but the one to 0."""
        pairs = zip(elements, exponents, strict=True)
        self.require((element for element, exponent in pairs if exponent % ORDER == 0), "an element of a shuffle")
        return self.product(elements, exponents)

    def table(self, element: bytes) -> Callable[[int], bytes]:
        """The library has one for the generator; for others it needs none."""
        return lambda exponent: self.power(element, exponent)

    def product(self, elements: Sequence[bytes], exponents: Sequence[int]) -> bytes:
        """One after another."""
        return self.total(self.power(*pair) for pair in zip(elements, exponents, strict=True))

    def generator(self, number: int) -> bytes:
        """The first point at or above a hash, times the cofactor."""
        found = integer_hash(f"ggen|{number}") >> 2
        while not _has_point(found % 2**255):
            found += 1
        point = found.to_bytes(32, "little")
        for _ in range(3):
            point = crypto_core_ed25519_add(point, point)
        return point

    def of_integers(self, integers: Sequence[int]) -> bytes:
        """The first point of prime order at or above the numbers followed by padding."""
        found = int.from_bytes(bytes(integers), "big") << PADDING
        while not (_has_point(found) and crypto_core_ed25519_is_valid_point(found.to_bytes(32, "little"))):
            found += 1
        return found.to_bytes(32, "little")

    def to_integers(self, count: int, element: bytes) -> list[int]:
        """The bytes above the padding."""
        number = int.from_bytes(element, "little") >> PADDING
        return list((number % (1 << 8 * count)).to_bytes(count, "big"))

    def order(self, element: bytes) -> bytes:
        """By the bytes."""
        return element
